/* The generator against the numbers that its authors' programs print, and its draws against theory. */
#include "harness/analysis/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* splitmix64 from 0, and xoshiro256** from the words 1 2 3 4: the outputs of the published C programs. */
static void numbers_are_those_of_the_published_programs(void **state)
{
    (void)state;
    static const uint64_t seeded[] = {
        0xe220a8397b1dcdafu, 0x6e789e6aa1b965f4u, 0x06c45d188009454fu, 0xf88bb8a8724c81ecu};
    static const uint64_t drawn[] = {11520, 0, 1509978240, 1215971899390074240, 1216172134540287360,
        607988272756665600, 16172922978634559625u, 8476171486693032832, 10595114339597558777u};
    struct random random;
    random_seed(&random, 0);
    for (size_t i = 0; i < 4; i++)
        assert_true(random.word[i] == seeded[i]);
    random = (struct random){{1, 2, 3, 4}};
    for (size_t i = 0; i < sizeof drawn / sizeof drawn[0]; i++)
        assert_true(random_next(&random) == drawn[i]);
}

/* Seven boxes, 70 000 draws: each holds 10 000 ± 93 (one standard deviation). */
static void numbers_below_n_are_even(void **state)
{
    (void)state;
    struct random random;
    size_t box[7] = {0};
    random_seed(&random, 1);
    for (int i = 0; i < 70000; i++)
        box[random_below(&random, 7)]++;
    for (size_t i = 0; i < 7; i++)
        assert_in_range(box[i], 10000 - 4 * 93, 10000 + 4 * 93);
    assert_int_equal(random_below(&random, 1), 0);
}

/* With n = 3·2^62 a remainder without rejection would draw the lower third twice as often: half of all draws
 * instead of a third. 9 000 draws, deviation 45. */
static void numbers_below_a_huge_n_have_no_bias(void **state)
{
    (void)state;
    struct random random;
    size_t lower = 0;
    random_seed(&random, 2);
    for (int i = 0; i < 9000; i++)
        lower += random_below(&random, (size_t)3 << 62) < (size_t)1 << 62 ? 1 : 0;
    assert_in_range(lower, 3000 - 4 * 45, 3000 + 4 * 45);
}

/* Moments of 100 000 draws, each within four of its own standard errors. */
static void uniform_and_normal_numbers_have_their_moments(void **state)
{
    (void)state;
    enum { DRAWS = 100000 };
    struct random random;
    double uniform = 0, mean = 0, square = 0, fourth = 0, beyond = 0;
    random_seed(&random, 3);
    for (int i = 0; i < DRAWS; i++) {
        double u = random_uniform(&random), x = random_normal(&random);
        assert_true(u > 0 && u < 1);
        uniform += u / DRAWS;
        mean += x / DRAWS;
        square += x * x / DRAWS;
        fourth += x * x * x * x / DRAWS;
        beyond += x > 1.959963984540054 ? 1.0 / DRAWS : 0;
    }
    double root = sqrt(DRAWS);
    assert_true(fabs(uniform - 0.5) < 4 * sqrt(1.0 / 12) / root);
    assert_true(fabs(mean) < 4 / root);
    assert_true(fabs(square - 1) < 4 * sqrt(2) / root);
    assert_true(fabs(fourth - 3) < 4 * sqrt(96) / root);
    assert_true(fabs(beyond - 0.025) < 4 * sqrt(0.025 * 0.975) / root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_those_of_the_published_programs),
        cmocka_unit_test(numbers_below_n_are_even),
        cmocka_unit_test(numbers_below_a_huge_n_have_no_bias),
        cmocka_unit_test(uniform_and_normal_numbers_have_their_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
