/* The sweep. Randomised complete blocks (Montgomery, Design and Analysis of Experiments, ch. 4): each block
 * runs every cell once, in a random order, so that a drift of the machine falls on all cells alike. Block 0
 * is the pilot: it sets the iterations of each process, once, and is not part of any estimate. */
#include "harness/measure/supervisor.h"
#include "harness/analysis/interval.h"
#include "harness/base/text.h"
#include "harness/measure/block_order.h"
#include "harness/measure/child.h"
#include "harness/measure/process.h"
#include "harness/measure/schedule.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static const double pilot_s = 0.1;      /* what a pilot process measures */
static const double slowest_rate = 2e8; /* operations or bytes a second: slower than this counts as hung */
static const double patience = 10;      /* × the pilot's time, for the processes that follow */
static const double patience_least_s = 10;
enum { FAILURES_MAX = 2, PILOT_RUNS = 3 };

struct cell_state {
    double *median; /* of each counted process */
    size_t processes;
    double process_s; /* expected for the next process */
    double last_timed_s;
    double iteration_s; /* mean of the last process: a budget pays for the slow ones too */
    int failures;
    bool active; /* measured in the next block */
    long repeat;
};

struct supervisor {
    const struct plan_request *request;
    const struct plan *plan;
    const struct machine *machine;
    const struct worker_list *workers;
    const struct supervisor_sink *sink;
    struct error *error;
    struct cell_state *state; /* for each cell */
    long *iterations;         /* for each cell; 0 in the pilot */
    int *order;
    struct schedule schedule;
    double began_s;
    long processes; /* started so far */
    int blocks;     /* complete ones after the pilot */
    double longest_block_s;
};

/* ---- one process ---- */

static double elapsed_s(const struct supervisor *supervisor)
{
    return child_now_s() - supervisor->began_s;
}

static void tell(
    const struct supervisor *supervisor, const struct cell *cell, int block, int position, const char *note)
{
    int count = supervisor->plan->cell_count;
    int blocks_planned = block > supervisor->schedule.blocks ? block : supervisor->schedule.blocks;
    struct supervisor_progress progress = {.cell = cell,
        .block = block,
        .blocks_planned = blocks_planned,
        .done = block * count + position,
        .total = (blocks_planned + 1) * count,
        .elapsed_s = elapsed_s(supervisor),
        .remaining_s = -1,
        .note = note};
    if (block > 0)
        progress.remaining_s = supervisor->schedule.block_s *
                               ((blocks_planned - block + 1) - (double)position / (count > 0 ? count : 1));
    if (supervisor->sink->progress != NULL)
        supervisor->sink->progress(supervisor->sink->context, &progress);
}

static double timeout_of(const struct supervisor *supervisor, const struct cell *cell, int block)
{
    const struct plan_request *request = supervisor->request;
    if (request->timeout_s > 0)
        return request->timeout_s;
    if (block > 0)
        return patience * supervisor->state[cell->id].process_s + patience_least_s;
    return fmax(60, request->budget_s) + PILOT_RUNS * fmax(cell->flop, cell->bytes) / slowest_rate;
}

static void now_utc(char *buffer, size_t size)
{
    struct timespec t;
    struct tm parts;
    clock_gettime(CLOCK_REALTIME, &t);
    gmtime_r(&t.tv_sec, &parts);
    size_t n = strftime(buffer, size, "%Y-%m-%dT%H:%M:%S", &parts);
    snprintf(buffer + n, size - n, ".%03ldZ", t.tv_nsec / 1000000);
}

/* What a process tells about its cell. A failed check ends the cell: its other processes would fail too. A
 * process that died may have been hit by chance: the cell goes on until it happens again. */
static void learn(
    struct supervisor *supervisor, const struct cell *cell, int block, const struct process_result *result)
{
    struct cell_state *state = &supervisor->state[cell->id];
    if (result->interrupted)
        return;
    if (!result->done) {
        state->failures++;
        if (result->unverified || block == 0 || state->failures >= FAILURES_MAX)
            state->active = false;
        return;
    }
    state->repeat = result->repeat;
    state->process_s = result->wall_s;
    state->last_timed_s = result->timed_s;
    state->iteration_s = result->timed_s / (double)result->iterations;
    state->median = memory_grow(state->median, state->processes + 1, sizeof *state->median);
    state->median[state->processes++] = result->median_s;
}

