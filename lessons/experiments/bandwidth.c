/* bandwidth: kernels of the suite, one after the other, by the same team: scaling a large table, the stream
 * of the same mix of reads and writes over as much memory, the stream over so little that a cache holds it,
 * and a product of matrices that fit in the caches; and the clock of every thread meanwhile. Says how fast
 * each was, over the repetitions that fit in the time. Refuses to compare.
 */
#include "kernels/clock_chain.h"
#include "kernels/digest.h"
#include "kernels/kernel.h"
#include "kernels/team.h"
#include "lessons/experiments/experiment.h"

#include <stdlib.h>
#include <string.h>

extern const struct kernel kernel_normalize_f32, kernel_matmul_f32, kernel_stream_f32;

enum { JOBS = 4, PRODUCTS = 8, REPEATS_MAX = 50, CLOCK_WINDOWS = 3, SAMPLES = 512, COLUMNS = 32 };
enum job_index { JOB_TABLE, JOB_STREAM, JOB_SMALL, JOB_PRODUCT };

/* One kernel with its problem. */
struct job {
    const char *rate_name, *rate_unit;
    const struct kernel *kernel;
    const struct kernel_variant *variant;
    struct kernel_config config;
    double work; /* bytes or operations of one run */
    void *state;
    double seconds[REPEATS_MAX];
};

struct bandwidth {
    struct job job[JOBS];
    struct kernel_lane *lanes;
    double clock_ghz[REPEATS_MAX];
    int repeats;
};

static const struct kernel_variant *find_variant(const struct kernel *kernel, const char *name)
{
    for (int v = 0; v < kernel->variant_count; v++)
        if (name != NULL ? strcmp(kernel->variants[v].name, name) == 0 : kernel->variants[v].is_default)
            return &kernel->variants[v];
    return NULL;
}

/* NULL: how the job's problem came to be; else why not. */
static const char *job_make(struct job *job, bool bytes)
{
    struct kernel_cost cost;
    const char *reason = job->kernel->reject(&job->config);
    if (reason != NULL)
        return reason;
    job->kernel->cost(&job->config, job->variant, &cost);
    job->work = bytes ? cost.bytes : cost.flop;
    job->state = job->kernel->create(&job->config, job->variant);
    if (job->state == NULL)
        return "no memory for the tables";
    job->kernel->fill(job->state);
    job->kernel->spoil(job->state, true); /* touches the result too: its pages come before the timer */
    return NULL;
}

/* The stream that bounds the table: its mix of reads and writes, as much memory. */
static const char *stream_of(const struct job *table, struct job *stream)
{
    struct kernel_ceiling ceiling[KERNEL_CEILINGS_MAX];
    int count = table->kernel->ceilings(&table->config, table->variant, ceiling);
    for (int c = 0; c < count; c++)
        if (strcmp(ceiling[c].kernel, stream->kernel->name) == 0) {
            stream->variant = find_variant(stream->kernel, ceiling[c].variant);
            stream->config.shape[0] = ceiling[c].extent;
        }
    return stream->variant != NULL ? NULL : "the table names no stream that bounds it";
}

static void release_bandwidth(void *state)
{
    struct bandwidth *b = state;
    for (int j = 0; j < JOBS; j++)
        if (b->job[j].state != NULL)
            b->job[j].kernel->destroy(b->job[j].state);
    free(b->lanes);
    free(b);
}

static void job_run(struct bandwidth *b, int j, int repeat)
{
    struct job *job = &b->job[j];
    /* Several products in a row, as people multiply them: the first finds the caches full of something else.
     */
    int times = j == JOB_PRODUCT ? PRODUCTS : 1;
    int64_t begin_ns = work_now_ns();
    for (int i = 0; i < times; i++)
        job->variant->run(job->state, b->lanes);
    job->seconds[repeat] = 1e-9 * (double)(work_now_ns() - begin_ns) / times;
}

static const char *prepare_bandwidth(const struct experiment_setup *setup, void **state)
{
    struct bandwidth *b = calloc(1, sizeof *b);
    if (b == NULL)
        return "no memory for the tables";
    b->lanes = aligned_alloc(_Alignof(struct kernel_lane), (size_t)setup->threads * sizeof *b->lanes);
    struct kernel_config config = {.seed = setup->seed,
        .threads = setup->threads,
        .l1d_bytes = (size_t)experiment_number(setup, "l1d", 0),
        .l2_bytes = (size_t)experiment_number(setup, "l2", 0),
        .l3_bytes = (size_t)experiment_number(setup, "l3", 0)};
    b->job[JOB_TABLE] = (struct job){"table", "B/s", &kernel_normalize_f32,
        find_variant(&kernel_normalize_f32, NULL), config, 0, NULL, {0}};
    b->job[JOB_STREAM] = (struct job){"stream", "B/s", &kernel_stream_f32, NULL, config, 0, NULL, {0}};
    b->job[JOB_PRODUCT] = (struct job){"product", "flop/s", &kernel_matmul_f32,
        find_variant(&kernel_matmul_f32, NULL), config, 0, NULL, {0}};
    /* Three arrays; stores past the caches would take it to memory, however small it is. */
    b->job[JOB_SMALL] = (struct job){"small_stream", "B/s", &kernel_stream_f32,
        find_variant(&kernel_stream_f32, "triad"), config, 0, NULL, {0}};
    b->job[JOB_SMALL].config.shape[0] =
        (int64_t)experiment_number(setup, "small", 1 << 23) / (3 * (int64_t)sizeof(float));
    int64_t bytes = (int64_t)experiment_number(setup, "bytes", 1 << 26);
    int64_t n = (int64_t)experiment_number(setup, "n", 384);
    b->job[JOB_TABLE].config.shape[0] = bytes / (COLUMNS * (int64_t)sizeof(float));
    b->job[JOB_TABLE].config.shape[1] = COLUMNS;
    for (int d = 0; d < 3; d++)
        b->job[JOB_PRODUCT].config.shape[d] = n;
    const char *reason = b->lanes == NULL ? "no memory for the stamps" : NULL;
    if (reason == NULL)
        reason = job_make(&b->job[JOB_TABLE], true);
    if (reason == NULL)
        reason = stream_of(&b->job[JOB_TABLE], &b->job[JOB_STREAM]);
    if (reason == NULL)
        reason = job_make(&b->job[JOB_STREAM], true);
    if (reason == NULL)
        reason = job_make(&b->job[JOB_SMALL], true);
    if (reason == NULL)
        reason = job_make(&b->job[JOB_PRODUCT], false);
    if (reason != NULL) {
        release_bandwidth(b);
        return reason;
    }
    memset(b->lanes, 0, (size_t)setup->threads * sizeof *b->lanes);
    for (int j = 0; j < JOBS; j++) /* the first run meets cold caches and sleeping threads */
        job_run(b, j, 0);
    *state = b;
    return NULL;
}

