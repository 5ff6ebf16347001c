/* The types of registers that the rungs from `simd` on use. Apart from vectors.h, whose instructions cost
 * half a second of compiling, for those that only count lanes. Refuses operations. */
#ifndef ACELERA_NORMALIZE_LANES_H
#define ACELERA_NORMALIZE_LANES_H

#include "kernels/wide.h"

#include <stdint.h>

/* What comparing two vectors gives: integers of the same width, −1 for true. */
typedef __typeof__((wide){0} == (wide){0}) wide_mask;
typedef __typeof__((vector){0} == (vector){0}) vector_mask;
#if ELEMENT_BITS == 32
typedef int32_t lane_index;
#else
typedef int64_t lane_index;
#endif

#endif
