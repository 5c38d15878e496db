from multiprocessing import Barrier, Process, Queue
import os, random, resource, time

def throw(times):
    return sum(random.random() ** 2 + random.random() ** 2 < 1 for _ in range(times))

def work(times, together, done):
    together.wait()  # starting the processes is not counted
    begin, before = time.monotonic(), resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw
    throw(times)
    switches = resource.getrusage(resource.RUSAGE_SELF).ru_nivcsw - before
    done.put((begin, time.monotonic(), switches))  # how often the kernel took the core away

def run(count, times):
    together, done = Barrier(count), Queue()
    children = [Process(target=work, args=(times // count, together, done)) for _ in range(count)]
    for child in children:
        child.start()
    begins, ends, switches = zip(*(done.get() for _ in children))
    for child in children:
        child.join()
    print(f"{count} processes: {(max(ends) - min(begins)) * 1000:.0f} ms, {sum(switches)} involuntary switches")

if __name__ == "__main__":
    procs, cpu, samples = 16, 200, 2  # cpu: ms of one core, the whole work
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    begin = time.process_time()
    throw(20_000)
    times = int(20_000 * cpu / 1000 / (time.process_time() - begin))  # as many as take one core that long
    for _ in range(samples):
        for count in sorted({n for n in (1, cores, 2 * cores, 4 * cores) if n < procs} | {procs}):
            run(count, times)
