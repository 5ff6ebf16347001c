/* What the supervisor decides: after the pilot, how much each process iterates and what is left out; before
 * each block, whether it is still needed. Runs nothing. */
#include "harness/analysis/verdict.h"
#include "harness/base/text.h"
#include "harness/measure/protocol.h"
#include "harness/measure/supervisor_parts.h"

#include <math.h>
#include <stdlib.h>

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

static enum status make_schedule(struct supervisor *supervisor)
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
    }
    schedule_make(pilot, count, request->budget_s - supervisor_elapsed_s(supervisor), &supervisor->needs,
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

/* The schedule of the run that is carried on: its iterations stay as they were. */
static void recall_schedule(struct supervisor *supervisor)
{
    const struct supervisor_past *past = supervisor->past;
    supervisor->schedule =
        (struct schedule){.blocks = past->blocks_planned, .over_budget = past->over_budget};
    for (int c = 0; c < supervisor->plan->cell_count; c++) {
        struct cell_state *state = &supervisor->state[c];
        supervisor->iterations[c] = past->iterations[c];
        state->active = state->active && !past->dropped[c];
        state->process_s = fmax(0, state->process_s - state->last_timed_s) +
                           (double)past->iterations[c] * state->iteration_s;
        if (state->active)
            supervisor->schedule.block_s += state->process_s;
    }
}

enum status supervisor_schedule(struct supervisor *supervisor)
{
    enum status status = STATUS_OK;
    if (supervisor->past != NULL && supervisor->past->iterations != NULL)
        recall_schedule(supervisor);
    else
        status = make_schedule(supervisor);
    for (int c = 0; c < supervisor->plan->cell_count; c++)
        supervisor->state[c].processes = 0; /* the pilot is not part of any estimate */
    return status;
}

/* ---- when to stop ---- */

static bool all_precise(const struct supervisor *supervisor)
{
    for (int c = 0; c < supervisor->plan->cell_count; c++) {
        const struct cell_state *state = &supervisor->state[c];
        if (!state->active || supervisor->plan->cell[c].is_reference)
            continue; /* a ceiling is as precise as the rows under it let it be */
        if (!schedule_is_precise(state->median, (size_t)state->blocks, supervisor->request->precision))
            return false;
    }
    return true;
}

/* Whether the pair is known well enough for whatever verdict there will be. */
static bool verdict_follows(const struct supervisor *supervisor, int a, int b)
{
    const struct cell_state *left = &supervisor->state[a], *right = &supervisor->state[b];
    int blocks = left->blocks < right->blocks ? left->blocks : right->blocks;
    double *ratio = memory_new((size_t)blocks + 1, sizeof *ratio);
    for (int i = 0; i < blocks; i++)
        ratio[i] = right->median[i] / left->median[i];
    bool follows =
        verdict_must_follow(ratio, (size_t)blocks, (size_t)supervisor->pairs, supervisor->request->delta);
    free(ratio);
    return follows;
}

static bool verdicts_must_follow(const struct supervisor *supervisor)
{
    for (int c = 0; supervisor->pairs > 0 && c < supervisor->plan->cell_count; c++) {
        int other = supervisor->other[c];
        if (other >= 0 && supervisor->state[c].active && supervisor->state[other].active &&
            !verdict_follows(supervisor, c, other))
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

bool supervisor_should_stop(const struct supervisor *supervisor, enum supervisor_end *end)
{
    const struct plan_request *request = supervisor->request;
    int blocks = supervisor->blocks;
    if (supervisor_remembers_more(supervisor))
        return false;
    if (!any_active(supervisor)) {
        *end = END_FAILED;
        return true;
    }
    if (request->blocks > 0) {
        *end = END_BLOCKS;
        return blocks >= request->blocks;
    }
    if (schedule_judges_after(blocks) && all_precise(supervisor) && verdicts_must_follow(supervisor)) {
        *end = END_PRECISION;
        return true;
    }
    *end = END_BUDGET;
    double next_s = fmax(supervisor->schedule.block_s, supervisor->longest_block_s);
    return blocks >= supervisor->needs.fewest &&
           supervisor_elapsed_s(supervisor) + next_s > request->budget_s;
}
