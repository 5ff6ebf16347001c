/* The work of the pipeline's stages, block by block: pure computing on one batch of a table. Which thread
 * does which block, and when, is pipeline.c's; the results do not depend on it, because every sum belongs to
 * a block and blocks are merged in order.
 */
#ifndef ACELERA_PIPELINE_WORK_H
#define ACELERA_PIPELINE_WORK_H

#include <stdbool.h>
#include <stdint.h>

enum {
    PIPELINE_COLUMNS = 16,
    PIPELINE_BLOCKS = 8, /* of a batch */
    PIPELINE_BLOCK_ROWS = 512,
    PIPELINE_ROWS = PIPELINE_BLOCKS * PIPELINE_BLOCK_ROWS,
    PIPELINE_CLUSTERS = 8,
    PIPELINE_ITERATIONS = 8,
};

/* Running statistics of one column: two of them merge into those of both (Chan, Golub & LeVeque 1983). */
struct pipeline_moments {
    double count, mean, squares; /* squares: of the deviations from the mean */
};

struct pipeline_block {
    struct pipeline_moments moments[PIPELINE_COLUMNS];
    float low[PIPELINE_COLUMNS], high[PIPELINE_COLUMNS];
    int replaced; /* entries that were missing or impossible */
    double sum[PIPELINE_CLUSTERS][PIPELINE_COLUMNS];
    int members[PIPELINE_CLUSTERS];
    double distance; /* of all its rows to their centroids */
} __attribute__((aligned(128)));

struct pipeline_batch {
    float raw[PIPELINE_ROWS][PIPELINE_COLUMNS], clean[PIPELINE_ROWS][PIPELINE_COLUMNS];
    struct pipeline_block block[PIPELINE_BLOCKS];
    float mean[PIPELINE_COLUMNS], scale[PIPELINE_COLUMNS];
    float centroid[PIPELINE_CLUSTERS][PIPELINE_COLUMNS];
    double score; /* mean distance of a row to its centroid */
};

/* A table as sensors give it: groups of rows that belong together, and here and there nothing, or nonsense.
 */
void pipeline_fill(struct pipeline_batch *batch, uint64_t seed);

/* Replaces what is missing or impossible, and accumulates mean, deviation and range of the block: a block
 * needs no other for that. */
void pipeline_clean(struct pipeline_batch *batch, int index);
/* Merges the statistics: needs every block of the batch cleaned. */
void pipeline_merge(struct pipeline_batch *batch);
/* (x − mean) / deviation: needs the merged ones. */
void pipeline_scale(struct pipeline_batch *batch, int index);

/* Training: k-means. Assigning needs the centroids of the iteration before; blocks do not need each other. */
void pipeline_start(struct pipeline_batch *batch);
void pipeline_assign(struct pipeline_batch *batch, int index);
void pipeline_update(struct pipeline_batch *batch); /* needs all blocks assigned */

void pipeline_score(struct pipeline_batch *batch, int index);
/* What the monitor reports: the mean distance; returns a hash of all that was found in the batch, exact as a
 * double. */
double pipeline_report(struct pipeline_batch *batch);

#endif
