from multiprocessing import Process
import time

class Counter(Process):
    def __init__(self, count, rounds, work):
        super().__init__()
        self.count = count
        self.rounds = rounds
        self.work = work

    def run(self):
        print(f"{self.name}: my count is {self.count}", flush=True)
        for _ in range(self.rounds):
            self.count += 1
        time.sleep(self.work / 1000)
        print(f"{self.name}: my count is {self.count}", flush=True)

if __name__ == "__main__":
    procs, rounds, work = 3, 1000, 300  # work: ms
    counters = [Counter(100 * n, rounds, work) for n in range(1, procs + 1)]
    for counter in counters:
        counter.start()
    for counter in counters:
        counter.join()
    print("main: their counts are", [counter.count for counter in counters])
