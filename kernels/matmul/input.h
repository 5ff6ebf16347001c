/* The elements of A and B, each a function of (seed, flat index): fill() writes them, and check() makes them
 * again, so that a run which damages its own inputs is not believed.
 *
 * Integers are so small that every partial sum of a product is an integer that the element type holds
 * exactly, in any order of summation: k·limit² ≤ MATMUL_EXACT_RANGE. The result then has one right answer, to
 * the bit.
 *
 * Refuses to read memory: an element is what its index says. */
#ifndef ACELERA_MATMUL_INPUT_H
#define ACELERA_MATMUL_INPUT_H

#include "kernels/element.h"
#include "kernels/random.h"

#include <stdbool.h>

/* In f64 the range could be 2^53. It stops below 2^31 because the exact check is surest then (check.c), and
 * is still far beyond what an f32 computation could get right. */
#if ELEMENT_BITS == 32
#    define MATMUL_EXACT_RANGE 16777216
#else
#    define MATMUL_EXACT_RANGE 2147483647
#endif

struct matmul_input {
    uint64_t seed;
    uint32_t limit; /* integers in [−limit, limit]; 0: real numbers in [−1, 1) */
};

/* The largest limit for sums of k products; 0 if even 1 is too large. */
static inline uint32_t matmul_integer_limit(int64_t k)
{
    uint32_t limit = 0;
    while ((int64_t)(limit + 1) * (limit + 1) <= MATMUL_EXACT_RANGE / k)
        limit++;
    return limit;
}

static inline int64_t matmul_input_integer(const struct matmul_input *input, uint64_t index)
{
    return random_integer(input->seed, index, input->limit);
}

static inline element matmul_input_real(const struct matmul_input *input, uint64_t index)
{
    return (element)(2 * random_unit(input->seed, index) - 1);
}

static inline element matmul_input_at(const struct matmul_input *input, uint64_t index)
{
    return input->limit > 0 ? (element)matmul_input_integer(input, index) : matmul_input_real(input, index);
}

#endif
