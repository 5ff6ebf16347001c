/* Gathers the samples of one row for the pure functions that judge them. Refuses to drop a sample. */
#include "harness/report/row_scatter.h"

#include "harness/analysis/quiet.h"
#include "harness/base/text.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static const struct interval no_interval = {NAN, NAN, NAN};

static int by_number(const void *left, const void *right)
{
    int a = *(const int *)left, b = *(const int *)right;
    return (a > b) - (a < b);
}

int cell_distinct_pus(const struct cell *cell)
{
    size_t threads = cell->threads > 0 ? (size_t)cell->threads : 0;
    int distinct = 0;
    if (cell->pus == NULL)
        return 0;
    int *sorted = memory_new(threads, sizeof *sorted);
    memcpy(sorted, cell->pus, threads * sizeof *sorted);
    qsort(sorted, threads, sizeof *sorted, by_number);
    for (size_t i = 0; i < threads; i++)
        distinct += i == 0 || sorted[i] != sorted[i - 1];
    free(sorted);
    return distinct;
}

bool cell_is_oversubscribed(const struct cell *cell, const struct run_record *record)
{
    int pus = cell->pus != NULL ? cell_distinct_pus(cell) : record->usable_pus;
    return pus > 0 && cell->threads > pus;
}

/* ---- marks ---- */

/* The whole timed region: reading errors come once for all of its repetitions. */
static struct quiet_sample region_of(const struct process_record *process, size_t i)
{
    double repeat = process->repeat > 1 ? (double)process->repeat : 1;
    return (struct quiet_sample){
        process->seconds[i] * repeat, process->sample != NULL ? process->sample[i].off_cpu_s * repeat : NAN};
}

double process_quiet_level(const struct process_record *pilot)
{
    if (pilot == NULL)
        return 0;
    struct quiet_sample *region = memory_new(pilot->samples, sizeof *region);
    for (size_t i = 0; i < pilot->samples; i++)
        region[i] = region_of(pilot, i);
    double level = quiet_level(region, pilot->samples);
    free(region);
    return level;
}

bool process_sample_is_marked(const struct process_record *process, size_t i, double level)
{
    return quiet_marks(region_of(process, i), level);
}

/* Counts the marks of one process; returns the median of what is not marked. */
static double mark_process(
    struct row_marks *marks, double *judged_s, const struct process_record *process, double level)
{
    size_t kept = 0, marked = marks->marked;
    double *seconds = memory_new(process->samples, sizeof *seconds);
    for (size_t i = 0; i < process->samples; i++) {
        const struct sample_record *sample = process->sample != NULL ? &process->sample[i] : NULL;
        bool known = sample != NULL && sample->off_cpu_s >= 0;
        marks->known += known;
        *judged_s += known ? process->seconds[i] : 0;
        if (!process_sample_is_marked(process, i, level)) {
            seconds[kept++] = process->seconds[i];
            continue;
        }
        marks->marked++;
        double lost = fmin(sample->off_cpu_s, process->seconds[i]);
        marks->lost_s += lost;
        marks->quota_s += sample->throttled_s > 0 ? fmin(sample->throttled_s, lost) : 0;
    }
    marks->marked_processes += marks->marked > marked;
    double median = median_of(seconds, kept);
    free(seconds);
    return median;
}

static void mark_row(struct summary_row *row, const struct run_record *record,
    const struct process_record *const *process, const struct process_record *pilot, size_t count)
{
    struct row_marks *marks = &row->marks;
    if (cell_is_oversubscribed(row->cell, record))
        return;
    double judged_s = 0, level = process_quiet_level(pilot), *medians = memory_new(count, sizeof *medians);
    for (size_t i = 0; i < count; i++) {
        medians[i] = mark_process(marks, &judged_s, process[i], level);
        marks->unmarked_processes += isnan(medians[i]) ? 0 : 1;
    }
    if (marks->known > 0) {
        marks->lost_share = marks->lost_s > 0 ? marks->lost_s / judged_s : 0;
        marks->unmarked_s = median_of(medians, count);
        marks->unmarked = median_interval(medians, count);
    }
    free(medians);
}

/* ---- losses inside the region ---- */

static double sample_imbalance(const struct sample_record *sample)
{
    return sample->on_cpu_max_s - sample->on_cpu_mean_s;
}

static double sample_off_cpu(const struct sample_record *sample)
{
    return sample->off_cpu_s;
}

