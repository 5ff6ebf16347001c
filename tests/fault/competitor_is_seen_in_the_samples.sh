. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/samples_lib.sh"
# One endless loop on each PU that may be used: whichever the worker is on, it has to share it.
for _ in $(seq "$(nproc)"); do
    (while :; do :; done) &
    loops="${loops:-} $!"
done
# shellcheck disable=SC2086 # several
trap 'kill $loops' EXIT
run 0 --kernel faulty:spin --blocks 3 --budget 20s
[ "$(share off_cpu_s)" -ge 10 ] || fail "the samples have no CPU for $(share off_cpu_s) % of their time"
# And in plain words, with the row's limit.
wants stdout 'another program had a CPU'
wants "$(the_run)/summary.csv" ',interference,'
