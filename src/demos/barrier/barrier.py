from multiprocessing import Barrier, Process
import time

def work_through(me, procs, rounds, barrier):
    for phase in range(rounds):
        slow = phase % procs == me
        time.sleep(0.12 if slow else 0.04)  # in every phase it is another one's turn to be slow
        if barrier:
            barrier.wait()  # nobody goes on before all have come

def run(title, procs, rounds, barrier):
    begin = time.monotonic()
    children = [Process(target=work_through, args=(i, procs, rounds, barrier)) for i in range(procs)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(f"{title}: {(time.monotonic() - begin) * 1e3:.0f} ms")

if __name__ == "__main__":
    run("without a barrier", 4, 4, None)
    run("with a barrier", 4, 4, Barrier(4))
    # If one of them is killed, the others wait for ever, unless wait() was given a timeout.
