/* stream, inside: the state of one problem and what its files give each other and the broken twin in tests/.
 * Refuses to be an interface for others: the harness sees only kernel_stream.
 *
 * n: elements of each array. a is written, b and c are read; an array that a variant does not use is NULL.
 */
#ifndef ACELERA_STREAM_H
#define ACELERA_STREAM_H

#include "kernels/kernel.h"

enum stream_kind { STREAM_READ, STREAM_COPY, STREAM_TRIAD };

enum {
    STREAM_SCALE = 3,                         /* s of a = b + s·c */
    STREAM_UNIT = 512 / (int)sizeof(element), /* shares are whole units; the last takes the rest */
    STREAM_VALUE_BITS = 6,                    /* inputs are integers 1 … 2^6: all results are exact */
    STREAM_LEAST = 1 << 24, /* elements of an array that one run sweeps at least: a short array several times,
                               or the price of the parallel region would be in its rate */
    STREAM_PASSES_MOST = 4096,
    STREAM_CHUNK = 1 << 20, /* elements between two tallies of `read`: no accumulator can leave the integers
                               that f32 holds, were all 2^20 in one vector of four lanes */
};

/* What one thread made of its share; neighbours never share a line. */
struct stream_slot {
    double sum;      /* of b, by `read`: the mean of its passes, which are equal if each is right */
    double expected; /* check(): of the same */
    int64_t wrong;   /* check(): the first wrong element of a, −1 if none */
    uint64_t digest; /* check() */
} __attribute__((aligned(128)));

struct stream {
    struct kernel_config config;
    enum stream_kind kind;
    int64_t n, passes; /* sweeps of one run */
    size_t array_bytes;
    element *a, *b, *c;
    element scale;    /* STREAM_SCALE, where the compiler cannot see it */
    uint32_t salt[2]; /* of the values of b and c, from the seed */
    uint64_t spoiled; /* calls of spoil(), so that each takes other elements */
    struct stream_slot *slots;
};

/* b[i] is stream_value(salt[0], i) and c[i] is stream_value(salt[1], i): in 1 … 2^STREAM_VALUE_BITS, so that
 * every element missed makes a sum smaller, and with neighbours far apart (Knuth, TAOCP vol. 3, 6.4:
 * multiplicative hashing), so that a shifted copy shows. Cheap enough for check() to make all of them again.
 */
static inline int32_t stream_value(uint32_t salt, uint32_t index)
{
    return (int32_t)((index * 2654435769u + salt) >> (32 - STREAM_VALUE_BITS)) + 1;
}

/* The share [begin, end) of thread `rank` of a team of `threads`. */
void TYPED(stream_share)(const struct stream *state, int rank, int threads, int64_t *begin, int64_t *end);

/* loops.c: elements [begin, end), begin a multiple of STREAM_UNIT. */
double TYPED(stream_sum)(const struct stream *state, int64_t begin, int64_t end);
void TYPED(stream_copy)(const struct stream *state, int64_t begin, int64_t end);
void TYPED(stream_copy_past_cache)(const struct stream *state, int64_t begin, int64_t end);
void TYPED(stream_triad)(const struct stream *state, int64_t begin, int64_t end);
void TYPED(stream_triad_past_cache)(const struct stream *state, int64_t begin, int64_t end);

/* kernel.c, check.c */
extern const struct kernel TYPED(kernel_stream);
extern const struct kernel_dimension TYPED(stream_dimensions)[1];
const char *TYPED(stream_reject)(const struct kernel_config *config);
void TYPED(stream_cost)(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_cost *cost);
void *TYPED(stream_create)(const struct kernel_config *config, const struct kernel_variant *variant);
void TYPED(stream_fill)(void *state);
void TYPED(stream_spoil)(void *state, bool whole);
void TYPED(stream_check)(void *state, struct kernel_check *check);
void TYPED(stream_destroy)(void *state);

#endif
