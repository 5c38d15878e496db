import multiprocessing, os

def greet(name):
    print(f"hello {name}", flush=True)

children = 2
print(f"process {os.getpid()} runs the file from its first line", flush=True)
# No `if __name__ == "__main__":` before this. With start method spawn a child loads this file, and gets here too.
spawn = multiprocessing.get_context("spawn")
for number in range(children):
    child = spawn.Process(target=greet, args=("Ada",))
    child.start()  # in the child: RuntimeError, and greet never runs
    child.join()
    print(f"process {os.getpid()}: its child ended with exit code {child.exitcode}", flush=True)
