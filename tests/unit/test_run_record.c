/* The reading side of a run directory: it reads what is right and says in one line what is not. */
#include "tests/unit/run_files.h"

static void expect_fault(const char *first, const char *second)
{
    struct error error;
    assert_false(read_folder(&error));
    if (strstr(error.text, first) == NULL || strstr(error.text, second) == NULL)
        fail_msg("\"%s\" has not both \"%s\" and \"%s\"", error.text, first, second);
}

/* ---- what is right ---- */

static void good_run_is_read_completely(void **state)
{
    (void)state;
    struct run_record record;
    struct error error;
    size_t done = 0, timed = 0;
    assert_int_equal(run_record_read(folder, &record, &error), STATUS_OK);
    for (size_t i = 0; i < record.process_count; i++) {
        done += record.process[i].done;
        timed += record.process[i].samples;
    }
    assert_int_equal(record.process_count, 110);
    assert_int_equal(done, 106); /* one killed, one failed, one unverified, one interrupted */
    assert_int_equal(timed, 214);
    assert_int_equal(record.block_count, 7);
    assert_true(record.dropped[12] && !record.dropped[11]);
    assert_int_equal(record.skipped_count, 4);
    assert_true(record.interrupted);
    assert_string_equal(record.end_reason, "");
    assert_true(record.order_seed == UINT64_MAX);
    assert_true(record.cell[13].is_reference && record.cell[5].ceiling_count == 1);
    assert_int_equal(record.cell[5].ceiling[0], 13);
    assert_int_equal(record.cell[15].rate, RATE_BYTES);
    run_record_free(&record);
}

static void run_may_be_named_in_several_ways(void **state)
{
    (void)state;
    const char *const ends[] = {"/", "///", "/run.json"};
    for (size_t i = 0; i < 3; i++) {
        struct run_record record;
        struct error error;
        struct text name = {0};
        text_add(&name, "%s%s", folder, ends[i]);
        assert_int_equal(run_record_read(name.data, &record, &error), STATUS_OK);
        assert_string_equal(record.directory, folder);
        run_record_free(&record);
        text_free(&name);
    }
}

static void end_of_the_run_is_known(void **state)
{
    (void)state;
    struct run_record record;
    struct error error;
    struct text samples = {0};
    size_t whole = (size_t)(strrchr(good_samples.data, '\n') + 1 - good_samples.data);
    text_add_bytes(&samples, good_samples.data, whole);
    text_add(&samples, "{\"kind\":\"end_run\",\"reason\":\"budget\",\"blocks\":7,\"seconds\":59.5}\n");
    write_file(samples_path, samples.data, samples.length);
    assert_int_equal(run_record_read(folder, &record, &error), STATUS_OK);
    assert_true(!record.interrupted && record.elapsed_s == 59.5);
    assert_string_equal(record.end_reason, "budget");
    run_record_free(&record);
    text_free(&samples);
}

/* ---- what is missing or of another kind ---- */

static void missing_files_are_named(void **state)
{
    (void)state;
    unlink(samples_path);
    expect_fault("samples.jsonl", "No such file");
    unlink(run_path);
    expect_fault("run.json", "No such file");
}

static void what_is_not_a_file_is_refused_at_once(void **state)
{
    (void)state;
    unlink(run_path);
    assert_int_equal(mkfifo(run_path, 0600), 0);
    expect_fault("run.json", "not a regular file");
    unlink(run_path);
    assert_int_equal(mkdir(run_path, 0700), 0);
    expect_fault("run.json", "not a regular file");
    rmdir(run_path);
}

/* The good run.json with one place changed. */
static void change_run(const char *from, const char *to)
{
    struct text changed = {0};
    const char *at = strstr(good_run.data, from);
    assert_non_null(at);
    text_add_bytes(&changed, good_run.data, (size_t)(at - good_run.data));
    text_add(&changed, "%s%s", to, at + strlen(from));
    write_file(run_path, changed.data, changed.length);
    text_free(&changed);
}

