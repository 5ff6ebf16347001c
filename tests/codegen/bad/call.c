/* A function called in the loop.
 * Refused: something is called */
#include "kernels/element.h"

#include <stdint.h>

enum { SUMS = 6 };

void bad_progress(int64_t k);

void TYPED(bad_call)(int64_t n, const element *a, const element *b, vector *c)
{
    vector sum[SUMS] = {0};
    for (int64_t k = 0; k < n; k++) {
        vector row = *(const vector_unaligned *)(b + k * VECTOR_LANES);
#pragma GCC unroll 8
        for (int i = 0; i < SUMS; i++)
            sum[i] += a[k * SUMS + i] * row;
        bad_progress(k);
    }
    for (int i = 0; i < SUMS; i++)
        c[i] = sum[i];
}
