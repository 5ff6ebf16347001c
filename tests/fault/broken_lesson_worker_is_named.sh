. "$(dirname "$0")/lib.sh"
# A worker of the lessons that misbehaves: the lesson ends in its time, decides nothing, and says why.
mkdir bad
export ACELERA_WORKER_PATH=$PWD/bad
command -v jq >/dev/null || { echo "no jq"; exit 77; }

# misbehaves SCRIPT WORDS: what the worker does, and what the reason must hold.
misbehaves() {
    printf '#!/bin/sh\n%s\n' "$1" >bad/acelera-worker-lessons
    chmod +x bad/acelera-worker-lessons
    timeout 60 "$acelera" teach twobytwo --no-ask --time-limit 1s --format json >stdout 2>stderr
    code=$?
    [ "$code" -eq 0 ] || fail "exit code $code with: $1"
    [ "$(jq -r .verdict stdout)" = inconclusive ] || fail "a verdict with: $1"
    jq -r .reason stdout >reason
    wants reason "$2"
    pgrep -f "$PWD/bad/acelera-worker-lessons" >/dev/null && fail "a process was left with: $1"
    [ ! -s stderr ] || fail "something on stderr with: $1"
}
misbehaves 'exit 0' 'ended with code 0 and said nothing'
misbehaves 'echo "it is all wrong" >&2; exit 1' 'it is all wrong'
misbehaves 'kill -SEGV $$' 'ended by signal 11'
misbehaves 'echo rubbish; sleep 100' 'not understood: rubbish'
misbehaves 'printf "\\033[2J\\303\\n"; sleep 100' 'not understood: \?\[2J\?'
misbehaves 'while :; do echo "{\"kind\":\"value\",\"name\":\"a\",\"unit\":\"1\",\"value\":1}"; done' 'not understood'
misbehaves 'yes | tr -d "\\n"' 'not understood|did not finish'
misbehaves "echo '{\"kind\":\"ready\"}'; read x; echo '{\"kind\":\"done\"}'; read x; echo '{\"kind\":\"bye\"}'" 'left something out'
misbehaves "echo '{\"kind\":\"ready\"}'; read x; exit 3" 'ended with code 3'
misbehaves 'sleep 1000' 'did not finish within'

# What cannot be run at all is an error, in one line.
printf '\177ELF' >bad/acelera-worker-lessons
timeout 60 "$acelera" teach twobytwo --no-ask >stdout 2>stderr
[ $? -eq 1 ] || fail "a worker that cannot be run is no failure"
[ "$(wc -l <stderr)" -eq 1 ] || fail "more than one line"
wants stderr 'cannot run .*bad/acelera-worker-lessons'
exit 0
