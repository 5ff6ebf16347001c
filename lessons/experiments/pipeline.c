/* pipeline: batches of a table on their way through clean → normalize → train → score → monitor.
 * mode=sequential does one thing after the other. mode=tasks makes each stage of each batch an OpenMP task
 * that depends on the stage before, and cuts its blocks into tasks of their own. Of several processes each
 * takes its share of the batches, with memory of its own. The monitor waits for an answer (answer=MS, a sleep
 * in the place of a network). Refuses to decide what may run beside what by luck: the dependences say it, and
 * the stamps show it.
 */
#include "kernels/team.h"
#include "lessons/experiments/experiment.h"
#include "lessons/experiments/pipeline_work.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { BATCHES_MAX = 16 };
enum stage { STAGE_CLEAN, STAGE_SCALE, STAGE_TRAIN, STAGE_SCORE, STAGES };
static const char *const stage_name[STAGES] = {"clean", "normalize", "train", "score"};
static const uint64_t table_seed = 2012; /* the same table in every condition */

/* When each block went through each stage; a slot has one writer at a time. */
struct block_times {
    int64_t first_begin_ns[STAGES], last_end_ns[STAGES], work_ns[STAGES];
} __attribute__((aligned(128)));

struct pipeline {
    struct pipeline_batch *batch;
    struct block_times (*times)[PIPELINE_BLOCKS];
    char *token; /* of each batch: what its tasks depend on */
    double *report;
    int batches, process, processes;
    struct timespec wait;
    bool tasks;
    struct experiment_lane *lane;
};

static void release_pipeline(void *state)
{
    struct pipeline *p = state;
    free(p->batch);
    free(p->times);
    free(p->token);
    free(p->report);
    free(p);
}

static const char *prepare_pipeline(const struct experiment_setup *setup, void **state)
{
    double batches = experiment_number(setup, "batches", 8), wait_ms = experiment_number(setup, "answer", 3);
    if (batches < 1 || batches > BATCHES_MAX || wait_ms < 0 || wait_ms > 1000)
        return "batches must be 1 to 16, and answer 0 to 1000 ms";
    struct pipeline *p = calloc(1, sizeof *p);
    if (p == NULL)
        return "no memory for the batches";
    size_t count = (size_t)batches;
    p->batches = (int)batches;
    p->process = setup->process;
    p->processes = setup->processes;
    p->wait = (struct timespec){(time_t)(wait_ms / 1000), (long)(1e6 * wait_ms) % 1000000000};
    p->tasks = strcmp(experiment_text(setup, "mode", "sequential"), "tasks") == 0;
    p->batch = aligned_alloc(_Alignof(struct pipeline_batch), count * sizeof *p->batch);
    p->times = aligned_alloc(_Alignof(struct block_times), count * sizeof *p->times);
    p->token = calloc(count, 1);
    p->report = calloc(count, sizeof *p->report);
    if (p->batch == NULL || p->times == NULL || p->token == NULL || p->report == NULL) {
        release_pipeline(p);
        return "no memory for the batches";
    }
    memset(p->times, 0, count * sizeof *p->times);
    for (int b = 0; b < p->batches; b++)
        pipeline_fill(&p->batch[b], table_seed + (uint64_t)b);
    *state = p;
    return NULL;
}

/* ---- one block in one stage ---- */

typedef void block_function(struct pipeline_batch *batch, int block);

static void do_block(struct pipeline *p, int batch, enum stage stage, int block, block_function *function)
{
    struct block_times *times = &p->times[batch][block];
    int64_t begin_ns = work_now_ns();
    function(&p->batch[batch], block);
    int64_t end_ns = work_now_ns();
    experiment_add_chunk(&p->lane[team_rank()], CHUNK_WORK, begin_ns, end_ns, false);
    if (times->first_begin_ns[stage] == 0)
        times->first_begin_ns[stage] = begin_ns;
    times->last_end_ns[stage] = end_ns;
    times->work_ns[stage] += end_ns - begin_ns;
}

/* All blocks of a stage, and back when the last one is done. */
static void do_blocks(struct pipeline *p, int batch, enum stage stage, block_function *function)
{
    if (!p->tasks) {
        for (int block = 0; block < PIPELINE_BLOCKS; block++)
            do_block(p, batch, stage, block, function);
        return;
    }
    /* No taskloop: what clang makes of one draws its own warnings of conversions, whatever the counter is. */
#pragma omp taskgroup
    for (int block = 0; block < PIPELINE_BLOCKS; block++) {
#pragma omp task
        do_block(p, batch, stage, block, function);
    }
}

/* ---- the stages of one batch ---- */

static void clean(struct pipeline *p, int batch)
{
    do_blocks(p, batch, STAGE_CLEAN, pipeline_clean);
}

static void normalize(struct pipeline *p, int batch)
{
    pipeline_merge(&p->batch[batch]);
    do_blocks(p, batch, STAGE_SCALE, pipeline_scale);
}

