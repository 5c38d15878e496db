from multiprocessing import Pool, Process

def square(x):
    return x ** 2

if __name__ == "__main__":
    for x in range(20):                      # a process for each task
        child = Process(target=square, args=(x,))
        child.start()
        child.join()

    with Pool(2) as pool:
        for y in pool.imap(square, range(10_000), chunksize=1):     # warm workers, one task a message
            pass
        for y in pool.imap(square, range(10_000), chunksize=1000):  # a thousand tasks a message
            pass
    # kill one of its workers in the middle, and Pool waits for ever for what that worker had taken
