/* Where values lie on an axis of the gallery, and what its ticks are. */
#include "harness/report/gallery_axis.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void assert_near(double is, double wanted)
{
    assert_true(fabs(is - wanted) < 1e-9);
}

static void linear_axis_has_round_ticks(void **state)
{
    (void)state;
    double tick[GALLERY_TICKS_MAX];
    struct gallery_axis axis = gallery_axis_make(0, 3.8, SCALE_LINEAR, 100, 0);
    assert_near(gallery_axis_place(&axis, 0), 100);
    assert_near(gallery_axis_place(&axis, 1.9), 50);
    assert_int_equal(gallery_axis_ticks(&axis, true, tick), 4);
    assert_near(tick[3], 3);
    axis = gallery_axis_make(0.92, 2.03, SCALE_LINEAR, 0, 100);
    assert_int_equal(gallery_axis_ticks(&axis, true, tick), 2);
    assert_near(tick[0], 1);
}

static void doublings_lie_evenly(void **state)
{
    (void)state;
    double tick[GALLERY_TICKS_MAX];
    struct gallery_axis axis = gallery_axis_make(1, 384, SCALE_DOUBLINGS, 0, 90);
    assert_near(axis.high, 512);
    assert_near(gallery_axis_place(&axis, 8), 30);
    assert_near(gallery_axis_place(&axis, 64), 60);
    assert_int_equal(gallery_axis_ticks(&axis, true, tick), 10);
    assert_near(tick[9], 512);
    axis = gallery_axis_make(1, 1, SCALE_DOUBLINGS, 0, 1);
    assert_near(axis.high, 2);
}

static void decades_end_at_one_two_or_five(void **state)
{
    (void)state;
    double tick[GALLERY_TICKS_MAX];
    struct gallery_axis axis = gallery_axis_make(0.0003, 0.07, SCALE_DECADES, 0, 1);
    assert_near(axis.low, 0.0002);
    assert_near(axis.high, 0.1);
    int count = gallery_axis_ticks(&axis, false, tick);
    assert_int_equal(count, 9);
    assert_near(tick[count - 1], 0.1);
    axis = gallery_axis_make(1e-12, 1e12, SCALE_DECADES, 0, 1);
    count = gallery_axis_ticks(&axis, false, tick);
    assert_true(count > 3 && count <= 10);
    axis = gallery_axis_make(5, 5, SCALE_DECADES, 0, 1);
    assert_true(axis.low <= 5 && axis.high > axis.low);
}

static void unknown_has_no_place(void **state)
{
    (void)state;
    struct gallery_axis axis = gallery_axis_make(1, 8, SCALE_DOUBLINGS, 0, 1);
    assert_true(isnan(gallery_axis_place(&axis, NAN)) != 0);
    assert_true(isnan(gallery_axis_place(&axis, 0)) != 0);
    assert_true(isnan(gallery_axis_place(&axis, -1)) != 0);
    assert_true(isnan(gallery_axis_place(&axis, 9)) != 0);
    assert_near(gallery_axis_place(&axis, 8), 1);
    assert_true(isnan(gallery_axis_place(&axis, 0.5)) != 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(linear_axis_has_round_ticks),
        cmocka_unit_test(doublings_lie_evenly),
        cmocka_unit_test(decades_end_at_one_two_or_five),
        cmocka_unit_test(unknown_has_no_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
