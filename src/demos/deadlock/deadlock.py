from multiprocessing import Barrier, Process
import os, sys, tempfile, time

def take(lock, patience):
    give_up = time.monotonic() + patience / 1000
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))  # whoever creates the file has the lock
            return True
        except FileExistsError:
            if time.monotonic() > give_up:
                return False
            time.sleep(0.001)

def with_both(first, second, barrier, patience, work):
    take(first, float("inf"))
    if barrier:
        barrier.wait()  # now each process holds one
    got = take(second, patience)
    if got:
        time.sleep(work / 1000)
        os.remove(second)
    os.remove(first)
    name = os.path.basename
    print(f"process {os.getpid()} with {name(first)} {'got' if got else 'gave up'} {name(second)}")
    sys.exit(0 if got else 75)

def run(title, pairs, barrier, patience, work):
    begin = time.monotonic()
    children = [Process(target=with_both, args=(*pair, barrier, patience, work)) for pair in pairs]
    for child in children:
        child.start()
    for child in children:
        child.join()
    done = sum(child.exitcode == 0 for child in children)
    print(f"{title}: {done} of {len(pairs)} had both locks, after {time.monotonic() - begin:.1f} s")

if __name__ == "__main__":
    procs, patience, work = 2, 1000, 100  # patience, work: ms
    with tempfile.TemporaryDirectory() as folder:
        locks = [os.path.join(folder, f"{n}.lock") for n in range(1, procs + 1)]
        circle = list(zip(locks, locks[1:] + locks[:1]))  # each wants the next one's, the last the first one's
        run("in a circle", circle, Barrier(procs), patience, work)
        run("in one order", [sorted(pair) for pair in circle], None, float("inf"), work)
