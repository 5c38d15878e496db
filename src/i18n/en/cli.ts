/** The command line: help, usage errors. */
export const cli = {
  "cli.tagline": "See how processes share work. Then put your own work on every core.",
  "cli.number": "--{option}: {value} is not valid, expected {expected}",
  "cli.range": "a whole number from {min} to {max}",
  "cli.unknownCommand": "unknown command '{name}'",
  "cli.unknownDemo": "unknown demo '{name}'",
  "cli.didYouMean": "did you mean '{name}'?",
  "cli.seeHelp": "see: {command}",
} as const;
