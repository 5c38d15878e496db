from multiprocessing import Pipe, Process
import fcntl, os, signal, tempfile, time

def hold(path, pipe):
    with open(path, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)  # freed by the kernel, however this process ends
        pipe.send("holding")
        time.sleep(60)

def wait(path, begin):
    with open(path, "a") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        print(f"process {os.getpid()} has the lock {(time.time() - begin) * 1000:.1f} ms after the kill")

if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "data.lock")
        here, there = Pipe()
        holder = Process(target=hold, args=(path, there))
        holder.start()
        here.recv()
        begin = time.time() + 0.2
        waiter = Process(target=wait, args=(path, begin))
        waiter.start()
        time.sleep(begin - time.time())
        os.kill(holder.pid, signal.SIGKILL)
        waiter.join()
        holder.join()
        print(f"process {holder.pid} ended with exit code {holder.exitcode}")
