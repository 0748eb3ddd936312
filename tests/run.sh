#!/usr/bin/env bash
# Installs what is needed, builds, and runs all tests: those of preset `release`, and of preset
# `dev` (AddressSanitizer, UndefinedBehaviorSanitizer) all but the ones named "slow". One ctest runs
# both, and its summary closes the output. Any failure gives a non-zero exit code.
#   tests/run.sh                        what CI runs; leaves build/release/qingyu
#   tests/run.sh --all                  whole matrices instead of samples, and preset `tsan` too
#   QINGYU_SEED=17 tests/run.sh         another seed for tests that draw random numbers
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=deploy/steps.sh
. "$root/deploy/steps.sh"
cd "$root"

presets=(release dev)
case "${1:-}" in
  "") ;;
  --all)
    presets+=(tsan)
    export QINGYU_ALL=1
    ;;
  *) fail "unknown option $1; known: --all" ;;
esac

bash tests/install.sh
for preset in "${presets[@]}"; do bash deploy/build.sh "$preset" all; done

# A folder that holds nothing but the list of the presets' tests.
mkdir -p build/tests
for preset in "${presets[@]}"; do
  echo "subdirs(\"$root/build/$preset\")"
done >build/tests/CTestTestfile.cmake

export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
say "testing ${presets[*]}"
exec ctest --test-dir build/tests --output-on-failure --no-tests=error --parallel "$(nproc)" \
  --exclude-regex '^(dev|tsan):.*slow'
