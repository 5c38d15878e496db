/** Signals that a process has been sent and has not taken yet (Linux). */

/** Whether a signal is among them. @param status what /proc/PID/status says (proc_pid_status(5)). */
export function isPending(status: string, signal: number): boolean {
  return ["SigPnd", "ShdPnd"].some((set) => {
    const mask = new RegExp(`^${set}:\\s+([0-9a-f]+)`, "m").exec(status)?.[1] ?? "0";
    return (BigInt(`0x${mask}`) >> BigInt(signal - 1)) & 1n;
  });
}
