. "$(dirname "$0")/lib.sh"
run 0 --help
wants stdout 'acelera run'
wants stdout 'Exit codes'
[ ! -s stderr ] || fail "requested help writes on standard error"
for command in run topology list report completion manual help; do
    run 0 $command --help
    wants stdout "acelera $command"
    wants stdout 'Examples'
    wants stdout '--help'
    [ ! -s stderr ] || fail "requested help of $command writes on standard error"
    cp stdout long
    run 0 help $command
    cmp -s stdout long || fail "'help $command' and '$command --help' differ"
    awk 'length($0) > 300 { exit 1 }' stdout || fail "help of $command does not wrap"
done
# Every option of the contract, with its default.
run 0 run --help
for option in --kernel --variants --size --shape --set --type --threads --placement --scaling --precision \
    --budget --worker --seed --order-seed --out --format --dry-run --topology --blocks --timeout --color; do
    wants stdout "  $option"
done
wants stdout 'Default: 2%'
wants stdout 'Default: 60s'
