# Many learners in one folder: letters instead of names, predictions beside measurements, reasons; what is hostile
# is named, left out, and does nothing.
. "$(dirname "$0")/lib.sh"
result() { # LESSON CPUS CAPACITY PREDICTED MEASURED VERDICT
    cat <<END
{"schema": "acelera/lesson/1", "lesson": "$1", "claim": "c", "verdict": "$6", "reason": "r",
 "prediction": [{"name": "cpus_given", "value": $4, "unit": "1", "yes_no": false, "measured": $5}],
 "evidence": [{"name": "x", "value": 1, "unit": "1"}], "capacity": $3, "seconds": 4,
 "rules": [{"name": "given_of_counted", "unit": "%", "control": false, "median": 97, "low": 95, "high": 99}],
 "machine": {"cpus": $2, "cores": $2, "cpu_quota": null, "virtual_cpus": true, "on_battery": false}}
END
}
key=$("$acelera" teach capacity --predict 1 --time-limit 0.3s --format json | sed -n 's/.*"prediction": *\[*//; s/^ *{"name": "\([a-z_]*\)", "value": 1,.*/\1/p' | head -n 1)
[ -n "$key" ] || fail "the lesson asks for nothing"
mkdir -p class/maria class/joao class/zoe
result capacity 8 7.9 8 7.9 supported | sed "s/cpus_given/$key/" >class/maria/capacity.json
result capacity 2 0.9 2 1.1 contradicted | sed "s/cpus_given/$key/" >class/joao/capacity.json
result capacity 1 1 1 1 supported | sed "s/cpus_given/$key/" >class/zoe.json
cp class/maria/capacity.json class/maria/second.json
echo '{"traceEvents": []}' >class/maria/capacity.trace.json
run 0 teach --collect class
[ "$(columns stdout)" -le 80 ] || fail "too wide"
for name in maria joao zoe; do
    ! grep -q $name stdout || fail "$name is named"
done
wants stdout '3 learners'
wants stdout 'Why the results differ'
wants stdout 'from 1 to 8 CPUs'
wants stdout 'one CPU only'
wants stdout 'A: of 2 CPUs it got the work of 0.90'
[ "$(grep -c '|.*| o ' stdout)" -eq 3 ] || fail "the chart does not have a row for each learner"
run 0 teach --collect class --format markdown
wants stdout '| learner |'
run 0 teach --collect class --format json
wants stdout '"schema": "acelera/class/1"'
[ "$(grep -c '"learner":' stdout)" -eq 3 ] || fail "JSON does not have each learner once"
if speaks_portuguese; then
    run 0 teach --collect class --lang pt_BR
    wants stdout 'Por que os resultados diferem'
fi

# Hostile ones.
hostile=class/hostile
mkdir -p $hostile/deep/er/still/more
printf '{' >$hostile/half.json
printf 'x\033[31mx' >"$hostile/$(printf 'a\033[2Jb').json"
echo '[1]' >$hostile/list.json
echo '{"schema": "acelera/run/1"}' >$hostile/other.json
result nolesson 2 2 2 2 supported >$hostile/unknown.json
result capacity 2 2 2 2 'proven' >$hostile/verdict.json
result capacity -2 2 2 2 supported >$hostile/negative.json
result capacity 2 '"many"' 2 2 supported >$hostile/word.json
result capacity 2 1e300 2 2 supported >$hostile/huge.json
result capacity 2 2 2 2 supported | sed 's/"given_of_counted"/"\\u001b[31m<script>"/' >$hostile/escape.json
head -c 5000000 /dev/zero | tr '\0' ' ' >$hostile/large.json
awk 'BEGIN { for (i = 0; i < 5000; i++) printf "{\"a\":" }' >$hostile/nested.json
mkfifo $hostile/pipe.json
ln -s . $hostile/ring
ln -s nowhere.json $hostile/dangling.json
mkdir $hostile/folder.json
timeout 60 "$acelera" teach --collect class >stdout 2>stderr </dev/null
code=$?
[ $code -eq 1 ] || fail "exit code $code instead of 1"
no_escapes stdout
no_escapes stderr
wants stdout '3 learners'
for file in half list other unknown verdict negative word huge escape large nested pipe dangling; do
    grep -q "left out: .*$file\.json" stderr || fail "$file.json is not named"
done
wants stderr '14 files were left out'
mkdir only
cp $hostile/half.json only
run 1 teach --collect only
[ ! -s stdout ] || fail "a table of nobody"
