/* What is true of stream: every element of the result, with no tolerance, from its index and the seed alone.
 * Refuses to read b and c: an input that run() damaged would make its result look right.
 */
#include "kernels/digest.h"
#include "kernels/stream/stream.h"
#include "kernels/team.h"

/* The bits of an element as an integer. */
#if ELEMENT_BITS == 32
typedef uint32_t element_bits __attribute__((may_alias));
#else
typedef uint64_t element_bits __attribute__((may_alias));
#endif

/* a[i] as it must be. `scale` is 0 for a copy. */
static inline element expect(const struct stream *s, int32_t scale, uint32_t index)
{
    return (element)(stream_value(s->salt[0], index) + scale * stream_value(s->salt[1], index));
}

static int32_t find_scale(const struct stream *s)
{
    return s->kind == STREAM_TRIAD ? STREAM_SCALE : 0;
}

/* Compares [begin, end) of a and hashes its bits: Σ bits(i)·(2i + 1), a sum, so that no team can change it. A
 * block is judged as a whole, in vectors; only a wrong one is searched for its first element. */
static void check_elements(const struct stream *s, int64_t begin, int64_t end, struct stream_slot *slot)
{
    enum { BLOCK = 4096 };
    const element *a = s->a;
    const int32_t scale = find_scale(s);
    const struct stream here = *s; /* a copy that the loop below cannot be thought to change */
    element_bits hash = 0;
    slot->wrong = -1;
    for (int64_t block = begin; block < end; block += BLOCK) {
        const element *from = a + block;
        const element_bits *bits = (const element_bits *)from;
        const uint32_t first = (uint32_t)block;
        uint32_t count = (uint32_t)(end - block < BLOCK ? end - block : BLOCK), wrong = 0;
        for (uint32_t i = 0; i < count; i++) {
            wrong += !(from[i] == expect(&here, scale, first + i));
            hash += bits[i] * (2 * (element_bits)(first + i) + 1);
        }
        for (uint32_t i = 0; i < count && wrong > 0 && slot->wrong < 0; i++)
            if (!(from[i] == expect(&here, scale, first + i)))
                slot->wrong = block + i;
    }
    slot->digest = hash;
}

/* The sum of [begin, end) of b, from the seed. */
static double expect_sum(const struct stream *s, int64_t begin, int64_t end)
{
    enum { BLOCK = 1 << 24 }; /* its sum is under 2^31 */
    const uint32_t salt = s->salt[0];
    int64_t total = 0;
    for (int64_t block = begin; block < end; block += BLOCK) {
        uint32_t count = (uint32_t)(end - block < BLOCK ? end - block : BLOCK);
        int32_t sum = 0;
        for (uint32_t i = 0; i < count; i++)
            sum += stream_value(salt, (uint32_t)block + i);
        total += sum;
    }
    return (double)total;
}

static void check_share(struct stream *s, int rank, int threads)
{
    struct stream_slot *slot = &s->slots[rank];
    int64_t begin, end;
    TYPED(stream_share)(s, rank, threads, &begin, &end);
    if (s->kind == STREAM_READ)
        slot->expected = expect_sum(s, begin, end);
    else
        check_elements(s, begin, end, slot);
}

static void judge_sums(const struct stream *s, struct kernel_check *check)
{
    double total = 0;
    *check =
        (struct kernel_check){.passed = true, .what = "each thread's sum of its share of b", .index = -1};
    for (int t = 0; t < s->config.threads; t++) {
        const struct stream_slot *slot = &s->slots[t];
        total += slot->sum;
        if (!(slot->sum == slot->expected) && check->passed) {
            check->passed = false;
            check->index = t;
            check->got = slot->sum;
            check->expected = slot->expected;
        }
    }
    check->digest = digest_bytes(0, &total, sizeof total);
}

static void judge_elements(const struct stream *s, struct kernel_check *check)
{
    element_bits digest = 0;
    *check = (struct kernel_check){.passed = true, .what = "every element of a", .index = -1};
    for (int t = 0; t < s->config.threads; t++) {
        int64_t wrong = s->slots[t].wrong;
        digest += (element_bits)s->slots[t].digest;
        if (wrong >= 0 && check->passed) {
            check->passed = false;
            check->index = wrong;
            check->got = (double)s->a[wrong];
            check->expected = (double)expect(s, find_scale(s), (uint32_t)wrong);
        }
    }
    check->digest = digest_mix(0, digest);
}

void TYPED(stream_check)(void *state, struct kernel_check *check)
{
    struct stream *s = state;
#pragma omp parallel num_threads(s->config.threads)
    check_share(s, team_rank(), team_size());
    if (s->kind == STREAM_READ)
        judge_sums(s, check);
    else
        judge_elements(s, check);
}
