/* stream with faults built in, to prove that the real check() lets none through. Refuses to be a ceiling.
 *
 * The first word of a name is the loop that it pretends to be. `triad_racy` is wrong only in a team; the
 * others at any team size.
 */
#include "kernels/stream/stream.h"
#include "kernels/team.h"

#include <string.h>

enum { LINE = 64 / (int)sizeof(element) };

/* A cache line inside the share, at its end if that is short. */
static int64_t choose_line(int64_t begin, int64_t end)
{
    int64_t middle = begin + (end - begin) / 2 / STREAM_UNIT * STREAM_UNIT;
    return middle + LINE < end ? middle : end;
}

typedef void share_function(const struct stream *state, int64_t begin, int64_t end);

static void run_shares(const struct stream *s, struct kernel_lane *lanes, share_function *loop)
{
#pragma omp parallel num_threads(s->config.threads)
    {
        int64_t begin, end;
        lane_begin(&lanes[team_rank()]);
        TYPED(stream_share)(s, team_rank(), team_size(), &begin, &end);
        loop(s, begin, end);
        lane_end(&lanes[team_rank()]);
    }
}

static void read_without_line(const struct stream *s, int64_t begin, int64_t end)
{
    int64_t line = choose_line(begin, end);
    double sum = TYPED(stream_sum)(s, begin, line);
    for (int64_t i = line + LINE; i < end; i++)
        sum += (double)s->b[i];
    s->slots[team_rank()].sum = sum;
}

static void read_without_last(const struct stream *s, int64_t begin, int64_t end)
{
    s->slots[team_rank()].sum = TYPED(stream_sum)(s, begin, end - (end == s->n));
}

static void copy_without_line(const struct stream *s, int64_t begin, int64_t end)
{
    int64_t line = choose_line(begin, end);
    TYPED(stream_copy)(s, begin, line);
    for (int64_t i = line + LINE; i < end; i++)
        s->a[i] = s->b[i];
}

static void copy_shifted(const struct stream *s, int64_t begin, int64_t end)
{
    for (int64_t i = begin; i < end; i++)
        s->a[i] = s->b[i > 0 ? i - 1 : 0];
}

/* The copy of an array that is no longer the one that was given. */
static void copy_changed(const struct stream *s, int64_t begin, int64_t end)
{
    memset(s->b + begin, 0, (size_t)(end - begin) * sizeof(element));
    TYPED(stream_copy_past_cache)(s, begin, end);
}

static void triad_without_line(const struct stream *s, int64_t begin, int64_t end)
{
    int64_t line = choose_line(begin, end);
    TYPED(stream_triad_past_cache)(s, begin, line);
    for (int64_t i = line + LINE; i < end; i++)
        s->a[i] = s->b[i] + s->scale * s->c[i];
}

static void triad_without_c(const struct stream *s, int64_t begin, int64_t end)
{
    TYPED(stream_copy)(s, begin, end);
}

static void run_read_line_skipped(void *state, struct kernel_lane *lanes)
{
    run_shares(state, lanes, read_without_line);
}

static void run_read_last_skipped(void *state, struct kernel_lane *lanes)
{
    run_shares(state, lanes, read_without_last);
}

static void run_copy_line_skipped(void *state, struct kernel_lane *lanes)
{
    run_shares(state, lanes, copy_without_line);
}

static void run_copy_shifted(void *state, struct kernel_lane *lanes)
{
    run_shares(state, lanes, copy_shifted);
}

static void run_copy_input_overwritten(void *state, struct kernel_lane *lanes)
{
    run_shares(state, lanes, copy_changed);
}

static void run_triad_line_skipped(void *state, struct kernel_lane *lanes)
{
    run_shares(state, lanes, triad_without_line);
}

static void run_triad_without_c(void *state, struct kernel_lane *lanes)
{
    run_shares(state, lanes, triad_without_c);
}

/* The smallest error: the last bit of the last element. */
static void run_triad_bit_flipped(void *state, struct kernel_lane *lanes)
{
    const struct stream *s = state;
    run_shares(state, lanes, TYPED(stream_triad));
    s->a[s->n - 1] *= (element)(1 + 2 * ELEMENT_EPSILON);
}

/* What was there stays. */
static void run_triad_nothing(void *state, struct kernel_lane *lanes)
{
    const struct stream *s = state;
    for (int t = 0; t < s->config.threads; t++) {
        lane_begin(&lanes[t]);
        lane_end(&lanes[t]);
    }
}

/* The threads divide the two terms instead of the elements, and add to a without order. At the first element
 * all have read before any writes, so that an update is lost however the threads are scheduled. */
static void run_triad_racy(void *state, struct kernel_lane *lanes)
{
    const struct stream *s = state;
    memset(s->a, 0, s->array_bytes);
#pragma omp parallel num_threads(s->config.threads)
    {
        int rank = team_rank();
        bool adds_b = rank == 0, adds_c = rank + 1 == team_size();
        lane_begin(&lanes[rank]);
        for (int64_t i = 0; i < s->n; i++) {
            volatile element *a = &s->a[i];
            element old = *a;
            if (i == 0) {
#pragma omp barrier
            }
            if (adds_b || adds_c)
                *a = old + (adds_b ? s->b[i] : 0) + (adds_c ? s->scale * s->c[i] : 0);
        }
        lane_end(&lanes[rank]);
    }
}

static const struct kernel_variant variants[] = {
    {"read_line_skipped", "a cache line of each share is not read", "less traffic than is credited",
        run_read_line_skipped, false, false},
    {"read_last_skipped", "the last element is not read", "as a loop without its tail", run_read_last_skipped,
        false, false},
    {"copy_line_skipped", "a cache line of each share is not copied", "what was there stays",
        run_copy_line_skipped, false, false},
    {"copy_shifted", "every element comes from one place too early", "the values are all there",
        run_copy_shifted, false, false},
    {"copy_input_overwritten", "zeroes b, then copies it", "right only for the wrong b",
        run_copy_input_overwritten, false, false},
    {"triad_line_skipped", "a cache line of each share is not written", "what was there stays",
        run_triad_line_skipped, false, false},
    {"triad_without_c", "a = b", "a third of the traffic is missing", run_triad_without_c, false, false},
    {"triad_bit_flipped", "the last bit of the last element is wrong", "the smallest error there is",
        run_triad_bit_flipped, false, false},
    {"triad_nothing", "computes nothing", "what was there stays", run_triad_nothing, false, false},
    {"triad_racy", "threads add to a without order", "updates are lost", run_triad_racy, true, false},
};

static const int64_t test_shapes[] = {5 * STREAM_UNIT + 3, 3000};

const struct kernel TYPED(kernel_broken_stream) = {
    .name = "broken_stream",
    .element = ELEMENT_NAME,
    .summary = "stream with faults that check() must find",
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
