#!/bin/sh
# Installs lanes @VERSION@:  sh install.sh [--to DIR] [--from URL]
#
# Downloads the archive for this system, compares its sum, tries the executable, and only then puts it in place. Without
# root it goes to ~/.local/bin. To remove it: delete the one file that this script names at its end.
set -eu

main() {
  version=@VERSION@
  from=@HOME@/releases/download/v$version
  to=${LANES_INSTALL_DIR:-${HOME:-/usr/local}/.local/bin}
  while [ $# -gt 0 ]; do
    case $1 in
      --to | --from)
        [ $# -gt 1 ] || fail "$1 needs a value"
        if [ "$1" = --to ]; then to=$2; else from=$2; fi
        shift 2
        ;;
      -h | --help)
        echo "Usage: sh install.sh [--to DIR] [--from URL]   installs lanes $version (default: into $to)"
        return 0
        ;;
      *) fail "unknown option $1 (there are --to DIR and --from URL)" ;;
    esac
  done
  archive=lanes-$version-$(system).tar.gz

  mkdir -p "$to" 2>/dev/null || fail "cannot make the folder $to: choose another one with --to DIR"
  new=$to/.lanes-new-$$
  (: >"$new") 2>/dev/null || fail "no permission to write to $to: choose another folder with --to DIR"
  temporary=$(mktemp -d)
  trap 'rm -rf "$temporary" "$new"' EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  trap 'exit 129' HUP

  download SHA256SUMS
  download "$archive"
  wanted=$(awk -v name="$archive" '$2 == name { print $1 }' "$temporary/SHA256SUMS")
  [ -n "$wanted" ] || fail "$archive is not in SHA256SUMS: nothing was installed"
  found=$(sum "$temporary/$archive")
  [ "$found" = "$wanted" ] ||
    fail "the sum of $archive is $found and should be $wanted: it was cut off or changed on its way; nothing was installed"
  tar -xzf "$temporary/$archive" -C "$temporary"
  unpacked=$temporary/${archive%.tar.gz}/lanes
  cp "$unpacked" "$new"
  chmod 755 "$new"
  # In its place already, so that a folder from which nothing may be executed is found out, too.
  if ! "$new" --version >"$temporary/says" 2>&1; then
    case $archive in *musl*) hint="; on Alpine: apk add libstdc++ libgcc" ;; *) hint="" ;; esac
    fail "this lanes does not run here: $(head -n 1 "$temporary/says")$hint; nothing was installed"
  fi
  mv -f "$new" "$to/lanes" # by rename: one that runs meanwhile runs on, and there is never half a file
  echo "lanes $version is $to/lanes"
  case :${PATH:-}: in
    *":$to:"*) ;;
    *) echo "$to is not in PATH: add it, or start it by its whole name" ;;
  esac
}

fail() {
  echo "install: $1" >&2
  exit 1
}

# The system, as the archives are called.
system() {
  case $(uname -m) in
    x86_64 | amd64) cpu=x86_64 ;;
    arm64 | aarch64) cpu=aarch64 ;;
    *) fail "there is no lanes for $(uname -m)" ;;
  esac
  case $(uname -s) in
    Linux)
      # A glibc system may have musl installed beside it: musl only where there is no glibc.
      if [ -e /lib64/ld-linux-x86-64.so.2 ] || [ -e /lib/ld-linux-aarch64.so.1 ]; then
        echo "$cpu-unknown-linux-gnu"
      elif [ -e /lib/ld-musl-x86_64.so.1 ] || [ -e /lib/ld-musl-aarch64.so.1 ]; then
        echo "$cpu-unknown-linux-musl"
      else
        echo "$cpu-unknown-linux-gnu"
      fi
      ;;
    Darwin)
      # A shell that Rosetta translates says x86_64.
      [ "$(sysctl -n sysctl.proc_translated 2>/dev/null || echo 0)" != 1 ] || cpu=aarch64
      echo "$cpu-apple-darwin"
      ;;
    *) fail "there is no lanes for $(uname -s); on Windows: in WSL 2" ;;
  esac
}

download() {
  if command -v curl >/dev/null 2>&1; then
    curl -fsSL --retry 2 -o "$temporary/$1" "$from/$1" || fail "cannot download $from/$1: nothing was installed"
  elif command -v wget >/dev/null 2>&1; then
    wget -q -O "$temporary/$1" "$from/$1" || fail "cannot download $from/$1: nothing was installed"
  else
    fail "neither curl nor wget is here: install one, or download $from/$archive yourself"
  fi
}

sum() {
  if command -v sha256sum >/dev/null 2>&1; then
    sha256sum "$1" | cut -d ' ' -f 1
  elif command -v shasum >/dev/null 2>&1; then
    shasum -a 256 "$1" | cut -d ' ' -f 1
  elif command -v openssl >/dev/null 2>&1; then
    openssl dgst -sha256 "$1" | sed 's/.* //'
  else
    fail "no program to compare the sum with (sha256sum, shasum, openssl)"
  fi
}

main "$@" # the last line: of a script that was cut off on its way nothing runs