static int lines_of(const char *text)
{
    int lines = 0;
    for (; *text != '\0'; text++)
        lines += *text == '\n';
    return lines;
}

static void wrong_facts_are_named_with_their_place(void **state)
{
    (void)state;
    static const char *const cases[][4] = {
        {"acelera/run/1", "acelera/run/2", "newer", "acelera/run/2"},
        {"acelera/run/1", "acelera/run/2", "newer", "run.json line 2: "},
        {"acelera/run/1", "acelera/summary/1", "not a run", "acelera/summary/1"},
        {"\"schema\": \"acelera/run/1\"", "\"schema\": 1", "schema", "a string"},
        {"\"budget_s\": 60", "\"budget_s\": -1", "budget_s", "-1"},
        {"\"budget_s\": 60", "\"budget_s\": 1e999", "not JSON", "line"},
        {"\"budget_s\": 60", "\"budget_s\": NaN", "not JSON", "line"},
        {"\"precision\": 0.02", "\"precision\": \"2%\"", "precision", "a number"},
        {"\"host\": \"fixture-host\"", "\"host\": null", "host", "a string"},
        {"\"host\": \"fixture-host\"", "\"host\": \"a\\u0000b\"", "not JSON", "line"},
        {"\"seed\": 1", "\"seed\": -1", "seed", "-1"},
        {"18446744073709551615", "18446744073709551616", "order_seed", "2^64"},
        {"\"id\": 3", "\"id\": 4", "plan.cells[3]", "\"id\""},
        {"\"base\": 1", "\"base\": 16", "plan.cells[1]", "from -1 to 15"},
        {"\"ceilings\": [13]", "\"ceilings\": [16]", "plan.cells[4]", "refers to a cell that is not there"},
        {"\"ceilings\": [13]", "\"ceilings\": [\"13\"]", "plan.cells[4]",
            "refers to a cell that is not there"},
        {"\"ceilings\": [13]", "\"ceilings\": [1,1,1,1,1]", "plan.cells[4]", "more than 4 entries"},
        {"\"ceilings\": [13]", "\"ceilings\": 13", "plan.cells[4]", "\"ceilings\""},
        {"\"rate\": \"flop\"", "\"rate\": \"flops\"", "plan.cells[4]", "\"rate\" is \"flops\""},
        {"\"base\": 1", "\"base\": 2", "plan.cells[1]", "\"base\" is 2, and that cell is not this one"},
        {"\"base\": 1", "\"base\": 5", "plan.cells[1]", "\"base\" is 5, and that cell is not this one"},
        {"\"base\": 1", "\"base\": 0", "plan.cells[1]", "\"base\" is 0, and that cell is not this one"},
        {"\"serial\": 0", "\"serial\": 1", "plan.cells[0]",
            "\"serial\" is 1, and that cell is not the serial"},
        {"\"serial\": 4", "\"serial\": 0", "plan.cells[4]",
            "\"serial\" is 0, and that cell is not the serial"},
        {"\"ceilings\": [13]", "\"ceilings\": [4]", "plan.cells[4]", "cell 4, which is no ceiling"},
        {"\"ceilings\": [13]", "\"ceilings\": [14]", "plan.cells[4]", "cell 14, which is no ceiling"},
        {"\"id\": 13, \"kernel\": \"flops\", \"variant\": \"fma\", \"type\": \"f32\"",
            "\"id\": 13, \"kernel\": \"flops\", \"variant\": \"fma\", \"type\": \"f64\"", "plan.cells[4]",
            "cell 13, which is no ceiling"},
        {"\"serial\": 0", "\"serial\": -2", "plan.cells[0]", "\"serial\""},
        {"\"threads\": 2, \"pus\"", "\"threads\": 0, \"pus\"", "plan.cells[2]", "\"threads\""},
        {"\"threads\": 2, \"pus\"", "\"threads\": 2000000000, \"pus\"", "plan.cells[2]", "\"threads\""},
        {"\"threads\": 2, \"pus\"", "\"threads\": 3, \"pus\"", "plan.cells[2]", "\"pus\" has 2 entries"},
        {"\"pus\": [0]", "\"pus\": [-1]", "plan.cells[0]", "\"pus\""},
        {"\"flop\": 19200000.0", "\"flop\": -5", "plan.cells[0]", "\"flop\""},
        {"\"kernel\": \"normalize\"", "\"kernel\": \"<b>\"", "plan.cells[0]", "not a name"},
        {"\"kernel\": \"normalize\"", "\"kernel\": \"\"", "plan.cells[0]", "not a name"},
        {"\"kernel\": \"normalize\"", "\"kernel\": \"a\\nb\"", "plan.cells[0]", "not a name"},
        {"\"why\": ", "\"how\": ", "plan.skipped[0]", "\"why\" is missing"},
        {"\"cells\": [", "\"cells\": 7, \"other\": [", "cells", "an array"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        change_run(cases[i][0], cases[i][1]);
        expect_fault(cases[i][2], cases[i][3]);
        expect_fault("run.json line ", cases[i][3]);
    }
    change_run("\"kernel\": \"kmeans\",", "\n\n\"kernel\":\n3,"); /* by hand, over several lines */
    struct text before = {0};
    text_add_bytes(
        &before, good_run.data, (size_t)(strstr(good_run.data, "\"kernel\": \"kmeans\"") - good_run.data));
    char line[32];
    snprintf(line, sizeof line, "run.json line %d: ", lines_of(before.data) + 3);
    expect_fault(line, "\"kernel\" must be a string");
    text_free(&before);
}

static void nesting_without_end_is_refused(void **state)
{
    (void)state;
    struct text deep = {0};
    for (int i = 0; i < 100000; i++)
        text_add(&deep, "[");
    write_file(run_path, deep.data, deep.length);
    expect_fault("run.json", "not JSON");
    text_add(&deep, "\n");
    write_file(run_path, good_run.data, good_run.length);
    write_file(samples_path, deep.data, deep.length);
    expect_fault("samples.jsonl line 1", "not a JSON object");
    text_free(&deep);
}

/* ---- samples ---- */

/* A run of one process, then the line in question as line 4. */
static void write_samples(const char *line, size_t length)
{
    struct text samples = {0};
    text_add(&samples,
        "{\"kind\":\"process\",\"process\":0,\"cell\":0,\"block\":1,\"threads_delivered\":1,\"pus\":[0]}\n"
        "{\"kind\":\"sample\",\"process\":0,\"seconds\":0.5}\n"
        "{\"kind\":\"check\",\"process\":0,\"when\":\"before\",\"passed\":true,\"digest\":\"0a\"}\n");
    text_add_bytes(&samples, line, length);
    text_add(&samples, "\n");
    write_file(samples_path, samples.data, samples.length);
    text_free(&samples);
}

static void wrong_lines_are_named_with_their_number(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"garbage", "not a JSON object"},
        {"", "not a JSON object"},
        {"[1]", "not a JSON object"},
        {"{\"kind\":\"sample\"} {}", "not a JSON object"},
        {"{\"kind\":\"sample\",\"kind\":\"check\"}", "not a JSON object"},
        {"{\"kind\":\"\xff\"}", "not a JSON object"},
        {"{\"process\":0}", "\"kind\" is missing"},
        {"{\"kind\":\"smaple\",\"process\":0}", "smaple"},
        {"{\"kind\":\"sample\",\"process\":1,\"seconds\":1}", "process 1 has not started"},
        {"{\"kind\":\"sample\",\"process\":-1,\"seconds\":1}", "\"process\" is -1"},
        {"{\"kind\":\"sample\",\"process\":0,\"seconds\":-1}", "\"seconds\" is -1"},
        {"{\"kind\":\"sample\",\"process\":0,\"seconds\":0}", "\"seconds\" is 0"},
        {"{\"kind\":\"sample\",\"process\":0,\"seconds\":1e300}", "\"seconds\" is 1e+300"},
        {"{\"kind\":\"sample\",\"process\":0,\"seconds\":1e999}", "not a JSON object"},
        {"{\"kind\":\"sample\",\"process\":0,\"seconds\":\"1\"}", "\"seconds\" must be a number"},
        {"{\"kind\":\"sample\",\"process\":0,\"seconds\":1,\"warmup\":1}",
            "\"warmup\" must be true or false"},
        {"{\"kind\":\"sample\",\"process\":99999999999999999999,\"seconds\":1}", "not a JSON object"},
        {"{\"kind\":\"process\",\"process\":0,\"cell\":0,\"block\":1,\"threads_delivered\":1}",
            "there before"},
        {"{\"kind\":\"process\",\"process\":1,\"cell\":16,\"block\":1,\"threads_delivered\":1}",
            "\"cell\" is 16"},
        {"{\"kind\":\"process\",\"process\":1,\"cell\":0,\"block\":-1,\"threads_delivered\":1}",
            "\"block\" is -1"},
        {"{\"kind\":\"process\",\"process\":1,\"cell\":0,\"block\":1.5,\"threads_delivered\":1}",
            "a whole number"},
        {"{\"kind\":\"process\",\"process\":1,\"cell\":0,\"block\":1,\"threads_delivered\":2,\"pus\":[0]}",
            "2 threads"},
        {"{\"kind\":\"process\",\"process\":1,\"cell\":0,\"block\":1,\"threads_delivered\":1,\"pus\":[\"0\"]"
         "}",
            "\"pus\""},
        {"{\"kind\":\"check\",\"process\":0,\"when\":\"later\",\"passed\":true}", "\"when\" is \"later\""},
        {"{\"kind\":\"check\",\"process\":0,\"when\":\"after\",\"passed\":1}",
            "\"passed\" must be true or false"},
        {"{\"kind\":\"check\",\"process\":0,\"when\":\"after\",\"passed\":true,\"digest\":"
         "\"0123456789012345678901234\"}",
            "\"digest\""},
        {"{\"kind\":\"end_process\",\"process\":0,\"cell\":0,\"block\":1,\"status\":\"fine\"}",
            "\"status\" is \"fine\""},
        {"{\"kind\":\"end_process\",\"process\":0,\"cell\":1,\"block\":1,\"status\":\"done\"}",
            "\"cell\" is 1"},
        {"{\"kind\":\"end_process\",\"process\":0,\"cell\":0,\"block\":2,\"status\":\"done\"}",
            "\"block\" is 2"},
        {"{\"kind\":\"schedule\",\"over_budget\":false,\"skipped\":[{\"cell\":99,\"reason\":\"x\"}]}",
            "\"cell\" is 99"},
        {"{\"kind\":\"schedule\",\"over_budget\":false,\"skipped\":{}}", "\"skipped\" must be an array"},
        {"{\"kind\":\"end_run\",\"reason\":\"budget\",\"seconds\":-1}", "\"seconds\" is -1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        write_samples(cases[i][0], strlen(cases[i][0]));
        expect_fault("samples.jsonl line 4: ", cases[i][1]);
    }
    write_samples("{\"kind\":\0\"sample\"}", 17);
    expect_fault("samples.jsonl line 4: ", "not a JSON object");
}

