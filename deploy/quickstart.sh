#!/usr/bin/env bash
# From a bare Debian 12 to a running system: installs, builds, and plays the shipped story - an
# afternoon on which near-expiry detergent spreads over 60 groups - at 600 times its speed.
#   bash deploy/quickstart.sh [more options of `qingyu run`]
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
bash deploy/install.sh
bash deploy/build.sh
exec build/release/qingyu run --config deploy/story/qingyu.yaml --fresh --speed 600 --until-end "$@"
