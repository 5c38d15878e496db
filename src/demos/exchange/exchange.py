from multiprocessing import Pipe, Process, Queue, shared_memory
import time

def read_pipe(end, count, size, done):
    done.put(sum(len(end.recv_bytes()) for _ in range(count)))

def read_queue(queue, count, size, done):
    done.put(sum(len(queue.get()) for _ in range(count)))

def read_memory(name, count, size, done):
    memory = shared_memory.SharedMemory(name)
    done.put(len(bytes(memory.buf[: size * count])))
    memory.close()

def measure(name, target, source, count, size, give):
    done = Queue()
    child = Process(target=target, args=(source, count, size, done))
    start = time.perf_counter()
    child.start()
    give()
    received = done.get()
    seconds = time.perf_counter() - start
    child.join()
    print(f"{name}: {received} bytes, {count / seconds:.0f} messages/s, {received / seconds / 1e6:.0f} MB/s, start included")

if __name__ == "__main__":
    messages, size, megabytes = 10000, 100, 16  # size: bytes; megabytes: messages of 1 MiB
    for count, size in ((messages, size), (megabytes, 2**20)):
        message = bytes(size)
        here, there = Pipe()
        measure("pipe", read_pipe, there, count, size, lambda: [here.send_bytes(message) for _ in range(count)])

        queue = Queue()
        measure("queue", read_queue, queue, count, size, lambda: [queue.put(message) for _ in range(count)])

        memory = shared_memory.SharedMemory(create=True, size=size * count)
        memory.buf[: size * count] = message * count
        measure("shared memory", read_memory, memory.name, count, size, lambda: None)
        memory.close()
        memory.unlink()
