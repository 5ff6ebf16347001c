. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/resume_lib.sh"

# kill_after PROCESSES SECONDS COMMAND…: kills it so many seconds after so many processes have ended.
kill_after() {
    local wanted=$(($(ended) + $1)) seconds=$2
    shift 2
    "$@" >stdout 2>stderr &
    local pid=$!
    await have_ended "$wanted"
    sleep "$seconds"
    kill -KILL "$pid" || fail "it ended before it could be killed"
    wait "$pid" 2>/dev/null
}

kill_after 1 0.03 "$acelera" run --worker faulty-gomp --threads 1 --out out "${sweep[@]}"
directory=$(the_run)
for moment in 0 0.031 0.017 0.008 0.023; do
    cp "$directory/samples.jsonl" before
    "$acelera" report "$directory" >stdout 2>stderr
    code=$?
    [ "$code" -eq 130 ] || fail "report of a killed run ended with $code instead of 130"
    wants stderr "acelera resume $directory\$"
    kill_after 3 "$moment" "$acelera" resume "$directory"
    keeps "$directory/samples.jsonl" before
done
cp "$directory/samples.jsonl" before
resume 0 "$directory"
keeps "$directory/samples.jsonl" before
is_complete "$directory"
resume 1 "$directory"
wants stderr 'nothing to resume'
