from multiprocessing import Process
import os, signal, subprocess, sys, time

def look(pid, moment):
    ps = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    print(f"{moment}: {ps.stdout.strip() or 'gone'}", flush=True)

if __name__ == "__main__":
    child = Process(target=sys.exit, args=(7,))
    child.start()
    time.sleep(0.5)  # the child has exited, and nobody has asked how
    look(child.pid, "after its exit")
    os.kill(child.pid, signal.SIGKILL)
    look(child.pid, "after kill -9")
    child.join()  # asks
    look(child.pid, "after join")
    print(f"exit code {child.exitcode}")
