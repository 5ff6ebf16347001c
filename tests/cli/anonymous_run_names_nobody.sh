. "$(dirname "$0")/lib.sh"
# Every byte of the directory, whatever file it is in: names of the host, of folders and of the person's own
# things, and hwloc's words for boards and hosts.
mkdir -p ada-lovelace/workers
for worker in "$(dirname "$acelera")"/acelera-worker-*; do
    ln -s "$worker" ada-lovelace/workers/
done
export ACELERA_WORKER_PATH=$PWD/ada-lovelace/workers OPENBLAS_CORETYPE=/home/ada-lovelace/core
run 0 run --anonymous --out ada-lovelace/results --kernel matmul --size tiny --threads 1 --blocks 3 --budget 20s --color never
set -- ada-lovelace/results/*/
[ $# -eq 1 ] || fail "not one run directory: $*"
case $(basename "$1") in
anonymous-*) ;;
*) fail "the directory is called $1" ;;
esac
[ -s "$1/run.json" ] && [ -s "$1/topology.xml" ] && [ -s "$1/samples.jsonl" ] || fail "a file is missing"

# names_nobody FOLDER: no trace in any file, nor in a file's name.
names_nobody() {
    for trace in ada-lovelace lovelace "$scratch" "$(dirname "$acelera")" "\"$(uname -n)\"" DMI HostName ProcessName LinuxCgroup; do
        found=$(grep -rnaoiF -- "$trace" "$1" | head -n 3)
        [ -z "$found" ] || fail "$trace stands in $found"
    done
    ! find "$1" | sed "s|^$1||" | grep -qi lovelace || fail "a file's name tells it"
}
names_nobody "$1"
run 0 report "$1" --color never
names_nobody "$1"
wants "$1/run.json" '"command": "acelera run --kernel matmul --size tiny --threads 1 --blocks 3 --budget 20s'
run 0 topology --topology "$1/topology.xml"

# The same search finds what is there without the option, or it would find nothing anywhere.
run 0 run --out ada-lovelace/named --kernel matmul --size tiny --threads 1 --blocks 3 --budget 20s --color never
grep -rqaiF lovelace ada-lovelace/named/*/run.json || fail "the search is blind"
grep -qF HostName ada-lovelace/named/*/topology.xml || fail "the search is blind to hosts"

# What is derived from a run with names can be made without them; what was measured stays, and that is said.
named=$(echo ada-lovelace/named/*/)
cp "$named/run.json" run.json
cp "$named/samples.jsonl" samples.jsonl
rm -f "$named/compare.json"
run 0 report "$named" --anonymous --color never
wants stderr "were not changed and may hold names"
cmp -s run.json "$named/run.json" && cmp -s samples.jsonl "$named/samples.jsonl" || fail "a raw file was changed"
if grep -v '^results: ' stdout | grep -qiF lovelace; then fail "the table tells a name"; fi
mkdir derived
for file in "$named"/*; do
    case $(basename "$file") in
    run.json | topology.xml | samples.jsonl) ;;
    *) cp -r "$file" derived/ ;;
    esac
done
[ -s derived/speedup.md ] && [ -s derived/report.html ] && [ -s derived/summary.json ] || fail "a derived file is missing"
names_nobody derived
wants derived/summary.json '"id": "anonymous-'
# Without the option the names are back.
run 0 report "$named"
grep -rqaiF lovelace "$named/summary.json" || fail "the search is blind to derived files"
