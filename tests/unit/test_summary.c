/* How a record becomes rows: what counts, what gates what, which bases are taken, in which order rows stand.
 */
#include "tests/unit/summary_record.h"

static void all_processes_but_the_pilot_count(void **state)
{
    (void)state;
    struct summary summary;
    summary_make(&record, &summary);
    const struct summary_row *row = row_of(&summary, PACKED_2);
    assert_int_equal(summary.row_count, CELLS);
    assert_true(row->verified && row->error == NULL && row->threads_delivered == 2 && row->pus[1] == 1);
    assert_int_equal(row->estimate.processes, BLOCKS);
    assert_int_equal(row->samples, BLOCKS);
    assert_near(row->estimate.median_s, 1);
    assert_near(row->estimate.speedup, 2.2);
    assert_near(row->estimate.rate, 4e9);
    assert_true(has_flag(row, "in-cache") && !has_flag(row, "few_blocks") && !has_flag(row, "imprecise"));
    assert_int_equal(summary_exit_code(&summary), 0);
    summary_free(&summary);
}

static void serial_base_is_the_fastest_verified_serial_row(void **state)
{
    (void)state;
    struct summary summary;
    summary_make(&record, &summary);
    assert_near(row_of(&summary, NAIVE_2)->estimate.speedup_vs_serial, 0.5); /* packed serial 2 s / 4 s */
    summary_free(&summary);
    for (int block = 1; block <= BLOCKS; block++)
        process_of(NAIVE_SERIAL, block)->seconds[0] = 1.5;
    summary_make(&record, &summary);
    assert_near(row_of(&summary, PACKED_2)->estimate.speedup_vs_serial, 1.5);
    assert_near(row_of(&summary, PACKED_SERIAL)->estimate.speedup_vs_serial, 0.75);
    assert_near(row_of(&summary, NAIVE_SERIAL)->estimate.speedup_vs_serial, 1); /* its own base */
    summary_free(&summary);
    process_of(NAIVE_SERIAL, 2)->check_failed = true;
    process_of(NAIVE_SERIAL, 2)->done = false;
    summary_make(&record, &summary);
    assert_near(row_of(&summary, PACKED_2)->estimate.speedup_vs_serial, 2);
    summary_free(&summary);
}

static void failed_check_takes_the_time_away_and_gives_exit_3(void **state)
{
    (void)state;
    struct summary summary;
    struct process_record *process = process_of(PACKED_1, 0); /* the pilot's checks count as much as any */
    process->check_failed = true;
    process->done = false;
    process->error = "C·x against A·(B·x)";
    summary_make(&record, &summary);
    const struct summary_row *row = row_of(&summary, PACKED_1), *other = row_of(&summary, PACKED_2);
    assert_true(!row->verified && row->refuted);
    assert_non_null(strstr(row->error, "C·x against A·(B·x)"));
    assert_true(isnan(row->estimate.median_s) && isnan(row->estimate.speedup) && isnan(row->estimate.rate));
    assert_true(isnan(row->estimate.time.level));
    assert_true(other->verified && isnan(other->estimate.speedup) && !isnan(other->estimate.median_s));
    assert_int_equal(summary_exit_code(&summary), 3);
    summary_free(&summary);
}

static void one_different_bit_unverifies_the_row(void **state)
{
    (void)state;
    struct summary summary;
    strcpy(process_of(PACKED_2, 4)->digest, "0b");
    strcpy(process_of(PACKED_2, 4)->digest_before, "0b");
    summary_make(&record, &summary);
    const struct summary_row *row = row_of(&summary, PACKED_2);
    assert_true(!row->verified && isnan(row->estimate.median_s) && has_flag(row, "digest-mismatch"));
    assert_non_null(strstr(row->error, "result differs from that of matmul packed"));
    assert_true(row_of(&summary, PACKED_1)->verified && row_of(&summary, PACKED_SERIAL)->verified);
    assert_true(row_of(&summary, NAIVE_2)->verified);
    assert_int_equal(summary_exit_code(&summary), 3);
    summary_free(&summary);
}

static void results_of_other_problems_may_differ(void **state)
{
    (void)state;
    struct summary summary;
    for (int block = 0; block <= BLOCKS; block++)
        for (int c = NAIVE_SERIAL; c <= NAIVE_2; c++) {
            strcpy(process_of(c, block)->digest, "0c"); /* another variant adds in another order */
            strcpy(process_of(c, block)->digest_before, "0c");
        }
    summary_make(&record, &summary);
    assert_int_equal(summary_exit_code(&summary), 0);
    summary_free(&summary);
    cells[PACKED_2].worker = "x86-64-v4-gomp"; /* another instruction set rounds in another way */
    for (int block = 0; block <= BLOCKS; block++) {
        strcpy(process_of(PACKED_2, block)->digest, "0d");
        strcpy(process_of(PACKED_2, block)->digest_before, "0d");
    }
    summary_make(&record, &summary);
    assert_int_equal(summary_exit_code(&summary), 0);
    summary_free(&summary);
}

