from multiprocessing import Pool, Process
from time import perf_counter

def square(x):
    return x ** 2

def timed(way, tasks, work):
    start = perf_counter()
    work()
    print(f"{way}: {(perf_counter() - start) / tasks * 1e6:.0f} us a task")

def process_each():
    for x in range(20):
        child = Process(target=square, args=(x,))
        child.start()
        child.join()

if __name__ == "__main__":
    timed("a process each", 20, process_each)
    with Pool(2) as pool:                                             # warm workers
        timed("one by one", 10_000, lambda: list(pool.imap(square, range(10_000), chunksize=1)))
        timed("in chunks", 10_000, lambda: list(pool.imap(square, range(10_000), chunksize=1000)))
    # kill one of its workers in the middle, and Pool waits for ever for what that worker had taken
