from multiprocessing import Process, Semaphore, Value
import os, time

def visit(semaphore, rounds, work, inside, most):
    for _ in range(rounds):
        with semaphore:  # as many may be in as it was made for
            with inside.get_lock():
                inside.value += 1
                most.value = max(most.value, inside.value)
            time.sleep(work / 1000)
            with inside.get_lock():
                inside.value -= 1
    print(f"process {os.getpid()} was in {rounds} times")

if __name__ == "__main__":
    procs, slots, rounds, work = 6, 2, 3, 60  # work: ms
    semaphore, inside, most = Semaphore(slots), Value("i", 0), Value("i", 0)
    begin = time.monotonic()
    children = [Process(target=visit, args=(semaphore, rounds, work, inside, most)) for _ in range(procs)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(f"at most {most.value} at once, {time.monotonic() - begin:.1f} s")
    # A process that is killed inside never gives its slot back: from then on there is one slot less.
