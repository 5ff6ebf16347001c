. "$(dirname "$0")/lib.sh"
refused 'RUN is missing' -- report
run 1 report no-such-folder
[ "$(wc -l <stderr)" -eq 1 ] || fail "a missing run is one line"
wants stderr 'no-such-folder'
mkdir empty
run 1 report empty
[ "$(wc -l <stderr)" -eq 1 ] || fail "an empty folder is one line"
wants stderr 'empty'
