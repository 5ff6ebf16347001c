# A run directory as a large machine would leave it: awk -v folder=DIR -v packages=2 -v cores=32 -v blocks=12
# -v host=NAME -f make_machine.awk. Cores are of all packages together, two threads each. Beside its curves it has
# what real runs have: a serial build, measured ceilings, clocks that fall, stamps of every thread, and another
# program that disturbs some iterations of the largest team. matmul is bound by arithmetic, normalize by memory (which
# half of the cores of a package exhaust), kmeans by 1 % of serial work.
function chance() { # a number of its own for each call, the same in every run
    state = (state * 1103515245 + 12345) % 2147483648
    return state / 2147483648
}
function least(a, b) {
    return a < b ? a : b
}
# What the PUs of a team are worth together: the second thread of a core adds a quarter, all pay with their clock.
function worth(team) {
    return (team > cores ? cores + (team - cores) / 4 : team) * clock(team) / clock(1)
}
function most(a, b) {
    return a > b ? a : b
}
function clock(team) {
    return 3.6 - 0.9 * least(1, team / cores)
}
function bandwidth(team,    domains) {
    domains = least(team, packages)
    return 12e9 * least(team, domains * cores / packages / 2)
}
function seconds_of(at,    kernel, team) {
    kernel = kind_of[at]
    team = team_of[at]
    if (kernel == "flops")
        return 1e10 / (50e9 * worth(team))
    if (kernel == "stream")
        return 6e9 / bandwidth(team)
    if (kernel == "matmul")
        return 1e10 / (47e9 * worth(team)) * slower_of[at] + 2e-6 * team
    if (kernel == "normalize")
        return most(slower_of[at] * 5e8 / (20e9 * worth(team)), 1e9 / bandwidth(team)) + 1e-6 * team
    return slower_of[at] * 4e9 / 30e9 * (0.01 + 0.99 / worth(team)) + 1e-6 * team
}
function cell(kernel, variant, slower, team, role,    pus, i, own) {
    pus = 0
    for (i = 1; i < team; i++)
        pus = pus ", " i
    own = kernel == "flops" ? "1e10, \"bytes\": 0" : kernel == "stream" ? "1e9, \"bytes\": 6e9" : \
        kernel == "normalize" ? "5e8, \"bytes\": 1e9" : kernel == "matmul" ? "1e10, \"bytes\": 1e8" : "4e9, \"bytes\": 2e8"
    printf("%s\n{\"id\": %d, \"kernel\": \"%s\", \"variant\": \"%s\", \"type\": \"f32\", \"size\": \"small\", " \
        "\"shape\": \"n=1000\", \"options\": \"\", \"placement\": \"spread\", \"scaling\": \"strong\", " \
        "\"worker\": \"x86-64-v3-%s\", \"threads\": %d, \"pus\": [%s], \"serial_base\": %s, \"base\": %d, \"serial\": %d, " \
        "\"flop\": %s, \"memory_bytes\": 1e9, \"regions\": 1, \"barriers\": 2, \"rate\": \"%s\", \"is_reference\": %s, " \
        "\"ceilings\": [%s], \"in_cache\": false, \"cache_known\": true, \"beyond_quota\": false, \"cores\": %d, " \
        "\"sharing\": %d, \"classes\": 1, \"domains\": %d, \"reason\": \"a rung\"}", cells > 0 ? "," : "", cells, kernel, variant,
        role == "serial" ? "serial" : "gomp", team, pus, role == "serial" ? "true" : "false", role == "serial" ? -1 : base,
        role == "ceiling" ? -1 : serial, own, kernel == "stream" || kernel == "normalize" ? "bytes" : "flop",
        role == "ceiling" ? "true" : "false", role == "ceiling" ? "" : flops_of[team] ", " stream_of[team],
        least(team, cores), team > cores ? 2 : 1, least(team, packages)) >plan
    kind_of[cells] = kernel
    slower_of[cells] = slower
    team_of[cells] = team
    pus_of[cells++] = pus
}
function sweep(kernel, variant, slower, role,    i) {
    base = cells
    for (i = 1; i <= rungs; i++) {
        if (kernel == "flops")
            flops_of[rung[i]] = cells
        if (kernel == "stream")
            stream_of[rung[i]] = cells
        cell(kernel, variant, slower, rung[i], role)
    }
}
function process(at, block,    team, whole, drift, i, j, t, disturbed, seconds, lanes, spans, from, to, pace) {
    team = team_of[at]
    drift = 1 + 0.004 * block / blocks + 0.01 * (chance() - 0.5)
    whole = seconds_of(at) * drift
    printf("{\"kind\": \"process\", \"process\": %d, \"cell\": %d, \"block\": %d, \"position\": %d, " \
        "\"worker\": \"x86-64-v3-gomp\", \"pid\": 1, \"started\": \"2025-01-02T03:05:00Z\", \"threads_delivered\": %d, " \
        "\"bound\": true, \"pus\": [%s], \"runtime\": \"libgomp\", \"setup_s\": 0.01}\n", number, at, block, at, team, pus_of[at]) >lines
    check = "\"passed\": true, \"digest\": \"00000000000000aa\", \"what\": \"\", \"index\": -1, \"got\": 0, " \
        "\"expected\": 0, \"tolerance\": 0}"
    printf("{\"kind\": \"check\", \"process\": %d, \"when\": \"before\", %s\n", number, check) >lines
    for (i = 0; i < 10; i++) {
        disturbed = block > 0 && team == threads && chance() < 0.12
        seconds = whole * (1 + 0.012 * chance()) * (chance() < 0.03 ? 1.06 : 1) * (disturbed ? 1.2 + chance() : 1)
        printf("{\"kind\": \"sample\", \"process\": %d, \"iteration\": %d, \"warmup\": false, \"seconds\": %.9f, " \
            "\"busy_max_s\": %.9f, \"busy_mean_s\": %.9f, \"on_cpu_max_s\": %.9f, \"on_cpu_mean_s\": %.9f, \"off_cpu_s\": %.9f, " \
            "\"throttled_s\": 0, \"involuntary_switches\": 0, \"minor_faults\": 0, \"migrations\": 0}\n", number, i, seconds, seconds * 0.98,
            seconds * (team > 1 ? 0.94 : 0.98), whole * 0.97, whole * (team > 1 ? 0.93 : 0.97), disturbed ? seconds - whole : 0) >lines
    }
    if (kind_of[at] == "flops" || team == threads) {
        spans = kind_of[at] == "kmeans" ? 10 : kind_of[at] == "normalize" ? 3 : 1
        lanes = ""
        for (t = 0; t < team; t++) {
            pace = 0.985 - (kind_of[at] == "flops" ? 0 : 0.07 * ((t * 13) % 17) / 17)
            lanes = lanes sprintf("%s{\"spans\": %d, \"busy_s\": %.9f, \"on_cpu_s\": %.9f, \"span\": [", t > 0 ? ", " : "", spans,
                whole * pace, whole * pace)
            for (j = 0; j < spans; j++)
                lanes = lanes sprintf("%s[%.9f, %.9f]", j > 0 ? ", " : "", whole * (j + 0.005) / spans, whole * (j + 0.005 + pace) / spans)
            lanes = lanes "]}"
        }
        printf("{\"kind\": \"lanes\", \"iteration\": 0, \"seconds\": %.9f, \"lane\": [%s], \"process\": %d}\n", whole, lanes, number) >lines
    }
    printf("{\"kind\": \"check\", \"process\": %d, \"when\": \"after\", %s\n", number, check) >lines
    printf("{\"kind\": \"end_process\", \"process\": %d, \"cell\": %d, \"block\": %d, \"status\": \"done\", \"repeat\": 1, " \
        "\"clock_ghz\": [%.4f], \"error\": null, \"seconds\": 0.1}\n", number++, at, block, clock(team)) >lines
}
BEGIN {
    threads = 2 * cores
    state = 7
    serial = -1
    rungs = 0
    for (team = 1; team < cores; team *= 2)
        rung[++rungs] = team
    rung[++rungs] = cores
    rung[++rungs] = threads
    cells = number = 0
    plan = folder "/run.json"
    lines = folder "/samples.jsonl"
    printf("{\"schema\": \"acelera/run/1\", \"id\": \"%s\", \"started\": \"2025-01-02T03:04:05Z\", " \
        "\"command\": \"acelera run --variants all\", \"version\": \"0.1.0\", \"seeds\": {\"seed\": 1, \"order_seed\": 2}, " \
        "\"request\": {\"kernels\": [\"normalize\", \"matmul\", \"kmeans\"], \"all_variants\": false, \"size\": \"small\", " \
        "\"shape\": null, \"settings\": [], \"types\": [\"f32\"], \"threads\": \"ladder\", " \
        "\"placements\": [\"spread\"], \"scaling\": \"strong\", \"precision\": 0.02, \"budget_s\": 60, " \
        "\"blocks\": 0, \"workers\": [], \"timeout_s\": 0}, " \
        "\"machine\": {\"host\": \"%s\", \"cpu_model\": \"Example CPU\", \"packages\": %d, \"numa_nodes\": %d, " \
        "\"cores\": %d, \"pus\": %d, \"usable_cores\": %d, \"usable_pus\": %d, \"max_smt\": 2, \"domains\": %d, " \
        "\"classes\": 1, \"cpu_quota\": null, \"capacity\": %d, \"memory_available_bytes\": 256e9, \"limits\": [], " \
        "\"warnings\": [], \"facts\": []}, \"workers\": [], \"cleared\": [], \"kept\": [], " \
        "\"plan\": {\"comparable\": true, \"points\": [], \"cells\": [", host, host, packages, packages, cores, threads, cores,
        threads, packages, threads) >plan
    sweep("flops", "fma", 1, "ceiling")
    sweep("stream", "triad-nt", 1, "ceiling")
    split("normalize matmul kmeans", kernels, " ")
    for (k = 1; k <= 3; k++) {
        serial = cells
        cell(kernels[k], "fast", 0.97, 1, "serial")
        sweep(kernels[k], "naive", 9, "row")
        sweep(kernels[k], "fast", 1, "row")
    }
    printf("], \"skipped\": []}}\n") >plan
    for (block = 0; block <= blocks; block++)
        for (i = 0; i < cells; i++)
            process(i, block)
    printf("{\"kind\": \"end_run\", \"reason\": \"precision\", \"blocks\": %d, \"seconds\": 4000}\n", blocks) >lines
}
