from multiprocessing import Process
import json, os, tempfile, time

def add_ones(path, rounds):
    for _ in range(rounds):
        try:
            with open(path) as file:
                count = json.load(file)["count"]  # 1. read
        except json.JSONDecodeError:
            continue  # somebody is just writing
        time.sleep(0.002)  # 2. think
        with open(path, "w") as file:
            json.dump({"count": count + 1}, file)  # 3. write: what others wrote since 1. is gone

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "data.json")
        with open(path, "w") as file:
            json.dump({"count": 0}, file)
        children = [Process(target=add_ones, args=(path, 100)) for _ in range(4)]
        for child in children:
            child.start()
        for child in children:
            child.join()
        with open(path) as file:
            print(f"expected {{\"count\": 400}}, found {file.read()}")