/* One block, in its own order. False when it was interrupted or the sink failed (`status` says which). */
static bool run_block(struct supervisor *supervisor, int block, enum status *status)
{
    int count = supervisor->plan->cell_count, position = 0;
    double began_s = child_now_s();
    block_order_make(supervisor->request->order_seed, block, count, supervisor->order);
    for (int i = 0; i < count; i++) {
        const struct cell *cell = &supervisor->plan->cell[supervisor->order[i]];
        struct cell_state *state = &supervisor->state[cell->id];
        char started[64];
        if (!state->active)
            continue;
        tell(supervisor, cell, block, i, NULL);
        now_utc(started, sizeof started);
        struct process_order order = {.data = supervisor->request->data,
            .cell = cell,
            .worker = worker_list_named(supervisor->workers, cell->worker),
            .machine = supervisor->machine,
            .key = {.process = supervisor->processes++,
                .cell = cell->id,
                .block = block,
                .position = position++,
                .worker = cell->worker,
                .started = started},
            .seed = supervisor->request->seed,
            .iterations = supervisor->iterations[cell->id],
            .repeat = state->repeat,
            .pilot_s = pilot_s,
            .timeout_s = timeout_of(supervisor, cell, block)};
        struct process_result result;
        *status = process_run(&order, supervisor->sink, &result, supervisor->error);
        if (*status != STATUS_OK)
            return false;
        learn(supervisor, cell, block, &result);
        if (result.interrupted || interrupt_seen()) {
            *status = STATUS_INTERRUPTED;
            return false;
        }
    }
    double took_s = child_now_s() - began_s;
    supervisor->longest_block_s = block > 0 ? fmax(supervisor->longest_block_s, took_s) : 0;
    return true;
}

/* ---- the pilot's lesson ---- */

static bool is_kept(const struct plan *plan, const struct cell *cell)
{
    if (cell->serial_base || cell->threads == 1)
        return true;
    for (int p = 0; p < plan->point_count; p++)
        if (plan->point[p].threads == cell->threads)
            return plan->point[p].boundary || p + 1 == plan->point_count;
    return true;
}

static enum status schedule_run(struct supervisor *supervisor)
{
    const struct plan_request *request = supervisor->request;
    int count = supervisor->plan->cell_count;
    struct pilot_cell *pilot = memory_new((size_t)count + 1, sizeof *pilot);
    bool *dropped = memory_new((size_t)count + 1, sizeof *dropped);
    char **reason = memory_new((size_t)count + 1, sizeof *reason);
    for (int c = 0; c < count; c++) {
        struct cell_state *state = &supervisor->state[c];
        const struct cell *cell = &supervisor->plan->cell[c];
        double iteration_s = state->processes > 0 ? state->iteration_s : 1;
        pilot[c] = (struct pilot_cell){.overhead_s = fmax(0, state->process_s - state->last_timed_s),
            .iteration_s = iteration_s,
            .threads = cell->threads,
            .kept = is_kept(supervisor->plan, cell),
            .spare = cell->is_reference && cell->rate == RATE_NONE,
            .absent = !state->active};
        state->processes = 0; /* the pilot is not part of any estimate */
    }
    schedule_make(pilot, count, request->budget_s - elapsed_s(supervisor), request->blocks,
        &supervisor->schedule, supervisor->iterations, dropped);
    for (int c = 0; c < count; c++) {
        struct cell_state *state = &supervisor->state[c];
        state->process_s = pilot[c].overhead_s + (double)supervisor->iterations[c] * pilot[c].iteration_s;
        if (!dropped[c])
            continue;
        state->active = false;
        reason[c] = text_copy(
            pilot[c].spare ? "budget: the cost of regions and barriers does not fit; a larger --budget "
                             "measures it"
                           : "budget: an interior point that does not fit; a larger --budget measures it");
    }
    char *line = protocol_schedule(
        supervisor->schedule.blocks, supervisor->schedule.over_budget, supervisor->iterations, reason, count);
    enum status status = supervisor->sink->append(supervisor->sink->context, line, supervisor->error);
    free(line);
    for (int c = 0; c < count; c++)
        free(reason[c]);
    free(reason);
    free(dropped);
    free(pilot);
    return status;
}

static void say_over_budget(const struct supervisor *supervisor)
{
    char note[256], needed[32], budget[32];
    double total_s = elapsed_s(supervisor) + supervisor->schedule.blocks * supervisor->schedule.block_s;
    text_seconds(total_s, needed, sizeof needed);
    text_seconds(supervisor->request->budget_s, budget, sizeof budget);
    snprintf(note, sizeof note,
        "over budget: %d blocks take about %s, the budget is %s; fewer cells, a smaller --size or --blocks 3 "
        "take less",
        supervisor->schedule.blocks, needed, budget);
    tell(supervisor, NULL, 1, 0, note);
}

