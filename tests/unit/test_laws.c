/* Laws put in are got out; what is no law, or too little for one, is refused with the reason. */
#include "harness/analysis/laws.h"
#include "simulation.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { POINTS_MOST = 8, BLOCKS_MOST = 30 };

/* A sweep with its own memory for the times. */
struct sweep {
    struct law_point point[POINTS_MOST];
    double seconds[POINTS_MOST][BLOCKS_MOST];
    size_t count, blocks;
    bool weak;
};

static double true_speedup(enum law law, double serial, double coherency, double p)
{
    if (law == LAW_GUSTAFSON)
        return p - serial * (p - 1);
    return p / (1 + serial * (p - 1) + coherency * p * (p - 1));
}

/* Threads 1 2 4 …, times with a deviation; of blocks in common, the machine's own 5 %. */
static void draw_sweep(struct sweep *sweep, enum law law, double serial, double coherency, double deviation,
    struct random *random)
{
    double machine[BLOCKS_MOST];
    for (size_t b = 0; b < sweep->blocks; b++)
        machine[b] = deviation > 0 ? exp(0.05 * random_normal(random)) : 1;
    for (size_t j = 0; j < sweep->count; j++) {
        double p = (double)(1 << j), work = law == LAW_GUSTAFSON ? p : 1;
        sweep->point[j] = (struct law_point){.threads = 1 << j, .seconds = sweep->seconds[j], .clock = 1};
        for (size_t b = 0; b < sweep->blocks; b++)
            sweep->seconds[j][b] = 3 * machine[b] * exp(deviation * random_normal(random)) * work /
                                   true_speedup(law, serial, coherency, p);
    }
    sweep->weak = law == LAW_GUSTAFSON;
}

static struct law_fit fit_of(enum law law, const struct sweep *sweep, uint64_t seed)
{
    struct law_fit fit;
    law_fit(law, sweep->point, sweep->count, sweep->blocks, sweep->weak, seed, &fit);
    return fit;
}

static void exact_times_give_back_their_law(void **state)
{
    (void)state;
    static const struct {
        enum law law;
        double serial, coherency;
    } laws[] = {{LAW_AMDAHL, 0.05, 0}, {LAW_AMDAHL, 0, 0}, {LAW_AMDAHL, 0.3, 0}, {LAW_GUSTAFSON, 0.1, 0},
        {LAW_GUSTAFSON, 0, 0}, {LAW_USL, 0.05, 0.002}, {LAW_USL, 0, 0.001}, {LAW_USL, 0.1, 0},
        {LAW_USL, 0.02, 0.02}};
    struct random random;
    random_seed(&random, 1);
    for (size_t i = 0; i < sizeof laws / sizeof laws[0]; i++) {
        struct sweep sweep = {.count = 7, .blocks = 3};
        draw_sweep(&sweep, laws[i].law, laws[i].serial, laws[i].coherency, 0, &random);
        struct law_fit fit = fit_of(laws[i].law, &sweep, 1);
        assert_true(fit.fitted && fit.why_not == NULL);
        assert_true(fabs(fit.serial - laws[i].serial) < 1e-6);
        if (laws[i].law == LAW_USL)
            assert_true(fabs(fit.coherency - laws[i].coherency) < 1e-7);
        else
            assert_true(isnan(fit.coherency));
        assert_true(fit.worst_residual < 1e-5);
        assert_true(isnan(fit.serial_interval.level)); /* three blocks are no ground for an interval */
        double expected = true_speedup(laws[i].law, laws[i].serial, laws[i].coherency, 48);
        assert_true(fabs(law_speedup(laws[i].law, &fit, 48) / expected - 1) < 1e-3);
    }
}

/* Squares of the residuals of the logarithms, t₁ being whatever leaves the least. */
static double squares_left(enum law law, const struct sweep *sweep, double serial, double coherency)
{
    double sum = 0, sum_squares = 0, n = (double)sweep->count;
    for (size_t j = 0; j < sweep->count; j++) {
        double p = sweep->point[j].threads, work = law == LAW_GUSTAFSON ? p : 1;
        double residual = log(work / sweep->seconds[j][0] / true_speedup(law, serial, coherency, p));
        sum += residual;
        sum_squares += residual * residual;
    }
    return sum_squares - sum * sum / n;
}

