from multiprocessing import Barrier, Process, Queue
import os, random, resource, time

def work(throws, together, done):
    darts = random.Random(throws.start)
    together.wait()  # starting the processes is not counted
    begin, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw
    sum(darts.random() ** 2 + darts.random() ** 2 < 1 for _ in range(len(throws) * 1000))
    switches = resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw - before
    done.put((begin, time.monotonic(), switches))  # how often the kernel took the core away

if __name__ == "__main__":
    throws, cores = 400, os.cpu_count()
    for procs in (1, cores, 2 * cores, 4 * cores, 8 * cores):
        together, done = Barrier(procs), Queue()
        shares = [range(throws * i // procs, throws * (i + 1) // procs) for i in range(procs)]
        children = [Process(target=work, args=(share, together, done)) for share in shares]
        for child in children:
            child.start()
        begins, ends, switches = zip(*(done.get() for _ in children))
        for child in children:
            child.join()
        print(f"{procs} processes: {(max(ends) - min(begins)) * 1000:.0f} ms, {sum(switches)} involuntary switches")