/* ---- when to stop ---- */

static bool all_precise(const struct supervisor *supervisor)
{
    for (int c = 0; c < supervisor->plan->cell_count; c++) {
        const struct cell_state *state = &supervisor->state[c];
        if (!state->active || supervisor->plan->cell[c].is_reference)
            continue; /* a ceiling is as precise as the rows under it let it be */
        double median = median_of(state->median, state->processes);
        double precision = interval_precision(median_interval(state->median, state->processes), median);
        if (!(precision <= supervisor->request->precision))
            return false;
    }
    return true;
}

static bool any_active(const struct supervisor *supervisor)
{
    for (int c = 0; c < supervisor->plan->cell_count; c++)
        if (supervisor->state[c].active)
            return true;
    return false;
}

/* Asked before each block, `blocks` of them done. True with the reason in `end` when no other should follow.
 */
static bool should_stop(const struct supervisor *supervisor, enum supervisor_end *end)
{
    const struct plan_request *request = supervisor->request;
    int blocks = supervisor->blocks;
    if (!any_active(supervisor)) {
        *end = END_FAILED;
        return true;
    }
    if (request->blocks > 0) {
        *end = END_BLOCKS;
        return blocks >= request->blocks;
    }
    if (blocks >= BLOCKS_TO_JUDGE && schedule_next_look(blocks - 1) == blocks && all_precise(supervisor)) {
        *end = END_PRECISION;
        return true;
    }
    *end = END_BUDGET;
    double next_s = fmax(supervisor->schedule.block_s, supervisor->longest_block_s);
    return blocks >= BLOCKS_LEAST && elapsed_s(supervisor) + next_s > request->budget_s;
}

/* ---- the run ---- */

static enum status run_blocks(struct supervisor *supervisor, enum supervisor_end *end)
{
    enum status status = STATUS_OK;
    if (!run_block(supervisor, 0, &status))
        return status;
    status = schedule_run(supervisor);
    if (status == STATUS_OK && supervisor->schedule.over_budget)
        say_over_budget(supervisor);
    while (status == STATUS_OK && !should_stop(supervisor, end))
        if (run_block(supervisor, supervisor->blocks + 1, &status))
            supervisor->blocks++;
    return status;
}

static enum status end_run(const struct supervisor *supervisor, enum supervisor_end end)
{
    static const char *const reasons[] = {[END_PRECISION] = "precision",
        [END_BUDGET] = "budget",
        [END_BLOCKS] = "blocks",
        [END_INTERRUPTED] = "interrupted",
        [END_FAILED] = "failed"};
    char *line = protocol_end_run(reasons[end], supervisor->blocks, elapsed_s(supervisor));
    enum status status = supervisor->sink->append(supervisor->sink->context, line, supervisor->error);
    free(line);
    return status;
}

enum status supervisor_run(const struct plan_request *request, const struct plan *plan,
    const struct machine *machine, const struct worker_list *workers, const struct supervisor_sink *sink,
    enum supervisor_end *end, struct error *error)
{
    size_t count = (size_t)plan->cell_count;
    struct supervisor supervisor = {.request = request,
        .plan = plan,
        .machine = machine,
        .workers = workers,
        .sink = sink,
        .error = error,
        .state = memory_new(count, sizeof *supervisor.state),
        .iterations = memory_new(count, sizeof *supervisor.iterations),
        .order = memory_new(count, sizeof *supervisor.order),
        .schedule = {.blocks = request->blocks > 0 ? request->blocks : BLOCKS_WANTED},
        .began_s = child_now_s()};
    for (size_t c = 0; c < count; c++)
        supervisor.state[c].active = true;
    enum supervisor_end reached = END_FAILED;
    enum status status = run_blocks(&supervisor, &reached);
    if (status == STATUS_INTERRUPTED)
        reached = END_INTERRUPTED;
    if (status != STATUS_FAILED && end_run(&supervisor, reached) != STATUS_OK)
        status = STATUS_FAILED;
    *end = reached;
    for (size_t c = 0; c < count; c++)
        free(supervisor.state[c].median);
    free(supervisor.state);
    free(supervisor.iterations);
    free(supervisor.order);
    return status;
}
