/* The loops that are timed: one thread's contiguous share of the arrays. Refuses to know of teams.
 *
 * Eight vectors a turn, loads before stores. The rest was found by experiment: a reader gains from asking 2
 * KiB ahead, because the hardware's own prefetchers stop at the end of each 4 KiB page, and from reading at
 * four places at once. One reader beside streaming stores gains from asking half a KiB ahead for lines that
 * go to no outer cache: the lines that these would displace cost traffic of their own, most where other
 * programs use the last cache too. Far prefetches of two readers lose.
 *
 * That was with AVX-512, on a Zen 5. On a Zen 3, with AVX2, a reader is 1.15 to 1.4 times as fast when it
 * asks for nothing ahead, two readers beside streaming stores 1.05 to 1.15 when they ask a quarter KiB ahead.
 * Stores to the caches want each vector stored as soon as it is loaded, and no prefetch of what is read;
 * beside two readers, one of what is written: 1.2 to 1.4 times as fast. Other CPUs without AVX-512 were not
 * measured.
 */
#include "kernels/stream/stream.h"
#include "kernels/streaming.h"

enum {
    VECTORS = 8,
    TURN = VECTORS * VECTOR_LANES,
    TURN_BYTES = VECTORS * VECTOR_BYTES,
    READ_PLACES = 4,
    READ_VECTORS = VECTORS / READ_PLACES, /* of each place, a turn */
    READ_AHEAD_BYTES = 2048,
    COPY_AHEAD_BYTES = 2048,
    COPY_ONCE_AHEAD_BYTES = 512,
    WRITE_AHEAD_BYTES = 1024
};

#if defined(__AVX512F__)
enum { READ_ASKS = 1, TRIAD_AHEAD_BYTES = 512, ONE_BY_ONE = 0 };
#else
enum { READ_ASKS = 0, TRIAD_AHEAD_BYTES = 256, ONE_BY_ONE = 1 };
#endif

_Static_assert(STREAM_UNIT % TURN == 0, "shares begin on whole turns");
_Static_assert(STREAM_CHUNK % TURN == 0, "chunks end on whole turns");

/* `count` elements, at most STREAM_CHUNK and whole turns, as READ_PLACES streams in as many chains as hide
 * the latency of an addition. Every partial sum is an integer that an element holds. */
static double sum_chunk(const element *b, int64_t count)
{
    vector sum[VECTORS] = {{0}};
    double total = 0;
    const int64_t stretch = count / READ_PLACES;
    for (int64_t i = 0; i < stretch; i += READ_VECTORS * VECTOR_LANES)
        for (int place = 0; place < READ_PLACES; place++) {
            const streaming_vector *from = (const streaming_vector *)&b[place * stretch + i];
            if (READ_ASKS)
                streaming_prefetch(from, READ_AHEAD_BYTES, READ_VECTORS * VECTOR_BYTES);
            for (int v = 0; v < READ_VECTORS; v++)
                sum[place * READ_VECTORS + v] += from[v];
        }
    for (int v = 1; v < VECTORS; v++)
        sum[0] += sum[v];
    for (int l = 0; l < VECTOR_LANES; l++)
        total += (double)sum[0][l];
    return total;
}

double TYPED(stream_sum)(const struct stream *s, int64_t begin, int64_t end)
{
    int64_t whole = end - (end - begin) % TURN;
    double total = 0;
    for (int64_t i = begin; i < whole; i += STREAM_CHUNK)
        total += sum_chunk(&s->b[i], whole - i < STREAM_CHUNK ? whole - i : STREAM_CHUNK);
    for (int64_t i = whole; i < end; i++)
        total += (double)s->b[i];
    return total;
}

/* The compiler would load first, and then store. */
static inline __attribute__((always_inline)) void store_now(streaming_vector *to, vector value)
{
    *to = value;
    __asm__ volatile("" ::: "memory");
}

/* One turn's results, to the cache or past it. */
static inline __attribute__((always_inline)) void store_turn(
    element *to, const vector *value, bool past_cache)
{
    streaming_vector *vectors = (streaming_vector *)to;
    for (int v = 0; v < VECTORS; v++)
        if (past_cache)
            STREAMING_STORE(&vectors[v], value[v]);
        else
            vectors[v] = value[v];
}

static inline __attribute__((always_inline)) void copy(
    const struct stream *s, int64_t begin, int64_t end, bool past_cache)
{
    const element *b = s->b;
    element *a = s->a;
    int64_t i = begin;
    for (; i + TURN <= end; i += TURN) {
        const streaming_vector *from = (const streaming_vector *)&b[i];
        vector value[VECTORS];
        if (ONE_BY_ONE && !past_cache) {
            for (int v = 0; v < VECTORS; v++)
                store_now((streaming_vector *)&a[i] + v, from[v]);
            continue;
        }
        if (past_cache)
            streaming_prefetch_once(from, COPY_ONCE_AHEAD_BYTES, TURN_BYTES);
        else
            streaming_prefetch(from, COPY_AHEAD_BYTES, TURN_BYTES);
        for (int v = 0; v < VECTORS; v++)
            value[v] = from[v];
        store_turn(&a[i], value, past_cache);
    }
    for (; i < end; i++)
        a[i] = b[i];
    if (past_cache)
        streaming_fence();
}

static inline __attribute__((always_inline)) void triad(
    const struct stream *s, int64_t begin, int64_t end, bool past_cache)
{
    const element *b = s->b, *c = s->c;
    element *a = s->a;
    const vector scale = (vector){0} + s->scale;
    int64_t i = begin;
    for (; i + TURN <= end; i += TURN) {
        const streaming_vector *first = (const streaming_vector *)&b[i];
        const streaming_vector *second = (const streaming_vector *)&c[i];
        vector value[VECTORS];
        if (ONE_BY_ONE && !past_cache) {
            streaming_prefetch(&a[i], WRITE_AHEAD_BYTES, TURN_BYTES);
            for (int v = 0; v < VECTORS; v++)
                store_now((streaming_vector *)&a[i] + v, first[v] + scale * second[v]);
            continue;
        }
        streaming_prefetch(first, TRIAD_AHEAD_BYTES, TURN_BYTES);
        streaming_prefetch(second, TRIAD_AHEAD_BYTES, TURN_BYTES);
        for (int v = 0; v < VECTORS; v++)
            value[v] = first[v] + scale * second[v];
        store_turn(&a[i], value, past_cache);
    }
    for (; i < end; i++)
        a[i] = b[i] + s->scale * c[i];
    if (past_cache)
        streaming_fence();
}

void TYPED(stream_copy)(const struct stream *s, int64_t begin, int64_t end)
{
    copy(s, begin, end, false);
}

void TYPED(stream_copy_past_cache)(const struct stream *s, int64_t begin, int64_t end)
{
    copy(s, begin, end, true);
}

void TYPED(stream_triad)(const struct stream *s, int64_t begin, int64_t end)
{
    triad(s, begin, end, false);
}

void TYPED(stream_triad_past_cache)(const struct stream *s, int64_t begin, int64_t end)
{
    triad(s, begin, end, true);
}
