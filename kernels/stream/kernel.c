/* stream: how many bytes a second the memory gives and takes when nothing else is in the way. A ceiling: its
 * description, and the life of one problem. What is timed is in loops.c; what is true is in check.c. Refuses
 * to be clever: arrays one after another, shared out in contiguous pieces.
 *
 * After McCalpin, "Memory Bandwidth and Machine Balance in Current High Performance Computers", IEEE TCCA
 * Newsletter, December 1995 (the STREAM benchmark), with its way of counting: the bytes that the program
 * names. What a cache fetches before a plain store is not counted; streaming stores do without it.
 */
#include "kernels/memory.h"
#include "kernels/random.h"
#include "kernels/stream/stream.h"
#include "kernels/team.h"

#include <stdlib.h>
#include <string.h>

const struct kernel_dimension TYPED(stream_dimensions)[1] = {
    {"n", "elements of each array; a short one is swept several times",
        {1 << 15, 1 << 20, 1 << 24, 1 << 27, 1 << 29}, NULL, true, true},
};

/* Around a unit of the shares, one for each of three threads and more, and past a tally of `read`. */
static const int64_t test_shapes[] = {1, STREAM_UNIT - 1, STREAM_UNIT + 1, 3 * STREAM_UNIT,
    5 * STREAM_UNIT + 3, STREAM_CHUNK + STREAM_UNIT + 7};

/* The first word of a variant's name is what it does. */
static enum stream_kind find_kind(const struct kernel_variant *variant)
{
    return strncmp(variant->name, "read", 4) == 0   ? STREAM_READ
           : strncmp(variant->name, "copy", 4) == 0 ? STREAM_COPY
                                                    : STREAM_TRIAD;
}

/* Arrays that the variant uses: b; a and b; a, b and c. */
static int count_arrays(enum stream_kind kind)
{
    return kind == STREAM_READ ? 1 : kind == STREAM_COPY ? 2 : 3;
}

static int64_t count_passes(int64_t n)
{
    int64_t passes = (STREAM_LEAST + n - 1) / n;
    return passes < STREAM_PASSES_MOST ? passes : STREAM_PASSES_MOST;
}

const char *TYPED(stream_reject)(const struct kernel_config *config)
{
    if (config->shape[0] > ((int64_t)1 << 44) / (int64_t)sizeof(element))
        return "an array would take more than 16 TiB; choose a smaller n";
    return NULL;
}

/* Work: an addition an element for read, a multiplication more for triad. Traffic: each array that the
 * variant uses, once in each pass. Memory: those arrays. */
void TYPED(stream_cost)(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_cost *cost)
{
    enum stream_kind kind = find_kind(variant);
    double n = (double)config->shape[0], bytes = n * (double)sizeof(element) * count_arrays(kind);
    double passes = (double)count_passes(config->shape[0]);
    *cost = (struct kernel_cost){
        .flop = passes * n *
                (double)(kind == STREAM_READ    ? 1
                         : kind == STREAM_TRIAD ? 2
                                                : 0),
        .bytes = passes * bytes,
        .memory_bytes = bytes + (double)sizeof(struct stream) +
                        (double)config->threads * (double)sizeof(struct stream_slot),
        .regions = 1,
    };
}

void *TYPED(stream_create)(const struct kernel_config *config, const struct kernel_variant *variant)
{
    struct stream *s = malloc(sizeof *s);
    if (s == NULL)
        return NULL;
    *s = (struct stream){
        .config = *config,
        .kind = find_kind(variant),
        .n = config->shape[0],
        .passes = count_passes(config->shape[0]),
        .array_bytes = (size_t)config->shape[0] * sizeof(element),
        .scale = STREAM_SCALE,
        .salt = {(uint32_t)random_bits(config->seed, 0), (uint32_t)random_bits(config->seed, 1)},
        .slots = aligned_alloc(_Alignof(struct stream_slot), (size_t)config->threads * sizeof *s->slots),
    };
    int arrays = count_arrays(s->kind);
    s->b = memory_reserve(s->array_bytes);
    s->a = arrays > 1 ? memory_reserve(s->array_bytes) : NULL;
    s->c = arrays > 2 ? memory_reserve(s->array_bytes) : NULL;
    if (s->slots != NULL && s->b != NULL && (s->a != NULL || arrays < 2) && (s->c != NULL || arrays < 3))
        return s;
    TYPED(stream_destroy)(s);
    return NULL;
}

void TYPED(stream_destroy)(void *state)
{
    struct stream *s = state;
    memory_release(s->a, s->array_bytes);
    memory_release(s->b, s->array_bytes);
    memory_release(s->c, s->array_bytes);
    free(s->slots);
    free(s);
}

void TYPED(stream_share)(const struct stream *s, int rank, int threads, int64_t *begin, int64_t *end)
{
    team_share(s->n / STREAM_UNIT, rank, threads, begin, end);
    *begin *= STREAM_UNIT;
    *end = rank + 1 < threads ? *end * STREAM_UNIT : s->n;
}

