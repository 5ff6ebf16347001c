/* Gathers the numbers for waterfall and limit from a row, its base and the ceilings of both. Knows ceilings
 * by what they count, never by name. Refuses to guess what no ceiling measured. */
#include "harness/report/row_diagnosis.h"

#include "harness/base/text.h"
#include "harness/report/row_scatter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- ceilings ---- */

/* The ceilings of a row: of those that count the same the one that takes the row longest, and what a region
 * and a barrier cost. */
static void find_ceilings(struct summary_row *row, const struct summary_row *const *row_of)
{
    const struct cell *cell = row->cell;
    struct row_diagnosis *diagnosis = &row->diagnosis;
    diagnosis->region_s = diagnosis->barrier_s = NAN;
    for (int c = 0; c < cell->ceiling_count; c++) {
        const struct summary_row *ceiling = row_of[cell->ceiling[c]];
        if (ceiling == NULL || !ceiling->verified)
            continue;
        const struct summary_row **slowest =
            ceiling->cell->rate == RATE_FLOP ? &diagnosis->arithmetic : &diagnosis->memory;
        if (ceiling->cell->rate == RATE_NONE && ceiling->cell->barriers > ceiling->cell->regions)
            diagnosis->barrier_s = ceiling->estimate.median_s / ceiling->cell->barriers;
        else if (ceiling->cell->rate == RATE_NONE && ceiling->cell->regions > 0)
            diagnosis->region_s = ceiling->estimate.median_s / ceiling->cell->regions;
        else if (ceiling->cell->rate != RATE_CYCLES && ceiling->cell->rate != RATE_NONE &&
                 (*slowest == NULL || ceiling->estimate.rate < (*slowest)->estimate.rate))
            *slowest = ceiling;
    }
}

/* A team that opens no region and meets at no barrier does not exist: its counts are not known. */
static bool counts_known(const struct cell *cell)
{
    return cell->regions > 0 || cell->barriers > 0;
}

/* A serial build has no regions. Of what the row has none, the price need not be known. */
static double overhead_of(const struct summary_row *row)
{
    const struct cell *cell = row->cell;
    double regions = cell->regions > 0 ? cell->regions * row->diagnosis.region_s : 0,
           barriers = cell->barriers > 0 ? cell->barriers * row->diagnosis.barrier_s : 0;
    return cell->serial_base ? 0 : counts_known(cell) ? regions + barriers : NAN;
}

/* ---- the machine's ideal ---- */

static double work_rate(const struct process_record *process, const struct lane_record *lane, double share)
{
    double repeat = process->repeat > 1 ? (double)process->repeat : 1;
    return share * repeat / (lane->on_cpu_s > 0 ? lane->on_cpu_s : lane->busy_s);
}

/* Work a second of all threads together, each at its own pace: the static division of such a ceiling gives
 * all the same work. Median over the processes; NaN where a process has no lanes. */
static double summed_rate(const struct summary_row *row, const struct counted_processes *counted)
{
    const struct cell *cell = row->cell;
    size_t begin = counted->first[cell->id], count = counted->first[cell->id + 1] - begin;
    double *sums = memory_new(count, sizeof *sums);
    double share = cell_work(cell, cell->rate) / cell->threads;
    for (size_t i = 0; i < count; i++) {
        const struct process_record *process = counted->process[begin + i];
        bool whole = process->lane != NULL && process->lane_count == cell->threads;
        sums[i] = whole ? 0 : NAN;
        for (int t = 0; whole && t < process->lane_count; t++)
            sums[i] += work_rate(process, &process->lane[t], share);
    }
    double median = median_of(sums, count);
    free(sums);
    return isfinite(median) ? median : NAN;
}

/* Of an arithmetic ceiling: what its PUs are worth together, one of them being 1. Threads that take turns on
 * a PU each have the whole of it while they run: their rates do not add up. */
static double ideal_of(const struct summary_row *ceiling, const struct counted_processes *counted,
    const struct run_record *record)
{
    if (ceiling->cell->threads == 1)
        return 1;
    if (ceiling->base == NULL)
        return NAN;
    if (cell_is_oversubscribed(ceiling->cell, record))
        return ceiling->estimate.speedup;
    double ratio = summed_rate(ceiling, counted) / summed_rate(ceiling->base, counted);
    return isnan(ratio) ? ceiling->estimate.speedup : ratio;
}

/* ---- memory domains ---- */

/* What the domains of the team give one by one: the best rate of the same ceiling inside one domain with at
 * least as many threads there. NaN where that was not measured. */
static double bandwidth_kept(const struct summary *summary, const struct summary_row *memory)
{
    const struct cell *cell = memory->cell;
    double alone = NAN;
    if (cell->domains < 2)
        return NAN;
    for (int i = 0; i < summary->row_count + summary->ceiling_count; i++) {
        const struct summary_row *row = &summary->row[i];
        const struct cell *other = row->cell;
        if (row->verified && other->domains == 1 && other->threads * cell->domains >= cell->threads &&
            strcmp(other->kernel, cell->kernel) == 0 && strcmp(other->variant, cell->variant) == 0 &&
            strcmp(other->type, cell->type) == 0 && strcmp(other->worker, cell->worker) == 0 &&
            strcmp(other->shape, cell->shape) == 0)
            alone = fmax(alone, row->estimate.rate);
    }
    return memory->estimate.rate / (cell->domains * alone);
}