static void lines_after_the_end_of_a_process_are_refused(void **state)
{
    (void)state;
    const char lines[] =
        "{\"kind\":\"end_process\",\"process\":0,\"cell\":0,\"block\":1,\"status\":\"failed\"}\n"
        "{\"kind\":\"sample\",\"process\":0,\"seconds\":1}";
    write_samples(lines, strlen(lines));
    expect_fault("line 5", "process 0 has ended before");
}

static void two_results_for_one_block_are_refused(void **state)
{
    (void)state;
    struct text samples = {0};
    for (int process = 0; process < 2; process++)
        text_add(&samples,
            "{\"kind\":\"process\",\"process\":%d,\"cell\":0,\"block\":1,\"threads_delivered\":1,\"pus\":[0]}"
            "\n"
            "{\"kind\":\"check\",\"process\":%d,\"when\":\"before\",\"passed\":true,\"digest\":\"0a\"}\n"
            "{\"kind\":\"sample\",\"process\":%d,\"seconds\":0.5}\n"
            "{\"kind\":\"check\",\"process\":%d,\"when\":\"after\",\"passed\":true,\"digest\":\"0a\"}\n"
            "{\"kind\":\"end_process\",\"process\":%d,\"cell\":0,\"block\":1,\"status\":\"done\"}\n",
            process, process, process, process, process);
    write_file(samples_path, samples.data, samples.length);
    expect_fault("samples.jsonl line ", "cell 0 has two finished processes in block 1");
    text_free(&samples);
}

