from multiprocessing import Pipe, Process
import os, signal, sqlite3, tempfile, time

def take(db, lease):
    while True:  # until nobody has it; its number is greater than that of everybody before
        now = time.time() * 1000
        db.execute("BEGIN IMMEDIATE")
        taken = db.execute("UPDATE lease SET fence = fence + 1, until = ? WHERE until <= ?", (now + lease, now)).rowcount
        (fence,) = db.execute("SELECT fence FROM lease").fetchone()
        db.execute("COMMIT")
        if taken:
            return fence
        time.sleep(0.01)

def add_one(path, lease, work, compared, pipe):
    db = sqlite3.connect(path, timeout=60, isolation_level=None)
    written = False
    while not written:
        fence = take(db, lease)
        (count,) = db.execute("SELECT value FROM count").fetchone()
        time.sleep(work / 1000)
        renewed = "UPDATE lease SET until = ? WHERE fence = ?"
        if not db.execute(renewed, (time.time() * 1000 + lease, fence)).rowcount:
            continue
        pipe.send("the lease is mine")
        pipe.recv()  # here the first one is stopped
        write = "UPDATE count SET value = ?, fence = ? WHERE fence <= ?" if compared else "UPDATE count SET value = ?"
        written = db.execute(write, (count + 1, fence, fence)[: write.count("?")]).rowcount > 0
        print(f"process {os.getpid()}, number {fence}: {'wrote' if written else 'was refused'} {count + 1}", flush=True)
        db.execute("UPDATE lease SET until = 0 WHERE fence = ?", (fence,))

if __name__ == "__main__":
    lease, work = 500, 150  # ms
    for compared in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "fence.db")
            db = sqlite3.connect(path, isolation_level=None)
            db.execute("CREATE TABLE lease AS SELECT 0 AS fence, 0 AS until")
            db.execute("CREATE TABLE count AS SELECT 0 AS fence, 0 AS value")
            pipes = [Pipe(), Pipe()]
            first, second = [Process(target=add_one, args=(path, lease, work, compared, end)) for _, end in pipes]
            first.start()
            pipes[0][0].recv()
            os.kill(first.pid, signal.SIGSTOP)
            for here, _ in pipes:
                here.send("go on")
                here.send("go on")  # should it have to come again
            second.start()
            second.join()
            os.kill(first.pid, signal.SIGCONT)
            first.join()
            (count,) = db.execute("SELECT value FROM count").fetchone()
            db.close()
            print(f"{'with its number' if compared else 'a lease alone'}: 2 additions, the count is {count}")
