from multiprocessing import Pipe, Process, Queue, shared_memory
import time

MESSAGE, COUNT = bytes(100), 5000

def read_pipe(end, done):
    done.put(sum(len(end.recv_bytes()) for _ in range(COUNT)))

def read_queue(queue, done):
    done.put(sum(len(queue.get()) for _ in range(COUNT)))

def read_memory(name, done):
    memory = shared_memory.SharedMemory(name)
    done.put(len(bytes(memory.buf[: len(MESSAGE) * COUNT])))
    memory.close()

def measure(name, target, source, give):
    done = Queue()
    child = Process(target=target, args=(source, done))
    start = time.perf_counter()
    child.start()
    give()
    received = done.get()
    seconds = time.perf_counter() - start
    child.join()
    print(f"{name}: {received} bytes, {COUNT / seconds:.0f} messages/s, start included")

if __name__ == "__main__":
    here, there = Pipe()
    measure("pipe", read_pipe, there, lambda: [here.send_bytes(MESSAGE) for _ in range(COUNT)])

    queue = Queue()
    measure("queue", read_queue, queue, lambda: [queue.put(MESSAGE) for _ in range(COUNT)])

    memory = shared_memory.SharedMemory(create=True, size=len(MESSAGE) * COUNT)
    memory.buf[: len(MESSAGE) * COUNT] = MESSAGE * COUNT
    measure("shared memory", read_memory, memory.name, lambda: None)
    memory.close()
    memory.unlink()
