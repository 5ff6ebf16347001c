/* The sweep. Randomised complete blocks (Montgomery, Design and Analysis of Experiments, ch. 4): each block
 * runs every cell once, in a random order, so that a drift of the machine falls on all cells alike. Block 0
 * is the pilot: it sets the iterations of each process, once, and is not part of any estimate. */
#include "harness/measure/supervisor.h"
#include "harness/analysis/verdict.h"
#include "harness/base/cell_sides.h"
#include "harness/base/text.h"
#include "harness/measure/block_order.h"
#include "harness/measure/child.h"
#include "harness/measure/process.h"
#include "harness/measure/protocol.h"
#include "harness/measure/supervisor_parts.h"

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

/* ---- one process ---- */

double supervisor_elapsed_s(const struct supervisor *supervisor)
{
    return child_now_s() - supervisor->began_s;
}

void supervisor_tell(
    const struct supervisor *supervisor, const struct cell *cell, int block, int position, const char *note)
{
    int count = supervisor->plan->cell_count;
    int blocks_planned = block > supervisor->schedule.blocks ? block : supervisor->schedule.blocks;
    struct supervisor_progress progress = {.cell = cell,
        .block = block,
        .blocks_planned = blocks_planned,
        .done = block * count + position,
        .total = (blocks_planned + 1) * count,
        .elapsed_s = supervisor_elapsed_s(supervisor),
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

static void keep_median(struct cell_state *state, int block, double median_s)
{
    if (block > state->blocks)
        state->median = memory_grow(state->median, (size_t)block, sizeof *state->median);
    for (; state->blocks < block; state->blocks++)
        state->median[state->blocks] = NAN;
    state->median[block - 1] = median_s;
}

/* What a process tells about its cell. A failed check ends the cell: its other processes would fail too. A
 * process that died may have been hit by chance: the cell goes on until it happens again. */
void supervisor_learn(
    struct supervisor *supervisor, const struct cell *cell, int block, const struct process_outcome *outcome)
{
    struct cell_state *state = &supervisor->state[cell->id];
    if (!outcome->done) {
        state->failures++;
        if (outcome->unverified || block == 0 || state->failures >= FAILURES_MAX)
            state->active = false;
        return;
    }
    state->repeat = outcome->repeat;
    state->process_s = outcome->wall_s;
    state->last_timed_s = outcome->timed_s;
    state->iteration_s = outcome->timed_s / (double)outcome->iterations;
    state->processes++;
    if (block > 0)
        keep_median(state, block, outcome->median_s);
}

/* Measures one cell once. False when it was interrupted or the sink failed (`status` says which). */
static bool run_process(
    struct supervisor *supervisor, const struct cell *cell, int block, int position, enum status *status)
{
    char started[64];
    now_utc(started, sizeof started);
    struct process_order order = {.data = supervisor->request->data,
        .cell = cell,
        .worker = worker_list_named(supervisor->workers, cell->worker),
        .machine = supervisor->machine,
        .key = {.process = supervisor->processes++,
            .cell = cell->id,
            .block = block,
            .position = position,
            .worker = cell->worker,
            .started = started},
        .seed = supervisor->request->seed,
        .iterations = supervisor->iterations[cell->id],
        .repeat = supervisor->state[cell->id].repeat,
        .pilot_s = pilot_s,
        .timeout_s = timeout_of(supervisor, cell, block)};
    struct process_result result;
    *status = process_run(&order, supervisor->sink, &result, supervisor->error);
    if (*status != STATUS_OK)
        return false;
    struct process_outcome outcome = {.done = result.done,
        .unverified = result.unverified,
        .median_s = result.median_s,
        .timed_s = result.timed_s,
        .wall_s = result.wall_s,
        .iterations = result.iterations,
        .repeat = result.repeat};
    if (!result.interrupted)
        supervisor_learn(supervisor, cell, block, &outcome);
    if (result.interrupted || interrupt_seen())
        *status = STATUS_INTERRUPTED;
    return *status == STATUS_OK;
}

/* One block, in its own order; of a run that is carried on, what is missing of it. False as above. */
static bool run_block(struct supervisor *supervisor, int block, enum status *status)
{
    int count = supervisor->plan->cell_count, position = 0;
    double took_s = supervisor_recall(supervisor, block), began_s = child_now_s();
    block_order_make(supervisor->request->order_seed, block, count, supervisor->order);
    for (int i = 0; i < count; i++) {
        const struct cell *cell = &supervisor->plan->cell[supervisor->order[i]];
        const struct cell_state *state = &supervisor->state[cell->id];
        if (!state->active && !state->ran)
            continue;
        if (!state->ran && !supervisor->warmed) {
            double warm_began_s = child_now_s();
            *status = supervisor_warm(supervisor);
            supervisor->began_s += child_now_s() - warm_began_s;
            began_s += child_now_s() - warm_began_s;
            if (*status != STATUS_OK)
                return false;
        }
        if (!state->ran) {
            supervisor_tell(supervisor, cell, block, i, NULL);
            if (!run_process(supervisor, cell, block, position, status))
                return false;
        }
        position++;
    }
    took_s += child_now_s() - began_s;
    supervisor->longest_block_s = block > 0 ? fmax(supervisor->longest_block_s, took_s) : 0;
    return true;
}

/* ---- the run ---- */

/* What a person should know before it takes that long, or for nothing. */
static void say_what_will_be(const struct supervisor *supervisor)
{
    const struct block_needs *needs = &supervisor->needs;
    char note[300], needed[32], budget[32];
    double total_s =
        supervisor_elapsed_s(supervisor) + supervisor->schedule.blocks * supervisor->schedule.block_s;
    text_seconds(total_s, needed, sizeof needed);
    text_seconds(supervisor->request->budget_s, budget, sizeof budget);
    /* The schedule keeps a reserve, which a busy machine uses up. */
    const char *how = total_s > supervisor->request->budget_s ? "over budget" : "hardly within budget";
    if (supervisor->pairs > 0 && needs->asked > 0 && needs->asked < needs->fewest)
        snprintf(note, sizeof note,
            "too few blocks for any verdict: %d row%s %d pairs, and --blocks asks for %d; leave it out, or "
            "ask "
            "for more",
            supervisor->pairs, supervisor->pairs == 1 ? " needs" : "s need",
            (int)verdict_pairs_needed((size_t)supervisor->pairs), needs->asked);
    else if (supervisor->schedule.over_budget && supervisor->pairs > 0 && needs->asked == 0)
        snprintf(note, sizeof note,
            "%s: %d row%s %d blocks for any verdict, which take about %s, and the budget is %s; "
            "fewer "
            "rows or a smaller --size take less",
            how, supervisor->pairs, supervisor->pairs == 1 ? " needs" : "s need", supervisor->schedule.blocks,
            needed, budget);
    else if (supervisor->schedule.over_budget)
        snprintf(note, sizeof note,
            "%s: %d block%s about %s, the budget is %s; fewer cells, a smaller --size or --blocks 3 "
            "take less",
            how, supervisor->schedule.blocks, supervisor->schedule.blocks == 1 ? " takes" : "s take", needed,
            budget);
    else
        return;
    supervisor_tell(supervisor, NULL, 1, 0, note);
}

static enum status run_blocks(struct supervisor *supervisor, enum supervisor_end *end)
{
    enum status status = STATUS_OK;
    if (!run_block(supervisor, 0, &status))
        return status;
    status = supervisor_schedule(supervisor);
    if (status == STATUS_OK && !supervisor_remembers_more(supervisor))
        say_what_will_be(supervisor);
    while (status == STATUS_OK && !supervisor_should_stop(supervisor, end))
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
    char *line = protocol_end_run(reasons[end], supervisor->blocks, supervisor_elapsed_s(supervisor));
    enum status status = supervisor->sink->append(supervisor->sink->context, line, supervisor->error);
    free(line);
    return status;
}

enum status supervisor_run(const struct plan_request *request, const struct plan *plan,
    const struct machine *machine, const struct worker_list *workers, const struct supervisor_past *past,
    const struct supervisor_sink *sink, enum supervisor_end *end, struct error *error)
{
    size_t count = (size_t)plan->cell_count;
    struct supervisor supervisor = {.request = request,
        .plan = plan,
        .machine = machine,
        .workers = workers,
        .past = past,
        .sink = sink,
        .error = error,
        .state = memory_new(count, sizeof *supervisor.state),
        .iterations = memory_new(count, sizeof *supervisor.iterations),
        .order = memory_new(count, sizeof *supervisor.order),
        .other = memory_new(count, sizeof *supervisor.other),
        .began_s = child_now_s() - (past != NULL ? past->elapsed_s : 0),
        .processes = past != NULL ? past->next_process : 0,
        .warmed = request->warm_s <= 0};
    for (size_t c = 0; c < count; c++)
        supervisor.state[c].active = true;
    if (request->delta > 0)
        supervisor.pairs = cell_sides_pair(plan->cell, plan->cell_count, supervisor.other);
    supervisor.needs = schedule_needs(request->blocks, supervisor.pairs);
    supervisor.schedule.blocks = request->blocks > 0 ? request->blocks : supervisor.needs.wanted;
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
    free(supervisor.other);
    return status;
}
