/* Compiled without contraction, it multiplies and adds. Where the level has no FMA that is as it should be.
 * Refused where FMA is yes: at least 6 and a third are wanted */
#include "kernels/element.h"

#include <stdint.h>

enum { SUMS = 6 };

void TYPED(bad_unfused)(int64_t n, const element *a, const element *b, vector *c)
{
    vector sum[SUMS] = {0};
    for (int64_t k = 0; k < n; k++) {
        vector row = *(const vector_unaligned *)(b + k * VECTOR_LANES);
#pragma GCC unroll 8
        for (int i = 0; i < SUMS; i++)
            sum[i] += a[k * SUMS + i] * row;
    }
    for (int i = 0; i < SUMS; i++)
        c[i] = sum[i];
}
