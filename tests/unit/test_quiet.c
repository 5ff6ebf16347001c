/* Which samples are marked as disturbed, and which must not be. */
#include "harness/analysis/quiet.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { N = 20 };

static void fill(struct quiet_sample *sample, double seconds, double off_cpu_s)
{
    for (int i = 0; i < N; i++)
        sample[i] = (struct quiet_sample){seconds, off_cpu_s * (1 + 0.01 * i)};
}

static void a_quiet_cell_has_no_marks_and_a_competing_program_marks(void **state)
{
    (void)state;
    struct quiet_sample pilot[N];
    fill(pilot, 0.1, 1e-4);
    double level = quiet_level(pilot, N);
    assert_true(level >= 1e-4 && level <= 1.2e-4);
    for (int i = 0; i < N; i++)
        assert_false(quiet_marks(pilot[i], level));
    /* One turn of another program, 4 ms, is 4 % of this sample; 0.1 % is not. */
    assert_true(quiet_marks((struct quiet_sample){0.1, 4e-3}, level));
    assert_false(quiet_marks((struct quiet_sample){0.1, 2e-4}, level));
}

static void a_long_sample_is_marked_by_share_and_not_by_seconds(void **state)
{
    (void)state;
    assert_true(quiet_marks((struct quiet_sample){0.01, 4e-3}, 0));
    assert_false(quiet_marks((struct quiet_sample){1, 4e-3}, 0));
}

static void a_reading_error_does_not_mark_a_tiny_sample(void **state)
{
    (void)state;
    assert_false(quiet_marks((struct quiet_sample){1e-4, 2e-5}, 0)); /* 20 %, and yet only 20 µs */
    assert_true(quiet_marks((struct quiet_sample){1e-4, 8e-5}, 0));
}

static void a_disturbed_pilot_does_not_make_disturbance_normal(void **state)
{
    (void)state;
    struct quiet_sample pilot[N];
    fill(pilot, 0.1, 1e-5);
    for (int i = 0; i < N / 2 - 1; i++)
        pilot[2 * i].off_cpu_s = 0.03;
    assert_true(quiet_level(pilot, N) < 1e-4);
    fill(pilot, 0.1, 0.03); /* disturbed from the first to the last sample */
    assert_true(quiet_marks((struct quiet_sample){0.1, 0.03}, quiet_level(pilot, N)));
}

static void unknown_is_neither_a_level_nor_marked(void **state)
{
    (void)state;
    const struct quiet_sample unknown[] = {{0.1, NAN}, {NAN, 0.1}, {0, 0.1}, {-1, 0.5}, {0.1, -1}};
    assert_true(quiet_level(unknown, 5) == 0 && quiet_level(NULL, 0) == 0);
    for (int i = 0; i < 5; i++)
        assert_false(quiet_marks(unknown[i], 0));
    const struct quiet_sample one_known[] = {{0.1, NAN}, {0.1, 5e-4}, {0.1, NAN}};
    assert_true(quiet_level(one_known, 3) == 5e-4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_quiet_cell_has_no_marks_and_a_competing_program_marks),
        cmocka_unit_test(a_long_sample_is_marked_by_share_and_not_by_seconds),
        cmocka_unit_test(a_reading_error_does_not_mark_a_tiny_sample),
        cmocka_unit_test(a_disturbed_pilot_does_not_make_disturbance_normal),
        cmocka_unit_test(unknown_is_neither_a_level_nor_marked),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
