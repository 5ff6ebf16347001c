/* Vectors and FMA, but one sum alone, so that each operation waits for the last.
 * Refused: at least 6 and a third are wanted */
#include "kernels/element.h"

#include <stdint.h>

void TYPED(bad_thin)(int64_t n, const element *a, const element *b, vector *c)
{
    vector sum = {0};
#pragma GCC unroll 1
    for (int64_t k = 0; k < n; k++)
        sum += a[k] * *(const vector_unaligned *)(b + k * VECTOR_LANES);
    *c = sum;
}
