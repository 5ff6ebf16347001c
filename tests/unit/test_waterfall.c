/* The waterfall: each part from its numbers, and the sum to the last bit whatever the input. */
#include "harness/analysis/waterfall.h"

#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Everything known: 4 threads of a kernel that takes 1 s alone and 0.4 s here. */
static const struct waterfall_input known = {.threads = 4,
    .base_s = 1,
    .seconds = 0.4,
    .base_ghz = 3,
    .ghz = 2.5,
    .bytes = 3.2e9,
    .bandwidth = 1e10,
    .regions = 100,
    .barriers = 10,
    .region_s = 3e-5,
    .barrier_s = 1e-4,
    .base_region_s = 1e-5,
    .base_barrier_s = 0,
    .imbalance_s = 0.02,
    .off_cpu_s = 0.005};

static void assert_part(const struct waterfall *w, enum waterfall_part part, double seconds)
{
    if (!(fabs(w->seconds[part] - seconds) <= 1e-12))
        fail_msg("%s: %.17g, expected %.17g", waterfall_part_name(part), w->seconds[part], seconds);
}

static double sum_of(const struct waterfall *w)
{
    double sum = 0;
    for (int part = 0; part < WATERFALL_PARTS; part++) {
        assert_true(isfinite(w->seconds[part]));
        sum += w->seconds[part];
    }
    return sum;
}

static void each_part_comes_from_its_own_numbers(void **state)
{
    (void)state;
    struct waterfall w;
    assert_true(waterfall_make(&known, &w));
    assert_part(&w, PART_LINEAR, 0.25);
    assert_part(&w, PART_CLOCK, 0.05);     /* 0.25 s at 3 GHz are 0.3 s at 2.5 */
    assert_part(&w, PART_BANDWIDTH, 0.02); /* the bytes take 0.32 s */
    assert_part(&w, PART_FORKJOIN, 0.003); /* 100 · 20 µs + 10 · 100 µs */
    assert_part(&w, PART_IMBALANCE, 0.02);
    assert_part(&w, PART_OFF_CPU, 0.005);
    assert_part(&w, PART_REST, 0.052);
    assert_true(sum_of(&w) == known.seconds);
    assert_int_equal(w.status[PART_LINEAR], PART_MEASURED);
    assert_int_equal(w.status[PART_BANDWIDTH], PART_ESTIMATED);
    assert_int_equal(w.status[PART_OFF_CPU], PART_MEASURED);
}

static void weak_scaling_starts_from_the_time_of_one_thread(void **state)
{
    (void)state;
    struct waterfall w;
    struct waterfall_input input = known;
    input.weak = true;
    assert_true(waterfall_make(&input, &w));
    assert_part(&w, PART_LINEAR, 1);
    assert_true(sum_of(&w) == input.seconds);
}

static void what_is_unknown_stands_in_the_rest(void **state)
{
    (void)state;
    struct waterfall w;
    const struct waterfall_input input = {.threads = 4,
        .base_s = 1,
        .seconds = 0.4,
        .base_ghz = NAN,
        .ghz = 2,
        .bytes = 1e9,
        .bandwidth = NAN,
        .regions = 1,
        .region_s = NAN,
        .imbalance_s = NAN,
        .off_cpu_s = NAN};
    assert_true(waterfall_make(&input, &w));
    for (int part = PART_CLOCK; part <= PART_OFF_CPU; part++) {
        assert_int_equal(w.status[part], PART_UNAVAILABLE);
        assert_true(w.seconds[part] == 0);
    }
    assert_part(&w, PART_REST, 0.15);
}

static void a_gain_is_negative_and_a_low_floor_adds_nothing(void **state)
{
    (void)state;
    struct waterfall w;
    struct waterfall_input input = known;
    input.bytes = 1;
    input.seconds = 0.2;
    input.ghz = 3.3;
    assert_true(waterfall_make(&input, &w));
    assert_true(w.seconds[PART_CLOCK] < 0 && w.seconds[PART_REST] < 0);
    assert_true(w.seconds[PART_BANDWIDTH] == 0);
    assert_int_equal(w.status[PART_BANDWIDTH], PART_ESTIMATED);
    assert_true(sum_of(&w) == input.seconds);
}

