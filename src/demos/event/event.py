from multiprocessing import Barrier, Event, Process
import os, time

def wait_for(event, meet, is_late, rounds, delay, work, begin):
    for _ in range(rounds):
        meet.wait()
        if is_late:
            time.sleep(2 * delay / 1000)
        event.wait()  # asleep until it is set; at once if it is
        how = "came late, and did not wait" if is_late else "went on"
        print(f"process {os.getpid()} {how} {(time.monotonic() - begin) * 1e3:.0f} ms after the beginning")
        time.sleep(work / 1000)
        meet.wait()

if __name__ == "__main__":
    procs, rounds, delay, work = 5, 3, 200, 60  # delay, work: ms
    event, meet = Event(), Barrier(procs)
    begin = time.monotonic()
    children = [
        Process(target=wait_for, args=(event, meet, i == 0, rounds, delay, work, begin)) for i in range(procs - 1)
    ]
    for child in children:
        child.start()
    for _ in range(rounds):
        meet.wait()
        time.sleep(delay / 1000)
        print(f"the signal, {(time.monotonic() - begin) * 1e3:.0f} ms after the beginning", flush=True)
        event.set()  # one signals, all go on
        meet.wait()
        event.clear()  # from now on one has to wait again
    for child in children:
        child.join()
    # Had one been killed while it waited, set() would have waited for its answer for ever.