/* Lines that are cut out, repeated or moved leave a run that reads well and says something else. */
static void lines_are_whole_and_in_their_order(void **state)
{
    (void)state;
    static const struct {
        const char *from, *to, *where, *words;
    } cases[] = {
        {"\"iteration\":1,", "\"iteration\":0,",
            "line 5: ", "iteration 0 where iteration 1 of process 0 belongs"},
        {"\"iteration\":1,", "\"iteration\":2,",
            "line 5: ", "iteration 2 where iteration 1 of process 0 belongs"},
        {"\"warmup\":true", "\"warmup\":false",
            "line 4: ", "iteration 0 where iteration 1 of process 0 belongs"},
        {"\"iterations\":[2,", "\"iterations\":[3,",
            "line 8: ", "process 0 ends with 2 timed iterations where the schedule has 3"},
        {"\"process\":1,", "\"process\":2,",
            "line 9: ", "process 2 where process 1 belongs: lines are missing"},
        {"\"block\":2,", "\"block\":0,", "line 9: ", "\"block\" is 0, and there were lines of block 1"},
        {"{\"kind\":\"end_run\"",
            "{\"kind\":\"end_run\",\"reason\":\"blocks\",\"blocks\":2,\"seconds\":1}\n"
            "{\"kind\":\"end_run\"",
            "line 11: ", "the run has ended before"},
        {"\n{\"kind\":\"process\",\"process\":0",
            "\n{\"kind\":\"end_run\",\"reason\":\"blocks\",\"blocks\":2,"
            "\"seconds\":1}\n{\"kind\":\"process\",\"process\":0",
            "line 3: ", "process 0 begins after the end of the run"},
        {"{\"kind\":\"schedule\"",
            "{\"kind\":\"schedule\",\"over_budget\":false,\"skipped\":[],\"iterations\":"
            "[2,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}\n{\"kind\":\"schedule\"",
            "line 2: ", "a schedule was there before"},
    };
    static const char good[] =
        "{\"kind\":\"schedule\",\"over_budget\":false,\"skipped\":[],\"iterations\":"
        "[2,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1]}\n"
        "{\"kind\":\"process\",\"process\":0,\"cell\":0,\"block\":1,\"threads_delivered\":1,\"pus\":[0]}\n"
        "{\"kind\":\"sample\",\"process\":0,\"iteration\":0,\"warmup\":true,\"seconds\":0.5}\n"
        "{\"kind\":\"sample\",\"process\":0,\"iteration\":0,\"warmup\":false,\"seconds\":0.5}\n"
        "{\"kind\":\"sample\",\"process\":0,\"iteration\":1,\"warmup\":false,\"seconds\":0.5}\n"
        "{\"kind\":\"check\",\"process\":0,\"when\":\"before\",\"passed\":true}\n"
        "{\"kind\":\"check\",\"process\":0,\"when\":\"after\",\"passed\":true}\n"
        "{\"kind\":\"end_process\",\"process\":0,\"cell\":0,\"block\":1,\"status\":\"done\"}\n"
        "{\"kind\":\"end_process\",\"process\":1,\"cell\":0,\"block\":2,\"status\":\"failed\"}\n"
        "{\"kind\":\"end_run\",\"reason\":\"blocks\",\"blocks\":2,\"seconds\":1}\n";
    struct error error;
    write_file(samples_path, good, strlen(good));
    if (!read_folder(&error))
        fail_msg("%s", error.text);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text changed = {0};
        const char *at = strstr(good, cases[i].from);
        assert_non_null(at);
        text_add_bytes(&changed, good, (size_t)(at - good));
        text_add(&changed, "%s%s", cases[i].to, at + strlen(cases[i].from));
        write_file(samples_path, changed.data, changed.length);
        expect_fault(cases[i].where, cases[i].words);
        text_free(&changed);
    }
}

