/** What the kernel's texts say of who waits for whom; numbers of system calls as data. */
import { expect, test } from "bun:test";
import { readFileSync } from "node:fs";
import { tcpPeer } from "../../../src/os/socket-peer.ts";
import { lockHolder, sharedMemory } from "../../../src/trace/holders.ts";
import { readRecord, recordLine, type TraceRecord } from "../../../src/trace/records.ts";
import { arm64, callsOf, x64 } from "../../../src/trace/syscalls.ts";

const locks = `1: POSIX  ADVISORY  WRITE 700 fd:01:11 0 EOF
1: -> POSIX  ADVISORY  WRITE 701 fd:01:11 0 EOF
1: -> POSIX  ADVISORY  WRITE 703 fd:01:11 0 EOF
2: FLOCK  ADVISORY  WRITE 800 fd:01:12 0 EOF
2: -> FLOCK  ADVISORY  WRITE 702 fd:01:12 0 EOF
3: OFDLCK ADVISORY  WRITE -1 fd:01:13 0 EOF
3: -> OFDLCK ADVISORY  WRITE 704 fd:01:13 0 EOF
`;

test.each([
  [701, 700],
  [703, 700],
  [702, 800],
  [704, 0], // a lock of an open file: the kernel names nobody
  [700, 0],
  [1, 0],
])("/proc/locks: pid %i waits for %i", (pid, holder) => {
  expect(lockHolder(locks, pid)).toBe(holder);
});

test("/proc/PID/maps: shared memory only, by device and inode", () => {
  const maps = `55d0-55d1 r--p 00000000 08:01 99 /bin/cat
7f10-7f20 rw-s 00001000 00:1a 13143                /dev/shm/sem.x (deleted)
7fff-8000 rw-p 00000000 00:00 0 [stack]
`;
  expect(sharedMemory(maps)).toEqual([{ from: 0x7f10, to: 0x7f20, offset: 0x1000, key: "00:1a:13143" }]);
});

test("/proc/net/tcp: the socket with the two addresses the other way round", () => {
  const line = (local: string, remote: string, inode: number) =>
    `   0: ${local} ${remote} 01 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1`;
  const text = `  sl  local_address\n${line("0100007F:1F90", "0100007F:9C40", 11)}\n${line("0100007F:9C40", "0100007F:1F90", 12)}\n`;
  expect(tcpPeer(11, text)).toBe(12);
  expect(tcpPeer(12, text)).toBe(11);
  expect(tcpPeer(13, text)).toBe(0);
});

test("records come back as they were told", () => {
  const records: TraceRecord[] = [
    { is: "new", t: 1.5, pid: 10, ppid: 9 },
    { is: "exec", t: 2, pid: 10, argv: ["sh", "-c", "a  b\n\udc80"] },
    { is: "threads", t: 2, pid: 10, threads: 3 },
    { is: "stopped", t: 3, pid: 10, signal: 20 },
    { is: "continued", t: 4, pid: 10 },
    { is: "unprivileged", t: 4, pid: 10 },
    { is: "signal", t: 4, pid: 10, signal: 15 },
    { is: "end", t: 5, pid: 10, code: 3, signal: null, cpuMs: 1.25 },
    { is: "end", t: 5, pid: 10, code: null, signal: 9, cpuMs: -1 },
  ];
  expect(records.map((record) => readRecord(recordLine(record).trimEnd()))).toEqual(records);
});

/** asm/unistd_64.h and asm-generic/unistd.h, where they are installed. */
const headers = {
  x64: ["/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "/usr/include/asm/unistd_64.h"],
  arm64: ["/usr/include/asm-generic/unistd.h"],
} as const;
const names: Readonly<Record<string, readonly string[]>> = {
  wait4: ["wait4"],
  waitid: ["waitid"],
  flock: ["flock"],
  fcntl: ["fcntl"],
  futex: ["futex", "futex_waitv"],
  sleep: ["nanosleep", "clock_nanosleep"],
  poll: ["ppoll"],
};

for (const [arch, numbers] of [
  ["x64", x64],
  ["arm64", arm64],
] as const) {
  test(`system calls of ${arch}: no number stands for two things`, () => {
    const all = Object.values(numbers).flat();
    expect(new Set(all).size).toBe(all.length);
    expect(callsOf(arch).get(numbers.flock[0] ?? -1)).toBe("flock");
  });

  const header = headers[arch].find((file) => {
    try {
      return readFileSync(file).length > 0;
    } catch {
      return false;
    }
  });
  test.skipIf(header === undefined)(`system calls of ${arch}: as the kernel's header has them`, () => {
    const text = readFileSync(header ?? "", "utf8");
    const numberOf = (name: string) =>
      Number(new RegExp(`define __NR(?:3264)?_${name}\\s+(\\d+)`).exec(text)?.[1] ?? -1);
    for (const [call, list] of Object.entries(names)) {
      for (const name of list.filter((one) => /^\w+$/.test(one) && numberOf(one) >= 0))
        expect([call, numbers[call as keyof typeof numbers].includes(numberOf(name))]).toEqual([call, true]);
    }
  });
}
