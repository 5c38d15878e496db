from multiprocessing import Process
import time

def wait_for(seconds):
    time.sleep(seconds)

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
    for way in (one_after_another, together):
        children = [Process(target=wait_for, args=(s,)) for s in (0.4, 0.3, 0.2, 0.1)]
        begin = time.perf_counter()
        way(children)
        print(f"{way.__name__}: {time.perf_counter() - begin:.2f} s")
