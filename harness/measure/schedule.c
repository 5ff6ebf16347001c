/* Blocks before iterations: processes are the independent unit, so a second process is worth more than a
 * second iteration; but a process that mostly starts and checks wastes the budget, so each iterates for at
 * least 1.5 × its overhead (Kalibera & Jones, "Rigorous Benchmarking in Reasonable Time", ISMM 2013, section
 * 6). */
#include "harness/measure/schedule.h"
#include "harness/analysis/interval.h"
#include "harness/analysis/verdict.h"

#include <math.h>

static const double share_of_overhead = 1.5;
static const double share_of_budget = 0.95; /* the rest is for blocks that take longer than the pilot */
/* A sample takes some 50 µs to hand over, so more of them would be the work; and the median of so many is as
 * sure. */
enum { ITERATIONS_WANTED = 3, ITERATIONS_MAX = 20000 };

static double plan_block(
    const struct pilot_cell *cells, int count, long least, const bool *dropped, long *iterations)
{
    double block_s = 0;
    for (int c = 0; c < count; c++) {
        double wanted = ceil(share_of_overhead * cells[c].overhead_s / fmax(cells[c].iteration_s, 1e-9));
        iterations[c] = (long)fmin(fmax(wanted, (double)least), ITERATIONS_MAX);
        if (!cells[c].absent && !dropped[c])
            block_s += cells[c].overhead_s + (double)iterations[c] * cells[c].iteration_s;
    }
    return block_s;
}

/* False if there is none. */
static bool drop_spare(const struct pilot_cell *cells, int count, bool *dropped)
{
    bool any = false;
    for (int c = 0; c < count; c++) {
        any = any || (cells[c].spare && !dropped[c]);
        dropped[c] = dropped[c] || cells[c].spare;
    }
    return any;
}

/* Drops the middle one of the thread counts that may go, at every kernel alike. False if there is none. */
static bool drop_one_count(const struct pilot_cell *cells, int count, bool *dropped)
{
    /* Counts that may go, by rank: a count is interior unless any of its cells is kept. */
    int victim = 0, candidates = 0;
    for (int pass = 0; pass < 2; pass++) {
        int seen = 0, last = 0;
        for (;;) {
            int next = 0;
            bool kept = false;
            for (int c = 0; c < count; c++)
                if (!dropped[c] && !cells[c].absent && cells[c].threads > last &&
                    (next == 0 || cells[c].threads < next))
                    next = cells[c].threads;
            for (int c = 0; c < count; c++)
                kept = kept || (cells[c].threads == next && cells[c].kept);
            if (next == 0)
                break;
            last = next;
            if (kept)
                continue;
            if (pass == 1 && seen == candidates / 2)
                victim = next;
            seen++;
        }
        candidates = seen;
    }
    for (int c = 0; c < count; c++)
        dropped[c] = dropped[c] || (victim > 0 && cells[c].threads == victim);
    return victim > 0;
}

static int greater(int a, int b)
{
    return a > b ? a : b;
}

struct block_needs schedule_needs(int asked, int pairs)
{
    struct block_needs needs = {asked, BLOCKS_LEAST, BLOCKS_WANTED};
    if (pairs <= 0)
        return needs;
    needs.fewest = greater(needs.fewest, (int)verdict_pairs_needed((size_t)pairs));
    needs.wanted = greater(needs.wanted, (int)verdict_pairs_wanted((size_t)pairs));
    return needs;
}

void schedule_make(const struct pilot_cell *cells, int count, double remaining_s,
    const struct block_needs *needs, struct schedule *schedule, long *iterations, bool *dropped)
{
    const struct {
        int blocks;
        long iterations;
    } wishes[] = {{needs->wanted, ITERATIONS_WANTED}, {needs->wanted, 1},
        {greater(BLOCKS_TO_JUDGE, needs->fewest), 1}, {needs->fewest, 1}};
    double room_s = share_of_budget * remaining_s;
    for (int c = 0; c < count; c++)
        dropped[c] = false;
    for (size_t w = 0; w < sizeof wishes / sizeof wishes[0]; w++) {
        int blocks = needs->asked > 0 ? needs->asked : wishes[w].blocks;
        double block_s = plan_block(cells, count, wishes[w].iterations, dropped, iterations);
        *schedule = (struct schedule){.blocks = blocks, .block_s = block_s};
        if (blocks * block_s <= room_s)
            return;
    }
    while (
        needs->asked == 0 && (drop_spare(cells, count, dropped) || drop_one_count(cells, count, dropped))) {
        schedule->block_s = plan_block(cells, count, 1, dropped, iterations);
        if (schedule->blocks * schedule->block_s <= room_s)
            return;
    }
    schedule->over_budget = true;
}

int schedule_next_look(int blocks)
{
    int look = BLOCKS_TO_JUDGE;
    while (look <= blocks)
        look += look / 2;
    return look;
}

bool schedule_judges_after(int blocks)
{
    return blocks >= BLOCKS_TO_JUDGE && schedule_next_look(blocks - 1) == blocks;
}

bool schedule_is_precise(const double *medians, size_t processes, double precision)
{
    struct interval interval = median_interval(medians, processes);
    return interval_precision(interval, median_of(medians, processes)) <= precision;
}