/* The mean over the team, each thread's own clock being the best of some windows, all at once. */
static double team_clock_ghz(int threads)
{
    double sum = 0;
#pragma omp parallel num_threads(threads) reduction(+ : sum)
    {
        double best = 0;
        for (int w = 0; w < CLOCK_WINDOWS; w++) {
            double ghz = clock_chain_ghz();
            best = ghz > best ? ghz : best;
        }
        sum = best;
    }
    return sum / threads;
}

static int compare_numbers(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

static double median(double *values, int count)
{
    qsort(values, (size_t)count, sizeof *values, compare_numbers);
    return count % 2 != 0 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* A hash of some entries of every result that a kernel hands out: the same for every team. */
static uint64_t digest_results(const struct job *job)
{
    struct kernel_result result[KERNEL_RESULTS_MAX];
    uint64_t digest = 0;
    if (job->kernel->results == NULL)
        return 0;
    int count = job->kernel->results(job->state, result);
    for (int r = 0; r < count; r++) {
        if (result[r].number != KERNEL_F32)
            continue;
        int64_t entries = result[r].rows * (result[r].columns > 0 ? result[r].columns : 1);
        for (int64_t i = 0; i < SAMPLES && entries > 0; i++) {
            uint32_t bits;
            memcpy(&bits, (const float *)result[r].data + i * (entries - 1) / (SAMPLES - 1), sizeof bits);
            digest = digest_mix(digest, bits);
        }
    }
    return digest;
}

static void add_busy(struct bandwidth *b, int threads, struct experiment_lane *lanes)
{
    for (int t = 0; t < threads; t++) {
        struct kernel_lane *lane = &b->lanes[t];
        for (int s = 0; s < lane->spans && s < KERNEL_SPANS_MAX; s++)
            experiment_add_chunk(&lanes[t], CHUNK_WORK, lane->span[s].begin_ns, lane->span[s].end_ns, false);
        lane->spans = 0;
        lane->busy_ns = 0;
    }
}

static const char *run_bandwidth(
    const struct experiment_setup *setup, void *state, struct experiment_result *result)
{
    struct bandwidth *b = state;
    add_busy(b, setup->threads, result->lane); /* what was done before does not count */
    for (int t = 0; t < setup->threads; t++)
        result->lane[t].count = result->lane[t].seen = 0;
#pragma omp parallel num_threads(setup->threads)
    experiment_lane_begin(&result->lane[team_rank()]);
    int64_t begin_ns = work_now_ns(), end_ns = begin_ns + (int64_t)(1e9 * setup->seconds);
    while (b->repeats < REPEATS_MAX && (b->repeats < 2 || work_now_ns() < end_ns)) {
        for (int j = 0; j < JOBS; j++) {
            job_run(b, j, b->repeats);
            add_busy(b, setup->threads, result->lane);
        }
        b->clock_ghz[b->repeats++] = team_clock_ghz(setup->threads);
    }
    result->begin_ns = begin_ns;
    result->end_ns = work_now_ns();
#pragma omp parallel num_threads(setup->threads)
    experiment_lane_end(&result->lane[team_rank()]);
    for (int j = 0; j < JOBS; j++) {
        struct job *job = &b->job[j];
        experiment_add_value(
            result, job->rate_name, job->work / median(job->seconds, b->repeats), job->rate_unit);
        result->checksum = digest_mix(result->checksum, digest_results(job));
    }
    double ghz = median(b->clock_ghz, b->repeats);
    if (ghz > 0)
        experiment_add_value(result, "clock", 1e9 * ghz, "Hz");
    return NULL;
}

const struct experiment experiment_bandwidth = {
    .name = "bandwidth",
    .what = "normalize, stream and matmul of the suite; bytes=TABLE small=STREAM n=MATRIX l1d= l2= l3=BYTES",
    .prepare = prepare_bandwidth,
    .run = run_bandwidth,
    .release = release_bandwidth,
};
