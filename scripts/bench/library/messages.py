"""The same as messages.ts with Python's multiprocessing (spawn), the same names, µs each, as one line of JSON."""

import json
import multiprocessing as mp
import sys
import time


def square(x):
    return x * x


def take(queue, back, n):
    queue.get()
    back.put(0)
    for _ in range(n):
        queue.get()
    back.put(1)


def answer(ask, reply, n):
    for _ in range(n + 1):
        reply.put(ask.get())


def main(scale):
    ctx = mp.get_context("spawn")
    results = {}

    def some(n):
        return max(1, round(n * scale))

    def row(name, n, work):
        began = time.perf_counter()
        work()
        results[name] = (time.perf_counter() - began) / n * 1e6

    for name, size, n in (
        ("queue 1 to 1, items of 100 B", 100, some(200_000)),
        ("queue 1 to 1, items of 64 KiB", 65_536, some(5_000)),
    ):
        queue, back = ctx.Queue(), ctx.Queue()
        item = bytes(size)
        child = ctx.Process(target=take, args=(queue, back, n))
        child.start()
        queue.put(item)
        back.get()

        def through():
            for _ in range(n):
                queue.put(item)
            back.get()

        row(name, n, through)
        child.join()

    ask, reply, n = ctx.Queue(), ctx.Queue(), some(5_000)
    child = ctx.Process(target=answer, args=(ask, reply, n))
    child.start()
    ask.put(0)
    reply.get()

    def trips():
        for i in range(n):
            ask.put(i)
            reply.get()

    row("round trip between two processes, by queues", n, trips)
    child.join()

    pools = []

    def first():
        pools.append(ctx.Pool(2))
        pools[0].apply(square, (7,))

    row("pool of 2: to the first result", 1, first)
    pool = pools[0]
    pool.map(square, range(100), chunksize=1)
    calls, mapped, streamed = some(5_000), some(1_000_000), some(20_000)
    row("pool: apply", calls, lambda: [pool.apply(square, (i,)) for i in range(calls)])
    row("pool: map, automatic chunks", mapped, lambda: pool.map(square, range(mapped)))
    row("pool: map, chunks of 1", streamed, lambda: pool.map(square, range(streamed), chunksize=1))
    row("pool: imap", streamed, lambda: list(pool.imap(square, range(streamed))))
    pool.terminate()
    print(json.dumps(results))


if __name__ == "__main__":
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 1)