/* Noise puts the best parameters on their bounds as often as not: there, too, no others are better. */
static void no_other_parameters_fit_better(void **state)
{
    (void)state;
    static const enum law laws[] = {LAW_AMDAHL, LAW_GUSTAFSON, LAW_USL};
    struct random random;
    size_t at_bound = 0, fitted = 0;
    random_seed(&random, 8);
    for (size_t s = 0; s < 300; s++) {
        enum law law = laws[s % 3];
        struct sweep sweep = {.count = 6, .blocks = 1};
        draw_sweep(&sweep, law, 0.01 * (double)(s % 4), law == LAW_USL ? 0.0005 : 0, 0.05, &random);
        struct law_fit fit = fit_of(law, &sweep, 1);
        double coherency = law == LAW_USL ? fit.coherency : 0;
        if (!fit.fitted)
            continue;
        assert_true(fit.serial >= 0 && fit.serial <= 1 && coherency >= 0);
        double least = squares_left(law, &sweep, fit.serial, coherency);
        for (int i = 0; i <= 50; i++)
            for (int j = 0; j <= (law == LAW_USL ? 50 : 0); j++)
                assert_true(least <= squares_left(law, &sweep, 0.004 * i, 0.0002 * j) + 1e-9);
        at_bound += fit.serial <= 0 || (law == LAW_USL && coherency <= 0) ? 1 : 0;
        fitted++;
    }
    assert_in_range(fitted, 250, 300);
    assert_in_range(at_bound, 50, 250);
}

/* Two blocks, ± 10 % at two threads alone: the law goes through the mean of the middle two. */
static void an_even_number_of_blocks_has_the_mean_of_the_middle_two(void **state)
{
    (void)state;
    struct sweep sweep = {.count = 5, .blocks = 2};
    struct random random;
    random_seed(&random, 1);
    draw_sweep(&sweep, LAW_AMDAHL, 0.1, 0, 0, &random);
    sweep.seconds[1][0] *= 1.1;
    sweep.seconds[1][1] *= 0.9;
    assert_true(fabs(fit_of(LAW_AMDAHL, &sweep, 1).serial - 0.1) < 1e-6);
}

/* √((1 − σ)/κ): 0.02 and 0.001 give 31.3, inside 1 … 64; 0.0001 gives 99, beyond them; 0 none at all. */
static void peak_is_given_inside_the_measured_range_alone(void **state)
{
    (void)state;
    static const double coherency[] = {0.001, 0.0001, 0};
    struct random random;
    random_seed(&random, 1);
    for (size_t i = 0; i < 3; i++) {
        struct sweep sweep = {.count = 7, .blocks = 1};
        draw_sweep(&sweep, LAW_USL, 0.02, coherency[i], 0, &random);
        struct law_fit fit = fit_of(LAW_USL, &sweep, 1);
        assert_true(i == 0 ? fabs(fit.peak_threads - sqrt(980)) < 1e-2 : isnan(fit.peak_threads));
    }
}

/* At half the clock a time is twice as long for no fault of the program. */
static void clock_is_taken_out(void **state)
{
    (void)state;
    struct sweep sweep = {.count = 5, .blocks = 1};
    struct random random;
    random_seed(&random, 1);
    draw_sweep(&sweep, LAW_AMDAHL, 0.1, 0, 0, &random);
    for (size_t j = 0; j < sweep.count; j++) {
        sweep.point[j].clock = 1 - 0.1 * (double)j;
        sweep.seconds[j][0] /= sweep.point[j].clock;
    }
    assert_true(fabs(fit_of(LAW_AMDAHL, &sweep, 1).serial - 0.1) < 1e-6);
}

