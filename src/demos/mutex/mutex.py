from multiprocessing import Lock, Process
from contextlib import nullcontext
import json, os, tempfile, time

def add_ones(path, rounds, gap, mutex):
    for _ in range(rounds):
        with mutex or nullcontext():
            try:
                with open(path) as file:
                    count = json.load(file)["count"]  # 1. read
            except json.JSONDecodeError:
                continue  # without the lock: somebody is just writing
            time.sleep(gap / 1000)  # 2. think
            with open(path, "w") as file:
                json.dump({"count": count + 1}, file)  # 3. write

def run(title, path, procs, rounds, gap, mutex):
    with open(path, "w") as file:
        json.dump({"count": 0}, file)
    begin = time.monotonic()
    children = [Process(target=add_ones, args=(path, rounds, gap, mutex)) for _ in range(procs)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    with open(path) as file:
        ms = (time.monotonic() - begin) * 1000
        print(f"{title}: {ms:.0f} ms, expected {{\"count\": {procs * rounds}}}, found {file.read()}")

if __name__ == "__main__":
    procs, rounds, gap, samples = 4, 50, 2, 3  # gap: ms
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "data.json")
        for _ in range(samples):
            run("without the lock", path, procs, rounds, gap, None)
            run("with the lock", path, procs, rounds, gap, Lock())