static double sample_throttled(const struct sample_record *sample)
{
    return sample->throttled_s;
}

/* The median over the processes of the median over the samples, as for times. */
static double median_loss(const struct process_record *const *process, size_t count,
    double (*value)(const struct sample_record *sample))
{
    double *medians = memory_new(count, sizeof *medians);
    for (size_t p = 0; p < count; p++) {
        size_t samples = process[p]->sample != NULL ? process[p]->samples : 0;
        double *values = memory_new(samples, sizeof *values);
        for (size_t i = 0; i < samples; i++)
            values[i] = value(&process[p]->sample[i]);
        medians[p] = median_of(values, samples);
        free(values);
    }
    double median = median_of(medians, count);
    free(medians);
    return median;
}

/* ---- scatter ---- */

static int by_value(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

static void scatter_samples(
    struct summary_row *row, const struct process_record *const *process, size_t count)
{
    struct row_scatter *scatter = &row->scatter;
    double *all = memory_new(row->samples, sizeof *all), total = 0;
    size_t n = 0;
    for (size_t p = 0; p < count; p++)
        for (size_t i = 0; i < process[p]->samples; i++)
            total += all[n++] = process[p]->seconds[i];
    /* Once, so that each question below finds its work done. */
    qsort(all, n, sizeof *all, by_value);
    scatter->min_s = all[0];
    scatter->lower_s = quantile_of(all, n, 0.25);
    scatter->upper_s = quantile_of(all, n, 0.75);
    scatter->max_s = all[n - 1];
    scatter->far_out = tukey_mark(all, n, NULL);
    row->rate_total = row->estimate.rate * row->estimate.median_s * (double)n / total;
    free(all);
}

static void scatter_processes(struct summary_row *row, const struct run_record *record,
    const struct process_record *const *process, const double *medians, size_t count)
{
    struct row_scatter *scatter = &row->scatter;
    const double **seconds = memory_new(count, sizeof *seconds);
    size_t *samples = memory_new(count, sizeof *samples);
    double *block = memory_new(count, sizeof *block), *position = memory_new(count, sizeof *position);
    for (size_t i = 0; i < count; i++) {
        seconds[i] = process[i]->seconds;
        samples[i] = process[i]->samples;
        block[i] = process[i]->block;
        position[i] = process[i]->position >= 0 ? (double)process[i]->position : NAN;
    }
    variance_split_of(seconds, samples, count, record->seed, &scatter->variance);
    steady_state_of(seconds, samples, count, &scatter->steady);
    trend_of(block, medians, count, &scatter->over_blocks);
    trend_of(position, medians, count, &scatter->over_positions);
    if (record->quantile > 0 && record->quantile < 1)
        scatter->quantile = quantile_interval(medians, count, record->quantile, &scatter->quantile_s);
    if (isnan(scatter->quantile.level))
        scatter->quantile_s = NAN;
    free(seconds);
    free(samples);
    free(block);
    free(position);
}

void row_scatter_make(
    struct summary_row *row, const struct run_record *record, const struct counted_processes *counted)
{
    const struct trend no_trend = {NAN, NAN};
    size_t begin = counted->first[row->cell->id], count = counted->first[row->cell->id + 1] - begin;
    const struct process_record *const *process = counted->process + begin;
    struct row_diagnosis *diagnosis = &row->diagnosis;
    row->rate_total = NAN;
    row->marks = (struct row_marks){.unmarked_s = NAN, .unmarked = no_interval};
    row->scatter = (struct row_scatter){.min_s = NAN,
        .lower_s = NAN,
        .upper_s = NAN,
        .max_s = NAN,
        .variance = {NAN, NAN, NAN, no_interval},
        .steady = {.excess = NAN, .creep = NAN},
        .over_blocks = no_trend,
        .over_positions = no_trend,
        .quantile_s = NAN,
        .quantile = no_interval};
    diagnosis->imbalance_s = diagnosis->off_cpu_s = diagnosis->throttled_s = NAN;
    if (!row->verified)
        return;
    mark_row(row, record, process, counted->pilot[row->cell->id], count);
    scatter_samples(row, process, count);
    scatter_processes(row, record, process, counted->seconds + begin, count);
    diagnosis->imbalance_s = median_loss(process, count, sample_imbalance);
    diagnosis->off_cpu_s = median_loss(process, count, sample_off_cpu);
    diagnosis->throttled_s = median_loss(process, count, sample_throttled);
}
