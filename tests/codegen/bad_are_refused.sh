#!/bin/sh
# Loops that are bad on purpose must be refused, each with the words that its source promises; one that promises
# none at this level must pass.
# Called as: script OBJDUMP FMA REGISTER SOURCES OBJECT…
set -u
objdump=$1
fma=$2
register=$3
sources=$4
shift 4
failures=0
for object in "$@"; do
    name=$(basename "$object" .o)
    wanted=$(sed -n "s/^ \* Refused\( where FMA is $fma\)\{0,1\}: \(.*\) \*\/\$/\2/p" "$sources/$name")
    said=$(sh "$(dirname "$0")/inner_loops.sh" "$objdump" "$fma" "$register" "$object")
    code=$?
    [ "$code" -ne 77 ] || { echo "$said"; exit 77; }
    if [ -z "$wanted" ]; then
        [ "$code" -eq 0 ] && continue
        echo "FAILED: $name is refused: $said"
    else
        [ "$code" -eq 1 ] && case $said in *"$wanted"*) continue ;; esac
        echo "FAILED: $name is not refused with '$wanted' (status $code): $said"
    fi
    failures=1
done
[ $# -ge 9 ] || { echo "FAILED: only $# bad objects were given"; failures=1; }
exit "$failures"
