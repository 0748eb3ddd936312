#!/usr/bin/env bash
# Installs what building and running qingyu needs on Debian 12, as root or through sudo. Quick when
# everything is there already.
#   deploy/install.sh
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=deploy/steps.sh
. "$root/deploy/steps.sh"

packages=(
  # compiler and build; the second line is for librdkafka's signed source
  build-essential cmake ninja-build pkg-config ccache
  ca-certificates debian-archive-keyring dpkg-dev
  # JSON, pattern matching, YAML, command line, logs, formatting
  libsimdjson-dev libhyperscan-dev libhyperscan5 libyaml-cpp-dev nlohmann-json3-dev
  libcli11-dev libspdlog-dev libfmt-dev
  # stores, channels, cryptography
  libsqlite3-dev libhiredis-dev libcurl4-openssl-dev libssl-dev
  # the HTTP server of the console, PINs
  libboost1.81-dev libargon2-dev
  # compressed files, and what librdkafka is built with
  libzstd-dev liblz4-dev libsasl2-dev zlib1g-dev
  # tables: Unicode, traditional to simplified characters, known words; time zones (ICU)
  libicu-dev libopencc-dev opencc python3 python3-jieba
  # the build's configuration includes the tests'
  doctest-dev libxxhash-dev
)
install_packages "$root/build/install.log" "${packages[@]}"
