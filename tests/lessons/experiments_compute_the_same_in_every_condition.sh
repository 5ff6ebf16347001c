# What an experiment computes does not depend on how it is done, and nothing protected gets lost: the worker of
# the lessons is run by hand, one process at a time.
. "$(dirname "$0")/lib.sh"
worker=$(dirname "$acelera")/acelera-worker-lessons

# experiment WORDS…: runs one, with a byte for each time that it waits for the others.
experiment() {
    printf '\1\1' | "$worker" --run "$@" >stdout 2>stderr || fail "it does not run: $*"
}

checksum() {
    grep -o '"checksum":"[0-9a-f]*"' stdout
}

# same NAME CHECKSUM: the same as the first time.
same() {
    [ "${first:=$2}" = "$2" ] || fail "$1 computed something else: $2 instead of $first"
}

# value NAME NUMBER: the experiment says this number.
value() {
    grep -q "\"name\":\"$1\".*\"value\":$2}" stdout || fail "$1 is not $2"
}

first=
for kind in static static1 dynamic guided; do
    experiment experiment=schedule threads=3 kind=$kind rows=64 unit=50
    same "$kind" "$(checksum)"
done

first=
for way in critical atomic reduction; do
    experiment experiment=fixes threads=3 how=$way updates=20000 seconds=0.02
    same "$way" "$(checksum)"
    value missing 0
    value right "$(awk 'BEGIN { for (i = 0; i < 20000; i++) sum += 1 + int((i * 2654435761 % 4294967296) / 1073741824); print 3 * sum }')"
done

experiment experiment=race threads=3 how=at_once updates=50000
value updates 150000
value missing 0

# The loop and its parallel twin are compared by the experiment itself.
first=
for threads in 1 2 3; do
    experiment experiment=grain threads=$threads from=7 to=500 factor=3 seconds=0.01
    same "a team of $threads" "$(checksum)"
done

for words in "experiment=schedule kind=round" "experiment=falseshare stride=3" "experiment=falseshare stride=x"; do
    # shellcheck disable=SC2086 # words
    printf '\1\1' | "$worker" --run $words >stdout 2>stderr && fail "accepted: $words"
    [ ! -s stdout ] && [ "$(wc -l <stderr)" -eq 1 ] || fail "not refused with one line: $words"
done
