/* How much of a run was timed, and how the machine's clock went from block to block. */
#include "harness/report/run_facts.h"

#include "harness/base/text.h"

#include <math.h>
#include <stdlib.h>

/* Timed iterations alone, the pilot's with them: what the person waited for and got numbers from. */
static double timed_share(const struct run_record *record)
{
    double timed = 0;
    for (size_t p = 0; p < record->process_count; p++) {
        const struct process_record *process = &record->process[p];
        double repeat = process->repeat > 1 ? (double)process->repeat : 1;
        for (size_t i = 0; i < process->samples; i++)
            timed += process->seconds[i] * repeat;
    }
    return record->elapsed_s > 0 ? timed / record->elapsed_s : NAN;
}

static int by_block(const void *left, const void *right)
{
    const struct block_clock *a = left, *b = right;
    return a->block - b->block;
}

/* Each cell against its own median, so that a cell with slow instructions does not weigh in. */
static size_t clock_ratios(
    const struct summary *summary, const struct counted_processes *counted, struct block_clock *ratio)
{
    size_t count = 0;
    for (int i = 0; i < summary->row_count + summary->ceiling_count; i++) {
        const struct summary_row *row = &summary->row[i];
        for (size_t p = counted->first[row->cell->id]; p < counted->first[row->cell->id + 1]; p++) {
            double own = counted->process[p]->clock_ghz / row->clock_ghz;
            if (own > 0 && isfinite(own))
                ratio[count++] = (struct block_clock){counted->process[p]->block, own};
        }
    }
    qsort(ratio, count, sizeof *ratio, by_block);
    return count;
}

void facts_make(struct summary *summary, const struct counted_processes *counted)
{
    size_t processes = summary->record->process_count;
    struct block_clock *ratio = memory_new(processes, sizeof *ratio);
    double *values = memory_new(processes, sizeof *values);
    size_t count = clock_ratios(summary, counted, ratio), blocks = 0;
    summary->timed_share = timed_share(summary->record);
    for (size_t i = 0, n = 0; i < count; i++) {
        values[n++] = ratio[i].relative;
        if (i + 1 < count && ratio[i + 1].block == ratio[i].block)
            continue;
        /* What is written was read before. */
        ratio[blocks++] = (struct block_clock){ratio[i].block, median_of(values, n)};
        n = 0;
    }
    summary->block_clock = ratio;
    summary->block_clock_count = (int)blocks;
    free(values);
}
