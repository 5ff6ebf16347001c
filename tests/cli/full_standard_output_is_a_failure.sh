. "$(dirname "$0")/lib.sh"
[ -e /dev/full ] || exit 77
for arguments in '--help' 'list' 'topology --format json' 'completion bash' 'manual' 'run --dry-run --size tiny'; do
    # shellcheck disable=SC2086 # a list of words
    "$acelera" $arguments >/dev/full 2>stderr
    code=$?
    [ "$code" -eq 1 ] || fail "exit code $code instead of 1 for: $arguments"
    wants stderr 'standard output: No space left'
done
# Closed streams must not become files of the run.
"$acelera" --version >&- 2>stderr && fail "a closed standard output goes unnoticed"
wants stderr 'standard output: Bad file descriptor'
