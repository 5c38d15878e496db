from multiprocessing import Process, Queue
import os, time

def produce(queue, name, items):
    for number in range(1, items + 1):
        time.sleep(0.005)  # make it
        queue.put(f"{name}.{number}")  # waits while the queue is full

def consume(queue, results):
    taken = []
    while (item := queue.get()) is not None:  # waits while the queue is empty
        time.sleep(0.015)  # use it
        taken.append(item)
    results.put((os.getpid(), taken))

if __name__ == "__main__":
    queue, results = Queue(maxsize=4), Queue()
    producers = [Process(target=produce, args=(queue, f"P{i}", 20)) for i in (1, 2, 3)]
    consumers = [Process(target=consume, args=(queue, results)) for _ in range(2)]
    for child in producers + consumers:
        child.start()
    for child in producers:
        child.join()
    for _ in consumers:
        queue.put(None)  # nothing more will come: one word for each consumer
    taken = [results.get() for _ in consumers]
    for child in consumers:
        child.join()
    for pid, items in taken:
        print(f"process {pid} took {len(items)}")
    everything = [item for _, items in taken for item in items]
    print(f"{len(everything)} items, {len(set(everything))} different ones")
    # Kill a process while it puts or takes, and the others may wait for ever: it dies with the queue's lock.
