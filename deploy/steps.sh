# shellcheck shell=bash
# How the scripts of this project talk and install packages. To be sourced, by scripts that have set
# -euo pipefail.

export QINGYU_STARTED=${QINGYU_STARTED:-$(date +%s)}  # by the first script, for those it calls

# say TEXT...: one progress line, with the minutes and seconds since the first script began.
say() {
  local passed=$(($(date +%s) - QINGYU_STARTED))
  printf '[qingyu %02d:%02d] %s\n' $((passed / 60)) $((passed % 60)) "$*"
}

# fail TEXT...: says what is wrong and ends the script.
fail() {
  printf '[qingyu] error: %s\n' "$*" >&2
  exit 1
}

# quietly LOG COMMAND...: runs the command with its output in LOG; shows the end of it when the
# command fails, and ends the script.
quietly() {
  local log=$1
  shift
  mkdir -p "$(dirname "$log")"
  if ! "$@" >"$log" 2>&1; then
    tail -n 30 "$log" >&2
    fail "'$*' failed; all it printed is in $log"
  fi
}

# as_root COMMAND...: root runs it, others through sudo.
as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo -- "$@"
  else
    fail "'$*' needs root, and there is no sudo; run this script as root"
  fi
}

# missing_packages PACKAGE...: prints those that are not installed. Asks dpkg only, so that a second
# run costs nothing.
missing_packages() {
  local state
  state=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" 2>/dev/null || true)
  local package
  for package in "$@"; do
    grep -qx "$package installed" <<<"$state" || echo "$package"
  done
}

# install_packages LOG PACKAGE...: makes sure that all are installed.
# Debian's vectorscan gives itself out as Hyperscan and finds wrong matches on x86: where both are
# known it is kept out ("package-" on apt-get's command line).
install_packages() {
  local log=$1
  shift
  local wanted
  mapfile -t wanted < <(missing_packages "$@")
  if [ ${#wanted[@]} -eq 0 ]; then
    say "all $# packages are there"
    return
  fi
  command -v apt-get >/dev/null ||
    fail "no apt-get: this script knows Debian 12 and its kin; needed: ${wanted[*]}"
  say "installing ${#wanted[@]} of $# packages (log: $log)"
  quietly "$log" as_root env DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 update
  local unwanted=() impostor
  for impostor in libvectorscan-dev libvectorscan5; do
    if apt-cache show "$impostor" >/dev/null 2>&1; then unwanted+=("$impostor-"); fi
  done
  quietly "$log" as_root env DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::Retries=3 \
    -o DPkg::Lock::Timeout=120 -y --no-install-recommends install "${wanted[@]}" "${unwanted[@]}"
}
