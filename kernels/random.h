/* Inputs as a function of (seed, index): any thread can make any element, so the data are the same at every
 * team size, and a checker can make them again.
 *
 * SplitMix64: Steele, Lea & Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014, fig. 16
 * (its mixing function applied to seed + index·γ, which is the generator's own sequence).
 */
#ifndef ACELERA_RANDOM_H
#define ACELERA_RANDOM_H

#include <stdint.h>

static inline uint64_t random_bits(uint64_t seed, uint64_t index)
{
    uint64_t z = seed + (index + 1) * 0x9e3779b97f4a7c15u;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* Uniform in [0, 1), 53 bits. */
static inline double random_unit(uint64_t seed, uint64_t index)
{
    return (double)(random_bits(seed, index) >> 11) * 0x1p-53;
}

/* Uniform integer in [−limit, limit], limit < 2^31 (the bias of the multiplication is under 2^−32). */
static inline int64_t random_integer(uint64_t seed, uint64_t index, uint32_t limit)
{
    uint64_t span = 2 * (uint64_t)limit + 1;
    return (int64_t)(((random_bits(seed, index) >> 32) * span) >> 32) - (int64_t)limit;
}

/* A second, unrelated stream from the same seed. */
static inline uint64_t random_stream(uint64_t seed, uint64_t stream)
{
    return random_bits(seed ^ 0xd1b54a32d192ed03u, stream);
}

#endif
