/** What there is to say of a farm: of its address, of the way to it, of the locks in it. */
export const farm = {
  "farm.unknown": '--on: neither postgres://… nor a farm named "{name}" in {file}',
  "farm.address": "--on: {farm} is no address: postgres://USER@HOST:PORT/DATABASE",
  "farm.port": "--on: {farm}: {port} is no port",
  "farm.severalHosts": "--on: {farm}: several hosts; name the one that can be written to",
  "farm.parameter": "--on: {farm}: {name} is not known here",
  "farm.noUser": "--on: user {uid} has no name to come by: postgres://USER@HOST/DATABASE, or PGUSER",
  "farm.list.line": "{file}, line {line}: a line is a name and an address, postgres://…",
  "farm.list.open": "{file} can be read or written by others, and may hold passwords: chmod 600 {file}",
  "farm.list.read": "cannot read {file}: {code}",
  "farm.passwordShown":
    "a password on the command line can be seen by everybody on this machine (ps): put it into ~/.pgpass or PGPASSWORD",
  "farm.passwordsOpen": "{file} is not used, because others may read it: chmod 600 {file}",
  "farm.notDurable":
    "{farm}: the database runs with fsync, full_page_writes or synchronous_commit off: after a crash of its machine it may have forgotten who holds what",
  "farm.noConnection": "cannot reach {place} (connection refused)",
  "farm.noHost": "cannot reach {place} (no such host)",
  "farm.noAnswer": "cannot reach {place} (no answer in {seconds} s)",
  "farm.trouble": "cannot reach {place} ({message})",
  "farm.refused": "{farm}: {message} ({state})",
  "farm.noPassword":
    "{farm} wants a password, and there is none for {user}: put it into ~/.pgpass or PGPASSWORD; {message} ({state})",
  "farm.notPostgres": "cannot reach {place} (what answers there is not PostgreSQL)",
  "farm.mayNotCreate":
    'role "{user}" may not create a schema in database "{database}" ({state}): GRANT CREATE ON DATABASE {database} TO {user}, or let its owner come first',
  "farm.old": "{farm} is PostgreSQL {version}; 13 or later is needed",
  "farm.standby": "{farm} is a standby, which cannot be written to: name the primary",
  "farm.newer":
    "lanes {program} knows a farm's tables up to version {known}, those of {farm} have version {schema}: update lanes here",
  "farm.contact.lost": "no contact with {farm} for {seconds} s, trying on",
  "farm.contact.refused": "{farm} has been in trouble for {seconds} s ({message}, {state}), trying on",
  "farm.contact.back": "contact with {farm} again, after {seconds} s",
  "farm.lock.name": "{name} cannot be a lock's name on a farm: 1 to {most} characters of UTF-8",
  "farm.lock.twice":
    "{name} on {farm} is held already by the command this is part of: waiting for it would never end. Take it once, outside.",
  "farm.lock.acquired": "acquired {name} after {ms} ms, fence {fence}",
  "farm.lock.line": "waiting for {name} on {farm}: it is the turn of another, {ahead} {ahead:is|are} before us",
  "farm.lock.waits": "waiting for {name} on {farm}: held by pid {pid} on {host} ({command})",
  "farm.lock.missed": "{name} on {farm}: not acquired after {seconds} s",
  "farm.lock.busy": "{name} on {farm} is held by pid {pid} on {host} ({command})",
  "farm.lock.timeout": "{name} on {farm} is held by pid {pid} on {host} ({command}); not acquired after {seconds} s",
  "farm.lock.lost.contact.stop":
    "no contact with {farm} for {seconds} s, so {name} may soon be another's: its command is ended",
  "farm.lock.lost.contact.continue":
    "no contact with {farm} for {seconds} s, so {name} may soon be another's: its command goes on, as --when-lost says",
  "farm.lock.lost.taken.stop": "{name} on {farm} was broken, or is another's by now: its command is ended",
  "farm.lock.lost.taken.continue":
    "{name} on {farm} was broken, or is another's by now: its command goes on, as --when-lost says",
  "farm.lock.hangs": "waiting for what SIGKILL does not end (pid {pids}): it hangs in the kernel",
  "farm.lock.gone":
    "{name} on {farm} was broken, or became another's, while its command still ran: from then on it protected nothing",
  "farm.lock.notFreed": "no contact with {farm}: {name} could not be freed, others wait up to {seconds} s for it",
  "farm.lock.none": "no lock is held",
  "farm.lock.state.free": "free",
  "farm.lock.state.held": "held",
  "farm.lock.state.stale": "stale: its lease is over, the next one gets it",
  "farm.lock.state.ending": "broken: free once its command has ended, or its lease is over",
  "farm.lock.fence": "fence",
  "farm.lock.user": "user",
  "farm.lock.leaseLeft": "lease left",
  "farm.lock.broke.free": "{name} on {farm}: nobody had it",
  "farm.lock.broke.ending":
    "broke {name} on {farm}: its command is ended; then, or when its lease is over, the next one gets it",
  "farm.lock.broke.forced": "broke {name} on {farm}, free at once: until its command has ended two can be in",
  "farm.batch.exists": "{farm} has a batch named {batch} already: lanes batch FARM {batch} --attach, or another --name",
  "farm.batch.cancelled": "batch {batch} on {farm} was cancelled",
  "farm.batch.gone":
    "batch {batch} on {farm} was cancelled, removed, or is collected by another: this is not waited for any more",
  "farm.batch.alone": "nobody else works on {farm}; `lanes work` on another machine would",
  "farm.batch.cannot": "{n} {n:machine does|machines do} not take these jobs: {reason}",
  "farm.job.large": "an item of {bytes} bytes: more than {most} are not sent to a farm; hand over the name of a file",
  "farm.job.lost": "job {seq} lost its machine {n} times, and is not tried again",
  "farm.work.tooMuch": "job {seq} wrote more than {bytes} bytes (--max-output): the rest is cut off",
  "farm.work.notice": "{host}: {notice}",
  "farm.folder": "no folder {path}",
  "farm.module.gone": "the module {hash} is not in the database any more",
  "farm.module.missing": "the module {path} is not here ({code})",
  "farm.module.differs": "the module {path} is another here than where the map was begun",
  "farm.module.large": "{file} and all it imports come to {bytes} bytes; more than {most} are not sent: --module-here",
  "farm.module.beside":
    "{file} needs files beside it ({reason}): install it at the same path on each machine and use --module-here",
} as const;
