/* The timing loop: one cell, one block, one process.
 *
 * Timed region: from just before the initial thread calls run() until just after run() returned, on
 * CLOCK_MONOTONIC; so forking and joining the team are inside. Everything else (filling, spoiling, checking,
 * reading sentinels, talking to the harness) is outside. */
#include "harness/worker/binding.h"
#include "harness/worker/clock_probe.h"
#include "harness/worker/output.h"
#include "harness/worker/request.h"
#include "harness/worker/sample_lines.h"
#include "harness/worker/sentinels.h"
#include "harness/worker/worker.h"

#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/prctl.h>
#include <unistd.h>

static const double warm_again_below_s = 0.05; /* a first run this short is followed by a second warm-up */
static const double flush_every_s = 0.005;     /* samples are held back no longer than this */
static const double timer_share = 0.01;        /* reading the clock may take this part of a timed region */

enum { PILOT_ITERATIONS_LEAST = 3, PILOT_ITERATIONS_MAX = 1000, PILOT_PATIENCE = 10 };

struct measurement {
    struct request request;
    struct kernel_lane *lanes;
    void *state;
    int *seen;         /* PU of each thread */
    int delivered;     /* size of the team that formed */
    int strangers;     /* threads of a library that a variant computes with */
    int idle;          /* threads that run() left without work, in the worst iteration */
    double *clock_ghz; /* of each thread, right after the last timed iteration; 0 unknown */
    long repeat;
    int64_t started_ns;
    double unflushed_s; /* time measured since the last flush */
    struct sentinels sentinels;
    struct host_reading host; /* over all timed iterations */
    struct output output;
};

/* Seconds that one pair of clock readings takes: the shortest of many. */
static double timer_overhead_s(void)
{
    int64_t shortest = INT64_MAX;
    for (int i = 0; i < 1000; i++) {
        int64_t begin = kernel_now_ns();
        int64_t pair = kernel_now_ns() - begin;
        shortest = pair < shortest ? pair : shortest;
    }
    return 1e-9 * (double)(shortest > 0 ? shortest : 1);
}

/* Threads of the team that run() left without work. */
static int count_idle(const struct measurement *m)
{
    int idle = 0;
    for (int t = 0; t < m->sentinels.threads; t++)
        idle += m->lanes[t].spans == 0;
    return idle;
}

/* One iteration: spoiled, timed, reported. Returns seconds for one call of run(). */
static double iterate(struct measurement *m, long iteration, bool warmup, bool whole)
{
    struct sample sample = {.iteration = iteration, .warmup = warmup, .repeat = m->repeat};
    struct sentinel_reading reading;
    for (int t = 0; t < m->request.config.threads; t++)
        m->lanes[t].busy_ns = m->lanes[t].spans = 0;
    m->request.kernel->spoil(m->state, whole);

    sentinels_begin(&m->sentinels);
    sample.begin_ns = kernel_now_ns();
    for (long r = 0; r < m->repeat; r++)
        m->request.variant->run(m->state, m->lanes);
    sample.region_ns = kernel_now_ns() - sample.begin_ns;
    sentinels_end(&m->sentinels, m->lanes, sample.region_ns, &reading);

    int idle = count_idle(m);
    m->idle = idle > m->idle ? idle : m->idle;
    sample_lines_add(&m->output, &sample, &reading);
    if (iteration == 0 && !warmup)
        sample_lines_add_lanes(&m->output, &sample, &m->sentinels, m->lanes);
    double region_s = 1e-9 * (double)sample.region_ns;
    m->unflushed_s += region_s;
    if (m->unflushed_s >= flush_every_s) {
        output_flush(&m->output);
        m->unflushed_s = 0;
    }
    return region_s / (double)m->repeat;
}

static bool check(struct measurement *m, const char *when)
{
    struct kernel_check result = {.what = "", .index = -1};
    m->request.kernel->check(m->state, &result);
    output_add(&m->output, "{\"kind\":\"check\",\"when\":\"%s\",\"passed\":%s,\"digest\":", when,
        result.passed ? "true" : "false");
    /* A library may add up in another order at another number of threads: its bits are not compared. */
    if (m->request.variant->own_threads)
        output_add(&m->output, "null");
    else
        output_add(&m->output, "\"%016" PRIx64 "\"", result.digest);
    output_add(&m->output, ",\"what\":");
    output_add_string(&m->output, result.what);
    output_add(&m->output, ",\"index\":%" PRId64 ",\"got\":", result.index);
    output_add_number(&m->output, result.got);
    output_add(&m->output, ",\"expected\":");
    output_add_number(&m->output, result.expected);
    output_add(&m->output, ",\"tolerance\":");
    output_add_number(&m->output, result.tolerance);
    output_add(&m->output, "}");
    output_end_line(&m->output);
    output_flush(&m->output);
    return result.passed;
}

