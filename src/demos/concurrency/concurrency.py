from multiprocessing import Process
import time

def wait_for(ms):
    time.sleep(ms / 1000)

def one_after_another(children):
    for child in children:
        child.start()
        child.join()

def together(children):
    for child in children:
        child.start()
    for child in children:
        child.join()

if __name__ == "__main__":
    procs, wait = 4, 100  # wait: ms; each other process as much longer
    for way in (one_after_another, together):
        children = [Process(target=wait_for, args=(n * wait,)) for n in range(procs, 0, -1)]
        begin = time.perf_counter()
        way(children)
        print(f"{way.__name__}: {time.perf_counter() - begin:.2f} s")
