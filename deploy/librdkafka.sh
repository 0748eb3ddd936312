#!/bin/bash
# librdkafka for systems that have less than 2.3 (Debian 12 has 2.0.2, which starves a bounded
# queue). Builds 2.8.0 once, as a static library in build/librdkafka/, from Debian 13's signed
# source package. Nothing of the system's package sources is changed: apt runs with a configuration
# of its own, whose addresses are taken over from the machine's. A second run, or a system with 2.3
# or more, does nothing.
#   bash deploy/librdkafka.sh        as root, or as a user who may sudo
set -euo pipefail

readonly LEAST=2.3 SOURCE=librdkafka=2.8.0-1 SUITE=trixie
readonly BUILT="$SOURCE, POSIX threads"
readonly KEYRING=/usr/share/keyrings/debian-archive-keyring.gpg
readonly BUILD_NEEDS=(build-essential cmake pkg-config dpkg-dev debian-archive-keyring
  liblz4-dev libzstd-dev libssl-dev libsasl2-dev libcurl4-openssl-dev zlib1g-dev)

root=$(cd "$(dirname "$0")/.." && pwd)
out=$root/build/librdkafka
stamp=$out/built-from

say() { echo "librdkafka: $*"; }
fail() { say "$*" >&2; exit 1; }

as_root() {
  if [ "$(id -u)" = 0 ]; then env DEBIAN_FRONTEND=noninteractive "$@"; return; fi
  command -v sudo > /dev/null || fail "run me as root, or install sudo (needed for: $*)"
  sudo env DEBIAN_FRONTEND=noninteractive "$@"
}

install_build_needs() {
  local missing=() package
  for package in "${BUILD_NEEDS[@]}"; do
    dpkg-query -W -f '${db:Status-Status}\n' "$package" 2> /dev/null | grep -qx installed ||
      missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "installing ${missing[*]}"
  as_root apt-get -qq update
  as_root apt-get -qq install -y --no-install-recommends "${missing[@]}" > /dev/null
}

# Installs the system's own when its archive has one that is new enough (Debian 13, Ubuntu 24.04).
install_packaged() {
  local offered
  offered=$(apt-cache policy librdkafka-dev | awk '/Candidate:/ {print $2}')
  [[ $offered == [0-9]* ]] && dpkg --compare-versions "$offered" ge "$LEAST" || return 1
  as_root apt-get -qq install -y --no-install-recommends librdkafka-dev pkg-config > /dev/null
  say "installed the system's $offered"
}

# The addresses from which this machine takes Debian itself (not its security or other archives).
# apt only knows them when its lists have been fetched once.
debian_addresses() {
  local known=(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages'
    'Origin: Debian' 'Label: Debian')
  [ -n "$("${known[@]}")" ] || as_root apt-get -qq update
  "${known[@]}" | sort -u
}

# Fetches and unpacks the source in the current folder. apt checks the archive's signature against
# Debian's keyring, and the package's hashes against the signed lists.
fetch_source() {
  mkdir -p lists/partial cache/archives/partial
  debian_addresses | while read -r address; do
    printf 'Types: deb-src\nURIs: %s\nSuites: %s\nComponents: main\nSigned-By: %s\n\n' \
      "$address" "$SUITE" "$KEYRING"
  done > trixie.sources
  [ -s trixie.sources ] || fail "this machine's package sources name no Debian archive"
  cat > apt.conf <<CONF
Dir::Etc::sourcelist "$PWD/trixie.sources";
Dir::Etc::sourceparts "/dev/null";
Dir::State::lists "$PWD/lists";
Dir::Cache "$PWD/cache";
APT::Sandbox::User "root";
Acquire::Languages "none";
CONF
  APT_CONFIG=$PWD/apt.conf apt-get -qq update
  APT_CONFIG=$PWD/apt.conf apt-get -qq source --only-source "$SOURCE" > source.log 2>&1 ||
    { tail -5 source.log >&2; fail "cannot fetch $SOURCE from $SUITE"; }
}

build_and_install() {
  local source_folder
  source_folder=$(echo "$PWD"/librdkafka-*/)
  # ThreadSanitizer knows POSIX threads, not C11's; the former are used when these do not compile.
  echo '#error POSIX threads are wanted' >> \
    "${source_folder}packaging/cmake/try_compile/c11threads_test.c"
  cmake -S "$source_folder" -B made -DCMAKE_BUILD_TYPE=Release \
    -DRDKAFKA_BUILD_STATIC=ON -DRDKAFKA_BUILD_EXAMPLES=OFF -DRDKAFKA_BUILD_TESTS=OFF \
    -DCMAKE_INSTALL_PREFIX="$out" -DCMAKE_INSTALL_LIBDIR=lib > build.log 2>&1 &&
    cmake --build made --parallel "$(nproc)" >> build.log 2>&1 ||
    { tail -20 build.log >&2; fail "the build failed"; }
  rm -rf "$out"
  cmake --install made >> build.log
}

main() {
  if pkg-config --atleast-version="$LEAST" rdkafka 2> /dev/null; then
    say "the system has $(pkg-config --modversion rdkafka)"
    return
  fi
  mkdir -p "$root/build"
  exec 9> "$root/build/librdkafka.lock"
  flock 9
  if [ "$(cat "$stamp" 2> /dev/null)" = "$BUILT" ]; then
    say "$SOURCE is built already"
    return
  fi
  install_packaged && return
  install_build_needs
  work=$(mktemp -d "$root/build/librdkafka.XXXXXX")
  trap 'rm -rf "$work"' EXIT
  cd "$work"
  say "fetching $SOURCE from Debian $SUITE"
  fetch_source
  say "building"
  build_and_install
  echo "$BUILT" > "$stamp"
  say "built in $out"
}

main
