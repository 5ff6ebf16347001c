/* Rows of unequal work, shared among the threads of a team by one of OpenMP's schedules: row i costs i + 1
 * units, as in a triangular matrix; or, for comparison, the same work in equal rows. What each thread did is
 * stamped row by row.
 *
 * The work is the same in every schedule, and so is the checksum. */
#include "kernels/team.h"
#include "lessons/experiments/experiment.h"

#include <math.h>
#include <omp.h>
#include <stdlib.h>
#include <string.h>

struct rows {
    int64_t rows, unit; /* rounds of work_compute() in the shortest row */
    bool equal;
    omp_sched_t kind;
    int chunk; /* rows handed out at a time, 0 the schedule's own default */
};

static int64_t rounds_of(const struct rows *rows, int64_t i)
{
    return rows->equal ? rows->unit * (rows->rows + 1) / 2 : rows->unit * (i + 1);
}

static const char *schedule_prepare(const struct experiment_setup *setup, void **state)
{
    static const struct {
        const char *name;
        omp_sched_t kind;
        int chunk;
    } kinds[] = {{"static", omp_sched_static, 0}, {"static1", omp_sched_static, 1},
        {"dynamic", omp_sched_dynamic, 1}, {"guided", omp_sched_guided, 1}};
    const char *wanted = experiment_text(setup, "kind", "static");
    struct rows *rows = calloc(1, sizeof *rows);
    if (rows == NULL)
        return "no memory";
    rows->rows = (int64_t)experiment_number(setup, "rows", 256);
    rows->equal = strcmp(experiment_text(setup, "shape", "triangle"), "equal") == 0;
    rows->unit = (int64_t)experiment_number(setup, "unit", 1000);
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (strcmp(kinds[k].name, wanted) == 0) {
            rows->kind = kinds[k].kind;
            rows->chunk = kinds[k].chunk;
            *state = rows;
            return NULL;
        }
    free(rows);
    return "kind is static, static1, dynamic or guided";
}

static const char *schedule_run(
    const struct experiment_setup *setup, void *state, struct experiment_result *result)
{
    const struct rows *rows = state;
    uint64_t mixed = 0;
    double busy_max_s = 0, busy_s = 0;
    omp_set_schedule(rows->kind, rows->chunk);
#pragma omp parallel num_threads(setup->threads) reduction(^ : mixed) reduction(+ : busy_s)                   \
    reduction(max : busy_max_s)
    {
        struct experiment_lane *lane = &result->lane[team_rank()];
        experiment_lane_begin(lane);
        int64_t cpu_ns = work_thread_cpu_ns();
#pragma omp for schedule(runtime) nowait
        for (int64_t i = 0; i < rows->rows; i++) {
            int64_t begin = work_now_ns();
            mixed ^= work_compute((uint64_t)i, rounds_of(rows, i));
            experiment_add_chunk(lane, CHUNK_WORK, begin, work_now_ns(), false);
        }
        busy_s = busy_max_s = 1e-9 * (double)(work_thread_cpu_ns() - cpu_ns);
        experiment_lane_end(lane);
    }
    experiment_add_value(result, "busy_max", busy_max_s, "s");
    experiment_add_value(result, "busy_mean", busy_s / setup->threads, "s");
    result->checksum = mixed;
    return NULL;
}

static void schedule_release(void *state)
{
    free(state);
}

const struct experiment experiment_schedule = {
    .name = "schedule",
    .what =
        "rows of growing cost; kind=static|static1|dynamic|guided rows=N unit=ROUNDS shape=triangle|equal",
    .prepare = schedule_prepare,
    .run = schedule_run,
    .release = schedule_release,
};
