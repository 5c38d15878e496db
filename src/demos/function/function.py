from multiprocessing import Process
import os

def greet(name):
    print(f"hello {name}, I am process {os.getpid()}")

if __name__ == "__main__":
    children = [Process(target=greet, args=(name,)) for name in ("Ada", "Ken", "Mary")]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(f"main: I am process {os.getpid()}")
