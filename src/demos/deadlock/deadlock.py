from multiprocessing import Barrier, Process
import os, sys, tempfile, time

def take(lock, patience):
    give_up = time.monotonic() + patience
    while True:
        try:
            os.close(os.open(lock, os.O_CREAT | os.O_EXCL))  # whoever creates the file has the lock
            return True
        except FileExistsError:
            if time.monotonic() > give_up:
                return False
            time.sleep(0.001)

def with_both(first, second, barrier, patience):
    take(first, float("inf"))
    if barrier:
        barrier.wait()  # now both processes hold one
    got = take(second, patience)
    if got:
        time.sleep(0.1)  # work
        os.remove(second)
    os.remove(first)
    name = os.path.basename
    print(f"process {os.getpid()} with {name(first)} {'got' if got else 'gave up'} {name(second)}")
    sys.exit(0 if got else 75)

def run(title, pairs, barrier, patience):
    begin = time.monotonic()
    children = [Process(target=with_both, args=(*pair, barrier, patience)) for pair in pairs]
    for child in children:
        child.start()
    for child in children:
        child.join()
    done = sum(child.exitcode == 0 for child in children)
    print(f"{title}: {done} of 2 had both locks, after {time.monotonic() - begin:.1f} s")

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        a, b = os.path.join(folder, "a.lock"), os.path.join(folder, "b.lock")
        run("opposite order", [(a, b), (b, a)], Barrier(2), patience=1)
        run("one order", [(a, b), (a, b)], None, patience=float("inf"))
