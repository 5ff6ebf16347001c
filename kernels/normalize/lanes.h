/* The types of registers that the rungs from `simd` on use. Apart from vectors.h, whose instructions cost
 * half a second of compiling, for those that only count lanes. */
#ifndef ACELERA_NORMALIZE_LANES_H
#define ACELERA_NORMALIZE_LANES_H

#include "kernels/element.h"

#include <stdint.h>

/* A full register of f64, and as many elements (half a register where they are f32). */
typedef double wide __attribute__((vector_size(VECTOR_BYTES)));
typedef double wide_unaligned __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(double)), may_alias));
typedef element narrow_unaligned
    __attribute__((vector_size(VECTOR_BYTES / 8 * sizeof(element)), aligned(sizeof(element)), may_alias));
#define WIDE_LANES (VECTOR_BYTES / (int)sizeof(double))

/* What comparing two vectors gives: integers of the same width, −1 for true. */
typedef __typeof__((wide){0} == (wide){0}) wide_mask;
typedef __typeof__((vector){0} == (vector){0}) vector_mask;
#if ELEMENT_BITS == 32
typedef int32_t lane_index;
#else
typedef int64_t lane_index;
#endif

#endif
