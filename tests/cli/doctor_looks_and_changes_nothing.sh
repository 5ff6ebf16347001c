. "$(dirname "$0")/lib.sh"
run 0 doctor --watch 0.1s
wants stdout 'spoil a measurement'
run 0 doctor --watch 0.1s --format json
wants stdout '"schema": "acelera/doctor/1"'
for id in load steal governor turbo battery clocksource cpu-quota affinity cpuset memory-limit smt thp \
    numa-balancing aslr hypervisor build; do
    wants stdout "\"id\": \"$id\""
done
run 0 doctor --watch 0.1s --format csv
[ "$(head -n 1 stdout)" = id,severity,found,effect,remedy ] || fail "the CSV has other columns"
run 0 doctor --watch 0.1s --format markdown
wants stdout '| id | severity |'
[ -z "$(find . -type f ! -name stdout ! -name stderr)" ] || fail "the doctor left a file"
refused --watch -- doctor --watch never