static void result_that_changes_within_a_process_is_refused(void **state)
{
    (void)state;
    struct summary summary;
    strcpy(process_of(PACKED_2, 3)->digest_before, "0b");
    summary_make(&record, &summary);
    assert_true(
        row_of(&summary, PACKED_2)->refuted && has_flag(row_of(&summary, PACKED_2), "digest-mismatch"));
    summary_free(&summary);
}

static void lost_process_leaves_the_others_and_gives_exit_1(void **state)
{
    (void)state;
    struct summary summary;
    process_of(PACKED_2, 3)->done = false;
    process_of(PACKED_2, 3)->error = "killed";
    summary_make(&record, &summary);
    const struct summary_row *row = row_of(&summary, PACKED_2);
    assert_true(
        row->verified && row->error == NULL && has_flag(row, "worker_died") && has_flag(row, "few_blocks"));
    assert_int_equal(row->estimate.processes, BLOCKS - 1);
    assert_near(row->estimate.time.level, 0.9375);
    assert_int_equal(summary_exit_code(&summary), 1);
    summary_free(&summary);
}

static void cell_without_any_complete_process_is_an_error_row(void **state)
{
    (void)state;
    struct summary summary;
    for (int block = 0; block <= BLOCKS; block++) {
        process_of(PACKED_2, block)->done = false;
        process_of(PACKED_2, block)->error = "thread 1 cannot be bound to PU 1";
    }
    summary_make(&record, &summary);
    const struct summary_row *row = row_of(&summary, PACKED_2);
    assert_true(!row->verified && !row->refuted && isnan(row->estimate.median_s));
    assert_string_equal(row->error, "thread 1 cannot be bound to PU 1");
    assert_int_equal(summary_exit_code(&summary), 1);
    summary_free(&summary);
}

static void team_of_another_size_does_not_count(void **state)
{
    (void)state;
    struct summary summary;
    for (int block = 0; block <= BLOCKS; block++)
        process_of(PACKED_2, block)->threads_delivered = 1;
    process_of(PACKED_2, 1)->pus = one_pu;
    summary_make(&record, &summary);
    assert_true(!row_of(&summary, PACKED_2)->verified && row_of(&summary, PACKED_2)->lost);
    assert_non_null(strstr(row_of(&summary, PACKED_2)->error, "team"));
    summary_free(&summary);
}

static void interrupted_process_is_neither_result_nor_failure(void **state)
{
    (void)state;
    struct summary summary;
    process_of(PACKED_2, 6)->done = false;
    process_of(PACKED_2, 6)->interrupted = true;
    summary_make(&record, &summary);
    assert_false(has_flag(row_of(&summary, PACKED_2), "worker_died"));
    assert_int_equal(summary_exit_code(&summary), 0);
    summary_free(&summary);
}

static void exit_codes_have_the_precedence_130_3_1(void **state)
{
    (void)state;
    struct summary summary;
    process_of(NAIVE_2, 2)->done = false;
    process_of(PACKED_2, 2)->done = false;
    process_of(PACKED_2, 2)->check_failed = true;
    summary_make(&record, &summary);
    assert_int_equal(summary_exit_code(&summary), 3);
    summary_free(&summary);
    record.interrupted = true;
    summary_make(&record, &summary);
    assert_int_equal(summary_exit_code(&summary), 130);
    summary_free(&summary);
}

static void run_that_ended_by_failure_gives_exit_1(void **state)
{
    (void)state;
    struct summary summary;
    record.end_reason = "failed";
    summary_make(&record, &summary);
    assert_int_equal(summary_exit_code(&summary), 1);
    summary_free(&summary);
}

static void dropped_cells_are_not_rows(void **state)
{
    (void)state;
    struct summary summary;
    dropped[NAIVE_2] = true;
    summary_make(&record, &summary);
    assert_int_equal(summary.row_count, CELLS - 1);
    assert_null(row_of(&summary, NAIVE_2));
    summary_free(&summary);
}

