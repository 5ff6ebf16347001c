/* Registers of f64, for kernels that sum elements of either type in it. Apart from widen.h, whose
 * instructions cost half a second of compiling, for those that only count lanes. */
#ifndef ACELERA_WIDE_H
#define ACELERA_WIDE_H

#include "kernels/element.h"

/* A full register of f64, the same memory at any address, and as many elements (half a register where they
 * are f32). */
typedef double wide __attribute__((vector_size(VECTOR_BYTES)));
typedef double wide_unaligned __attribute__((vector_size(VECTOR_BYTES), aligned(sizeof(double)), may_alias));
typedef element narrow_unaligned
    __attribute__((vector_size(VECTOR_BYTES / 8 * sizeof(element)), aligned(sizeof(element)), may_alias));
#define WIDE_LANES (VECTOR_BYTES / (int)sizeof(double))

#endif
