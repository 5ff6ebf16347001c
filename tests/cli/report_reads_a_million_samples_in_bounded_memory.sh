# A run of a million samples on the plan of the recorded one: read right, in an address space with no room for a
# copy of the file.
. "$(dirname "$0")/lib.sh"
limit_kib=500000
# A sanitizer reserves more address space than there is.
(ulimit -v $limit_kib && "$acelera" --version >/dev/null 2>&1) || exit 77
mkdir million
trap 'rm -rf "$scratch/million"' EXIT
cp "$source_folder/tests/golden/run/run.json" million/run.json
# Each of the 16 cells in ten blocks; the times of a process go round from 1.000 to 1.624 ms.
awk 'BEGIN {
    split("[0] [0] [0,1] [0,1,2,3] [0] [0] [0,1] [0,1,2,3] [0] [0] [0,1] [0,1,2,3] [0,1,2] [0] [0,1] [0]", pus)
    for (p = 0; p < 160; p++) {
        place = pus[p % 16 + 1]
        key = sprintf("\"process\":%d,\"cell\":%d,\"block\":%d", p, p % 16, 1 + int(p / 16))
        check = ",\"passed\":true,\"digest\":\"0a\",\"process\":" p "}"
        print "{\"kind\":\"process\",\"threads_delivered\":" split(place, team, ",") ",\"pus\":" place "," key "}"
        print "{\"kind\":\"check\",\"when\":\"before\"" check
        for (i = 0; i < 6250; i++)
            printf "{\"kind\":\"sample\",\"iteration\":%d,\"warmup\":false,\"seconds\":0.001%03d,\"busy_max_s\":0.000987654321,\"busy_mean_s\":0.000976543219,\"on_cpu_max_s\":0.000987654321,\"on_cpu_mean_s\":0.000976543219,\"off_cpu_s\":1.2345e-5,\"cpu_s\":0.00199,\"throttled_s\":0.0,\"steal_s\":null,\"involuntary_switches\":1,\"minor_faults\":0,\"migrations\":0,\"process\":%d}\n", i, i % 625, p
        print "{\"kind\":\"check\",\"when\":\"after\"" check
        print "{\"kind\":\"end_process\",\"status\":\"done\",\"repeat\":1,\"error\":null,\"seconds\":20.5," key "}"
    }
    print "{\"kind\":\"end_run\",\"reason\":\"precision\",\"blocks\":10,\"seconds\":2050.0}"
}' >million/samples.jsonl
(ulimit -v $limit_kib && exec "$acelera" report million --format json >stdout 2>stderr)
code=$?
[ "$code" -eq 0 ] || fail "exit code $code for a million samples in $limit_kib KiB"
# values COLUMN: the different ones that the rows have.
values() {
    grep -Eo "\"$1\": ?[0-9.]+" stdout | grep -Eo '[0-9.]+$' | sort -u
}
[ "$(values samples)" = 62500 ] || fail "a row has not its 62500 samples"
[ "$(values median_s)" = 0.001312 ] || fail "a row has not the median that was made"
