/* A run record in memory, for tests of diagnosis and quality: one kernel with a serial row and 1, 2, 4, 8 and
 * 16 threads on a core each, the ceilings beside them, twelve blocks of three iterations. It scales
 * perfectly, nothing disturbs it, and everything is known; each test spoils what it is about. */
#ifndef ACELERA_SCALING_RECORD_H
#define ACELERA_SCALING_RECORD_H

#include "harness/report/summary.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { TEAMS = 5, BLOCKS = 12, ITERATIONS = 3, MOST_THREADS = 16 };
/* Cells: the serial row, then for each of these one cell a team. */
enum cell_kind { WORK, FLOPS, STREAM, REGION, BARRIER, KINDS };
enum { CELLS = 1 + KINDS * TEAMS, PROCESSES = CELLS * (BLOCKS + 1) };

static struct cell cells[CELLS];
static bool dropped[CELLS];
static struct process_record processes[PROCESSES];
static double seconds[PROCESSES][ITERATIONS];
static struct sample_record samples[PROCESSES][ITERATIONS];
static struct lane_record lanes[PROCESSES][MOST_THREADS];
static int pus[MOST_THREADS];
static struct run_record record;
static struct summary summary;

/* team: 0 … 4 for 1 … 16 threads. */
static inline int cell_of(enum cell_kind kind, int team)
{
    return 1 + (int)kind * TEAMS + team;
}

/* One iteration of a cell takes `s` in every process, scattered a little from block to block. */
static inline void set_seconds(int cell, double s)
{
    for (int block = 0; block <= BLOCKS; block++)
        for (int i = 0; i < ITERATIONS; i++)
            seconds[block * CELLS + cell][i] = s * (1 + 1e-4 * ((block * 5) % 7) + 1e-5 * i);
}

/* For every iteration of a cell, the pilot's too. */
static inline void set_sample(int cell, struct sample_record sample)
{
    for (int block = 0; block <= BLOCKS; block++)
        for (int i = 0; i < ITERATIONS; i++)
            samples[block * CELLS + cell][i] = sample;
}

static inline void set_clock(int cell, double ghz)
{
    for (int block = 0; block <= BLOCKS; block++)
        processes[block * CELLS + cell].clock_ghz = ghz;
}

static inline void make_cell(int id, enum cell_kind kind, int team)
{
    static char *const kernels[KINDS] = {"work", "flops", "stream", "forkjoin", "forkjoin"};
    static char *const variants[KINDS] = {"tuned", "fma", "triad", "region", "barrier"};
    int threads = 1 << team;
    cells[id] = (struct cell){.id = id,
        .kernel = kernels[kind],
        .variant = variants[kind],
        .type = "f32",
        .size = "tiny",
        .shape = "n=1",
        .options = "",
        .placement = "spread",
        .scaling = "strong",
        .worker = "x86-64-v3-gomp",
        .threads = threads,
        .pus = pus,
        .cores = threads,
        .sharing = 1,
        .classes = 1,
        .domains = 1,
        .base = cell_of(kind, 0),
        .serial = kind == WORK ? 0 : -1,
        .rate = kind == STREAM   ? RATE_BYTES
                : kind >= REGION ? RATE_NONE
                                 : RATE_FLOP,
        .flop = kind == WORK || kind == FLOPS ? 1e9 : 0,
        .bytes = kind == WORK     ? 1e6
                 : kind == STREAM ? 1e9
                                  : 0,
        .regions = kind == WORK     ? 1
                   : kind == REGION ? 1000
                                    : 1,
        .barriers = kind == WORK      ? 2
                    : kind == BARRIER ? 1000
                                      : 0,
        .is_reference = kind != WORK,
        .reason = "reason"};
    for (int c = 0; kind == WORK && c < KINDS - 1; c++)
        cells[id].ceiling[c] = cell_of((enum cell_kind)(c + 1), team);
    cells[id].ceiling_count = kind == WORK ? KINDS - 1 : 0;
}

static inline void make_process(int cell, int block)
{
    int i = block * CELLS + cell, threads = cells[cell].threads;
    processes[i] = (struct process_record){.cell = cell,
        .block = block,
        .threads_delivered = threads,
        .pus = pus,
        .ended = true,
        .done = true,
        .position = (cell * 7 + block * 11) % CELLS,
        .repeat = 1,
        .clock_ghz = 3,
        .digest_before = "0a",
        .digest = "0a",
        .seconds = seconds[i],
        .sample = samples[i],
        .samples = ITERATIONS,
        .lane = lanes[i],
        .lane_count = threads};
    for (int t = 0; t < threads; t++)
        lanes[i][t] = (struct lane_record){.busy_s = 0.1 / threads, .on_cpu_s = NAN};
}

static int make_record(void **state)
{
    (void)state;
    for (int i = 0; i < MOST_THREADS; i++)
        pus[i] = i;
    for (int kind = 0; kind < KINDS; kind++)
        for (int team = 0; team < TEAMS; team++)
            make_cell(cell_of((enum cell_kind)kind, team), (enum cell_kind)kind, team);
    make_cell(0, WORK, 0);
    cells[0].worker = "x86-64-v3-serial";
    cells[0].serial_base = true;
    cells[0].base = -1;
    for (int cell = 0; cell < CELLS; cell++)
        for (int block = 0; block <= BLOCKS; block++)
            make_process(cell, block);
    set_seconds(0, 0.2);
    for (int team = 0; team < TEAMS; team++) {
        set_seconds(cell_of(WORK, team), 0.2 / (1 << team));
        set_seconds(cell_of(FLOPS, team), 0.1 / (1 << team));
        set_seconds(cell_of(STREAM, team), 0.1 / (1 << team));
        set_seconds(cell_of(REGION, team), 1e-3 * (1 + team));  /* a region for 1 µs and more */
        set_seconds(cell_of(BARRIER, team), 1e-4 * (1 + team)); /* a barrier for 0.1 µs and more */
    }
    for (int cell = 0; cell < CELLS; cell++) {
        double s = seconds[cell][0];
        set_sample(cell, (struct sample_record){s, s, s, s, 1e-6, 0, NAN, 0, 0, 0});
        dropped[cell] = false;
    }
    record = (struct run_record){.id = "r",
        .directory = "d",
        .started = "s",
        .host = "h",
        .cpu_model = "c",
        .command = "x",
        .version = "v",
        .usable_cores = MOST_THREADS,
        .usable_pus = MOST_THREADS,
        .cpu_quota = -1,
        .precision = 0.02,
        .quantile = NAN,
        .cell = cells,
        .cell_count = CELLS,
        .dropped = dropped,
        .process = processes,
        .process_count = PROCESSES,
        .block_count = BLOCKS,
        .end_reason = "precision",
        .elapsed_s = 100};
    return 0;
}

/* Makes the summary anew and gives a row of it; summary_free() at the end of the test. */
static inline const struct summary_row *summarize(int cell)
{
    summary_free(&summary);
    summary_make(&record, &summary);
    for (int i = 0; i < summary.row_count + summary.ceiling_count; i++)
        if (summary.row[i].cell->id == cell)
            return &summary.row[i];
    fail_msg("cell %d has no row", cell);
    return NULL;
}

static int free_summary(void **state)
{
    (void)state;
    summary_free(&summary);
    return 0;
}

static inline void assert_near(double got, double expected, double relative)
{
    if (!(fabs(got - expected) <= relative * fabs(expected)))
        fail_msg("got %.17g, expected %.17g", got, expected);
}

#endif