static void intervals_cover_the_parameters(void **state)
{
    (void)state;
    enum { SWEEPS = 150 };
    static const enum law laws[] = {LAW_AMDAHL, LAW_GUSTAFSON, LAW_USL};
    struct random random;
    random_seed(&random, 2);
    for (size_t l = 0; l < 3; l++)
        for (size_t blocks = 12; blocks <= 30; blocks += 18) {
            size_t serial = 0, coherency = 0;
            for (size_t s = 0; s < SWEEPS; s++) {
                struct sweep sweep = {.count = 6, .blocks = blocks};
                draw_sweep(&sweep, laws[l], 0.1, laws[l] == LAW_USL ? 0.003 : 0, 0.02, &random);
                struct law_fit fit = fit_of(laws[l], &sweep, s);
                serial += covers(fit.serial_interval, 0.1) ? 1 : 0;
                coherency += covers(fit.coherency_interval, 0.003) ? 1 : 0;
            }
            if (!hits_fit(serial, SWEEPS, 0.9, 0.98) ||
                (laws[l] == LAW_USL && !hits_fit(coherency, SWEEPS, 0.9, 0.98)))
                fail_msg("law %d, %zu blocks: σ %zu, κ %zu of %d", (int)laws[l], blocks, serial, coherency,
                    SWEEPS);
        }
}

/* Two of twelve blocks are hit at every point, by a factor of five: medians do not care. */
static void hits_do_not_move_the_fit(void **state)
{
    (void)state;
    struct sweep sweep = {.count = 5, .blocks = 12};
    struct random random;
    random_seed(&random, 3);
    draw_sweep(&sweep, LAW_AMDAHL, 0.1, 0, 0, &random);
    for (size_t j = 0; j < sweep.count; j++)
        for (size_t b = j; b < sweep.blocks; b += 6)
            sweep.seconds[j][b] *= 5;
    assert_true(fabs(fit_of(LAW_AMDAHL, &sweep, 1).serial - 0.1) < 1e-6);
}

static void unknown_blocks_are_left_out(void **state)
{
    (void)state;
    struct sweep sweep = {.count = 5, .blocks = 14};
    struct random random;
    random_seed(&random, 4);
    draw_sweep(&sweep, LAW_AMDAHL, 0.1, 0, 0, &random);
    for (size_t b = 0; b < 13; b++)
        sweep.seconds[3][b] = NAN; /* most resamples miss this point, and say nothing */
    struct law_fit fit = fit_of(LAW_AMDAHL, &sweep, 1);
    assert_true(fabs(fit.serial - 0.1) < 1e-6);
    assert_true(fabs(fit.serial_interval.low - 0.1) < 1e-6 && fabs(fit.serial_interval.high - 0.1) < 1e-6);
    sweep.seconds[3][13] = NAN;
    fit = fit_of(LAW_AMDAHL, &sweep, 1);
    assert_false(fit.fitted);
    assert_string_equal(fit.why_not, "a thread count has no time or no clock");
}

/* A sweep that one change away would be fitted, refused in words; everything unknown is NaN. */
static void assert_refused(enum law law, const struct sweep *sweep, const char *words)
{
    struct law_fit fit = fit_of(law, sweep, 1);
    assert_false(fit.fitted);
    assert_non_null(fit.why_not);
    if (strstr(fit.why_not, words) == NULL)
        fail_msg("\"%s\" does not say \"%s\"", fit.why_not, words);
    assert_true(isnan(fit.serial) && isnan(fit.coherency) && isnan(fit.peak_threads));
    assert_true(
        isnan(fit.worst_residual) && isnan(fit.serial_interval.low) && isnan(law_speedup(law, &fit, 4)));
}

