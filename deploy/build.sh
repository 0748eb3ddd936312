#!/usr/bin/env bash
# Builds one preset of CMakePresets.json; librdkafka first, where the system's is too old.
#   deploy/build.sh                     the program: build/release/qingyu
#   deploy/build.sh PRESET [TARGET...]  a preset (release, dev, tsan) whole, or targets of it
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=deploy/steps.sh
. "$root/deploy/steps.sh"

preset=${1:-release}
targets=("${@:2}")
if [ $# -eq 0 ]; then targets=(qingyu); fi

export CCACHE_DIR=${CCACHE_DIR:-$root/build/ccache}

# As many jobs as there are cores, and 1.5 GiB of free memory for each.
memory_kb=$(awk '/^MemAvailable/ {print $2}' /proc/meminfo)
jobs=$(nproc)
by_memory=$((memory_kb / 1572864))
if [ "$by_memory" -lt "$jobs" ]; then jobs=$by_memory; fi
if [ "$jobs" -lt 1 ]; then jobs=1; fi

cd "$root"
quietly build/librdkafka.log bash deploy/librdkafka.sh
say "building preset $preset with $jobs jobs"
# Tests of other presets than release carry its name, so that one ctest can run several presets.
prefix=
if [ "$preset" != release ]; then prefix="$preset:"; fi
quietly "build/$preset/configure.log" cmake --preset "$preset" "-DQINGYU_TEST_PREFIX=$prefix"
build=(cmake --build --preset "$preset" --parallel "$jobs")
if [ ${#targets[@]} -gt 0 ]; then build+=(--target "${targets[@]}"); fi
quietly "build/$preset/build.log" "${build[@]}"
say "built build/$preset"
