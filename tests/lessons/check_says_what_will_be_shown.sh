. "$(dirname "$0")/lib.sh"
run 0 teach --check
[ "$(columns stdout)" -le 80 ] || fail "too wide"
for lesson in $lessons; do
    grep -q "$lesson: " stdout || fail "nothing is said of $lesson"
done
run 0 teach --check --format json
wants stdout '"schema": "acelera/check/1"'
wants stdout '"capacity": '
# On one CPU no lesson that needs two is promised.
command -v taskset >/dev/null || exit 0
cpu=$(taskset -pc $$ | sed 's/.*: //; s/[-,].*//')
taskset -c "$cpu" "$acelera" teach --check --format json >stdout 2>stderr </dev/null || fail "it fails on one CPU"
wants stdout '"cpus": 1,'
! grep -q '"name": "falseshare", "demonstrable": true' stdout || fail "falseshare is promised on one CPU"
grep -q '"name": "capacity", "demonstrable": true' stdout || fail "capacity is not promised on one CPU"
