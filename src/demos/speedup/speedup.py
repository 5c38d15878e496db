from multiprocessing import Pool
import random, time

def hits_of(throws):
    darts = random.Random(throws.start)
    return sum(darts.random() ** 2 + darts.random() ** 2 < 1 for _ in throws)

if __name__ == "__main__":
    procs, cpu, samples = 3, 200, 3  # cpu: ms of one core, the whole work
    begin = time.process_time()
    hits_of(range(20_000))
    throws = int(20_000 * cpu / 1000 / (time.process_time() - begin))  # as many as take one core that long
    for count in range(1, procs + 1):
        shares = [range(throws * i // count, throws * (i + 1) // count) for i in range(count)]
        with Pool(count) as pool:
            for _ in range(samples):
                begin = time.perf_counter()
                hits = sum(pool.map(hits_of, shares, chunksize=1))
                ms = (time.perf_counter() - begin) * 1000
                print(f"{count} processes: {ms:.0f} ms, pi is about {4 * hits / throws:.2f}")
