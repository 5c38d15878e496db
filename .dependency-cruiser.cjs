/**
 * The arrows of the house: imports go downwards only, and in no circle. Each rule says what a folder may import from src;
 * what it does not name is forbidden.
 */
const house = {
  commands: [
    "commands",
    "api",
    "cli",
    "demos",
    "compare",
    "show",
    "export",
    "terminal",
    "jobs",
    "pool",
    "lock",
    "process",
    "progress",
    "trace",
    "farm",
    "explore",
  ],
  api: ["api", "process", "memory", "lock", "pool"],
  cli: ["cli", "terminal", "process"],
  compare: ["compare", "demos"],
  demos: ["demos", "process", "pool", "lock", "channel", "farm"],
  show: ["show", "terminal"],
  export: ["export", "show", "terminal"],
  terminal: ["terminal"],
  farm: ["farm", "jobs", "pool", "lock", "process"],
  jobs: ["jobs", "process"],
  pool: ["pool", "process"],
  trace: ["trace", "process"],
  explore: ["explore", "trace", "process"],
  process: ["process"],
  lock: ["lock"],
  memory: ["memory"],
  channel: ["channel"],
  progress: ["progress"],
  recording: ["recording"],
  i18n: ["i18n"],
  os: ["os"],
};
/** What every folder may import: events and their clock, errors, keys of messages, the operating system, what this build is. */
const leaves = [
  "^src/recording/",
  "^src/i18n/(phrase|message)\\.ts$",
  "^src/os/",
  "^src/(errors|thrown|version)\\.ts$",
];
/**
 * Who says words: those that show something, and api, which a user's program is above. All others carry keys and values (an error,
 * a phrase), as do errors.ts and what is below it.
 */
const speaking = ["commands", "api", "cli", "show", "export", "i18n"];

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: { path: "^src/" },
      to: { circular: true },
    },
    { name: "resolves", severity: "error", from: {}, to: { couldNotResolve: true, pathNot: "^(bun|bun:.*|lanes)$" } },
    ...Object.entries(house).map(([folder, allowed]) => ({
      name: `arrows-of-${folder}`,
      severity: "error",
      from: { path: `^src/${folder}/` },
      to: {
        path: "^src/",
        pathNot: [
          ...allowed.map((name) => `^src/${name}/`),
          ...leaves,
          ...(speaking.includes(folder) ? ["^src/i18n/index\\.ts$"] : []),
          // The catalog of messages is made of the words that lie beside what they are about.
          ...(folder === "i18n" ? ["/words\\.(en|zh)\\.ts$"] : []),
        ],
      },
    })),
    {
      name: "only-the-catalog-imports-words",
      comment: "A word is said by its key: who shows it asks i18n/index.ts, everybody else carries the key.",
      severity: "error",
      from: { path: "^src/", pathNot: ["^src/i18n/", "/words\\.(en|zh)\\.ts$"] },
      to: { path: ["/words\\.(en|zh)\\.ts$", "^src/i18n/(en|zh)/"] },
    },
    {
      name: "errors-carry-keys",
      comment: "An error is worded where it is shown (errors.ts).",
      severity: "error",
      from: { path: "^src/(errors|thrown|version)\\.ts$" },
      to: { path: "^src/", pathNot: ["^src/i18n/(phrase|message)\\.ts$", "^src/os/"] },
    },
    {
      name: "only-prompts-knows-clack",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/terminal/prompts" },
      to: { path: "node_modules/@clack/" },
    },
    {
      name: "one-live-frame",
      comment: "When a view is drawn again, and what a resize, a return and a key mean, is decided in one place.",
      severity: "error",
      from: { path: "^src/", pathNot: "^src/terminal/live-frame\\.ts$" },
      to: { path: "^src/terminal/(frame|pace)\\.ts$" },
    },
    { name: "source-imports-no-tests", severity: "error", from: { path: "^src/" }, to: { path: "^(tests|scripts)/" } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^scripts/peers/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      extensions: [".ts", ".mjs", ".js", ".json"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default", "types"],
    },
  },
};