static void fill_share(const struct stream *s, int64_t begin, int64_t end)
{
    for (int64_t i = begin; i < end; i++)
        s->b[i] = (element)stream_value(s->salt[0], (uint32_t)i);
    if (s->c != NULL)
        for (int64_t i = begin; i < end; i++)
            s->c[i] = (element)stream_value(s->salt[1], (uint32_t)i);
    if (s->a != NULL)
        memset(s->a + begin, 0, (size_t)(end - begin) * sizeof(element));
}

void TYPED(stream_fill)(void *state)
{
    struct stream *s = state;
#pragma omp parallel num_threads(s->config.threads)
    {
        int64_t begin, end;
        TYPED(stream_share)(s, team_rank(), team_size(), &begin, &end);
        fill_share(s, begin, end);
        s->slots[team_rank()] = (struct stream_slot){.wrong = -1};
    }
}

/* NaN is no value of any result. The sums are few, so all of them go every time. */
void TYPED(stream_spoil)(void *state, bool whole)
{
    enum { SCATTERED = 32 };
    struct stream *s = state;
    for (int t = 0; t < s->config.threads; t++)
        s->slots[t].sum = __builtin_nan("");
    if (s->a == NULL)
        return;
    if (!whole) {
        for (uint64_t i = 0; i < SCATTERED; i++)
            s->a[random_bits(s->spoiled, i) % (uint64_t)s->n] = (element)__builtin_nan("");
        s->spoiled++;
        return;
    }
#pragma omp parallel num_threads(s->config.threads)
    {
        int64_t begin, end;
        TYPED(stream_share)(s, team_rank(), team_size(), &begin, &end);
        for (int64_t i = begin; i < end; i++)
            s->a[i] = (element)__builtin_nan("");
    }
}

/* A loop over this thread's share. */
typedef void share_function(const struct stream *state, int64_t begin, int64_t end);

static void run_shares(const struct stream *s, struct kernel_lane *lanes, share_function *loop)
{
#pragma omp parallel num_threads(s->config.threads)
    {
        int64_t begin, end;
        struct stream_slot *slot = &s->slots[team_rank()];
        lane_begin(&lanes[team_rank()]);
        TYPED(stream_share)(s, team_rank(), team_size(), &begin, &end);
        slot->sum = 0;
        for (int64_t pass = 0; pass < s->passes; pass++)
            loop(s, begin, end);
        slot->sum /= (double)s->passes;
        lane_end(&lanes[team_rank()]);
    }
}

static void sum_share(const struct stream *s, int64_t begin, int64_t end)
{
    s->slots[team_rank()].sum += TYPED(stream_sum)(s, begin, end);
}

static void run_read(void *state, struct kernel_lane *lanes)
{
    run_shares(state, lanes, sum_share);
}

static void run_copy(void *state, struct kernel_lane *lanes)
{
    run_shares(state, lanes, TYPED(stream_copy));
}

static void run_triad(void *state, struct kernel_lane *lanes)
{
    run_shares(state, lanes, TYPED(stream_triad));
}

static void run_copy_past_cache(void *state, struct kernel_lane *lanes)
{
    run_shares(state, lanes, TYPED(stream_copy_past_cache));
}

static void run_triad_past_cache(void *state, struct kernel_lane *lanes)
{
    run_shares(state, lanes, TYPED(stream_triad_past_cache));
}

static const struct kernel_variant variants[] = {
    {"read", "adds up b", "one stream, and nothing to write", run_read, false, false},
    {"copy", "a = b", "one read, one write; a plain store fetches the line that it overwrites", run_copy,
        false, false},
    {"triad", "a = b + s c", "two reads, one write, as most loops over tables", run_triad, false, false},
    {"copy-nt", "a = b, with stores past the caches", "nothing is fetched to be overwritten",
        run_copy_past_cache, false, false},
    {"triad-nt", "a = b + s c, with stores past the caches", "nothing is fetched to be overwritten",
        run_triad_past_cache, true, false},
};

const struct kernel TYPED(kernel_stream) = {
    .name = "stream",
    .element = ELEMENT_NAME,
    .summary = "ceiling: bytes to and from memory",
    .role = KERNEL_CEILING,
    .rate = KERNEL_RATE_BYTES,
    .dimensions = TYPED(stream_dimensions),
    .dimension_count = 1,
    .variants = variants,
    .variant_count = sizeof variants / sizeof variants[0],
    .reject = TYPED(stream_reject),
    .cost = TYPED(stream_cost),
    .create = TYPED(stream_create),
    .fill = TYPED(stream_fill),
    .spoil = TYPED(stream_spoil),
    .check = TYPED(stream_check),
    .destroy = TYPED(stream_destroy),
    .test_shapes = test_shapes,
    .test_shape_count = sizeof test_shapes / sizeof test_shapes[0],
};