static void report_process(struct measurement *m)
{
    output_add(&m->output,
        "{\"kind\":\"process\",\"pid\":%ld,\"threads_delivered\":%d,\"bound\":%s,\"pus\":[", (long)getpid(),
        m->delivered, m->request.pus != NULL ? "true" : "false");
    for (int t = 0; t < m->delivered; t++)
        output_add(&m->output, "%s%d", t > 0 ? "," : "", m->seen[t]);
    output_add(&m->output, "],\"runtime\":\"%s\",\"wait_policy\":", worker_runtime());
    output_add_string(&m->output, getenv("OMP_WAIT_POLICY"));
    const struct kernel *kernel = m->request.kernel;
    output_add(&m->output, ",\"note\":");
    output_add_string(&m->output, kernel->note != NULL ? kernel->note(m->state) : NULL);
    output_add(&m->output, ",\"setup_s\":%.6f}", 1e-9 * (double)(kernel_now_ns() - m->started_ns));
    output_end_line(&m->output);
    output_flush(&m->output);
}

/* The first run is verified. By then a library has its threads, and they are bound. A short first run is
 * followed by a second, so that caches and branch predictors are warm; then the number of calls that one
 * timed region needs is known. WORKER_DONE, or the exit code with its sentence in `why`. */
static int warm_up(struct measurement *m, char *why, size_t size)
{
    const struct request *request = &m->request;
    m->repeat = 1;
    double seconds = iterate(m, 0, true, true);
    if (!check(m, "before")) {
        snprintf(why, size, "the result was wrong before the first timed iteration");
        return WORKER_UNVERIFIED;
    }
    if (request->variant->own_threads) {
        if (!binding_bind_strangers(request->config.threads, request->pus, &m->strangers, why, size))
            return WORKER_FAILED;
        sentinels_watch_others(&m->sentinels);
    }
    if (seconds < warm_again_below_s || request->variant->own_threads)
        seconds = iterate(m, 1, true, false);
    double calls = timer_overhead_s() / (timer_share * (seconds > 0 ? seconds : 1e-9));
    m->repeat = m->request.repeat > 0 ? m->request.repeat : calls > 1 ? (long)calls + 1 : 1;
    return WORKER_DONE;
}

/* Three iterations at least, so that a median exists, unless they take far longer than was asked for. */
static bool pilot_goes_on(const struct request *request, long iterations, double total_s)
{
    return iterations == 0 || total_s < request->seconds ||
           (iterations < PILOT_ITERATIONS_LEAST && total_s < PILOT_PATIENCE * request->seconds);
}

/* Everything is spoiled before the last iteration, so that the check after it sees what that one run computed
 * and nothing older. (The pilot's last is not known beforehand; it is in no estimate.) */
static void iterate_timed(struct measurement *m)
{
    bool pilot = m->request.iterations == 0;
    long most = pilot ? PILOT_ITERATIONS_MAX : m->request.iterations;
    double total_s = 0;
    host_start(&m->sentinels.host);
    for (long i = 0; i < most && (!pilot || pilot_goes_on(&m->request, i, total_s)); i++)
        total_s += (double)m->repeat * iterate(m, i, false, i + 1 == most);
    host_total(&m->sentinels.host, &m->host);
    output_flush(&m->output);
}

/* The harness adds what it alone knows; `repeat` goes back to it for the next blocks. */
static int end_process(struct measurement *m, int code, const char *error)
{
    const char *status = code == WORKER_DONE ? "done" : code == WORKER_UNVERIFIED ? "unverified" : "failed";
    output_add(&m->output, "{\"kind\":\"end_process\",\"status\":\"%s\",\"repeat\":%ld,\"error\":", status,
        m->repeat);
    output_add_string(&m->output, error);
    output_add(&m->output, ",\"throttled_s\":");
    output_add_number(&m->output, m->host.throttled_s);
    output_add(&m->output, ",\"steal_s\":");
    output_add_number(&m->output, m->host.steal_s);
    output_add(&m->output, ",\"strangers\":%d,\"clock_ghz\":[", m->strangers);
    for (int t = 0; t < m->delivered; t++) {
        output_add(&m->output, t > 0 ? "," : "");
        output_add_number(&m->output, m->clock_ghz[t] > 0 ? m->clock_ghz[t] : NAN);
    }
    output_add(&m->output, "]}");
    output_end_line(&m->output);
    output_flush(&m->output);
    if (error != NULL)
        fprintf(stderr, "%s\n", error);
    return code;
}

