#!/bin/sh
# Cross-builds what the tests for aarch64 run: the OpenMP workers, not the serial ones. Called as:
# script SOURCE BUILD GENERATOR
set -eu
. "$(dirname "$0")/lib.sh"
needs aarch64-linux-gnu-gcc
needs qemu-aarch64 qemu-aarch64-static
cmake -S "$1" -B "$2" -G "$3" "-DCMAKE_TOOLCHAIN_FILE=$1/cmake/CrossAarch64.cmake" -DACELERA_ONLY_WORKERS=ON \
    -DCMAKE_BUILD_TYPE=Release "-DACELERA_LEVELS=armv8-a;armv8.2-a+sve512"
targets=$(cmake --build "$2" --target help | grep -oE 'acelera-worker-arm[^ :]*-gomp|codegen-bad-arm[^ :]*|test-normalize-sklearn' |
    sort -u)
# shellcheck disable=SC2086 # the targets are words
cmake --build "$2" --parallel "$(getconf _NPROCESSORS_ONLN)" --target $targets
