# Shared by the scripts of this folder. Called as: script ACELERA SOURCE SCRATCH
set -u
acelera=$1
source_folder=$2
scratch=$3
rm -rf "$scratch"
mkdir -p "$scratch"
cd "$scratch" || exit 1

fail() {
    echo "FAILED: $1"
    exit 1
}

# make_page FOLDER: report.html of the recorded run, or of the one that is there already.
make_page() {
    [ -e "$1" ] || cp -r "$source_folder/tests/golden/run" "$1"
    "$acelera" report "$1" >"$1.out" 2>"$1.err"
    [ -s "$1/report.html" ] || fail "no page of $1: $(cat "$1.err")"
}

wants_browser() {
    browser=$(command -v chromium || command -v chromium-browser || command -v google-chrome) || {
        echo "no chromium here"
        exit 77
    }
}

# browse PAGE ARGUMENTS…: stdout is the browser's, its log is in the file log. Nothing gets further than a port of
# this machine where nobody listens.
browse() {
    page=$1
    shift
    timeout 120 "$browser" --headless --no-sandbox --disable-gpu --disable-extensions --no-first-run \
        --proxy-server=127.0.0.1:9 --disable-background-networking --disable-component-update --disable-sync --disable-default-apps \
        --user-data-dir="$scratch/profile" --enable-logging=stderr --log-level=0 --virtual-time-budget=3000 \
        "$@" "file://$page" 2>log
}
