# A run directory that no machine here could record: awk -v threads=384 -v cores=192 -v variants=2 -v fault=
# -v folder=DIR -f make_run.awk. Cells: for each kernel and variant a ladder of 1, 2, 4 … cores, threads. Times
# follow Amdahl's law with 1 % serial and a little scatter. fault: "" none, "failed" no process ends well, "cut"
# the run has no end.
function cell(kernel, variant, team, pus,    i) {
    pus = 0
    for (i = 1; i < team; i++)
        pus = pus ", " i
    printf("%s\n{\"id\": %d, \"kernel\": \"%s\", \"variant\": \"%s\", \"type\": \"f32\", \"size\": \"small\", " \
        "\"shape\": \"n=1000\", \"options\": \"\", \"placement\": \"spread\", \"scaling\": \"strong\", " \
        "\"worker\": \"x86-64-v3-gomp\", \"threads\": %d, \"pus\": [%s], \"serial_base\": false, \"base\": %d, " \
        "\"serial\": -1, \"flop\": 1e9, \"bytes\": 1e6, \"memory_bytes\": 1e6, \"rate\": \"flop\", " \
        "\"is_reference\": false, \"ceilings\": [], \"in_cache\": true, \"cache_known\": true, " \
        "\"beyond_quota\": false, \"cores\": %d, \"sharing\": %d, \"classes\": 1, \"domains\": 1, " \
        "\"reason\": \"a rung\"}", cells > 0 ? "," : "", cells, kernel, variant, team, pus, base,
        team > cores ? cores : team, team > cores ? 2 : 1) >plan
    team_of[cells] = team
    pus_of[cells++] = pus
}
function process(at, block,    seconds, i, j, team) {
    team = team_of[at]
    printf("{\"kind\": \"process\", \"process\": %d, \"cell\": %d, \"block\": %d, \"position\": %d, " \
        "\"worker\": \"x86-64-v3-gomp\", \"pid\": 1, \"started\": \"2025-01-02T03:05:00Z\", \"threads_delivered\": %d, " \
        "\"bound\": true, \"pus\": [%s], \"runtime\": \"libgomp\", \"setup_s\": 0.01}\n",
        number, at, block, at, team, pus_of[at]) >lines
    if (fault == "failed") {
        printf("{\"kind\": \"end_process\", \"process\": %d, \"cell\": %d, \"block\": %d, \"status\": \"failed\", " \
            "\"error\": \"killed by signal 11\", \"seconds\": 0.1}\n", number++, at, block) >lines
        return
    }
    check = "\"passed\": true, \"digest\": \"00000000000000aa\", \"what\": \"\", \"index\": -1, \"got\": 0, " \
        "\"expected\": 0, \"tolerance\": 0}"
    printf("{\"kind\": \"check\", \"process\": %d, \"when\": \"before\", %s\n", number, check) >lines
    for (i = 0; i < 3; i++) {
        seconds = 0.1 * (0.01 + 0.99 / (team > cores ? cores + (team - cores) / 4 : team)) * (1 + ((at * 7 + block * 5 + i * 3) % 11) / 500)
        printf("{\"kind\": \"sample\", \"process\": %d, \"iteration\": %d, \"warmup\": false, \"seconds\": %.9f}\n",
            number, i, seconds) >lines
    }
    if (block == 1 && team == threads) {
        printf("{\"kind\": \"lanes\", \"iteration\": 0, \"seconds\": %.9f, \"lane\": [", seconds) >lines
        for (i = 0; i < team; i++) {
            printf("%s{\"spans\": 20, \"busy_s\": %.9f, \"on_cpu_s\": %.9f, \"span\": [", i > 0 ? ", " : "",
                seconds * 0.8, seconds * 0.79) >lines
            for (j = 0; j < 20; j++)
                printf("%s[%.9f, %.9f]", j > 0 ? ", " : "", seconds * j / 20, seconds * (j + 0.7 + (i % 7) / 30) / 20) >lines
            printf("]}") >lines
        }
        printf("], \"process\": %d}\n", number) >lines
    }
    printf("{\"kind\": \"check\", \"process\": %d, \"when\": \"after\", %s\n", number, check) >lines
    printf("{\"kind\": \"end_process\", \"process\": %d, \"cell\": %d, \"block\": %d, \"status\": \"done\", " \
        "\"repeat\": 1, \"error\": null, \"seconds\": 0.1}\n", number++, at, block) >lines
}
BEGIN {
    cells = number = 0
    plan = folder "/run.json"
    lines = folder "/samples.jsonl"
    printf("{\"schema\": \"acelera/run/1\", \"id\": \"made\", \"started\": \"2025-01-02T03:04:05Z\", " \
        "\"command\": \"acelera run\", \"version\": \"0.1.0\", \"seeds\": {\"seed\": 1, \"order_seed\": 2}, " \
        "\"request\": {\"kernels\": [\"matmul\"], \"precision\": 0.02, \"budget_s\": 60}, " \
        "\"machine\": {\"host\": \"made\", \"cpu_model\": \"Example CPU\", \"packages\": 2, \"numa_nodes\": 2, " \
        "\"cores\": %d, \"pus\": %d, \"usable_cores\": %d, \"usable_pus\": %d, \"max_smt\": 2, \"domains\": 2, " \
        "\"classes\": 1, \"cpu_quota\": null, \"capacity\": %d, \"memory_available_bytes\": 8e9, \"limits\": [], " \
        "\"warnings\": [], \"facts\": []}, \"workers\": [], \"cleared\": [], \"kept\": [], " \
        "\"plan\": {\"comparable\": true, \"points\": [], \"cells\": [", cores, threads, cores, threads, threads) >plan
    split("normalize matmul kmeans", kernels, " ")
    for (k = 1; k <= 3 && !(threads == 1 && k > 1); k++)
        for (v = 1; v <= variants; v++) {
            base = cells
            for (team = 1; team < cores; team *= 2)
                cell(kernels[k], "v" v, team)
            if (cores < threads)
                cell(kernels[k], "v" v, cores)
            cell(kernels[k], "v" v, threads)
        }
    printf("], \"skipped\": []}}\n") >plan
    for (block = 0; block <= 6; block++)
        for (i = 0; i < cells; i++)
            process(i, block)
    if (fault != "cut")
        printf("{\"kind\": \"end_run\", \"reason\": \"precision\", \"blocks\": 6, \"seconds\": 10}\n") >lines
}
