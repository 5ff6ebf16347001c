/* Integers of two or three: the lesser, the greater, between, and divided upwards. Refuses elements. */
#ifndef ACELERA_INTEGERS_H
#define ACELERA_INTEGERS_H

#include <stdint.h>

static inline int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static inline int64_t greatest(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

static inline int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

/* Rounded up, of positive numbers. */
static inline int64_t divide_up(int64_t total, int64_t part)
{
    return (total + part - 1) / part;
}

#endif
