/* A small generator of random numbers for resampling and simulation: the same numbers for the same seed on
 * every machine. Refuses to be cryptographic. */
#ifndef ACELERA_RANDOM_H
#define ACELERA_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* xoshiro256** 1.0, seeded through splitmix64 (Blackman & Vigna, "Scrambled Linear Pseudorandom Number
 * Generators", ACM TOMS 47(4), 2021). */
struct random {
    uint64_t word[4];
};

void random_seed(struct random *random, uint64_t seed);
uint64_t random_next(struct random *random);
/* Uniform in [0, n), without bias; n ≥ 1. */
size_t random_below(struct random *random, size_t n);
/* Uniform in (0, 1). */
double random_uniform(struct random *random);
/* Standard normal. */
double random_normal(struct random *random);

#endif
