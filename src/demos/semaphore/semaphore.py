from multiprocessing import Process, Semaphore, Value
import os, time

def visit(semaphore, rounds, inside, most):
    for _ in range(rounds):
        with semaphore:  # as many may be in as it was made for
            with inside.get_lock():
                inside.value += 1
                most.value = max(most.value, inside.value)
            time.sleep(0.06)
            with inside.get_lock():
                inside.value -= 1
    print(f"process {os.getpid()} was in {rounds} times")

if __name__ == "__main__":
    semaphore, inside, most = Semaphore(2), Value("i", 0), Value("i", 0)
    begin = time.monotonic()
    children = [Process(target=visit, args=(semaphore, 3, inside, most)) for _ in range(6)]
    for child in children:
        child.start()
    for child in children:
        child.join()
    print(f"at most {most.value} at once, {time.monotonic() - begin:.1f} s")
    # A process that is killed inside never gives its slot back: from then on there is one slot less.