static bool open_sentinels(struct measurement *m)
{
    const struct request *request = &m->request;
    const char *policy = getenv("OMP_WAIT_POLICY");
    bool spinning = policy != NULL && strcmp(policy, "active") == 0;
    return sentinels_open(&m->sentinels, request->config.threads, !request->variant->own_threads,
        request->pus, spinning, request->throttle, request->throttle_count);
}

static int measure(struct measurement *m)
{
    struct request *request = &m->request;
    int threads = request->config.threads;
    static char why[512];

    const char *rejected = request->kernel->reject(&request->config);
    if (rejected != NULL)
        return end_process(m, WORKER_USAGE, rejected);
    if (strcmp(worker_runtime(), "serial") == 0 && threads > 1)
        return end_process(m, WORKER_USAGE, "a serial worker has a team of one thread only");
    const char *unavailable = request->kernel->unavailable != NULL
                                  ? request->kernel->unavailable(&request->config, request->variant)
                                  : NULL;
    if (unavailable != NULL)
        return end_process(m, WORKER_USAGE, unavailable);
    /* Before the team is bound: a library that create() opens makes its threads from the mask of this one. */
    m->state = request->kernel->create(&request->config, request->variant);
    if (m->state == NULL)
        return end_process(m, WORKER_FAILED, "no memory for the problem");
    if (!binding_form_team(threads, request->pus, m->seen, &m->delivered, why, sizeof why))
        return end_process(m, WORKER_FAILED, why);
    if (!open_sentinels(m))
        return end_process(m, WORKER_FAILED, "no memory for the sentinels");
    request->kernel->fill(m->state);
    report_process(m);
    int warm = warm_up(m, why, sizeof why);
    if (warm != WORKER_DONE)
        return end_process(m, warm, why);
    iterate_timed(m);
    clock_probe(threads, m->clock_ghz);
    if (!check(m, "after"))
        return end_process(m, WORKER_UNVERIFIED, "the result was wrong after the last timed iteration");
    if (m->idle > 0) {
        snprintf(why, sizeof why, "run() gave work to %d of %d threads", threads - m->idle, threads);
        return end_process(m, WORKER_FAILED, why);
    }
    int other;
    if (!sentinels_same_team(&m->sentinels, &other)) {
        snprintf(why, sizeof why, "thread %d of the team is not the one that it was at the beginning", other);
        return end_process(m, WORKER_FAILED, why);
    }
    if (!binding_read_back(threads, request->pus, m->seen, &m->delivered, why, sizeof why))
        return end_process(m, WORKER_FAILED, why);
    return end_process(m, WORKER_DONE, NULL);
}

int worker_measure(char **words, int count, int64_t started_ns)
{
    static struct measurement m;
    m.started_ns = started_ns;
    if (!request_parse(words, count, &m.request))
        return WORKER_USAGE;
    m.output.acknowledge = m.request.acknowledge;
    if (m.request.parent > 0) {
        /* Ends with its parent; the parent may have died before the signal was asked for. */
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != (pid_t)m.request.parent)
            return WORKER_FAILED;
    }
    int code = WORKER_FAILED;
    size_t threads = (size_t)m.request.config.threads;
    m.lanes = aligned_alloc(_Alignof(struct kernel_lane), threads * sizeof *m.lanes);
    m.seen = calloc(threads, sizeof *m.seen);
    m.clock_ghz = calloc(threads, sizeof *m.clock_ghz);
    if (m.lanes == NULL || m.seen == NULL || m.clock_ghz == NULL) {
        fprintf(stderr, "no memory for a team of %zu threads\n", threads);
        goto cleanup;
    }
    memset(m.lanes, 0, threads * sizeof *m.lanes);
    m.host = (struct host_reading){.throttled_s = NAN, .steal_s = NAN};
    code = measure(&m);
    sentinels_close(&m.sentinels);
    if (m.state != NULL)
        m.request.kernel->destroy(m.state);
cleanup:
    free(m.lanes);
    free(m.seen);
    free(m.clock_ghz);
    request_free(&m.request);
    return code;
}
