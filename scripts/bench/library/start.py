"""`start.py N`: starts and joins a process N times (spawn), and prints the median as JSON, in µs."""
import json
import multiprocessing
import sys
import time


def nothing():
    pass


if __name__ == "__main__":
    multiprocessing.set_start_method("spawn")
    us = []
    for _ in range(int(sys.argv[1])):
        began = time.perf_counter()
        process = multiprocessing.Process(target=nothing)
        process.start()
        process.join()
        us.append((time.perf_counter() - began) * 1e6)
    print(json.dumps({"a process: start + join": sorted(us)[len(us) // 2]}))
