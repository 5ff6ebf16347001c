/* Fisher & Yates' shuffle (Knuth, TAOCP vol. 2, 3.4.2, algorithm P) over SplitMix64, which kernels/random.h
 * has for the workers: the harness includes nothing of theirs. */
#include "harness/measure/block_order.h"

static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

void block_order_make(uint64_t order_seed, int block, int count, int *order)
{
    uint64_t state = order_seed;
    state = next_random(&state) + (uint64_t)block;
    for (int i = 0; i < count; i++)
        order[i] = i;
    for (int i = count - 1; i > 0; i--) {
        int j = (int)(next_random(&state) % (uint64_t)(i + 1)); /* bias under 2^−50 */
        int swap = order[i];
        order[i] = order[j];
        order[j] = swap;
    }
}
