#!/usr/bin/env bash
# Installs what the tests need beyond deploy/install.sh: a Redis server, and Apache Kafka from Maven
# in build/kafka-3.9.1/libs. Quick when everything is there already.
#   tests/install.sh            for tests/run.sh
#   tests/install.sh --fuzz     and the compiler of the fuzzers
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
# shellcheck source=deploy/steps.sh
. "$root/deploy/steps.sh"

case "${1:-}" in
  "") extra=() ;;
  --fuzz) extra=(clang-19 libclang-rt-19-dev) ;;
  *) fail "unknown option $1; known: --fuzz" ;;
esac

bash "$root/deploy/install.sh"
install_packages "$root/build/install-tests.log" \
  redis-server kcat default-jre-headless maven clang-format zstd \
  python3-cryptography python3-jsonschema python3-yaml \
  "${extra[@]}"

kafka=$root/build/kafka-3.9.1
if [ -d "$kafka/libs" ]; then
  say "Kafka is there"
else
  say "fetching Kafka 3.9.1 with Maven"
  rm -rf "$kafka/libs.new"
  mkdir -p "$kafka"
  # Into a folder of another name, so that a fetch cut short is not taken for a whole one.
  quietly "$kafka/maven.log" mvn -q -B -f "$root/tests/servers/kafka/pom.xml" \
    "-DoutputDirectory=$kafka/libs.new" dependency:copy-dependencies
  mv "$kafka/libs.new" "$kafka/libs"
fi
