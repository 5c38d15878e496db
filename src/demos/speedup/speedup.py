from multiprocessing import Pool
import os, random, time

def hits_of(throws):
    darts = random.Random(throws.start)
    return sum(darts.random() ** 2 + darts.random() ** 2 < 1 for _ in range(len(throws) * 1000))

if __name__ == "__main__":
    throws = 400
    for procs in range(1, os.cpu_count() + 2):
        shares = [range(throws * i // procs, throws * (i + 1) // procs) for i in range(procs)]
        with Pool(procs) as pool:
            begin = time.perf_counter()
            hits = sum(pool.map(hits_of, shares, chunksize=1))
            ms = (time.perf_counter() - begin) * 1000
        print(f"{procs} processes: {ms:.0f} ms, pi is about {4 * hits / (throws * 1000):.3f}")
