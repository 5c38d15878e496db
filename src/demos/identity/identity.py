from multiprocessing import Process, Semaphore
import os, time

def grandchild(said):
    before = os.getppid()
    print(f"grandchild: I am {os.getpid()}, my parent is {before}", flush=True)
    said.release()
    while os.getppid() == before:
        time.sleep(0.002)
    print(f"grandchild: I am still {os.getpid()}, my parent is {os.getppid()}", flush=True)

def middle(procs, work):
    print(f"child: I am {os.getpid()}, my parent is {os.getppid()}", flush=True)
    said = Semaphore(0)
    for _ in range(procs):
        Process(target=grandchild, args=(said,)).start()
    for _ in range(procs):
        said.acquire()
    time.sleep(work / 1000)
    os._exit(0)  # returning would join the grandchildren first

if __name__ == "__main__":
    procs, work = 2, 300  # work: ms
    print(f"main: I am {os.getpid()}, my parent is {os.getppid()}", flush=True)
    child = Process(target=middle, args=(procs, work))
    child.start()
    child.join()
    time.sleep(work / 1000)