static void train(struct pipeline *p, int batch)
{
    pipeline_start(&p->batch[batch]);
    for (int i = 0; i < PIPELINE_ITERATIONS; i++) {
        do_blocks(p, batch, STAGE_TRAIN, pipeline_assign);
        pipeline_update(&p->batch[batch]);
    }
}

static void score(struct pipeline *p, int batch)
{
    do_blocks(p, batch, STAGE_SCORE, pipeline_score);
}

static void monitor(struct pipeline *p, int batch)
{
    p->report[batch] = pipeline_report(&p->batch[batch]);
    struct timespec left = p->wait;
    int64_t begin_ns = work_now_ns();
    while (nanosleep(&left, &left) != 0 && errno == EINTR) {
    }
    experiment_add_chunk(&p->lane[team_rank()], CHUNK_WAIT, begin_ns, work_now_ns(), false);
}

/* ---- all batches ---- */

static void run_in_order(struct pipeline *p)
{
    for (int b = p->process; b < p->batches; b += p->processes) {
        clean(p, b);
        normalize(p, b);
        train(p, b);
        score(p, b);
        monitor(p, b);
    }
}

/* Called by one thread of the team; the others take tasks. */
static void make_tasks(struct pipeline *p)
{
    for (int b = p->process; b < p->batches; b += p->processes) {
#pragma omp task depend(inout : p->token[b]) firstprivate(b)
        clean(p, b);
#pragma omp task depend(inout : p->token[b]) firstprivate(b)
        normalize(p, b);
#pragma omp task depend(inout : p->token[b]) firstprivate(b)
        train(p, b);
#pragma omp task depend(inout : p->token[b]) firstprivate(b)
        score(p, b);
#pragma omp task depend(inout : p->token[b]) firstprivate(b)
        monitor(p, b);
    }
}

/* ---- what was seen ---- */

static double stage_seconds(const struct pipeline *p, enum stage stage)
{
    int64_t sum_ns = 0;
    for (int b = 0; b < p->batches; b++)
        for (int block = 0; block < PIPELINE_BLOCKS; block++)
            sum_ns += p->times[b][block].work_ns[stage];
    return 1e-9 * (double)sum_ns;
}

/* Blocks of a batch whose statistics were ready while another block of it was not yet cleaned; and blocks
 * that were scaled before all of their batch were cleaned, of which there must be none. */
static void add_order(const struct pipeline *p, struct experiment_result *result)
{
    int blocks = 0, accumulated_early = 0, scaled_early = 0;
    for (int b = p->process; b < p->batches; b += p->processes) {
        int64_t all_clean_ns = 0;
        for (int i = 0; i < PIPELINE_BLOCKS; i++) {
            int64_t clean_ns = p->times[b][i].last_end_ns[STAGE_CLEAN];
            all_clean_ns = clean_ns > all_clean_ns ? clean_ns : all_clean_ns;
        }
        for (int i = 0; i < PIPELINE_BLOCKS; i++) {
            blocks++;
            accumulated_early += p->times[b][i].last_end_ns[STAGE_CLEAN] < all_clean_ns;
            scaled_early += p->times[b][i].first_begin_ns[STAGE_SCALE] < all_clean_ns;
        }
    }
    experiment_add_value(result, "blocks", blocks, "1");
    experiment_add_value(result, "accumulated_early", accumulated_early, "1");
    experiment_add_value(result, "scaled_early", scaled_early, "1");
}

static void add_values(const struct pipeline *p, struct experiment_result *result)
{
    for (int s = 0; s < STAGES; s++)
        experiment_add_value(result, stage_name[s], stage_seconds(p, (enum stage)s), "s");
    add_order(p, result);
    for (int b = p->process; b < p->batches; b += p->processes) {
        char name[32];
        snprintf(name, sizeof name, "report_%d", b);
        experiment_add_value(result, name, p->report[b], "1");
    }
}

static const char *run_pipeline(
    const struct experiment_setup *setup, void *state, struct experiment_result *result)
{
    struct pipeline *p = state;
    p->lane = result->lane;
#pragma omp parallel num_threads(setup->threads)
    experiment_lane_begin(&result->lane[team_rank()]);
    int64_t begin_ns = work_now_ns();
    if (!p->tasks)
        run_in_order(p);
    else {
#pragma omp parallel num_threads(setup->threads)
#pragma omp single
        make_tasks(p);
    }
    result->end_ns = work_now_ns();
    result->begin_ns = begin_ns;
#pragma omp parallel num_threads(setup->threads)
    experiment_lane_end(&result->lane[team_rank()]);
    add_values(p, result);
    return NULL;
}

const struct experiment experiment_pipeline = {
    .name = "pipeline",
    .what = "clean, normalize, train, score, monitor; mode=sequential|tasks batches=N answer=MS",
    .prepare = prepare_pipeline,
    .run = run_pipeline,
    .release = release_pipeline,
};
