#!/bin/sh
# Inside fresh namespaces:  enter.sh ROOT LANES SMOKE EMULATOR [DEMO...]   runs smoke.sh on LANES in ROOT.
set -eu
root=$1 lanes=$2 smoke=$3 emulator=$4
shift 4
mount --rbind "$root" "$root" # a mount of its own, so that what is mounted below is nowhere else
cd "$root"
mount -t proc proc proc
if [ -n "$emulator" ]; then
  mount -t binfmt_misc binfmt_misc proc/sys/fs/binfmt_misc
  magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
  mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
  # F: opened now, so that it need not be inside.
  printf '%s' ":lanes-aarch64:M::$magic:$mask:$emulator:F" >proc/sys/fs/binfmt_misc/register
fi
mount -t tmpfs tmpfs tmp
mkdir tmp/home
: >tmp/lanes
: >tmp/smoke.sh
mount --bind "$lanes" tmp/lanes
mount --bind "$smoke" tmp/smoke.sh
for device in null zero urandom tty; do
  [ -e "dev/$device" ] || : >"dev/$device" 2>/dev/null || continue
  mount --bind "/dev/$device" "dev/$device"
done
[ -e dev/fd ] || ln -s /proc/self/fd dev/fd 2>/dev/null || :
exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/tmp/home chroot . sh /tmp/smoke.sh /tmp/lanes "$@"
