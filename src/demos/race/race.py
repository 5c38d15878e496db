from multiprocessing import Barrier, Lock, Process
from contextlib import nullcontext
import json, os, tempfile, time

def add_ones(path, rounds, gap, mutex, barrier):
    for _ in range(rounds):
        with mutex or nullcontext():
            try:
                with open(path) as file:
                    count = json.load(file)["count"]  # 1. read
            except json.JSONDecodeError:
                continue  # somebody is just writing
            time.sleep(gap / 1000)  # 2. think
            if barrier:
                barrier.wait()  # until all have read
            with open(path, "w") as file:
                json.dump({"count": count + 1}, file)  # 3. write: what others wrote since 1. is gone
            if barrier:
                barrier.wait()  # until all have written

if __name__ == "__main__":
    procs, rounds, gap = 4, 100, 2  # gap: ms
    mode, lock = "natural", "off"
    mutex = Lock() if lock == "on" else None
    barrier = Barrier(procs) if mode == "staged" and lock == "off" else None
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "data.json")
        with open(path, "w") as file:
            json.dump({"count": 0}, file)
        children = [Process(target=add_ones, args=(path, rounds, gap, mutex, barrier)) for _ in range(procs)]
        for child in children:
            child.start()
        for child in children:
            child.join()
        with open(path) as file:
            print(f"expected {{\"count\": {procs * rounds}}}, found {file.read()}")
