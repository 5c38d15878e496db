from multiprocessing import Process
import time

counter = 0  # one line of source; every process has a variable of its own

def count(name, step, rounds, work):
    global counter
    for _ in range(rounds):
        counter += step
    time.sleep(work / 1000)
    print(f"{name}: counter is {counter}", flush=True)

if __name__ == "__main__":
    procs, rounds, work = 3, 1000, 300  # work: ms
    children = [Process(target=count, args=(f"P{step}", step, rounds, work)) for step in range(1, procs + 1)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(f"main: counter is {counter}")
