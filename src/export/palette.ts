/** The colours of the states, on light and on dark. They only add to the shapes: nothing is told by colour alone. */
import type { ChartState } from "./chart/chart.ts";

export const light: Readonly<Record<ChartState, string>> = {
  waits: "#8b95a1",
  starts: "#5f6b7a",
  runs: "#12805c",
  reads: "#b86e00",
  holds: "#6f42c1",
  holdsWaiting: "#a23b8f",
  stopped: "#2f5fd0",
  rejected: "#d9480f",
  zombie: "#0a7ea4",
  killed: "#c9252d",
};

export const dark: Readonly<Record<ChartState, string>> = {
  waits: "#7d8793",
  starts: "#a3adb8",
  runs: "#3fb98b",
  reads: "#f0a93a",
  holds: "#b392f0",
  holdsWaiting: "#e38fd2",
  stopped: "#8ab0ff",
  rejected: "#ff9f6b",
  zombie: "#5cc8e0",
  killed: "#ff7b72",
};
