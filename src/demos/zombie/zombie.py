from multiprocessing import Process, connection
import os, signal, subprocess, sys, time

def look(pid, moment):
    ps = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    print(f"{moment}: {ps.stdout.strip() or 'gone'}", flush=True)

if __name__ == "__main__":
    work = 300  # ms
    child = Process(target=sys.exit, args=(7,))
    child.start()
    connection.wait([child.sentinel])
    time.sleep(work / 1000)  # the child has exited, and nobody has asked how
    look(child.pid, "after its exit")
    time.sleep(work / 1000)
    os.kill(child.pid, signal.SIGKILL)
    time.sleep(work / 1000)
    look(child.pid, "after kill -9")
    child.join()  # asks
    look(child.pid, "after join")
    print(f"exit code {child.exitcode}")
