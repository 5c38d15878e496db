from multiprocessing import Event, Process, Queue
import os, time

def wait_for(event, woken):
    event.wait()  # asleep until it is set; at once if it is
    woken.put((os.getpid(), time.monotonic()))

if __name__ == "__main__":
    event, woken = Event(), Queue()
    children = [Process(target=wait_for, args=(event, woken)) for _ in range(3)]
    for child in children:
        child.start()
    time.sleep(0.3)
    begin = time.monotonic()
    event.set()  # one signals, all go on
    for _ in children:
        pid, at = woken.get()
        print(f"process {pid} went on {(at - begin) * 1e3:.1f} ms after the signal")
    late = Process(target=wait_for, args=(event, woken))
    begin = time.monotonic()
    late.start()
    pid, at = woken.get()
    print(f"process {pid} came late and did not wait: {event.is_set()}")
    for child in children + [late]:
        child.join()
    event.clear()  # from now on one has to wait again
    # Had one been killed while it waited, set() would have waited for its answer for ever.