static void failed_check_cannot_be_taken_back(void **state)
{
    (void)state;
    struct run_record record;
    struct error error;
    const char lines[] =
        "{\"kind\":\"check\",\"process\":0,\"when\":\"after\",\"passed\":false,\"what\":\"sums\"}\n"
        "{\"kind\":\"check\",\"process\":0,\"when\":\"after\",\"passed\":true}\n"
        "{\"kind\":\"end_process\",\"process\":0,\"cell\":0,\"block\":1,\"status\":\"done\"}";
    write_samples(lines, strlen(lines));
    assert_int_equal(run_record_read(folder, &record, &error), STATUS_OK);
    assert_true(record.process[0].check_failed && !record.process[0].done);
    assert_string_equal(record.process[0].error, "sums");
    run_record_free(&record);
}

static void line_longer_than_a_mebibyte_is_refused(void **state)
{
    (void)state;
    struct text line = {0};
    text_add(&line, "{\"kind\":\"sample\",\"x\":\"");
    for (int i = 0; i < 1 << 15; i++)
        text_add(&line, "0123456789abcdef0123456789abcdef");
    text_add(&line, "0123456789abcdef\"}");
    write_samples(line.data, line.length);
    expect_fault("line 4", "longer than 1 MiB");
    text_free(&line);
}

