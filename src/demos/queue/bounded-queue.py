from multiprocessing import Process, Queue
import os, time

def produce(queue, name, items, make):
    for number in range(1, items + 1):
        time.sleep(make / 1000)  # make it
        queue.put(f"{name}.{number}")  # waits while the queue is full

def consume(queue, work, results):
    taken = []
    while (item := queue.get()) is not None:  # waits while the queue is empty
        time.sleep(work / 1000)  # use it
        taken.append(item)
    results.put((os.getpid(), taken))

if __name__ == "__main__":
    producers, consumers, capacity, items = 3, 2, 4, 20  # items: of each producer
    make, work = 5, 15  # ms an item
    queue, results = Queue(maxsize=capacity), Queue()
    makers = [Process(target=produce, args=(queue, f"P{i}", items, make)) for i in range(1, producers + 1)]
    users = [Process(target=consume, args=(queue, work, results)) for _ in range(consumers)]
    for child in makers + users:
        child.start()
    for child in makers:
        child.join()
    for _ in users:
        queue.put(None)  # nothing more will come: one word for each consumer
    taken = [results.get() for _ in users]
    for child in users:
        child.join()
    for pid, some in taken:
        print(f"process {pid} took {len(some)}")
    everything = [item for _, some in taken for item in some]
    print(f"{len(everything)} items, {len(set(everything))} different ones")
    # Kill a process while it puts or takes, and the others may wait for ever: it dies with the queue's lock.
