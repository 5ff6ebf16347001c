/* Packing by short copies of fixed length, which the compiler turns into single loads and stores. */
#include "kernels/matmul/pack.h"
#include "kernels/matmul/micro_kernel.h"

#include <string.h>

/* One sliver of A. Full rows and full groups are the rule; the rest is padded. */
static void pack_sliver(const element *a, int64_t stride, int64_t rows, int64_t depth, element *packed)
{
    for (int64_t p = 0; p < depth; p += MATMUL_GROUP) {
        int64_t steps = depth - p < MATMUL_GROUP ? depth - p : MATMUL_GROUP;
        if (rows == MATMUL_TILE_ROWS && steps == MATMUL_GROUP) {
            for (int64_t i = 0; i < MATMUL_TILE_ROWS; i++)
                memcpy(packed + i * MATMUL_GROUP, a + i * stride + p, MATMUL_GROUP * sizeof(element));
        } else {
            memset(packed, 0, MATMUL_TILE_ROWS * MATMUL_GROUP * sizeof(element));
            for (int64_t i = 0; i < rows; i++)
                memcpy(packed + i * MATMUL_GROUP, a + i * stride + p, (size_t)steps * sizeof(element));
        }
        packed += MATMUL_TILE_ROWS * MATMUL_GROUP;
    }
}

void TYPED(matmul_pack_a)(const element *a, int64_t stride, int64_t rows, int64_t depth, element *packed)
{
    int64_t groups = (depth + MATMUL_GROUP - 1) / MATMUL_GROUP;
    for (int64_t i = 0; i < rows; i += MATMUL_TILE_ROWS) {
        int64_t height = rows - i < MATMUL_TILE_ROWS ? rows - i : MATMUL_TILE_ROWS;
        pack_sliver(a + i * stride, stride, height, depth, packed);
        packed += groups * MATMUL_GROUP * MATMUL_TILE_ROWS;
    }
}

void TYPED(matmul_pack_b)(const element *b, int64_t stride, int64_t depth, int64_t columns, int64_t begin,
    int64_t end, element *packed)
{
    int64_t sliver = (depth + MATMUL_GROUP - 1) / MATMUL_GROUP * MATMUL_GROUP * MATMUL_TILE_COLUMNS;
    for (int64_t group = begin; group < end; group++) {
        /* A few rows at a time: as many streams in, and whole runs of cache lines out. */
        for (int64_t j = 0; j < columns; j += MATMUL_TILE_COLUMNS) {
            int64_t width = columns - j < MATMUL_TILE_COLUMNS ? columns - j : MATMUL_TILE_COLUMNS;
            for (int64_t p = group * MATMUL_GROUP; p < (group + 1) * MATMUL_GROUP; p++) {
                element *to = packed + j / MATMUL_TILE_COLUMNS * sliver + p * MATMUL_TILE_COLUMNS;
                if (p < depth && width == MATMUL_TILE_COLUMNS) {
                    memcpy(to, b + p * stride + j, MATMUL_TILE_COLUMNS * sizeof(element));
                } else {
                    memset(to, 0, MATMUL_TILE_COLUMNS * sizeof(element));
                    if (p < depth)
                        memcpy(to, b + p * stride + j, (size_t)width * sizeof(element));
                }
            }
        }
    }
}
