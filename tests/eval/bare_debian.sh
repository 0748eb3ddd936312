#!/usr/bin/env bash
# Shows that the README's two commands work on a bare Debian 12: makes one with debootstrap in
# FOLDER, clones this repository into it, and runs both commands in it by chroot, as root. Prints
# the end of what they print, and how long they took. What is committed is what is tested.
#   tests/eval/bare_debian.sh FOLDER [quickstart|tests]     one command instead of both
# FOLDER is kept, for a look at it; a second run with the same FOLDER starts from its packages.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
# shellcheck source=deploy/steps.sh
. "$root/deploy/steps.sh"

[ $# -ge 1 ] || fail "usage: $0 FOLDER [quickstart|tests]"
[ "$(id -u)" -eq 0 ] || fail "chroot needs root"
which=${2:-both}
mkdir -p "$1"
bare=$(cd "$1" && pwd)
logs=$root/build/bare_debian
mkdir -p "$logs"
install_packages "$logs/install.log" debootstrap git

make_bare() {
  say "debootstrap into $bare"
  # The mirror that this machine itself uses, else debootstrap's own choice.
  local mirror
  mirror=$(apt-get indextargets --format "\$(REPO_URI)" 'Created-By: Packages' 'Suite: bookworm' |
    head -n 1)
  quietly "$logs/debootstrap.log" debootstrap --variant=minbase bookworm "$bare" \
    ${mirror:+"$mirror"}
  # As in every container image: packages do not start services.
  printf '#!/bin/sh\nexit 101\n' >"$bare/usr/sbin/policy-rc.d"
  chmod +x "$bare/usr/sbin/policy-rc.d"
}

# The certificates that this machine trusts beyond Debian's own, for networks that need them.
copy_certificates() {
  mkdir -p "$bare/usr/local/share/ca-certificates"
  find /usr/local/share/ca-certificates -name '*.crt' \
    -exec cp -t "$bare/usr/local/share/ca-certificates" {} +
  mkdir -p "$bare/etc/ssl/certs"
  [ -e "$bare/etc/ssl/certs/ca-certificates.crt" ] ||
    cp -L /etc/ssl/certs/ca-certificates.crt "$bare/etc/ssl/certs/"
  cp -L /etc/resolv.conf "$bare/etc/resolv.conf"
}

mounted=()
mount_in() {
  mkdir -p "$bare/$1"
  mount "${@:2}" "$bare/$1"
  mounted=("$bare/$1" "${mounted[@]}")
}
# shellcheck disable=SC2317  # called by the trap
unmount_all() {
  local place
  for place in "${mounted[@]}"; do umount "$place" || umount --lazy "$place"; done
}
trap unmount_all EXIT

# run_in NAME COMMAND: in the bare system, in the clone, with no variables of this machine but PATH.
failures=0
run_in() {
  local name=$1 begin=$SECONDS code=0
  say "$2 (log: $logs/$name.log)"
  chroot "$bare" env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    HOME=/root LANG=C.UTF-8 bash -c "cd /root/qingyu && $2" >"$logs/$name.log" 2>&1 </dev/null ||
    code=$?
  tail -n "$3" "$logs/$name.log"
  say "$2: exit code $code after $((SECONDS - begin)) s"
  if [ "$code" -ne 0 ]; then failures=$((failures + 1)); fi
}

[ -x "$bare/usr/bin/dpkg" ] || make_bare
copy_certificates
mount_in proc -t proc proc
mount_in sys -t sysfs -o ro sysfs
mount_in dev --bind /dev
mount_in dev/shm -t tmpfs tmpfs
rm -rf "$bare/root/qingyu"
quietly "$logs/clone.log" git clone --no-hardlinks --quiet "$root" "$bare/root/qingyu"

if [ "$which" != tests ]; then run_in quickstart "bash deploy/quickstart.sh" 40; fi
if [ "$which" != quickstart ]; then run_in tests "bash tests/run.sh" 20; fi
say "bare Debian 12: $failures of the commands failed"
exit $((failures > 0))
