/** A job that computes for a while: `spin MS`. CPU time, not time on the clock, so that sharing a core shows. */
const ms = Number(process.argv[2]);
let sum = 0;
while (process.cpuUsage().user + process.cpuUsage().system < ms * 1e3) for (let i = 0; i < 20_000; i += 1) sum += i;
process.exit(sum < 0 ? 1 : 0);
