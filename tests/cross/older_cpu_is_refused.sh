#!/bin/sh
# A worker on a CPU older than its level says what is missing, instead of dying of an illegal instruction; it can
# still be asked what it is. Called as: script WORKER
set -u
. "$(dirname "$0")/lib.sh"
needs qemu-x86_64 qemu-x86_64-static
qemu=$(command -v qemu-x86_64 || command -v qemu-x86_64-static)

# Nehalem is exactly x86-64-v2.
said=$("$qemu" -cpu Nehalem "$1" --self-test 2>&1)
code=$?
[ "$code" -eq 4 ] || { echo "FAILED: exit code $code instead of 4; said: $said"; exit 1; }
case $said in
*"this CPU lacks "*avx2*": use a worker of a lower level") ;;
*) echo "FAILED: the refusal does not name what is missing: $said"; exit 1 ;;
esac
case $("$qemu" -cpu Nehalem "$1" --describe) in
*'"runnable":false'*'"kernels":['*) ;;
*) echo "FAILED: it does not describe itself as one that cannot run here"; exit 1 ;;
esac
