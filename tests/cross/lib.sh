# Shared by the scripts of this folder.
# needs PROGRAM…: one of them is there, or the test is skipped.
needs() {
    for program in "$@"; do
        command -v "$program" >/dev/null && return
    done
    echo "skipped: $1 is not installed (./bootstrap.sh deps cross)"
    exit 77
}
