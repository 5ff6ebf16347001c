. "$(dirname "$0")/lib.sh"
[ "$(nproc)" -ge 2 ] || exit 77
"$acelera" run --worker faulty-gomp --kernel faulty:skewed --threads 1,2 --blocks 6 --budget 30s --out out >stdout 2>stderr ||
    fail "exit code $?"
limit=$(awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
    NR > 1 && $column["threads_requested"] == 2 { print $column["limit"] }' "$(the_run)/summary.csv")
# Where another program had a CPU most of the time, that is the limit, and rightly so.
case $limit in
imbalance) ;;
interference | quota) exit 77 ;;
*) fail "the limit is '$limit'" ;;
esac
# By the stamps: of 0.9 and 0.1 of the work the mean is 0.5.
wants "$(the_run)/speedup.md" 'faulty skewed f32 ×2 spread, .* imbalance: '
