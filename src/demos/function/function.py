from multiprocessing import Process
import os, time

def greet(name, work):
    print(f"hello {name}, I am process {os.getpid()}")
    time.sleep(work / 1000)

if __name__ == "__main__":
    procs, work = 3, 300  # work: ms
    children = [Process(target=greet, args=(f"P{n}", work)) for n in range(1, procs + 1)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(f"main: I am process {os.getpid()}")
