# Shared by the scripts of this folder: runs the program and judges what it said. Called as
#   script ACELERA SOURCE SCRATCH
set -u
acelera=$1
# shellcheck disable=SC2034 # for the scripts
source_folder=$2
scratch=$3
rm -rf "$scratch"
mkdir -p "$scratch"
cd "$scratch" || exit 1
# What the program says is judged in UTF-8, wherever the caller lives.
unset LC_ALL LANGUAGE
export LANG=C.UTF-8

fail() {
    echo "FAILED: $1"
    for stream in stdout stderr; do
        [ -e $stream ] && echo "--- $stream" && head -n 40 $stream
    done
    exit 1
}

# run CODE ARGUMENTS…: wants this exit code. stdout and stderr are kept in files of these names.
run() {
    wanted=$1
    shift
    "$acelera" "$@" >stdout 2>stderr </dev/null
    code=$?
    [ "$code" -eq "$wanted" ] || fail "exit code $code instead of $wanted for: acelera $*"
}

# wants FILE WORDS: the words stand in the file, literally.
wants() {
    grep -Fq -- "$2" "$1" || fail "nothing in $1 says: $2"
}

# refused WORDS… -- ARGUMENTS…: exit 2, nothing on stdout, one line on stderr that holds all the words.
refused() {
    words=()
    while [ "$1" != -- ]; do
        words+=("$1")
        shift
    done
    shift
    run 2 "$@"
    [ ! -s stdout ] || fail "a refusal prints on standard output: acelera $*"
    [ "$(wc -l <stderr)" -eq 1 ] || fail "a refusal is one line: acelera $*"
    for word in "${words[@]}"; do
        grep -Fq -- "$word" stderr || fail "the refusal does not say '$word': acelera $*"
    done
    [ ! -e results ] || fail "a refused run left a results folder: acelera $*"
}

# The exact bytes of an escape.
no_escapes() {
    ! grep -q "$(printf '\033')" "$1" || fail "escape sequences in $1"
}
