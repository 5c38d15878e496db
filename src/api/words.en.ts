/** What is said to whoever writes a program with the library. */
export const api = {
  "api.place.inner":
    "{what}: {name} is not at the top level of {file}. A child process loads the file again and finds what it is to run by its name there. Move {name} out of the function or block it is written in.",
  "api.place.nameless":
    "{what} is written inline, or has no name of its own: a child process loads {file} again, and finds what it is to run by its name at the top level. Write it there: function work(…) { … }",
  "api.place.commonJs":
    "{what}: {name} is not exported by {file}. Of a CommonJS module a child process finds only what is exported: module.exports = { {name} }; or write it as a module, with import and export.",
  "api.place.bound":
    "{what} is a bound function: a child process cannot find again what it is bound to. Write a function at the top level of {file} that makes the call, and send what it needs in args.",
  "api.place.native":
    "{what}: {name} is a function of the engine, which no file holds. Write a function of your own that calls it.",
  "api.place.gone":
    "{name} is not there when {file} is loaded in a child process. Is it only made under a condition that holds in the parent alone?",
  "api.place.other":
    "{name} at the top level of {file} is not the function that the parent process means: another one has the same name, or the file has changed since the program began.",
  "api.guard":
    "{at}: a process is started while this file is being loaded in a child process, which only wants to find there what it is to run. Every child would start children of its own. Put what the first process alone is to do into:\n\n    if (import.meta.main) {\n      …\n    }\n",
  "api.private":
    "{class} has a private member, {field}: it belongs to the instance that the constructor made, and does not travel to another process. Use TypeScript's 'private', or pass it in args.",
  "api.send.function":
    "{path} is a function: it cannot be sent to another process. Send data, and call a function there.",
  "api.send.method":
    "{path} is a function in a field: fields travel to the child process as data, and a function does not. A method is there anyway: {field}(…) { … }",
  "api.send.symbol": "{path} is a symbol: it cannot be sent to another process.",
  "api.send.promise": "{path} is a promise: it cannot be sent to another process. Await it first.",
  "api.send.instance":
    "{path} is an instance of {kind}: it would arrive without its methods. Send its data as a plain object, and make the instance there.",
  "api.send.signal":
    "{path} is an AbortSignal: it cannot be sent to another process. To end a call of a pool, give it to map, starmap or imap: pool.map(task, items, { signal }).",
  "api.send.shared":
    "{path} is a SharedArrayBuffer: threads can share one, processes cannot. Use SharedArray or SharedValue of lanes.",
  "api.send.other": "{path} cannot be sent to another process ({reason}).",
  "api.started": "{name} was already started: a process runs once. Make another one.",
  "api.notStarted": "{name} was not started.",
  "api.lost": "{name} (pid {pid}) ended with {ending} before it had said what came of it.",
  "api.circle": "a deadlock: each of these processes waits for a lock that the next one has.",
  "api.circle.wait": "{waiter} waits for {lock}, which {holder} has",
  "api.circle.help":
    "They wait for ever, unless one gives up (acquire({ timeout: 1000 })) or another of its tasks lets go. If all take their locks in the same order this cannot happen.",
  "api.pool.lost": "{name} (pid {pid}) ended with {ending} in the middle of {function}.",
  "api.pool.start":
    "{name} (pid {pid}) ended with {ending} before it could be given anything to do: the pool is broken.",
  "api.pool.closed": "{name} is closed: it takes no more calls.",
  "api.pool.ended": "{name} was terminated.",
  "api.pool.open": "{name} is not closed, and would be waited for without end: close() it first, or terminate() it.",
  "api.pool.initializer": "in the initializer, in process {name}: the pool is broken",
  "api.pool.rest":
    "{function} was not called with the items after one that failed: an end of a pipe among them is sent once.",
  "api.pool.argument": "{what} has to be {wanted}, and is {value}.",
  "api.remote": "an error in {process}",
  "api.options": "what is given is {value}, and not an object of options: {call}",
  "api.target": "{what} has to be a function, and is {value}.",
  "api.args": "args has to be an array of the arguments, and is {value}.",
  "api.registered": "register(): {name} is neither a function nor a class.",
  "api.register": "register() has to be called from a file of your own.",
  "api.compiled":
    "a program that was made by 'bun build --compile' cannot start processes with lanes: they could not load its files. Run the program's source: bun FILE, or lanes exec FILE.",
  "api.pipe.ended": "{name}: nobody has the other end any more.",
  "api.pipe.closed": "{name}: this process has closed it.",
  "api.pipe.oneWay": "{name} is an end of a pipe in one direction: {method} is for the other end.",
} as const;
