/* Joins the facts of a run with the estimates: one row a cell. Refuses to compute a statistic itself
 * (analysis does) and to print one (the writers do). */
#include "harness/report/summary.h"

#include "harness/analysis/roofline.h"
#include "harness/base/text.h"
#include "harness/report/cell_order.h"
#include "harness/report/row_verdict.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- bases ---- */

static int by_problem_and_time(const void *left, const void *right)
{
    const struct summary_row *a = *(const struct summary_row *const *)left;
    const struct summary_row *b = *(const struct summary_row *const *)right;
    int order = cell_compare_problem(a->cell, b->cell);
    if (order != 0)
        return order;
    order = (a->estimate.median_s > b->estimate.median_s) - (a->estimate.median_s < b->estimate.median_s);
    return order != 0 ? order : a->cell->id - b->cell->id;
}

/* The fastest verified serial row that solves the problem of `planned`. The plan has several only when whole
 * ladders were asked for. */
static const struct summary_row *fastest_serial(
    const struct summary_row *const *serial, size_t count, const struct cell *planned)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (cell_compare_problem(serial[middle]->cell, planned) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low < count && cell_compare_problem(serial[low]->cell, planned) == 0 ? serial[low] : NULL;
}

static void find_bases(struct summary *summary)
{
    const struct run_record *record = summary->record;
    size_t count = 0;
    const struct summary_row **serial = memory_new((size_t)summary->row_count, sizeof *serial);
    const struct summary_row **row_of = memory_new((size_t)record->cell_count, sizeof *row_of);
    for (int i = 0; i < summary->row_count; i++) {
        const struct summary_row *row = &summary->row[i];
        row_of[row->cell->id] = row;
        if (row->cell->serial_base && row->verified)
            serial[count++] = row;
    }
    qsort(serial, count, sizeof *serial, by_problem_and_time);
    for (int i = 0; i < summary->row_count; i++) {
        struct summary_row *row = &summary->row[i];
        const struct cell *cell = row->cell;
        int base = cell->serial_base ? cell->id : cell->base,
            planned = cell->serial_base ? cell->id : cell->serial;
        row->base = base >= 0 && row_of[base] != NULL && row_of[base]->verified ? row_of[base] : NULL;
        row->serial = planned >= 0 ? fastest_serial(serial, count, &record->cell[planned]) : NULL;
    }
    free(serial);
    free(row_of);
}

/* Rungs are planned one after the other, so the rung below is the last verified one with another name. */
static void find_rungs(struct summary *summary)
{
    for (int i = 0; i < summary->row_count; i++) {
        struct summary_row *row = &summary->row[i];
        for (int b = 0; b < summary->row_count; b++) {
            const struct summary_row *other = &summary->row[b];
            if (other->verified && other->cell->threads == row->cell->threads &&
                other->cell->id < row->cell->id && cell_same_ladder(other->cell, row->cell) &&
                strcmp(other->cell->variant, row->cell->variant) != 0 &&
                (row->below == NULL || other->cell->id > row->below->cell->id))
                row->below = other;
        }
    }
}

/* ---- estimates ---- */

/* The times of another cell in the blocks of this one; NaN where it has none. */
static void align_times(const struct counted_processes *counted, int cell, int other, double *seconds)
{
    size_t begin = counted->first[cell], end = counted->first[cell + 1];
    size_t at = counted->first[other], at_end = counted->first[other + 1];
    for (size_t i = begin; i < end; i++) {
        while (at < at_end && counted->process[at]->block < counted->process[i]->block)
            at++;
        bool paired = at < at_end && counted->process[at]->block == counted->process[i]->block;
        seconds[i - begin] = paired ? counted->seconds[at] : NAN;
    }
}

/* The clock, and what the workers said. */
static void note_processes(
    struct summary_row *row, const struct counted_processes *counted, size_t begin, size_t count)
{
    double *ghz = memory_new(count, sizeof *ghz);
    for (size_t i = 0; i < count; i++) {
        ghz[i] = counted->process[begin + i]->clock_ghz;
        if (row->note == NULL)
            row->note = counted->process[begin + i]->note;
    }
    row->clock_ghz = median_of(ghz, count);
    free(ghz);
}

/* Only blocks that the row itself has can be in its pairs, so three short lists are enough. */
static void estimate_row(struct summary_row *row, const struct counted_processes *counted)
{
    const struct cell *cell = row->cell;
    size_t begin = counted->first[cell->id];
    size_t blocks = row->verified ? counted->first[cell->id + 1] - begin : 0;
    double *base = memory_new(blocks, sizeof *base), *serial = memory_new(blocks, sizeof *serial);
    struct row_estimate estimates[3];
    struct cell_times times[3] = {{.seconds = &counted->seconds[begin],
                                      .threads = cell->threads,
                                      .work = cell_work(cell, cell->rate),
                                      .base = row->base != NULL ? 1 : -1,
                                      .serial = row->serial != NULL ? 2 : -1,
                                      .weak = strcmp(cell->scaling, "weak") == 0},
        {.seconds = base, .threads = 1, .base = -1, .serial = -1},
        {.seconds = serial, .threads = 1, .base = -1, .serial = -1}};
    if (blocks > 0 && row->base != NULL)
        align_times(counted, cell->id, row->base->cell->id, base);
    if (blocks > 0 && row->serial != NULL)
        align_times(counted, cell->id, row->serial->cell->id, serial);
    speedup_estimate(times, 3, blocks, estimates);
    row->estimate = estimates[0];
    row->gain = NAN;
    row->gain_interval = (struct interval){NAN, NAN, NAN};
    if (blocks > 0 && row->below != NULL) {
        align_times(counted, cell->id, row->below->cell->id, base);
        row->gain_interval = ratio_interval(base, times[0].seconds, blocks, &row->gain);
    }
    note_processes(row, counted, begin, blocks);
    row->samples = 0;
    for (size_t i = begin; i < begin + blocks; i++)
        row->samples += counted->process[i]->samples;
    free(base);
    free(serial);
}

