# Shared by the fault tests: sets the stage and judges. Called as: script ACELERA WORKERS SCRATCH
set -u
acelera=$1
export ACELERA_WORKER_PATH=$2
scratch=$3
rm -rf "$scratch"
mkdir -p "$scratch"
cd "$scratch" || exit 1

# run CODE ARGUMENTS…: a tiny sweep of the faulty worker; wants this exit code. stdout and stderr are kept.
run() {
    wanted=$1
    shift
    "$acelera" run --worker faulty-gomp --threads 1 --out out "$@" >stdout 2>stderr
    code=$?
    [ "$code" -eq "$wanted" ] || fail "exit code $code instead of $wanted for: run $*"
}

fail() {
    echo "FAILED: $1"
    echo "--- stdout"; cat stdout
    echo "--- stderr"; cat stderr
    exit 1
}

# wants FILE PATTERN: some line of the file matches.
wants() {
    grep -Eq -- "$2" "$1" || fail "no line in $1 matches: $2"
}

# The only run directory in out/.
the_run() {
    set -- out/*/
    { [ $# -eq 1 ] && [ -d "$1" ]; } || fail "expected one run directory, found: $*"
    printf '%s' "${1%/}"
}

# ended: how many processes of the run in out/ have ended, as far as is written.
ended() {
    cat out/*/samples.jsonl 2>/dev/null | grep -c end_process
}

# have_ended COUNT: so many processes, or more.
have_ended() {
    [ "$(ended)" -ge "$1" ]
}

# await COMMAND…: until it succeeds, for half a minute at most.
await() {
    for _ in $(seq 1500); do
        "$@" && return
        sleep 0.02
    done
    return 1
}

# count KIND: lines of that kind in the samples.
count() {
    grep -c "\"kind\":\"$1\"" "$(the_run)/samples.jsonl"
}
