/* A loop that multiplies nothing, so that there would be nothing to judge.
 * Refused: no inner loop multiplies */
#include "kernels/element.h"

#include <stdint.h>

void TYPED(bad_nothing)(int64_t n, const vector *a, vector *b)
{
    for (int64_t k = 0; k < n; k++)
        b[k] = a[k];
}
