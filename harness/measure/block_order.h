/* The order in which a block runs its cells. */
#ifndef ACELERA_BLOCK_ORDER_H
#define ACELERA_BLOCK_ORDER_H

#include <stdint.h>

/* A random permutation of 0…count−1, a function of the order seed and the block alone. */
void block_order_make(uint64_t order_seed, int block, int count, int *order);

#endif
