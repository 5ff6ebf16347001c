. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/samples_lib.sh"
# A fifth of a CPU, in the first hierarchy where a group can be made.
make_group() {
    group=$1/acelera-test-$$
    mkdir "$group" 2>/dev/null || return 1
    if [ -e "$group/cpu.max" ]; then
        echo "4000 20000" >"$group/cpu.max"
    else
        { echo 20000 >"$group/cpu.cfs_period_us" && echo 4000 >"$group/cpu.cfs_quota_us"; } 2>/dev/null
    fi || { rmdir "$group"; return 1; }
}
make_group /sys/fs/cgroup/cpu || make_group /sys/fs/cgroup || exit 77
trap 'sleep 0.5; rmdir "$group"' EXIT
(echo $BASHPID >"$group/cgroup.procs" && run 0 --kernel faulty:spin --blocks 3 --budget 20s) || exit
[ "$(share throttled_s)" -ge 10 ] || fail "the samples are throttled for $(share throttled_s) % of their time"
[ "$(share off_cpu_s)" -ge 10 ] || fail "throttled threads have a CPU all the time"
wants "$(the_run)/run.json" '"beyond_quota": true'
# Which of the two costs more is for the machine to say, where other programs are on it as well.
grep -q 'acelera doctor): .*load' stdout || wants "$(the_run)/summary.csv" ',quota,'
