#!/bin/sh
# Disassembles objects and has their inner loops judged (inner_loops.awk holds the rules).
# Called as: script OBJDUMP FMA REGISTER OBJECT…
set -u
objdump=$1
fma=$2
register=$3
shift 3
command -v "$objdump" >/dev/null || { echo "no objdump here (Debian package binutils)"; exit 77; }
[ $# -gt 0 ] || { echo "no object of that name is in the worker: is its kernel in kernels/kernel_list.h?"; exit 1; }
failures=0
for object in "$@"; do
    "$objdump" -d --no-show-raw-insn "$object" >"${object}.s" || exit 1
    awk -v file="${object#*CMakeFiles/}" -v fma="$fma" -v register="$register" \
        -f "$(dirname "$0")/inner_loops.awk" "${object}.s" || failures=1
done
exit "$failures"
