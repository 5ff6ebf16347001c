. "$(dirname "$0")/lib.sh"
plan="run --dry-run --size tiny --threads 1,2 --topology pack:1core:2pu:1 --format json"
# Both kinds of scaling, each with bases of its own.
# shellcheck disable=SC2086 # words
run 0 $plan --kernel matmul --scaling strong,weak
for scaling in strong weak; do
    [ "$(tr '{' '\n' <stdout | grep -c "\"kernel\": *\"matmul\".*\"scaling\": *\"$scaling\"")" -eq 3 ] || fail "not three rows of $scaling scaling"
done
refused --scaling strong -- run --dry-run --kernel matmul --scaling strong,strong
refused --scaling hard 'strong' -- run --dry-run --scaling hard
printf '1,2\n3,4\n' >table.csv
refused '--scaling weak' --data -- run --dry-run --data table.csv --scaling strong,weak
for good in 0.9 .95 90% 99.9%; do
    # shellcheck disable=SC2086 # words
    run 0 $plan --kernel matmul --quantile $good
done
for bad in 0 1 90 100% 0% -0.1 nan x '%' 0.9x; do
    refused "--quantile $bad" '0.9 or 90%' -- run --dry-run --quantile "$bad"
done
refused --quantile median -- run --dry-run --quantile 50%
refused --warm 30x -- run --dry-run --warm 30x
