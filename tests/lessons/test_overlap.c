/* Simultaneity from stamps. */
#include "lessons/engine/observation.h"
#include "tests/lessons/spans.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

static struct observation lanes_of(int lanes)
{
    return (struct observation){
        .valid = true, .lane = calloc((size_t)lanes, sizeof(struct observed_lane)), .lanes = lanes};
}

static double overlap_of(int lanes, int at_once)
{
    struct observation made = lanes_of(lanes);
    give_spans(&made, at_once);
    double overlap = observation_overlap(&made);
    observation_clear(&made);
    return overlap;
}

static void chunks_in_turn_do_not_overlap(void **state)
{
    (void)state;
    assert_true(overlap_of(2, 0) == 0);
    assert_true(overlap_of(8, 0) == 0);
    assert_true(overlap_of(1, 100) == 0);
}

static void share_that_overlaps_is_counted(void **state)
{
    (void)state;
    assert_true(overlap_of(2, 100) == 1);
    assert_true(overlap_of(2, 25) == 0.25);
    assert_true(overlap_of(5, 40) == 0.4);
}

static void no_chunk_is_unknown(void **state)
{
    (void)state;
    struct observation made = lanes_of(2);
    assert_true(isnan(observation_overlap(&made)));
    observation_clear(&made);
}

/* On one CPU a thread that is taken off in the middle of a chunk comes back later: begin to end, that chunk
 * spans all the others of the other lane. */
static void interrupted_chunks_do_not_count(void **state)
{
    (void)state;
    struct observation made = lanes_of(2);
    give_spans(&made, 0);
    struct observed_lane *lane = made.lane;
    lane[0].span[40].end_s = lane[1].span[60].begin_s;
    for (int k = 41; k < SPANS_OF_LANE; k++) {
        lane[0].span[k].begin_s += 1;
        lane[0].span[k].end_s += 1;
    }
    assert_true(observation_overlap(&made) == 0);
    observation_clear(&made);
}

static void waits_and_chunks_with_a_wait_inside_do_not_count(void **state)
{
    (void)state;
    struct observation made = lanes_of(2);
    give_spans(&made, 100);
    for (int k = 0; k < SPANS_OF_LANE; k++)
        made.lane[1].span[k].kind = SPAN_WAIT;
    assert_true(observation_overlap(&made) == 0);
    give_spans(&made, 100);
    for (int k = 0; k < SPANS_OF_LANE; k++)
        made.lane[1].span[k].locked_wait = true;
    assert_true(observation_overlap(&made) == 0);
    observation_clear(&made);
}

/* A slow core's chunks are long without being interrupted. */
static void lanes_of_different_speed_are_judged_by_their_own_median(void **state)
{
    (void)state;
    struct observation made = lanes_of(2);
    give_spans(&made, 100);
    for (int k = 0; k < SPANS_OF_LANE; k++) {
        made.lane[1].span[k].begin_s *= 3;
        made.lane[1].span[k].end_s *= 3;
    }
    double overlap = observation_overlap(&made); /* the fast lane's 100, and the first 34 of the slow one */
    assert_true(overlap == 134 / 200.0);
    observation_clear(&made);
}

/* The same by comparing every pair. */
static double overlap_by_pairs(const struct observation *made)
{
    int total = 0, overlapping = 0;
    for (int l = 0; l < made->lanes; l++)
        for (int k = 0; k < made->lane[l].spans; k++) {
            const struct observed_span *one = &made->lane[l].span[k];
            bool found = false;
            for (int m = 0; m < made->lanes; m++)
                for (int j = 0; m != l && j < made->lane[m].spans; j++)
                    found = found || (one->begin_s < made->lane[m].span[j].end_s &&
                                         made->lane[m].span[j].begin_s < one->end_s);
            total++;
            overlapping += found;
        }
    return (double)overlapping / total;
}

static void any_pattern_gives_what_comparing_all_pairs_gives(void **state)
{
    (void)state;
    srand(1);
    for (int trial = 0; trial < 300; trial++) {
        struct observation made = lanes_of(1 + rand() % 5);
        for (int l = 0; l < made.lanes; l++) {
            struct observed_lane *lane = &made.lane[l];
            double at = rand() % 40;
            lane->spans = rand() % 30;
            lane->span = calloc((size_t)lane->spans + 1, sizeof *lane->span);
            for (int k = 0; k < lane->spans; k++) {
                at += rand() % 7;
                lane->span[k].begin_s = at;
                lane->span[k].end_s = at += 2; /* equal lengths: none is stretched */
            }
        }
        double fast = observation_overlap(&made);
        assert_true(isnan(fast) ? isnan(overlap_by_pairs(&made)) : fast == overlap_by_pairs(&made));
        observation_clear(&made);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chunks_in_turn_do_not_overlap),
        cmocka_unit_test(share_that_overlaps_is_counted),
        cmocka_unit_test(no_chunk_is_unknown),
        cmocka_unit_test(interrupted_chunks_do_not_count),
        cmocka_unit_test(waits_and_chunks_with_a_wait_inside_do_not_count),
        cmocka_unit_test(lanes_of_different_speed_are_judged_by_their_own_median),
        cmocka_unit_test(any_pattern_gives_what_comparing_all_pairs_gives),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
