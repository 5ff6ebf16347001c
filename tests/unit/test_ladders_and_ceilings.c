/* Ladders and ceilings in a summary: which rung a row gains over, which roof is over it, and what a missing
 * one does. */
#include "tests/unit/summary_record.h"

static void each_rung_has_its_gain_over_the_one_below(void **state)
{
    (void)state;
    struct summary summary;
    summary_make(&record, &summary);
    assert_null(row_of(&summary, NAIVE_1)->below);
    assert_true(isnan(row_of(&summary, NAIVE_1)->gain));
    assert_int_equal(row_of(&summary, PACKED_1)->below->cell->id, NAIVE_1);
    assert_near(row_of(&summary, PACKED_1)->gain, 8 / 2.2);
    assert_near(row_of(&summary, PACKED_2)->gain, 4);
    assert_near(row_of(&summary, PACKED_SERIAL)->gain, 4);
    summary_free(&summary);
}

static void a_rung_without_a_result_is_no_rung_to_gain_over(void **state)
{
    (void)state;
    struct summary summary;
    for (int block = 0; block <= BLOCKS; block++)
        process_of(NAIVE_2, block)->check_failed = true;
    summary_make(&record, &summary);
    assert_null(row_of(&summary, PACKED_2)->below);
    assert_non_null(row_of(&summary, PACKED_1)->below);
    summary_free(&summary);
}

/* The naive rows play a machine's arithmetic ceiling, for the packed ones. */
static void ceilings_stand_apart_and_the_lowest_roof_counts(void **state)
{
    (void)state;
    struct summary summary;
    cells[NAIVE_1].kernel = cells[NAIVE_2].kernel = "stream";
    cells[NAIVE_1].is_reference = cells[NAIVE_2].is_reference = true;
    cells[NAIVE_1].rate = RATE_BYTES; /* 8 bytes in 8 s */
    cells[PACKED_1].ceiling[0] = NAIVE_2;
    cells[PACKED_1].ceiling[1] = NAIVE_1;
    cells[PACKED_1].ceiling_count = 2;
    cells[PACKED_2].ceiling[0] = NAIVE_2;
    cells[PACKED_2].ceiling_count = 1;
    summary_make(&record, &summary);
    assert_int_equal(summary.row_count, CELLS - 2);
    assert_int_equal(summary.ceiling_count, 2);
    assert_null(row_of(&summary, NAIVE_1));
    assert_near(row_of(&summary, PACKED_2)->ceiling, 1e9);
    assert_near(row_of(&summary, PACKED_1)->ceiling, 4e9 / 8); /* its 8 bytes alone take 8 s */
    assert_int_equal(row_of(&summary, PACKED_1)->roof->cell->id, NAIVE_1);
    assert_true(isnan(row_of(&summary, PACKED_SERIAL)->ceiling));
    assert_null(row_of(&summary, PACKED_SERIAL)->roof);
    summary_free(&summary);
}

static void a_ceiling_without_a_result_bounds_nothing_and_spoils_the_run(void **state)
{
    (void)state;
    struct summary summary;
    cells[NAIVE_2].is_reference = true;
    cells[PACKED_2].ceiling[0] = NAIVE_2;
    cells[PACKED_2].ceiling_count = 1;
    process_of(NAIVE_2, 1)->check_failed = true;
    summary_make(&record, &summary);
    assert_true(isnan(row_of(&summary, PACKED_2)->ceiling));
    assert_int_equal(summary_exit_code(&summary), STATUS_UNVERIFIED);
    summary_free(&summary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(each_rung_has_its_gain_over_the_one_below, make_record),
        cmocka_unit_test_setup(a_rung_without_a_result_is_no_rung_to_gain_over, make_record),
        cmocka_unit_test_setup(ceilings_stand_apart_and_the_lowest_roof_counts, make_record),
        cmocka_unit_test_setup(a_ceiling_without_a_result_bounds_nothing_and_spoils_the_run, make_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
