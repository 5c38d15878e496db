from multiprocessing import Barrier, Process
import time

def work_through(me, procs, rounds, work, barrier):
    for phase in range(rounds):
        slow = phase % procs == me  # in every phase it is another one's turn to be slow
        time.sleep((3 if slow else 1) * work / 1000)
        if barrier:
            barrier.wait()  # nobody goes on before all have come

def run(title, procs, rounds, work, barrier):
    begin = time.monotonic()
    children = [Process(target=work_through, args=(i, procs, rounds, work, barrier)) for i in range(procs)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(f"{title}: {(time.monotonic() - begin) * 1e3:.0f} ms")

if __name__ == "__main__":
    procs, rounds, work = 4, 4, 40  # work: ms
    run("without a barrier", procs, rounds, work, None)
    run("with a barrier", procs, rounds, work, Barrier(procs))
    # If one of them is killed, the others wait for ever, unless wait() was given a timeout.
