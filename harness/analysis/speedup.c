/* Speedup, efficiency and serial fraction of every cell of a sweep. Ratios are taken within blocks, where
 * both times saw the same minutes of the machine; they are never averaged. Knows no names and no files. */
#include "harness/analysis/speedup.h"

#include <math.h>

double karp_flatt_fraction(double speedup, int threads)
{
    if (threads < 2 || !(speedup > 0))
        return NAN;
    double p = threads;
    return (1 / speedup - 1 / p) / (1 - 1 / p);
}

/* How many times faster `cell` is than `base`, pairing the blocks that both have. `factor`: how much more
 * work the cell does (weak scaling). */
static double speedup_over(const struct cell_times *base, const struct cell_times *cell, size_t block_count,
    double factor, struct interval *interval)
{
    double point;
    *interval = ratio_interval(base->seconds, cell->seconds, block_count, &point);
    interval->low *= factor;
    interval->high *= factor;
    return point * factor;
}

static struct row_estimate row_estimate_of(
    const struct cell_times *cells, const struct cell_times *cell, size_t block_count)
{
    const struct interval none = {NAN, NAN, NAN};
    struct row_estimate row = {.speedup = NAN,
        .speedup_interval = none,
        .speedup_vs_serial = NAN,
        .speedup_vs_serial_interval = none};
    double factor = cell->weak ? cell->threads : 1;
    for (size_t b = 0; b < block_count; b++)
        row.processes += isnan(cell->seconds[b]) ? 0 : 1;
    row.median_s = median_of(cell->seconds, block_count);
    row.time = median_interval(cell->seconds, block_count);
    if (cell->base >= 0)
        row.speedup = speedup_over(&cells[cell->base], cell, block_count, factor, &row.speedup_interval);
    if (cell->serial >= 0)
        row.speedup_vs_serial =
            speedup_over(&cells[cell->serial], cell, block_count, factor, &row.speedup_vs_serial_interval);
    /* fmin() takes the number where the other is NaN. */
    row.level = fmin(row.time.level, fmin(row.speedup_interval.level, row.speedup_vs_serial_interval.level));
    row.efficiency = row.speedup / cell->threads;
    row.efficiency_low = row.speedup_interval.low / cell->threads;
    row.efficiency_high = row.speedup_interval.high / cell->threads;
    row.karp_flatt = cell->weak ? NAN : karp_flatt_fraction(row.speedup, cell->threads);
    row.rate = cell->work > 0 ? cell->work / row.median_s : NAN;
    return row;
}

void speedup_estimate(
    const struct cell_times *cells, size_t cell_count, size_t block_count, struct row_estimate *rows)
{
    for (size_t i = 0; i < cell_count; i++)
        rows[i] = row_estimate_of(cells, &cells[i], block_count);
}
