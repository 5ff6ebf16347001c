# Shared by the tests of this folder: makes small runs whose times are known, and judges what a comparison of them
# says. Called as: script ACELERA WORKERS SCRATCH SOURCE
set -u
acelera=$1
export ACELERA_WORKER_PATH=$2
scratch=$3
# shellcheck disable=SC2034 # for the scripts
source_folder=$4
rm -rf "$scratch"
mkdir -p "$scratch"
cd "$scratch" || exit 1

fail() {
    echo "FAILED: $1"
    for stream in stdout stderr; do
        [ -e $stream ] && echo "--- $stream" && head -n 40 $stream
    done
    exit 1
}

# run CODE ARGUMENTS…: wants this exit code of `acelera compare`. stdout and stderr are kept.
run() {
    wanted=$1
    shift
    "$acelera" compare "$@" >stdout 2>stderr </dev/null
    code=$?
    [ "$code" -eq "$wanted" ] || fail "exit code $code instead of $wanted for: compare $*"
}

# wants FILE WORDS: the words stand in the file, literally.
wants() {
    grep -Fq -- "$2" "$1" || fail "nothing in $1 says: $2"
}

# one_line WORDS…: nothing on stdout, one line on stderr that holds all the words.
one_line() {
    [ ! -s stdout ] || fail "a refusal prints on standard output"
    [ "$(wc -l <stderr)" -eq 1 ] || fail "a refusal is one line"
    for word in "$@"; do wants stderr "$word"; done
}

# make_run FOLDER [KEY=VALUE…]: a run of 12 blocks with a one-thread and a two-thread row and a ceiling. Times of
# a row scatter by 0.2 % in a pattern that is set by `order`.
#   scale   of the times of rows (1)         two     of those of the two-thread row, beside scale (1)
#   ceiling of those of the ceiling (1)      order   which pattern (0)
#   seed size model pus digest               as in run.json and samples.jsonl
#   status  of the processes of the two-thread row (done)      end  0: the run was interrupted
#   live=1  the two rows are the sides A and B of one thread
make_run() {
    folder=$1
    shift
    mkdir -p "$folder"
    awk -v settings="$*" -v folder="$folder" '
    function cell(id, kernel, variant, threads, base, reference, side) {
        return sprintf("{\"id\":%d,\"kernel\":\"%s\",\"variant\":\"%s\",\"type\":\"f32\",\"size\":\"%s\",\"shape\":\"n=8\",\"options\":\"\"," \
            "\"placement\":\"spread\",\"scaling\":\"strong\",\"worker\":\"x-gomp\",\"threads\":%d,\"pus\":[%s],\"serial_base\":false," \
            "\"base\":%d,\"serial\":-1,\"flop\":1e6,\"bytes\":8,\"memory_bytes\":8,\"rate\":\"flop\",\"is_reference\":%s,\"ceilings\":[]," \
            "\"in_cache\":true,\"cache_known\":true,\"beyond_quota\":false,\"reason\":\"asked for\",\"side\":%s}",
            id, kernel, variant, v["size"], threads, threads == 2 ? v["pus"] ",9" : v["pus"], base, reference ? "true" : "false", side)
    }
    function process(number, row, block, threads, seconds, status,    at) {
        at = sprintf("\"process\":%d", number)
        printf "{\"kind\":\"process\",%s,\"cell\":%d,\"block\":%d,\"position\":0,\"worker\":\"x-gomp\",\"pid\":1,\"started\":\"t\",\"threads_delivered\":%d,\"bound\":true,\"pus\":[%s],\"runtime\":\"r\",\"setup_s\":0.01}\n", at, row, block, threads, threads == 2 ? v["pus"] ",9" : v["pus"] > samples
        printf "{\"kind\":\"check\",%s,\"when\":\"before\",\"passed\":true,\"digest\":\"%s\",\"what\":\"\",\"index\":-1,\"got\":0,\"expected\":0,\"tolerance\":0}\n", at, v["digest"] > samples
        printf "{\"kind\":\"sample\",%s,\"iteration\":0,\"warmup\":false,\"seconds\":%.12g}\n", at, seconds > samples
        printf "{\"kind\":\"check\",%s,\"when\":\"after\",\"passed\":%s,\"digest\":\"%s\",\"what\":\"w\",\"index\":-1,\"got\":0,\"expected\":0,\"tolerance\":0}\n", at, status == "unverified" ? "false" : "true", v["digest"] > samples
        printf "{\"kind\":\"end_process\",%s,\"cell\":%d,\"block\":%d,\"status\":\"%s\",\"repeat\":1,\"error\":%s,\"seconds\":0.1}\n", at, row, block, status, status == "done" ? "null" : "\"it went wrong\"" > samples
    }
    BEGIN {
        count = split("scale=1 two=1 ceiling=1 order=0 seed=1 size=small model=CPU pus=0 digest=0a status=done end=1 live=0 blocks=12 " settings, word, " ")
        for (i = 1; i <= count; i++) {
            at = index(word[i], "=")
            v[substr(word[i], 1, at - 1)] = substr(word[i], at + 1)
        }
        live = v["live"] + 0
        samples = folder "/samples.jsonl"
        second = live ? 1 : 2
        printf "{\"schema\":\"acelera/run/1\",\"id\":\"%s\",\"started\":\"t\",\"command\":\"acelera run\",\"version\":\"0\",\"seeds\":{\"seed\":%s,\"order_seed\":1}," \
            "\"request\":{\"precision\":0.02,\"budget_s\":60},\"machine\":{\"host\":\"h\",\"cpu_model\":\"%s\",\"packages\":1,\"numa_nodes\":1,\"usable_cores\":2,\"usable_pus\":2,\"cpu_quota\":null,\"memory_available_bytes\":8e9,\"limits\":[],\"warnings\":[],\"facts\":[]}," \
            "\"workers\":[],\"cleared\":[],\"kept\":[],\"plan\":{\"comparable\":true,\"points\":[],\"cells\":[%s,%s,%s],\"skipped\":[]}}\n",
            "r", v["seed"], v["model"], cell(0, "k", "v", 1, 0, 0, live ? "\"A\"" : "null"), cell(1, "k", "v", second, live ? 1 : 0, 0, live ? "\"B\"" : "null"), cell(2, "flops", "fma", 1, 2, 1, "null") > (folder "/run.json")
        printf "" > samples
        for (block = 0; block <= v["blocks"] + 0; block++) {
            noise = 1 + 0.002 * (((block + v["order"]) * 7 % 13) / 6 - 1)
            process(n++, 0, block, 1, 0.004 * v["scale"] * noise, "done")
            process(n++, 1, block, second, 0.004 / second * v["scale"] * v["two"] * (2 - noise), block == 0 ? "done" : v["status"])
            process(n++, 2, block, 1, 0.001 * v["ceiling"] * noise, "done")
        }
        if (v["end"] + 0)
            printf "{\"kind\":\"end_run\",\"reason\":\"blocks\",\"blocks\":%d,\"seconds\":1}\n", v["blocks"] > samples
    }' </dev/null
}
