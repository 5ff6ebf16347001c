/* Simultaneity, seen in stamps: which chunks of work were computed while another lane computed one too.
 *
 * A chunk that was interrupted in the middle says nothing about the time between its stamps, so chunks that
 * were stretched do not count; a lane's chunks are compared with that lane's median, because CPUs differ. */
#include "harness/analysis/interval.h"
#include "lessons/engine/observation.h"

#include <math.h>
#include <stdlib.h>

static const double stretched_beyond = 1.5; /* times the median chunk of its lane */

struct interval_of_lane {
    double begin_s, end_s;
    int lane;
};

struct chunks {
    struct interval_of_lane *chunk;
    int count;
};

static int compare_begins(const void *a, const void *b)
{
    const struct interval_of_lane *left = a, *right = b;
    return (left->begin_s > right->begin_s) - (left->begin_s < right->begin_s);
}

static bool is_work(const struct observed_span *span)
{
    return span->kind == SPAN_WORK && !span->locked_wait;
}

double lane_median_chunk_s(const struct observed_lane *lane)
{
    double *lengths = malloc(((size_t)lane->spans + 1) * sizeof *lengths), median_s = NAN;
    size_t n = 0;
    for (int s = 0; lengths != NULL && s < lane->spans; s++)
        if (is_work(&lane->span[s]))
            lengths[n++] = lane->span[s].end_s - lane->span[s].begin_s;
    if (n > 0)
        median_s = median_of(lengths, n);
    free(lengths);
    return median_s;
}

/* Adds those of one lane that count. */
static void add_lane(const struct observed_lane *lane, int index, struct chunks *chunks)
{
    double longest_s = stretched_beyond * lane_median_chunk_s(lane);
    for (int s = 0; s < lane->spans; s++) {
        const struct observed_span *span = &lane->span[s];
        if (is_work(span) && span->end_s - span->begin_s <= longest_s)
            chunks->chunk[chunks->count++] = (struct interval_of_lane){span->begin_s, span->end_s, index};
    }
}

/* Chunks of one lane follow one another, so a chunk overlaps another lane's if and only if it begins before
 * the latest end of the other lanes so far, or ends after the earliest begin of the other lanes to come. One
 * pass in each direction, with the best two lanes kept. */
static int count_overlapping(const struct chunks *chunks)
{
    int n = chunks->count, overlapping = 0;
    char *overlaps = calloc((size_t)n + 1, 1);
    struct interval_of_lane best = {.end_s = -INFINITY, .lane = -1}, second = best;
    for (int i = 0; overlaps != NULL && i < n; i++) {
        const struct interval_of_lane *now = &chunks->chunk[i];
        double others_end_s = best.lane != now->lane ? best.end_s : second.end_s;
        overlaps[i] = now->begin_s < others_end_s;
        if (now->lane == best.lane) {
            best.end_s = fmax(best.end_s, now->end_s);
        } else if (now->end_s > best.end_s) {
            second = best;
            best = *now;
        } else if (now->lane == second.lane || now->end_s > second.end_s) {
            second = (struct interval_of_lane){now->begin_s,
                now->lane == second.lane ? fmax(second.end_s, now->end_s) : now->end_s, now->lane};
        }
    }
    best = second = (struct interval_of_lane){.begin_s = INFINITY, .lane = -1};
    for (int i = n - 1; overlaps != NULL && i >= 0; i--) {
        const struct interval_of_lane *now = &chunks->chunk[i];
        double others_begin_s = best.lane != now->lane ? best.begin_s : second.begin_s;
        overlapping += overlaps[i] || others_begin_s < now->end_s;
        if (now->lane != best.lane)
            second = best; /* begins only get smaller */
        best = *now;
    }
    free(overlaps);
    return overlapping;
}

double observation_overlap(const struct observation *observation)
{
    size_t spans = 0;
    for (int l = 0; l < observation->lanes; l++)
        spans += (size_t)observation->lane[l].spans;
    struct chunks chunks = {.chunk = malloc((spans + 1) * sizeof *chunks.chunk)};
    double share = NAN;
    if (chunks.chunk != NULL) {
        for (int l = 0; l < observation->lanes; l++)
            add_lane(&observation->lane[l], l, &chunks);
        qsort(chunks.chunk, (size_t)chunks.count, sizeof *chunks.chunk, compare_begins);
        if (chunks.count > 0)
            share = (double)count_overlapping(&chunks) / chunks.count;
    }
    free(chunks.chunk);
    return share;
}
