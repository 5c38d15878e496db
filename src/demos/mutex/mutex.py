from multiprocessing import Lock, Process
import json, os, tempfile, time

def add_ones(path, rounds, mutex):
    for _ in range(rounds):
        with mutex:
            with open(path) as file:
                count = json.load(file)["count"]  # 1. read
            time.sleep(0.002)  # 2. think
            with open(path, "w") as file:
                json.dump({"count": count + 1}, file)  # 3. write

if __name__ == "__main__":
    mutex = Lock()
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "data.json")
        with open(path, "w") as file:
            json.dump({"count": 0}, file)
        children = [Process(target=add_ones, args=(path, 50, mutex)) for _ in range(4)]
        for child in children:
            child.start()
        for child in children:
            child.join()
        with open(path) as file:
            print(f"expected {{\"count\": 200}}, found {file.read()}")
