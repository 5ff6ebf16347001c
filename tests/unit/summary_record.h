/* A run record in memory, for tests of what a summary makes of it: naive and packed, each serial and with 1
 * and 2 threads, six blocks. */
#ifndef ACELERA_SUMMARY_RECORD_H
#define ACELERA_SUMMARY_RECORD_H

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

enum { CELLS = 6, BLOCKS = 6, PROCESSES = CELLS * (BLOCKS + 1) };
enum { NAIVE_SERIAL, NAIVE_1, NAIVE_2, PACKED_SERIAL, PACKED_1, PACKED_2 };

static struct cell cells[CELLS];
static bool dropped[CELLS];
static struct process_record processes[PROCESSES];
static double seconds[PROCESSES];
static struct run_record record;
static int one_pu[] = {0}, two_pus[] = {0, 1};
static const double cell_seconds[CELLS] = {8, 8, 4, 2, 2.2, 1};

static inline struct process_record *process_of(int cell, int block)
{
    return &processes[block * CELLS + cell];
}

static int make_record(void **state)
{
    (void)state;
    for (int c = 0; c < CELLS; c++) {
        bool serial = c % 3 == 0;
        int threads = c % 3 == 2 ? 2 : 1;
        cells[c] = (struct cell){.id = c,
            .kernel = "matmul",
            .variant = c < 3 ? "naive" : "packed",
            .type = "f32",
            .size = "tiny",
            .shape = "m=4,n=4,k=4",
            .options = "",
            .placement = "spread",
            .scaling = "strong",
            .worker = serial ? "x86-64-v3-serial" : "x86-64-v3-gomp",
            .threads = threads,
            .pus = threads == 2 ? two_pus : one_pu,
            .serial_base = serial,
            .base = serial ? -1 : c - c % 3 + 1,
            .serial = PACKED_SERIAL,
            .flop = 4e9,
            .bytes = 8,
            .memory_bytes = 16,
            .rate = RATE_FLOP,
            .in_cache = true,
            .cache_known = true,
            .reason = "reason"};
        dropped[c] = false;
    }
    for (int block = 0; block <= BLOCKS; block++)
        for (int c = 0; c < CELLS; c++) {
            int i = block * CELLS + c;
            /* The pilot is a thousand times slower: it must not be seen in any estimate. */
            seconds[i] = cell_seconds[c] * (block == 0 ? 1000 : 1);
            processes[i] = (struct process_record){.cell = c,
                .clock_ghz = NAN,
                .block = block,
                .threads_delivered = cells[c].threads,
                .pus = cells[c].pus,
                .ended = true,
                .done = true,
                .seconds = &seconds[i],
                .samples = 1};
            strcpy(processes[i].digest, "0a");
            strcpy(processes[i].digest_before, "0a");
        }
    record = (struct run_record){.id = "r",
        .directory = "d",
        .started = "s",
        .host = "h",
        .cpu_model = "c",
        .command = "x",
        .version = "v",
        .cpu_quota = -1,
        .precision = 0.02,
        .cell = cells,
        .cell_count = CELLS,
        .dropped = dropped,
        .process = processes,
        .process_count = PROCESSES,
        .block_count = BLOCKS,
        .end_reason = "precision"};
    return 0;
}

static inline const struct summary_row *row_of(const struct summary *summary, int cell)
{
    for (int i = 0; i < summary->row_count; i++)
        if (summary->row[i].cell->id == cell)
            return &summary->row[i];
    return NULL;
}

static inline bool has_flag(const struct summary_row *row, const char *flag)
{
    for (char **own = row->flags; *own != NULL; own++)
        if (strcmp(*own, flag) == 0)
            return true;
    return false;
}

static inline void assert_near(double got, double expected)
{
    if (!(fabs(got - expected) <= 1e-12 * fabs(expected)))
        fail_msg("got %.17g, expected %.17g", got, expected);
}

#endif
