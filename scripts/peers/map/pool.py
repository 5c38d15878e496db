# `pool.py imap CHUNKSIZE | executor`: reads lines, maps each on two processes, prints results as JSON lines in order.
import json
import sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import Pool


def double(line):
    return int(line) * 2


def echo(line):
    return line


if __name__ == "__main__":
    function = echo if "echo" in sys.argv else double
    lines = (line.rstrip("\n") for line in sys.stdin)
    write = sys.stdout.write
    if sys.argv[1] == "executor":
        with ProcessPoolExecutor(2) as pool:
            for result in pool.map(function, lines):
                write(json.dumps(result) + "\n")
    else:
        with Pool(2) as pool:
            for result in pool.imap(function, lines, chunksize=int(sys.argv[2])):
                write(json.dumps(result) + "\n")
