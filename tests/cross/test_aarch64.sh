#!/bin/sh
# Runs the tests of the aarch64 build whose names match. Called as: script BUILD REGEX
set -eu
. "$(dirname "$0")/lib.sh"
needs aarch64-linux-gnu-gcc
needs qemu-aarch64 qemu-aarch64-static
exec ctest --test-dir "$1" --tests-regex "$2" --no-tests=error --output-on-failure
