#!/bin/sh
# What has to work wherever the executable starts:  sh smoke.sh LANES [DEMO...]
#
# POSIX sh, and nothing else but cat, mkdir, mktemp, rm, sleep, tr. A line for each check; exit code 1 if one failed. It
# waits for what it can see, and for time only where nothing can be seen: it runs on emulated machines, too.
set -u

[ $# -ge 1 ] || {
  echo "Usage: sh smoke.sh LANES [DEMO...]" >&2
  exit 2
}
lanes=$1
shift
demos=${*:-function identity isolation exchange zombie race mutex crash deadlock semaphore queue barrier event}
folder=$(mktemp -d) || exit 2
cd "$folder" || exit 2
LANES_LANG=en
export LANES_LANG
trap 'rm -f "$folder"/*hold; wait; cd /; rm -rf "$folder"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
failed=0

# check NAME COMMAND...: the command has to end with 0.
check() {
  name=$1
  shift
  "$@" >out 2>err
  ended=$?
  if [ $ended = 0 ]; then
    passed=yes
    echo "ok      $name"
  else
    passed=no
    failed=1
    echo "NOT OK  $name: exit code $ended: $(tr '\n' ' ' <err)"
  fi
}

# says TEXT COMMAND...: the command has to end with 0 and print that.
says() {
  wanted=$1
  shift
  said=$("$@") || return
  [ "$said" = "$wanted" ] || {
    echo "printed '$said' and not '$wanted'" >&2
    return 1
  }
}

# code N COMMAND...: the command has to end with that exit code.
code() {
  wanted=$1
  shift
  "$@"
  found=$?
  [ $found = "$wanted" ] || {
    echo "exit code $found and not $wanted" >&2
    return 1
  }
}

# hold LOCK [OPTION...]: somebody holds it in the background until LOCK.hold is removed; $holder is its pid.
hold() {
  [ "$locks" = yes ] || {
    echo "not tried: it does not lock at all" >&2
    return 1
  }
  : >"$1.hold"
  file=$1
  shift
  "$lanes" lock "$@" "$file" sh -c ": >$file.in; while [ -e $file.hold ]; do sleep 0.1; done" &
  holder=$!
  tries=0
  while [ ! -e "$file.in" ]; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] || return 1
    sleep 0.1
  done
}

held() {
  hold a.lock || return
  code 75 "$lanes" lock -n a.lock true && code 75 "$lanes" lock -w 0.2 a.lock true && code 0 "$lanes" lock status a.lock
}

# Two meet: the second one waits, and gets it as soon as the first one ends.
contended() {
  [ -e a.lock.hold ] || {
    echo "not tried: nobody holds it" >&2
    return 1
  }
  "$lanes" lock a.lock sh -c 'echo waited >waited' &
  waiter=$!
  sleep 1
  [ ! -e waited ] || {
    echo "it did not wait" >&2
    return 1
  }
  rm a.lock.hold
  wait "$waiter" && wait "$holder" && says waited cat waited
}

# kill -9 of the holder: its command keeps the lock while it runs; without -o; then it is free.
killed() {
  hold k.lock || return
  kill -9 "$holder"
  code 75 "$lanes" lock -w 0.3 k.lock true || return
  rm k.lock.hold
  "$lanes" lock -w 60 k.lock true
}

slots() {
  hold s.1.lock --slots 2 || return
  says in "$lanes" lock -w 30 --slots 2 s.1.lock echo in
  result=$?
  rm -f s.1.lock.hold
  wait "$holder"
  return $result
}

signalled() {
  "$lanes" run sleep ::: 1000 2>/dev/null &
  run=$!
  sleep 1
  kill -TERM $run
  wait $run
  [ $? = 143 ]
}

mapped() {
  echo 'export default (item: string): number => item.length;' >length.ts
  printf 'a\nbb\nccc\n' >items
  says '1 2 3 ' sh -c "\"$lanes\" map length.ts <items | tr '\n' ' '"
}

check --version "$lanes" --version
check licenses "$lanes" licenses
check lock says hi "$lanes" lock a.lock echo hi
locks=$passed
check "lock: its command's exit code" code 7 "$lanes" lock a.lock sh -c 'exit 7'
check "lock, held by another" held
check "lock, contended" contended
check "lock, holder killed" killed
check "lock --slots" slots
check run says 'a b c ' sh -c "\"$lanes\" run -k echo {} ::: a b c | tr '\n' ' '"
check "run, a job fails" code 1 "$lanes" run -q false ::: 1
check "run, stopped" signalled
check map mapped
for demo in $demos; do check "demo $demo" "$lanes" demo "$demo" --no-state; done
exit $failed