/* The roof over each row, from the measured rates of the ceilings it refers to. */
static void find_roofs(struct summary *summary)
{
    const struct summary_row **row_of = memory_new((size_t)summary->record->cell_count, sizeof *row_of);
    int all = summary->row_count + summary->ceiling_count;
    for (int i = 0; i < all; i++)
        row_of[summary->row[i].cell->id] = &summary->row[i];
    for (int i = 0; i < all; i++) {
        struct summary_row *row = &summary->row[i];
        const struct cell *cell = row->cell;
        struct roof roof[CELL_CEILINGS_MAX];
        int binding;
        for (int c = 0; c < cell->ceiling_count; c++) {
            const struct summary_row *ceiling = row_of[cell->ceiling[c]];
            roof[c] = (struct roof){.rate = NAN};
            if (ceiling != NULL && ceiling->verified && ceiling->cell->rate != RATE_CYCLES)
                roof[c] = (struct roof){cell_work(cell, ceiling->cell->rate), ceiling->estimate.rate};
        }
        row->ceiling = roofline_rate(cell_work(cell, cell->rate), roof, cell->ceiling_count, &binding);
        row->roof = binding >= 0 ? row_of[cell->ceiling[binding]] : NULL;
    }
    free(row_of);
}

/* ---- flags ---- */

static void flag_row(struct summary_row *row, const struct run_record *record)
{
    const struct cell *cell = row->cell;
    const struct interval *time = &row->estimate.time;
    size_t count = 0;
    const struct {
        const char *name;
        bool applies;
    } flags[] = {
        {"in-cache", cell->cache_known && cell->in_cache},
        {"out-of-cache", cell->cache_known && !cell->in_cache},
        {"over_budget", record->over_budget},
        {"beyond_quota", cell->beyond_quota},
        {"imprecise", row->verified && interval_precision(*time, row->estimate.median_s) > record->precision},
        {"few_blocks", row->verified && !(row->estimate.level >= 0.95)},
        {"worker_died", row->verified && row->lost},
        {"digest-mismatch", row->differs},
    };
    row->flags = memory_new(sizeof flags / sizeof *flags + 1, sizeof *row->flags);
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (flags[i].applies)
            row->flags[count++] = text_copy(flags[i].name);
}

void summary_make(const struct run_record *record, struct summary *summary)
{
    struct counted_processes counted;
    *summary = (struct summary){.record = record};
    summary->row = memory_new((size_t)record->cell_count, sizeof *summary->row);
    for (int i = 0; i < record->cell_count; i++)
        if (!record->dropped[i])
            summary->row[summary->row_count++].cell = &record->cell[i];
    rows_sort(summary);
    counted_make(record, &counted);
    rows_judge(summary, &counted);
    /* Which serial row is the base is decided by their times, so those come first. */
    for (int i = 0; i < summary->row_count; i++)
        if (summary->row[i].cell->serial_base)
            estimate_row(&summary->row[i], &counted);
    find_bases(summary);
    find_rungs(summary);
    for (int i = 0; i < summary->row_count; i++) {
        estimate_row(&summary->row[i], &counted);
        flag_row(&summary->row[i], record);
    }
    while (summary->row_count > 0 && summary->row[summary->row_count - 1].cell->is_reference) {
        summary->row_count--;
        summary->ceiling_count++;
    }
    summary->ceiling = summary->row + summary->row_count;
    find_roofs(summary);
    counted_free(&counted);
}

void summary_free(struct summary *summary)
{
    for (int i = 0; i < summary->row_count + summary->ceiling_count; i++) {
        struct summary_row *row = &summary->row[i];
        for (char **flag = row->flags; flag != NULL && *flag != NULL; flag++)
            free(*flag);
        free(row->flags);
        free(row->error);
    }
    free(summary->row);
    *summary = (struct summary){0};
}

int summary_exit_code(const struct summary *summary)
{
    const struct run_record *record = summary->record;
    bool failed = strcmp(record->end_reason, "failed") == 0, refuted = false;
    for (int i = 0; i < summary->row_count + summary->ceiling_count; i++) {
        const struct summary_row *row = &summary->row[i];
        refuted = refuted || row->refuted;
        failed = failed || row->lost || !row->verified;
    }
    if (record->interrupted)
        return STATUS_INTERRUPTED;
    return refuted ? STATUS_UNVERIFIED : failed ? STATUS_FAILED : STATUS_OK;
}