/* A reader that reserved memory by block or process number would end here. */
static void huge_block_number_costs_nothing(void **state)
{
    (void)state;
    struct error error;
    const char line[] = "{\"kind\":\"end_process\",\"process\":1,\"cell\":12,\"block\":2147483647,"
                        "\"status\":\"killed\"}";
    write_samples(line, strlen(line));
    assert_true(read_folder(&error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(good_run_is_read_completely, restore_files),
        cmocka_unit_test_setup(run_may_be_named_in_several_ways, restore_files),
        cmocka_unit_test_setup(end_of_the_run_is_known, restore_files),
        cmocka_unit_test_setup(missing_files_are_named, restore_files),
        cmocka_unit_test_setup(what_is_not_a_file_is_refused_at_once, restore_files),
        cmocka_unit_test_setup(wrong_facts_are_named_with_their_place, restore_files),
        cmocka_unit_test_setup(nesting_without_end_is_refused, restore_files),
        cmocka_unit_test_setup(wrong_lines_are_named_with_their_number, restore_files),
        cmocka_unit_test_setup(lines_after_the_end_of_a_process_are_refused, restore_files),
        cmocka_unit_test_setup(two_results_for_one_block_are_refused, restore_files),
        cmocka_unit_test_setup(lines_are_whole_and_in_their_order, restore_files),
        cmocka_unit_test_setup(failed_check_cannot_be_taken_back, restore_files),
        cmocka_unit_test_setup(line_longer_than_a_mebibyte_is_refused, restore_files),
        cmocka_unit_test_setup(huge_block_number_costs_nothing, restore_files),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
