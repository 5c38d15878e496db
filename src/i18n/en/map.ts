/** `lanes map`: your own function over many items. */
export const map = {
  "map.module.load": "{file} does not load:\n{detail}",
  "map.module.quit": "{file} ended its process while it loaded ({ending}). A module for lanes map exports a function and returns.",
  "map.module.export": "{file} has no export '{name}'. It exports: {there}",
  "map.module.type": "{file}: export '{name}' is not a function but {type}.",
  "map.module.init": "{file}: --init {name} failed:\n{detail}",
  "map.module.missing": "no such file: {file}",
  "map.module.folder": "{file} is a folder. Name the file with your function: lanes map --new FILE writes one to begin with.",
  "map.module.unreadable": "cannot read {file} ({reason})",
  "map.module.nested":
    "{file} is already being mapped: a worker of that very lanes map started this one. It would start lanes without end; refused.",
  "map.worker.starts": "{times} workers died one after another before they were ready (the last one: {ending}). Stopped.",
  "map.worker.replaced":
    "the executable {path} was replaced while lanes was running (this is {mine}, that is {other}). Start lanes again.",
  "map.line.long": "line {line} is longer than {limit} MiB. Is this input made of lines?",
  "map.input.read": "cannot read standard input ({reason})",
} as const;
