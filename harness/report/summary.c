/* Joins the facts of a run with the estimates: one row a cell. Refuses to compute a statistic itself
 * (analysis does) and to print one (the writers do). */
#include "harness/report/summary.h"

#include "harness/analysis/roofline.h"
#include "harness/base/text.h"
#include "harness/report/cell_order.h"
#include "harness/report/row_bases.h"
#include "harness/report/row_diagnosis.h"
#include "harness/report/row_scatter.h"
#include "harness/report/row_verdict.h"
#include "harness/report/run_facts.h"
#include "harness/report/why.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- estimates ---- */

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
        counted_align(counted, cell->id, row->base->cell->id, base);
    if (blocks > 0 && row->serial != NULL)
        counted_align(counted, cell->id, row->serial->cell->id, serial);
    speedup_estimate(times, 3, blocks, estimates);
    row->estimate = estimates[0];
    row->gain = NAN;
    row->gain_interval = (struct interval){NAN, NAN, NAN};
    if (blocks > 0 && row->below != NULL) {
        counted_align(counted, cell->id, row->below->cell->id, base);
        row->gain_interval = ratio_interval(base, times[0].seconds, blocks, &row->gain);
    }
    note_processes(row, counted, begin, blocks);
    row->samples = 0;
    for (size_t i = begin; i < begin + blocks; i++)
        row->samples += counted->process[i]->samples;
    free(base);
    free(serial);
}

/* Work that moves data beside its arithmetic draws more power than arithmetic alone, and a core may answer
 * with a lower clock. What is lost to that no code wins back. */
static double ceiling_at_clock(const struct summary_row *row)
{
    if (row->roof == NULL || row->roof->cell->rate != RATE_FLOP)
        return NAN;
    return row->ceiling * row->clock_ghz / row->roof->clock_ghz;
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
        row->ceiling_at_clock = ceiling_at_clock(row);
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
        {"disturbed", 2 * row->marks.marked > row->marks.known},
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
    rows_find_bases(summary);
    rows_find_rungs(summary);
    for (int i = 0; i < summary->row_count; i++) {
        estimate_row(&summary->row[i], &counted);
        row_scatter_make(&summary->row[i], record, &counted);
        flag_row(&summary->row[i], record);
    }
    while (summary->row_count > 0 && summary->row[summary->row_count - 1].cell->is_reference) {
        summary->row_count--;
        summary->ceiling_count++;
    }
    summary->ceiling = summary->row + summary->row_count;
    find_roofs(summary);
    rows_diagnose(summary, &counted);
    facts_make(summary, &counted);
    laws_make(summary, &counted);
    for (int i = 0; i < summary->row_count; i++)
        why_make(summary, &summary->row[i]);
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
        free(row->why);
    }
    free(summary->row);
    free(summary->laws);
    free(summary->block_clock);
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