static void too_little_for_a_law_is_refused(void **state)
{
    (void)state;
    struct sweep sweep = {.count = 3, .blocks = 1};
    struct random random;
    random_seed(&random, 5);
    draw_sweep(&sweep, LAW_AMDAHL, 0.1, 0, 0, &random);
    assert_refused(LAW_AMDAHL, &sweep, "four");
    sweep.count = 0;
    assert_refused(LAW_AMDAHL, &sweep, "four");
    sweep.count = 4;
    draw_sweep(&sweep, LAW_USL, 0.1, 0, 0, &random);
    assert_true(fit_of(LAW_AMDAHL, &sweep, 1).fitted);
    assert_refused(LAW_USL, &sweep, "five");
    sweep.count = 5;
    draw_sweep(&sweep, LAW_USL, 0.1, 0, 0, &random);
    assert_true(fit_of(LAW_USL, &sweep, 1).fitted);
    sweep.point[4].threads = 12;
    assert_refused(LAW_USL, &sweep, "16");
}

static void laws_are_kept_to_their_scaling(void **state)
{
    (void)state;
    struct sweep sweep = {.count = 5, .blocks = 1};
    struct random random;
    random_seed(&random, 6);
    draw_sweep(&sweep, LAW_AMDAHL, 0.1, 0, 0, &random);
    assert_refused(LAW_GUSTAFSON, &sweep, "weak");
    draw_sweep(&sweep, LAW_GUSTAFSON, 0.1, 0, 0, &random);
    assert_true(fit_of(LAW_GUSTAFSON, &sweep, 1).fitted);
    assert_refused(LAW_AMDAHL, &sweep, "strong");
    assert_refused(LAW_USL, &sweep, "strong");
}

/* No speedup at all, and times that rise with threads: Amdahl's law has nothing to say of either. */
static void times_that_do_not_scale_are_refused(void **state)
{
    (void)state;
    struct sweep sweep = {.count = 5, .blocks = 12};
    struct random random;
    random_seed(&random, 7);
    draw_sweep(&sweep, LAW_AMDAHL, 1, 0, 0.01, &random);
    assert_refused(LAW_AMDAHL, &sweep, "same speedup");
    for (size_t j = 0; j < sweep.count; j++)
        for (size_t b = 0; b < sweep.blocks; b++)
            sweep.seconds[j][b] = 1 + 0.2 * (double)j;
    assert_refused(LAW_AMDAHL, &sweep, "same speedup");
}

/* A plateau from eight threads on is no law's curve: a peak at 26 threads would be none of the machine's. */
static void a_law_that_misses_a_thread_count_by_far_is_refused(void **state)
{
    (void)state;
    struct sweep sweep = {.count = 7, .blocks = 12};
    struct random random;
    random_seed(&random, 9);
    draw_sweep(&sweep, LAW_AMDAHL, 0, 0, 0.01, &random);
    for (size_t j = 4; j < sweep.count; j++)
        for (size_t b = 0; b < sweep.blocks; b++)
            sweep.seconds[j][b] = sweep.seconds[3][b];
    assert_refused(LAW_AMDAHL, &sweep, "15% off");
    assert_refused(LAW_USL, &sweep, "15% off");
    sweep.count = 5; /* a bend that a serial share comes close to */
    for (size_t b = 0; b < sweep.blocks; b++)
        sweep.seconds[4][b] = 0.75 * sweep.seconds[3][b];
    assert_true(fit_of(LAW_AMDAHL, &sweep, 1).fitted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(exact_times_give_back_their_law),
        cmocka_unit_test(no_other_parameters_fit_better),
        cmocka_unit_test(an_even_number_of_blocks_has_the_mean_of_the_middle_two),
        cmocka_unit_test(peak_is_given_inside_the_measured_range_alone),
        cmocka_unit_test(clock_is_taken_out),
        cmocka_unit_test(intervals_cover_the_parameters),
        cmocka_unit_test(hits_do_not_move_the_fit),
        cmocka_unit_test(unknown_blocks_are_left_out),
        cmocka_unit_test(too_little_for_a_law_is_refused),
        cmocka_unit_test(laws_are_kept_to_their_scaling),
        cmocka_unit_test(times_that_do_not_scale_are_refused),
        cmocka_unit_test(a_law_that_misses_a_thread_count_by_far_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
