/** Processes and their life; see process.ts. */
export { type CurrentProcess, currentProcess } from "./current.ts";
export { lostError, RemoteError } from "./errors.ts";
export { liveProcesses, Process, type ResourceUsage } from "./process.ts";
export { defineProcess, defineTarget } from "./registry.ts";
export { stopAll } from "./supervisor.ts";
