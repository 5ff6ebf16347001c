/* forkjoin with faults built in, to prove that the real check() lets none through. Refuses to be a ceiling.
 *
 * The first word of a name is the construct that it pretends to be. Those that leave out threads or barriers,
 * and the racy one, are wrong only in a team; the others at any team size.
 */
#include "kernels/forkjoin.h"
#include "kernels/team.h"

static void clear(struct forkjoin *s, struct kernel_lane *lanes)
{
    s->total = 0;
    for (int t = 0; t < s->config.threads; t++) {
        lane_begin(&lanes[t]);
        s->slots[t] = (struct forkjoin_slot){0};
        lane_end(&lanes[t]);
    }
}

static void arrive_in_regions(struct forkjoin *s, int64_t regions)
{
    for (int64_t i = 0; i < regions; i++) {
#pragma omp parallel num_threads(s->config.threads)
        forkjoin_arrive(&s->slots[team_rank()]);
    }
}

/* What was there stays. */
static void run_region_none(void *state, struct kernel_lane *lanes)
{
    const struct forkjoin *s = state;
    for (int t = 0; t < s->config.threads; t++) {
        lane_begin(&lanes[t]);
        lane_end(&lanes[t]);
    }
}

static void run_region_lost(void *state, struct kernel_lane *lanes)
{
    struct forkjoin *s = state;
    clear(s, lanes);
    arrive_in_regions(s, s->n - 1);
}

static void run_region_one_thread(void *state, struct kernel_lane *lanes)
{
    struct forkjoin *s = state;
    clear(s, lanes);
    for (int64_t i = 0; i < s->n; i++) {
#pragma omp parallel num_threads(1)
        forkjoin_arrive(&s->slots[team_rank()]);
    }
}

/* One region of n turns where there should be n regions: quick, and every arrival but the last thread's last
 * is counted. */
static void run_region_merged(void *state, struct kernel_lane *lanes)
{
    struct forkjoin *s = state;
    clear(s, lanes);
#pragma omp parallel num_threads(s->config.threads)
    for (int64_t i = 0; i < s->n - (team_rank() + 1 == team_size()); i++)
        forkjoin_arrive(&s->slots[team_rank()]);
}

/* Every `period`-th barrier is one; 0: none is. */
static void arrive_at_some_barriers(struct forkjoin *s, int64_t period)
{
#pragma omp parallel num_threads(s->config.threads)
    for (int64_t i = 0; i < s->n; i++) {
        forkjoin_arrive(&s->slots[team_rank()]);
        if (period > 0 && i % period == 0) {
#pragma omp barrier
        }
        if (i % FORKJOIN_LOOK_EVERY == 0)
            forkjoin_look(s->slots, team_rank(), s->config.threads, i + 1);
    }
}

static void run_barrier_missing(void *state, struct kernel_lane *lanes)
{
    clear(state, lanes);
    arrive_at_some_barriers(state, 0);
}

static void run_barrier_half(void *state, struct kernel_lane *lanes)
{
    clear(state, lanes);
    arrive_at_some_barriers(state, 2);
}

/* Each of the n reductions lacks the last thread's number. */
static void run_reduction_incomplete(void *state, struct kernel_lane *lanes)
{
    struct forkjoin *s = state;
    clear(s, lanes);
    for (int64_t i = 0; i < s->n; i++) {
        double sum = 0;
#pragma omp parallel num_threads(s->config.threads) reduction(+ : sum)
        {
            forkjoin_arrive(&s->slots[team_rank()]);
            sum += team_rank() + 1 < team_size();
        }
        s->total += sum;
    }
}

/* The threads add to one sum without order. All have read before any writes, so that updates are lost however
 * the threads are scheduled. */
static void run_reduction_racy(void *state, struct kernel_lane *lanes)
{
    struct forkjoin *s = state;
    clear(s, lanes);
    for (int64_t i = 0; i < s->n; i++) {
        double shared = 0;
#pragma omp parallel num_threads(s->config.threads)
        {
            volatile double *sum = &shared;
            forkjoin_arrive(&s->slots[team_rank()]);
            double old = *sum;
#pragma omp barrier
            *sum = old + 1;
        }
        s->total += shared;
    }
}

static const struct kernel_variant variants[] = {
    {"region_none", "opens no region", "what was there stays", run_region_none, false, false},
    {"region_lost", "one region is missing", "the smallest error there is", run_region_lost, false, false},
    {"region_one_thread", "regions of one thread", "nobody is woken", run_region_one_thread, false, false},
    {"region_merged", "one region of n turns, in which one arrival is lost", "as a loop moved inside",
        run_region_merged, false, false},
    {"barrier_missing", "no barrier at all", "nobody waits", run_barrier_missing, false, false},
    {"barrier_half", "every other barrier is missing", "the arrivals are all there", run_barrier_half, false,
        false},
    {"reduction_incomplete", "the last thread's number is missing", "every thread did arrive",
        run_reduction_incomplete, false, false},
    {"reduction_racy", "threads add to one sum without order", "updates are lost", run_reduction_racy, true,
        false},
};

static const int64_t test_shapes[] = {100, 1000};

const struct kernel TYPED(kernel_broken_forkjoin) = {
    .name = "broken_forkjoin",
    .element = ELEMENT_NAME,
    .summary = "forkjoin with faults that check() must find",
    .role = KERNEL_CEILING,
    .rate = KERNEL_RATE_NONE,
    .dimensions = TYPED(forkjoin_dimensions),
    .dimension_count = 1,
    .variants = variants,
    .variant_count = sizeof variants / sizeof variants[0],
    .reject = TYPED(forkjoin_reject),
    .cost = TYPED(forkjoin_cost),
    .create = TYPED(forkjoin_create),
    .fill = TYPED(forkjoin_fill),
    .spoil = TYPED(forkjoin_spoil),
    .check = TYPED(forkjoin_check),
    .destroy = TYPED(forkjoin_destroy),
    .test_shapes = test_shapes,
    .test_shape_count = sizeof test_shapes / sizeof test_shapes[0],
};
