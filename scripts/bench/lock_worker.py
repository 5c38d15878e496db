"""The same as lock-worker.ts with flock(2) from Python's fcntl: `rmw FILE DATA N START` and `handover - FILE SHARED N`; and
`hold FILE SECONDS`: takes it, says so in the file, and keeps it for so long."""
import fcntl
import json
import os
import struct
import sys
import time

mode = sys.argv[1]
if mode == "hold":
    fd = os.open(sys.argv[2], os.O_CREAT | os.O_RDWR, 0o644)
    fcntl.flock(fd, fcntl.LOCK_EX)
    os.ftruncate(fd, 0)
    os.pwrite(fd, json.dumps({"pid": os.getpid(), "child": 0}).encode() + b"\n", 0)
    time.sleep(float(sys.argv[3]))
    sys.exit()
path, other, n = sys.argv[2:5] if mode == "rmw" else sys.argv[3:6]
n = int(n)
fd = os.open(path, os.O_CREAT | os.O_RDWR, 0o644)
result = {}
if mode == "rmw":
    time.sleep(max(0, float(sys.argv[5]) / 1e3 - time.time()))
    for _ in range(n):
        fcntl.flock(fd, fcntl.LOCK_EX)
        with open(other) as data:
            value = json.load(data)
        value["count"] += 1
        with open(other, "w") as data:
            json.dump(value, data)
        fcntl.flock(fd, fcntl.LOCK_UN)
    result = {"endMs": time.time() * 1e3}
else:
    shared = os.open(other, os.O_CREAT | os.O_RDWR, 0o644)
    us = []
    for number in range(n):
        fcntl.flock(fd, fcntl.LOCK_EX)
        acquired = time.monotonic_ns() / 1e3
        stamp = os.pread(shared, 8, 0)
        if number > 4 and len(stamp) == 8:
            us.append(acquired - struct.unpack("d", stamp)[0])
        time.sleep(0.003)
        os.pwrite(shared, struct.pack("d", time.monotonic_ns() / 1e3), 0)
        fcntl.flock(fd, fcntl.LOCK_UN)
        time.sleep(0.001)
    result = {"us": us}
print(json.dumps(result))