static void pairs_are_taken_within_blocks(void **state)
{
    (void)state;
    struct summary summary;
    /* The machine slows down tenfold from block to block; every ratio stays 2.2. */
    for (int block = 1; block <= BLOCKS; block++)
        for (int c = 0; c < CELLS; c++)
            process_of(c, block)->seconds[0] = cell_seconds[c] * pow(10, block);
    process_of(PACKED_1, 2)->done = false; /* one pair less */
    summary_make(&record, &summary);
    const struct summary_row *row = row_of(&summary, PACKED_2);
    assert_near(row->estimate.speedup, 2.2);
    assert_near(row->estimate.speedup_interval.low, 2.2);
    assert_near(row->estimate.speedup_interval.level, 0.9375);
    assert_near(row->estimate.time.level, 0.95);
    assert_true(has_flag(row, "imprecise"));
    summary_free(&summary);
}

static void assert_order(const int expected[CELLS])
{
    struct summary summary;
    summary_make(&record, &summary);
    for (int i = 0; i < CELLS; i++)
        assert_int_equal(summary.row[i].cell->id, expected[i]);
    summary_free(&summary);
}

static void rows_stand_in_the_plans_order_of_names_serial_first_threads_ascending(void **state)
{
    (void)state;
    cells[NAIVE_1].threads = 3; /* planned in descending order */
    assert_order((const int[CELLS]){NAIVE_SERIAL, NAIVE_2, NAIVE_1, PACKED_SERIAL, PACKED_1, PACKED_2});
}

static void serial_base_planned_early_does_not_move_its_variant(void **state)
{
    (void)state;
    static char *const variants[CELLS] = {"fused", "naive", "naive", "rows", "fused", "fused"};
    for (int c = 0; c < CELLS; c++) {
        cells[c].variant = variants[c];
        cells[c].serial_base = c <= 1;
    }
    assert_order((const int[CELLS]){1, 2, 3, 0, 4, 5});
}

static void order_of_variants_is_that_of_their_own_kernel(void **state)
{
    (void)state;
    static char *const variants[CELLS] = {"fused", "fused", "fused", "naive", "fused", "fused"};
    for (int c = 0; c < CELLS; c++) {
        cells[c].kernel = c < 3 ? "normalize" : "kmeans";
        cells[c].variant = variants[c];
        cells[c].serial_base = c == 0;
    }
    assert_order((const int[CELLS]){0, 1, 2, 3, 4, 5});
}

static void flags_say_what_the_plan_knew(void **state)
{
    (void)state;
    struct summary summary;
    cells[PACKED_2].beyond_quota = true;
    cells[PACKED_2].in_cache = false;
    cells[PACKED_1].cache_known = false;
    record.over_budget = true;
    summary_make(&record, &summary);
    assert_true(has_flag(row_of(&summary, PACKED_2), "beyond_quota") &&
                has_flag(row_of(&summary, PACKED_2), "out-of-cache"));
    assert_true(has_flag(row_of(&summary, PACKED_2), "over_budget"));
    assert_true(!has_flag(row_of(&summary, PACKED_1), "in-cache") &&
                !has_flag(row_of(&summary, PACKED_1), "out-of-cache"));
    summary_free(&summary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(all_processes_but_the_pilot_count, make_record),
        cmocka_unit_test_setup(serial_base_is_the_fastest_verified_serial_row, make_record),
        cmocka_unit_test_setup(failed_check_takes_the_time_away_and_gives_exit_3, make_record),
        cmocka_unit_test_setup(one_different_bit_unverifies_the_row, make_record),
        cmocka_unit_test_setup(results_of_other_problems_may_differ, make_record),
        cmocka_unit_test_setup(result_that_changes_within_a_process_is_refused, make_record),
        cmocka_unit_test_setup(lost_process_leaves_the_others_and_gives_exit_1, make_record),
        cmocka_unit_test_setup(cell_without_any_complete_process_is_an_error_row, make_record),
        cmocka_unit_test_setup(team_of_another_size_does_not_count, make_record),
        cmocka_unit_test_setup(interrupted_process_is_neither_result_nor_failure, make_record),
        cmocka_unit_test_setup(exit_codes_have_the_precedence_130_3_1, make_record),
        cmocka_unit_test_setup(run_that_ended_by_failure_gives_exit_1, make_record),
        cmocka_unit_test_setup(dropped_cells_are_not_rows, make_record),
        cmocka_unit_test_setup(pairs_are_taken_within_blocks, make_record),
        cmocka_unit_test_setup(
            rows_stand_in_the_plans_order_of_names_serial_first_threads_ascending, make_record),
        cmocka_unit_test_setup(serial_base_planned_early_does_not_move_its_variant, make_record),
        cmocka_unit_test_setup(order_of_variants_is_that_of_their_own_kernel, make_record),
        cmocka_unit_test_setup(flags_say_what_the_plan_knew, make_record),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
