#include "lessons/experiments/pipeline_work.h"
#include "kernels/digest.h"
#include "kernels/random.h"

#include <math.h>
#include <string.h>

enum { MISSING_IN_256 = 5 };
static const float impossible_from = 1000; /* no sensor of this table says more */

void pipeline_fill(struct pipeline_batch *batch, uint64_t seed)
{
    memset(batch, 0, sizeof *batch);
    for (int r = 0; r < PIPELINE_ROWS; r++) {
        int group = (int)(random_bits(seed, (uint64_t)r) % PIPELINE_CLUSTERS);
        for (int c = 0; c < PIPELINE_COLUMNS; c++) {
            uint64_t index = (uint64_t)(r * PIPELINE_COLUMNS + c);
            uint64_t luck = random_bits(seed + 1, index) % 256;
            double centre = 20 * random_unit(seed + 2, (uint64_t)(group * PIPELINE_COLUMNS + c));
            double value = 50 + c + centre + 4 * (random_unit(seed + 3, index) - 0.5);
            batch->raw[r][c] = luck < MISSING_IN_256 ? (luck % 2 != 0 ? NAN : 99999) : (float)value;
        }
    }
}

/* ---- cleaning, and statistics that run along with it ---- */

static void accumulate(struct pipeline_block *block, const float *row)
{
    for (int c = 0; c < PIPELINE_COLUMNS; c++) {
        struct pipeline_moments *m = &block->moments[c];
        double off = row[c] - m->mean;
        m->count++;
        m->mean += off / m->count;
        m->squares += off * (row[c] - m->mean);
        block->low[c] = row[c] < block->low[c] ? row[c] : block->low[c];
        block->high[c] = row[c] > block->high[c] ? row[c] : block->high[c];
    }
}

void pipeline_clean(struct pipeline_batch *batch, int index)
{
    struct pipeline_block *block = &batch->block[index];
    float last[PIPELINE_COLUMNS]; /* that made sense */
    memset(block, 0, sizeof *block);
    for (int c = 0; c < PIPELINE_COLUMNS; c++) {
        last[c] = 0;
        block->low[c] = INFINITY;
        block->high[c] = -INFINITY;
    }
    for (int r = index * PIPELINE_BLOCK_ROWS; r < (index + 1) * PIPELINE_BLOCK_ROWS; r++) {
        for (int c = 0; c < PIPELINE_COLUMNS; c++) {
            float value = batch->raw[r][c];
            bool makes_sense = fabsf(value) < impossible_from; /* false for NaN */
            block->replaced += !makes_sense;
            batch->clean[r][c] = last[c] = makes_sense ? value : last[c];
        }
        accumulate(block, batch->clean[r]);
    }
}

static struct pipeline_moments merge(struct pipeline_moments a, struct pipeline_moments b)
{
    double count = a.count + b.count, off = b.mean - a.mean;
    return (struct pipeline_moments){.count = count,
        .mean = a.mean + off * b.count / count,
        .squares = a.squares + b.squares + off * off * a.count * b.count / count};
}

void pipeline_merge(struct pipeline_batch *batch)
{
    for (int c = 0; c < PIPELINE_COLUMNS; c++) {
        struct pipeline_moments all = batch->block[0].moments[c];
        for (int b = 1; b < PIPELINE_BLOCKS; b++)
            all = merge(all, batch->block[b].moments[c]);
        double deviation = sqrt(all.squares / all.count);
        batch->mean[c] = (float)all.mean;
        batch->scale[c] = (float)(deviation > 0 ? 1 / deviation : 1);
    }
}

void pipeline_scale(struct pipeline_batch *batch, int index)
{
    for (int r = index * PIPELINE_BLOCK_ROWS; r < (index + 1) * PIPELINE_BLOCK_ROWS; r++)
        for (int c = 0; c < PIPELINE_COLUMNS; c++)
            batch->clean[r][c] = (batch->clean[r][c] - batch->mean[c]) * batch->scale[c];
}

/* ---- training and scoring ---- */

void pipeline_start(struct pipeline_batch *batch)
{
    memcpy(batch->centroid, batch->clean, sizeof batch->centroid);
}

/* The nearest centroid, and the square of its distance. */
static int nearest(const struct pipeline_batch *batch, const float *row, float *square)
{
    int best = 0;
    *square = INFINITY;
    for (int k = 0; k < PIPELINE_CLUSTERS; k++) {
        float sum = 0;
        for (int c = 0; c < PIPELINE_COLUMNS; c++) {
            float off = row[c] - batch->centroid[k][c];
            sum += off * off;
        }
        if (sum < *square) {
            *square = sum;
            best = k;
        }
    }
    return best;
}

void pipeline_assign(struct pipeline_batch *batch, int index)
{
    struct pipeline_block *block = &batch->block[index];
    memset(block->sum, 0, sizeof block->sum);
    memset(block->members, 0, sizeof block->members);
    for (int r = index * PIPELINE_BLOCK_ROWS; r < (index + 1) * PIPELINE_BLOCK_ROWS; r++) {
        float square;
        int k = nearest(batch, batch->clean[r], &square);
        block->members[k]++;
        for (int c = 0; c < PIPELINE_COLUMNS; c++)
            block->sum[k][c] += batch->clean[r][c];
    }
}

/* An empty cluster keeps its centroid. */
void pipeline_update(struct pipeline_batch *batch)
{
    for (int k = 0; k < PIPELINE_CLUSTERS; k++)
        for (int c = 0; c < PIPELINE_COLUMNS; c++) {
            double sum = 0;
            int members = 0;
            for (int b = 0; b < PIPELINE_BLOCKS; b++) {
                sum += batch->block[b].sum[k][c];
                members += batch->block[b].members[k];
            }
            if (members > 0)
                batch->centroid[k][c] = (float)(sum / members);
        }
}

void pipeline_score(struct pipeline_batch *batch, int index)
{
    struct pipeline_block *block = &batch->block[index];
    block->distance = 0;
    for (int r = index * PIPELINE_BLOCK_ROWS; r < (index + 1) * PIPELINE_BLOCK_ROWS; r++) {
        float square;
        nearest(batch, batch->clean[r], &square);
        block->distance += sqrt(square);
    }
}

double pipeline_report(struct pipeline_batch *batch)
{
    double distance = 0;
    uint64_t digest = 0;
    for (int b = 0; b < PIPELINE_BLOCKS; b++) {
        distance += batch->block[b].distance;
        digest = digest_mix(digest, (uint64_t)batch->block[b].replaced);
    }
    batch->score = distance / PIPELINE_ROWS;
    digest = digest_bytes(digest, batch->mean, sizeof batch->mean);
    digest = digest_bytes(digest, batch->scale, sizeof batch->scale);
    digest = digest_bytes(digest, batch->centroid, sizeof batch->centroid);
    digest = digest_bytes(digest, &batch->score, sizeof batch->score);
    return (double)(digest >> 16); /* 48 bits */
}
