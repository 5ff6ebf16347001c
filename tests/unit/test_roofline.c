/* The roofline: which of several needs decides, and what a missing ceiling does. */
#include "harness/analysis/roofline.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void the_slowest_need_decides(void **state)
{
    (void)state;
    /* 100 FLOP at 50 a second take 2 s, 30 bytes at 10 a second take 3 s. */
    const struct roof roof[] = {{100, 50}, {30, 10}};
    int binding = -2;
    double rate = roofline_rate(100, roof, 2, &binding);
    assert_true(fabs(rate - 100.0 / 3) < 1e-12);
    assert_int_equal(binding, 1);
    assert_true(roofline_rate(100, roof, 1, &binding) == 50);
    assert_int_equal(binding, 0);
}

static void an_unknown_ceiling_bounds_nothing(void **state)
{
    (void)state;
    const struct roof roof[] = {{30, NAN}, {100, 50}, {1e9, 0}};
    int binding = -2;
    assert_true(roofline_rate(100, roof, 3, &binding) == 50);
    assert_int_equal(binding, 1);
}

static void without_ceilings_or_work_there_is_no_roof(void **state)
{
    (void)state;
    const struct roof nothing_needed = {0, 50}, known = {100, 50};
    int binding = -2;
    assert_true(isnan(roofline_rate(100, NULL, 0, &binding)));
    assert_int_equal(binding, -1);
    assert_true(isnan(roofline_rate(100, &nothing_needed, 1, NULL)));
    assert_true(isnan(roofline_rate(0, &known, 1, NULL)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_slowest_need_decides),
        cmocka_unit_test(an_unknown_ceiling_bounds_nothing),
        cmocka_unit_test(without_ceilings_or_work_there_is_no_roof),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
