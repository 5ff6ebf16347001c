/* xoshiro256** and splitmix64 as their authors publish them. No state outside the struct. */
#include "harness/analysis/random.h"

#include <math.h>

static uint64_t rotate_left(uint64_t word, int by)
{
    return word << by | word >> (64 - by);
}

void random_seed(struct random *random, uint64_t seed)
{
    for (int i = 0; i < 4; i++) {
        uint64_t z = (seed += 0x9e3779b97f4a7c15u);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        random->word[i] = z ^ (z >> 31);
    }
}

uint64_t random_next(struct random *random)
{
    uint64_t *word = random->word;
    uint64_t result = rotate_left(word[1] * 5, 7) * 9, shifted = word[1] << 17;
    word[2] ^= word[0];
    word[3] ^= word[1];
    word[1] ^= word[2];
    word[0] ^= word[3];
    word[2] ^= shifted;
    word[3] = rotate_left(word[3], 45);
    return result;
}

/* The lowest 2^64 mod n numbers are thrown away: what is left is a multiple of n. */
size_t random_below(struct random *random, size_t n)
{
    uint64_t range = n, excess = (UINT64_MAX - range + 1) % range, drawn;
    do
        drawn = random_next(random);
    while (drawn < excess);
    return (size_t)(drawn % range);
}

double random_uniform(struct random *random)
{
    return ((double)(random_next(random) >> 12) + 0.5) * 0x1p-52;
}

/* Box & Muller (Ann. Math. Statist. 29, 1958), one of the two: the other would be state outside the words. */
double random_normal(struct random *random)
{
    double radius = sqrt(-2 * log(random_uniform(random)));
    return radius * cos(2 * 3.14159265358979323846 * random_uniform(random));
}
