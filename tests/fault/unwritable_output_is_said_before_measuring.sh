. "$(dirname "$0")/lib.sh"
: >out
run 1 --kernel faulty --blocks 2
wants stderr 'out'
[ "$(wc -l <stderr)" -eq 1 ] || fail "more than one line on stderr"
