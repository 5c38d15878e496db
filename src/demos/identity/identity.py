from multiprocessing import Process
import os
import time

def grandchild():
    before = os.getppid()
    print(f"grandchild: I am {os.getpid()}, my parent is {before}", flush=True)
    while os.getppid() == before:
        time.sleep(0.002)
    print(f"grandchild: I am still {os.getpid()}, my parent is {os.getppid()}", flush=True)

def middle():
    print(f"child: I am {os.getpid()}, my parent is {os.getppid()}", flush=True)
    Process(target=grandchild).start()
    time.sleep(0.3)
    os._exit(0)  # returning would join the grandchild first

if __name__ == "__main__":
    print(f"main: I am {os.getpid()}, my parent is {os.getppid()}", flush=True)
    child = Process(target=middle)
    child.start()
    child.join()
    time.sleep(0.3)
