# Whatever fails for want of descriptors, the program's own output holds nothing of its workers.
. "$(dirname "$0")/lib.sh"
for most in 6 7 8 9 10 11 12 13 14 16; do
    (ulimit -n "$most" && exec "$acelera" run --worker faulty-gomp --kernel faulty --threads 1 --blocks 1 --out out) \
        >stdout 2>stderr
    code=$?
    [ "$code" -le 2 ] || fail "exit code $code with $most descriptors"
    ! grep -q '"schema"\|"kind"' stdout stderr || fail "with $most descriptors, a worker wrote into the program's output"
    [ "$code" -eq 0 ] || wants stderr '^acelera run: '
done
[ "$code" -eq 0 ] || fail "16 descriptors are not enough"
