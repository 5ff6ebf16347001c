/* From times per block to one row of a speedup table. Pure numbers: strings and files live elsewhere. */
#ifndef ACELERA_SPEEDUP_H
#define ACELERA_SPEEDUP_H

#include "harness/analysis/interval.h"

#include <stdbool.h>
#include <stddef.h>

/* The process medians of one cell, one per block, NaN where the block has no verified process. */
struct cell_times {
    const double *seconds; /* block_count entries */
    int threads;
    double work; /* FLOP or bytes, whichever the rate counts */
    int base;    /* index of the one-thread cell, −1 none */
    int serial;  /* index of the serial cell, −1 none */
    bool weak;   /* weak scaling: speedup is p·t₁/tₚ */
};

/* Unknown values are NaN. Efficiency is speedup / threads. */
struct row_estimate {
    size_t processes;
    double median_s;
    struct interval time;
    double level; /* true of every interval of the row: the lowest of those that exist; NaN if none does */
    double speedup;
    struct interval speedup_interval;
    double speedup_vs_serial;
    struct interval speedup_vs_serial_interval;
    double efficiency, efficiency_low, efficiency_high;
    double karp_flatt; /* experimentally determined serial fraction (Karp & Flatt 1990, eq. (4)); NaN at p = 1
                          and under weak scaling, where it means nothing */
    double rate;       /* work / median, per second */
};

/* rows: cell_count entries. A pair counts only where both cells have the block. */
void speedup_estimate(
    const struct cell_times *cells, size_t cell_count, size_t block_count, struct row_estimate *rows);

/* (1/S − 1/p) / (1 − 1/p); NaN for p < 2 or S ≤ 0. */
double karp_flatt_fraction(double speedup, int threads);

#endif
