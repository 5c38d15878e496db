from multiprocessing import Pipe, Process
import fcntl, os, signal, tempfile, time

def hold(path, pipe):
    with open(path, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # freed by the kernel, however this process ends
        pipe.send("holding")
        time.sleep(3600)

def wait(path, begin):
    with open(path, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        print(f"process {os.getpid()} has the lock {(time.time() - begin) * 1000:.1f} ms after the kill")

if __name__ == "__main__":
    procs, work = 4, 200  # work: ms before the kill
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "data.lock")
        here, there = Pipe()
        holder = Process(target=hold, args=(path, there))
        holder.start()
        here.recv()
        begin = time.time() + work / 1000
        waiters = [Process(target=wait, args=(path, begin)) for _ in range(procs - 1)]
        for waiter in waiters:
            waiter.start()
        time.sleep(max(0, begin - time.time()))
        os.kill(holder.pid, signal.SIGKILL)
        for waiter in waiters:
            waiter.join()
        holder.join()
        print(f"process {holder.pid} ended with exit code {holder.exitcode}")
        # With multiprocessing.Lock instead of flock the others would wait for ever.