/* ---- the row ---- */

static void make_waterfall(struct summary_row *row)
{
    const struct cell *cell = row->cell;
    const struct summary_row *base = row->base;
    struct row_diagnosis *diagnosis = &row->diagnosis;
    const struct waterfall_input input = {.threads = cell->threads,
        .weak = strcmp(cell->scaling, "weak") == 0,
        .base_s = base->estimate.median_s,
        .seconds = row->estimate.median_s,
        .base_ghz = base->clock_ghz,
        .ghz = row->clock_ghz,
        .bytes = cell_work(cell, RATE_BYTES),
        .bandwidth = diagnosis->memory != NULL ? diagnosis->memory->estimate.rate : NAN,
        .regions = counts_known(cell) ? cell->regions : NAN,
        .barriers = cell->barriers,
        .region_s = diagnosis->region_s,
        .barrier_s = diagnosis->barrier_s,
        .base_region_s = base->diagnosis.region_s,
        .base_barrier_s = base->diagnosis.barrier_s,
        .imbalance_s = diagnosis->imbalance_s,
        .off_cpu_s = diagnosis->off_cpu_s};
    diagnosis->has_waterfall = waterfall_make(&input, &diagnosis->waterfall);
}

static enum roof_kind roof_kind_of(const struct summary_row *row)
{
    if (row->roof == NULL)
        return ROOF_NONE;
    return row->roof->cell->rate == RATE_FLOP ? ROOF_COMPUTE : ROOF_BANDWIDTH;
}

static void set_limit(struct summary_row *row, const struct run_record *record)
{
    const struct cell *cell = row->cell;
    struct row_diagnosis *diagnosis = &row->diagnosis;
    const struct row_marks *marks = &row->marks;
    bool shares = cell->sharing > 1, mixes = cell->classes > 1;
    /* A quota stops few iterations, each for long: the median does not see it, their sum does. What hit one
     * process alone is no trait of the row. fmax() takes the number where the other is NaN. */
    bool sums = marks->marked_processes >= 2 && marks->lost_s > 0;
    double lost = marks->lost_share * row->estimate.median_s, throttled = diagnosis->throttled_s;
    if (sums)
        throttled = fmax(throttled, lost * marks->quota_s / marks->lost_s);
    diagnosis->lost_s = sums ? fmax(diagnosis->off_cpu_s, lost) : diagnosis->off_cpu_s;
    const struct limit_input input = {.waterfall = diagnosis->has_waterfall ? &diagnosis->waterfall : NULL,
        .seconds = row->estimate.median_s,
        .roof = roof_kind_of(row),
        .roof_fraction = row->estimate.rate / row->ceiling,
        .roof_fraction_at_clock = row->estimate.rate / row->ceiling_at_clock,
        .overhead_s = diagnosis->overhead_s,
        .off_cpu_s = diagnosis->lost_s,
        .throttled_s = throttled,
        .ideal = diagnosis->ideal,
        .threads = cell->threads,
        .shares_cores = shares,
        .mixes_kinds = mixes,
        .spans_domains = cell->domains > 1,
        .uneven = mixes || (shares && cell->cores * cell->sharing != cell->threads),
        .bandwidth_per_domain_kept = diagnosis->bandwidth_kept,
        .oversubscribed = cell_is_oversubscribed(cell, record),
        .beyond_quota = cell->beyond_quota};
    diagnosis->limit = limit_of(&input);
    diagnosis->passes_roof = limit_passes_roof(&input);
}

void rows_diagnose(struct summary *summary, const struct counted_processes *counted)
{
    const struct summary_row **row_of = memory_new((size_t)summary->record->cell_count, sizeof *row_of);
    int all = summary->row_count + summary->ceiling_count;
    for (int i = 0; i < all; i++)
        row_of[summary->row[i].cell->id] = &summary->row[i];
    for (int i = 0; i < all; i++) {
        find_ceilings(&summary->row[i], row_of);
        summary->row[i].diagnosis.overhead_s = overhead_of(&summary->row[i]);
    }
    for (int i = 0; i < all; i++) {
        struct summary_row *row = &summary->row[i];
        struct row_diagnosis *diagnosis = &row->diagnosis;
        bool itself = row->cell->is_reference && row->cell->rate == RATE_FLOP;
        const struct summary_row *arithmetic = itself ? row : diagnosis->arithmetic;
        diagnosis->ideal = row->cell->threads == 1 ? 1
                           : arithmetic != NULL    ? ideal_of(arithmetic, counted, summary->record)
                                                   : NAN;
        diagnosis->bandwidth_kept =
            diagnosis->memory != NULL ? bandwidth_kept(summary, diagnosis->memory) : NAN;
        if (row->verified && row->base != NULL && row->base != row)
            make_waterfall(row);
        if (row->verified)
            set_limit(row, summary->record);
    }
    free(row_of);
}
