"""The same as locks.ts with Python's multiprocessing (spawn), the same names, µs each, as one line of JSON."""

import json
import multiprocessing as mp
import sys
import time


def contend(lock, ready, start, n):
    ready.release()
    start.wait()
    for _ in range(n):
        lock.acquire()
        lock.release()


def meet(barrier, n):
    for _ in range(n):
        barrier.wait()


def answer(ask, reply, n):
    for _ in range(n):
        ask.acquire()
        reply.release()


def main(scale):
    ctx = mp.get_context("spawn")
    results = {}

    def some(n):
        return max(1, round(n * scale))

    def row(name, n, work, clock=time.process_time):
        if clock is time.process_time:
            work(n)
        began = clock()
        work(n)
        results[name] = (clock() - began) / n * 1e6

    wall = time.perf_counter

    lock = ctx.Lock()

    def try_lock(n):
        for _ in range(n):
            lock.acquire(False)
            lock.release()

    def take_lock(n):
        for _ in range(n):
            lock.acquire()
            lock.release()

    row("lock, nobody else: tryAcquire + release", some(300_000), try_lock)
    row("lock, nobody else: acquire + release", some(300_000), take_lock)
    rlock = ctx.RLock()

    def take_rlock(n):
        for _ in range(n):
            with rlock:
                pass

    row("rlock, nobody else", some(50_000), take_rlock)
    semaphore = ctx.Semaphore(2)

    def take_semaphore(n):
        for _ in range(n):
            semaphore.acquire()
            semaphore.release()

    row("semaphore, nobody else", some(200_000), take_semaphore)
    value = ctx.Value("i", 0)

    def add(n):
        for _ in range(n):
            with value.get_lock():
                value.value += 1

    row("value += 1 under its lock", some(200_000), add)
    # There is no other way to add than under the lock.
    row("value.add(1)", some(200_000), add)
    array = ctx.Array("d", 1000, lock=False)

    def store(n):
        for i in range(n):
            array[i % 1000] = i

    row("array: store one number", some(1_000_000), store)

    processes = 4
    ready, start, each = ctx.Semaphore(0), ctx.Event(), some(10_000)
    everyone = [ctx.Process(target=contend, args=(lock, ready, start, each)) for _ in range(processes)]
    for one in everyone:
        one.start()
    for _ in everyone:
        ready.acquire()

    def loop(_):
        start.set()
        for one in everyone:
            one.join()

    row(f"lock, {processes} processes in a loop", processes * each, loop, wall)

    ask, reply, trips = ctx.Semaphore(0), ctx.Semaphore(0), some(3000)
    other = ctx.Process(target=answer, args=(ask, reply, trips + 1))
    other.start()
    ask.release()
    reply.acquire()

    def trip(n):
        for _ in range(n):
            ask.release()
            reply.acquire()

    row("round trip between two processes, by semaphores", trips, trip, wall)
    other.join()

    barrier, phases = ctx.Barrier(processes), some(1000)
    meeting = [ctx.Process(target=meet, args=(barrier, phases + 1)) for _ in range(processes - 1)]
    for one in meeting:
        one.start()
    barrier.wait()
    row(f"barrier, a phase of {processes} processes", phases, lambda n: [barrier.wait() for _ in range(n)], wall)
    for one in meeting:
        one.join()
    print(json.dumps(results))


if __name__ == "__main__":
    main(float(sys.argv[1]))
