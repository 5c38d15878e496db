from multiprocessing import Pool, Process
from time import perf_counter

def square(x):
    return x ** 2

def timed(way, tasks, work):
    start = perf_counter()
    work()
    print(f"{way}: {(perf_counter() - start) / tasks * 1e6:.0f} us a task")

def process_each(tasks):
    for x in range(tasks):
        child = Process(target=square, args=(x,))
        child.start()
        child.join()

if __name__ == "__main__":
    procs, tasks = 2, 20  # tasks: with a process each; a warm pool gets many more
    many = tasks * 500
    timed("a process each", tasks, lambda: process_each(tasks))
    with Pool(procs) as pool:  # warm workers
        timed("one by one", many, lambda: list(pool.imap(square, range(many), chunksize=1)))
        timed("in chunks", many, lambda: list(pool.imap(square, range(many), chunksize=1000)))
    # Kill one of its workers in the middle, and Pool waits for ever for what that worker had taken.