static void no_part_is_longer_than_the_whole(void **state)
{
    (void)state;
    struct waterfall w;
    struct waterfall_input input = known;
    input.bytes = 1e30;
    input.region_s = 1e30;
    input.imbalance_s = 1e30;
    input.off_cpu_s = 1e30;
    assert_true(waterfall_make(&input, &w));
    for (int part = PART_CLOCK; part <= PART_OFF_CPU; part++)
        assert_true(w.seconds[part] <= input.seconds);
    assert_true(sum_of(&w) == input.seconds);
}

static void without_a_base_there_is_no_waterfall(void **state)
{
    (void)state;
    const double bad[] = {NAN, 0, -1, INFINITY, 1e300, 1e-300};
    struct waterfall w;
    struct waterfall_input input = known;
    for (int i = 0; i < 6; i++) {
        input = known;
        input.base_s = bad[i];
        assert_false(waterfall_make(&input, &w));
        input = known;
        input.seconds = bad[i];
        assert_false(waterfall_make(&input, &w));
    }
    input = known;
    input.threads = 0;
    assert_false(waterfall_make(&input, &w));
}

/* Times with all their bits used, as clocks give them. */
static void parts_of_ordinary_times_sum_to_the_last_bit(void **state)
{
    (void)state;
    uint64_t bits = 1;
    for (int i = 0; i < 20000; i++) {
        double draw[6];
        for (int k = 0; k < 6; k++) {
            bits = bits * 6364136223846793005u + 1442695040888963407u;
            draw[k] = (double)(bits >> 11) / 9007199254740992.0;
        }
        struct waterfall_input input = known;
        struct waterfall w;
        input.seconds = 0.25 + draw[0];
        input.base_ghz = 2 + draw[1];
        input.bytes = 4e9 * draw[2];
        input.region_s = 1e-3 * draw[3];
        input.imbalance_s = 0.1 * draw[4];
        input.off_cpu_s = 0.1 * draw[5];
        assert_true(waterfall_make(&input, &w));
        assert_true(sum_of(&w) == input.seconds);
    }
}

/* Every field in turn, and pairs of them, at values that hurt. */
static void parts_sum_to_the_measured_time_for_hostile_input(void **state)
{
    (void)state;
    static const double hostile[] = {NAN, INFINITY, -INFINITY, -1, 0, -0.0, DBL_MIN, 5e-324, 1e-9, 0.1,
        1.0 / 3, 7e-3, 1, 3.14159, 1e9, 1e300, DBL_MAX};
    enum { VALUES = sizeof hostile / sizeof *hostile, FIELDS = 13 };
    for (int a = 0; a < FIELDS; a++)
        for (int b = a; b < FIELDS; b++)
            for (int i = 0; i < VALUES; i++)
                for (int k = 0; k < VALUES; k++) {
                    struct waterfall_input input = known;
                    double *const field[FIELDS] = {&input.base_s, &input.seconds, &input.base_ghz, &input.ghz,
                        &input.bytes, &input.bandwidth, &input.regions, &input.barriers, &input.region_s,
                        &input.barrier_s, &input.base_region_s, &input.imbalance_s, &input.off_cpu_s};
                    struct waterfall w;
                    *field[a] = hostile[i];
                    *field[b] = hostile[k];
                    if (!waterfall_make(&input, &w))
                        continue;
                    double linear = w.seconds[PART_LINEAR], away = fabs(sum_of(&w) - input.seconds);
                    assert_true(linear > input.seconds ? away <= linear * 2 * DBL_EPSILON : away == 0);
                }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_part_comes_from_its_own_numbers),
        cmocka_unit_test(weak_scaling_starts_from_the_time_of_one_thread),
        cmocka_unit_test(what_is_unknown_stands_in_the_rest),
        cmocka_unit_test(a_gain_is_negative_and_a_low_floor_adds_nothing),
        cmocka_unit_test(no_part_is_longer_than_the_whole),
        cmocka_unit_test(without_a_base_there_is_no_waterfall),
        cmocka_unit_test(parts_of_ordinary_times_sum_to_the_last_bit),
        cmocka_unit_test(parts_sum_to_the_measured_time_for_hostile_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
