/* flops with faults built in, to prove that the real check() lets none through. Refuses to be a ceiling.
 *
 * `idle_thread`, `shares_repeated` and `racy` are wrong only in a team; the others at any team size.
 */
#include "kernels/flops.h"
#include "kernels/team.h"

/* How many steps a broken thread does, whose share of `all` is [begin, end). */
typedef int64_t steps_function(int64_t begin, int64_t end, int64_t all);

static void run_steps(void *state, struct kernel_lane *lanes, steps_function *count_steps)
{
    const struct flops *s = state;
#pragma omp parallel num_threads(s->config.threads)
    {
        int rank = team_rank();
        int64_t begin, end;
        lane_begin(&lanes[rank]);
        team_share(s->steps, rank, team_size(), &begin, &end);
        s->slots[rank].pairs = TYPED(flops_count)(s, count_steps(begin, end, s->steps));
        lane_end(&lanes[rank]);
    }
}

static int64_t count_half(int64_t begin, int64_t end, int64_t all)
{
    return begin < all / 2 ? (end - begin) / 2 : end - begin;
}

static int64_t lose_last(int64_t begin, int64_t end, int64_t all)
{
    return end == all ? end - begin - 1 : end - begin;
}

static int64_t count_one_more(int64_t begin, int64_t end, int64_t all)
{
    return end == all ? end - begin + 1 : end - begin;
}

static int64_t leave_to_first(int64_t begin, int64_t end, int64_t all)
{
    return begin == 0 && end < all ? 0 : end - begin;
}

static int64_t count_all(int64_t begin, int64_t end, int64_t all)
{
    return begin == end ? 0 : all;
}

static void run_half(void *state, struct kernel_lane *lanes)
{
    run_steps(state, lanes, count_half);
}

static void run_step_lost(void *state, struct kernel_lane *lanes)
{
    run_steps(state, lanes, lose_last);
}

static void run_step_too_many(void *state, struct kernel_lane *lanes)
{
    run_steps(state, lanes, count_one_more);
}

static void run_idle_thread(void *state, struct kernel_lane *lanes)
{
    run_steps(state, lanes, leave_to_first);
}

static void run_shares_repeated(void *state, struct kernel_lane *lanes)
{
    run_steps(state, lanes, count_all);
}

/* What was there stays. */
static void run_nothing(void *state, struct kernel_lane *lanes)
{
    const struct flops *s = state;
    for (int t = 0; t < s->config.threads; t++) {
        lane_begin(&lanes[t]);
        lane_end(&lanes[t]);
    }
}

/* All threads add their count to one slot, without order, and it is divided among them afterwards. All have
 * read before any writes, so that updates are lost however the threads are scheduled. */
static void run_racy(void *state, struct kernel_lane *lanes)
{
    const struct flops *s = state;
    int64_t shared = 0;
#pragma omp parallel num_threads(s->config.threads)
    {
        int rank = team_rank();
        volatile int64_t *sum = &shared;
        int64_t begin, end;
        lane_begin(&lanes[rank]);
        team_share(s->steps, rank, team_size(), &begin, &end);
        int64_t pairs = TYPED(flops_count)(s, end - begin), old = *sum;
#pragma omp barrier
        *sum = old + pairs;
        lane_end(&lanes[rank]);
    }
    for (int t = 0; t < s->config.threads; t++) {
        int64_t begin, end;
        team_share(shared / FLOPS_STEP, t, s->config.threads, &begin, &end);
        s->slots[t].pairs = (end - begin) * FLOPS_STEP;
    }
}

static const struct kernel_variant variants[] = {
    {"half", "threads of the first half do half their steps", "a faster machine than there is", run_half,
        false, false},
    {"step_lost", "one step is missing", "the smallest share of the work there is", run_step_lost, false,
        false},
    {"step_too_many", "one step more than was asked", "work without credit", run_step_too_many, false, false},
    {"idle_thread", "the first thread of a team does nothing", "its work is nobody's", run_idle_thread, false,
        false},
    {"shares_repeated", "every thread does all the work", "nothing is divided", run_shares_repeated, false,
        false},
    {"nothing", "computes nothing", "what was there stays", run_nothing, false, false},
    {"racy", "threads add to one count without order", "updates are lost", run_racy, true, false},
};

static const int64_t test_shapes[] = {100 * FLOPS_STEP, 7 * FLOPS_STEP - 1};

const struct kernel TYPED(kernel_broken_flops) = {
    .name = "broken_flops",
    .element = ELEMENT_NAME,
    .summary = "flops with faults that check() must find",
    .role = KERNEL_CEILING,
    .rate = KERNEL_RATE_FLOP,
    .dimensions = TYPED(flops_dimensions),
    .dimension_count = 1,
    .variants = variants,
    .variant_count = sizeof variants / sizeof variants[0],
    .reject = TYPED(flops_reject),
    .cost = TYPED(flops_cost),
    .create = TYPED(flops_create),
    .fill = TYPED(flops_fill),
    .spoil = TYPED(flops_spoil),
    .check = TYPED(flops_check),
    .destroy = TYPED(flops_destroy),
    .test_shapes = test_shapes,
    .test_shape_count = sizeof test_shapes / sizeof test_shapes[0],
};
