. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/resume_lib.sh"
# By Ctrl-C, in the midst of it and while the machine is warmed up.
for warm in "" "--warm 30s"; do
    rm -rf out
    # shellcheck disable=SC2086 # no option, or an option and its value
    "$acelera" run --worker faulty-gomp --threads 1 --out out "${sweep[@]}" $warm >stdout 2>stderr &
    pid=$!
    await compgen -G 'out/*/samples.jsonl' >/dev/null
    sleep 0.5
    kill -INT "$pid"
    wait "$pid"
    code=$?
    [ "$code" -eq 130 ] || fail "exit code $code instead of 130"
    wants stderr "carry on with: acelera resume $(the_run)\$"
    [ -n "$warm" ] && break
    resume 0 "$(the_run)"
    is_complete "$(the_run)"
done
grep -q '"kind":"warm"' "$(the_run)/samples.jsonl" || fail "the time of warming up is not recorded"
grep -q '"kind":"sample"' "$(the_run)/samples.jsonl" && fail "what warmed the machine up is recorded as a measurement"
# By a full disk: a limit on the size of files is one.
rm -rf out
(
    ulimit -f 48
    "$acelera" run --worker faulty-gomp --threads 1 --out out "${sweep[@]}" >stdout 2>stderr
)
wants stderr "carry on with 'acelera resume $(the_run)'"
resume 0 "$(the_run)/run.json" # which is what a person sees in the folder
is_complete "$(the_run)"
