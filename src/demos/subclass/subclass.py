from multiprocessing import Process

class Counter(Process):
    def __init__(self, count, rounds):
        super().__init__()
        self.count = count
        self.rounds = rounds

    def run(self):
        print(f"{self.name}: my count is {self.count}", flush=True)
        for _ in range(self.rounds):
            self.count += 1
        print(f"{self.name}: my count is {self.count}", flush=True)

if __name__ == "__main__":
    counters = [Counter(count, rounds=1000) for count in (100, 200, 300)]
    for counter in counters:
        counter.start()
    for counter in counters:
        counter.join()
    print("main: their counts are", [counter.count for counter in counters])
