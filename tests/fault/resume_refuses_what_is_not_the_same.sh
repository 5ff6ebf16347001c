. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/resume_lib.sh"
printf '1,2\n3,4\n5,6\n' >table.csv
run 0 "${sweep[@]}"
mv "$(the_run)" good
sed -i '/end_run/d' good/samples.jsonl

# refused WORDS: one line that says so, and not a byte changed.
refused() {
    printf '{"kind":"torn' >>out/samples.jsonl
    cp out/samples.jsonl before
    resume 1 out
    wants stderr "$1"
    [ "$(wc -l <stderr)" -eq 1 ] || fail "a refusal is one line"
    cmp -s before out/samples.jsonl || fail "a refusal changed samples.jsonl"
}

# edited EXPRESSION WORDS: refused after this change of run.json.
edited() {
    rm -rf out
    cp -r good out
    sed -i -E "$1" out/run.json
    cmp -s good/run.json out/run.json && fail "the edit changes nothing: $1"
    refused "$2"
}

edited 's#acelera/run/1#acelera/run/2#' 'newer than this program'
edited 's/"version": "[^"]*"/"version": "0.0.9"/' 'the version of acelera was 0.0.9'
edited 's/"host": "[^"]*"/"host": "elsewhere"/' 'the machine was elsewhere'
edited 's/"cpu_model": "[^"]*"/"cpu_model": "Other CPU"/' 'the CPU was Other CPU'
edited 's/"usable_pus": [0-9]+/"usable_pus": 4321/' 'usable PUs was 4321'
edited 's/"compiler": "[^"]*"/"compiler": "GCC 1.0"/' 'its compiler was GCC 1.0'
edited 's/"flags": "[^"]*"/"flags": "-O0"/' 'its flags was -O0'
edited 's/"mtime_ns": [0-9]+/"mtime_ns": 12/' 'another file than the one'
edited 's/"pus": \[[0-9]+\]/"pus": [65000]/' 'needs PU 65000'
edited 's/"kept": \[[^]]*\]/"kept": ["OPENBLAS_CORETYPE=X"]/' 'OPENBLAS_CORETYPE=X was in the environment'
edited 's/"data": null/"data": {"path": "table.csv", "digest": "00"}/' 'other bytes'
edited 's/"data": null/"data": {"path": "gone.csv", "digest": "00"}/' 'gone.csv: cannot be opened'
edited 's/faulty-gomp/faulty-gone/' 'needs the worker faulty-gone'

rm -rf out
cp -r good out
sed -i 's/"iterations":\[[0-9]*,/"iterations":[/' out/samples.jsonl
refused 'line [0-9]+: "iterations" has'

rm -rf out
cp -r good out
sed -i 's/"block":30,/"block":2000000000,/' out/samples.jsonl
refused 'speaks of block 2000000000'

rm -rf out
cp -r good out
exec 9>>out/samples.jsonl
flock 9
refused 'another process is writing'
exec 9>&-

rm -rf out
cp -r good out
rm out/run.json
resume 1 out
wants stderr 'run.json'
resume 1 nothing
wants stderr 'nothing/samples.jsonl: cannot be opened'

# What was not spoilt goes on.
rm -rf out
cp -r good out
resume 0 out
is_complete out
