. "$(dirname "$0")/lib.sh"
seed_of() {
    run 0 run --dry-run --kernel matmul --size tiny --format json "$@"
    tr -d ' \n' <stdout | sed 's/.*"order_seed":\([0-9]*\).*/\1/'
}
first=$(seed_of)
second=$(seed_of)
[ "$first" != "$second" ] || fail "two runs drew the order seed $first"
[ "$(seed_of --order-seed 42)" = 42 ] || fail "--order-seed 42 is not taken"
