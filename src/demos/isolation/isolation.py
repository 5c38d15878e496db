from multiprocessing import Process

counter = 0  # one line of source; every process has a variable of its own

def count(name, step, rounds):
    global counter
    for _ in range(rounds):
        counter += step
    print(f"{name}: counter is {counter}", flush=True)

if __name__ == "__main__":
    children = [Process(target=count, args=(f"P{step}", step, 1000)) for step in (1, 2, 3)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(f"main: counter is {counter}")
