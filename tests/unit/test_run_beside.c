/* What stands beside the times of a run: sentinels, lanes, warm-up, the doctor's findings. It is read where
 * it is there, unknown where an older program did not write it, and refused where it cannot be. */
#include "tests/unit/run_files.h"

#include <math.h>

static const char process[] = "{\"kind\":\"process\",\"process\":0,\"cell\":2,\"block\":1,\"position\":7,"
                              "\"threads_delivered\":2,\"pus\":[0,1],\"setup_s\":0.25}\n";
static const char sample[] =
    "{\"kind\":\"sample\",\"iteration\":0,\"warmup\":false,\"seconds\":0.5,\"busy_max_s\":0.4,"
    "\"busy_mean_s\":0.3,\"on_cpu_max_s\":0.35,\"on_cpu_mean_s\":0.25,\"off_cpu_s\":0.05,\"cpu_s\":0.9,"
    "\"throttled_s\":0.02,\"steal_s\":0.01,\"involuntary_switches\":3,\"minor_faults\":8,\"migrations\":1,"
    "\"process\":0}\n";
static const char old_sample[] = "{\"kind\":\"sample\",\"process\":0,\"iteration\":1,\"seconds\":0.6}\n";
static const char warmup[] =
    "{\"kind\":\"sample\",\"process\":0,\"iteration\":0,\"warmup\":true,\"seconds\":0.75}\n";
static const char lanes[] = "{\"kind\":\"lanes\",\"iteration\":0,\"seconds\":1.0,\"lane\":["
                            "{\"spans\":3,\"busy_s\":0.9,\"on_cpu_s\":0.8,\"span\":[[0.0,0.4],[0.5,1.0]]},"
                            "{\"spans\":0,\"busy_s\":0.0,\"on_cpu_s\":null,\"span\":[]}],\"process\":0}\n";
static const char end[] = "{\"kind\":\"end_process\",\"status\":\"failed\",\"repeat\":3,\"error\":\"x\","
                          "\"throttled_s\":0.5,\"steal_s\":null,\"process\":0,\"cell\":2,\"block\":1,"
                          "\"seconds\":2.5}\n";

/* NULL ends the list. */
static void write_lines(const char *const *lines)
{
    struct text samples = {0};
    for (; *lines != NULL; lines++)
        text_add(&samples, "%s", *lines);
    write_file(samples_path, samples.data, samples.length);
    text_free(&samples);
}

static void expect_fault(int line, const char *words)
{
    struct error error;
    char place[64];
    snprintf(place, sizeof place, "samples.jsonl line %d: ", line);
    assert_false(read_folder(&error));
    if (strstr(error.text, place) == NULL || strstr(error.text, words) == NULL)
        fail_msg("\"%s\" has not both \"%s\" and \"%s\"", error.text, place, words);
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

static void sentinels_stand_beside_their_times(void **state)
{
    (void)state;
    struct run_record record;
    struct error error;
    write_lines((const char *const[]){process, warmup, sample, lanes, old_sample, end, NULL});
    assert_int_equal(run_record_read(folder, &record, &error), STATUS_OK);
    const struct process_record *read = &record.process[0];
    assert_true(read->samples == 2 && read->seconds[0] == 0.5 && read->seconds[1] == 0.6);
    assert_true(read->warmups == 1 && read->warmup_s[0] == 0.75);
    const struct sample_record *beside = read->sample;
    assert_true(beside->busy_max_s == 0.4 && beside->busy_mean_s == 0.3);
    assert_true(beside->on_cpu_max_s == 0.35 && beside->on_cpu_mean_s == 0.25 && beside->off_cpu_s == 0.05);
    assert_true(beside->throttled_s == 0.02 && beside->steal_s == 0.01);
    assert_true(beside->involuntary_switches == 3 && beside->minor_faults == 8 && beside->migrations == 1);
    assert_true(isnan(beside[1].off_cpu_s) && isnan(beside[1].busy_max_s) && isnan(beside[1].throttled_s));
    assert_true(beside[1].minor_faults == -1 && beside[1].migrations == -1);
    assert_true(read->position == 7 && read->setup_s == 0.25 && read->wall_s == 2.5 && read->repeat == 3);
    assert_true(read->timed_throttled_s == 0.5 && isnan(read->timed_steal_s));
    run_record_free(&record);
}

static void lanes_are_read_thread_by_thread(void **state)
{
    (void)state;
    struct run_record record;
    struct error error;
    write_lines((const char *const[]){process, lanes, end, NULL});
    assert_int_equal(run_record_read(folder, &record, &error), STATUS_OK);
    const struct process_record *read = &record.process[0];
    assert_true(read->lane_count == 2 && read->lane_s == 1);
    assert_true(read->lane[0].spans == 3 && read->lane[0].span_count == 2);
    assert_true(read->lane[0].busy_s == 0.9 && read->lane[0].on_cpu_s == 0.8);
    assert_true(read->lane[0].span[1].begin_s == 0.5 && read->lane[0].span[1].end_s == 1);
    assert_true(read->lane[1].span_count == 0 && isnan(read->lane[1].on_cpu_s));
    run_record_free(&record);
}

static void older_runs_know_nothing_of_it(void **state)
{
    (void)state;
    struct run_record record;
    struct error error;
    assert_int_equal(run_record_read(folder, &record, &error), STATUS_OK);
    assert_true(isnan(record.quantile) && record.warm_s == 0 && record.finding_count == 0);
    assert_true(record.cell[2].cores == 0 && record.cell[2].domains == 0 && record.cell[2].side[0] == '\0');
    for (size_t i = 0; i < record.process_count; i++) {
        assert_true(record.process[i].lane == NULL && isnan(record.process[i].timed_steal_s));
        for (size_t s = 0; s < record.process[i].samples; s++)
            assert_true(isnan(record.process[i].sample[s].off_cpu_s));
    }
    run_record_free(&record);
}

static void facts_of_the_plan_and_the_doctor_are_read(void **state)
{
    (void)state;
    struct run_record record;
    struct error error;
    change_run("\"host\": \"fixture-host\"",
        "\"host\": \"fixture-host\", \"findings\": ["
        "{\"id\":\"governor\",\"severity\":\"warning\",\"found\":\"powersave\",\"effect\":\"slow\","
        "\"remedy\":"
        "\"set performance\"},"
        "{\"id\":\"load\",\"severity\":\"fine\",\"found\":\"none\",\"effect\":null,\"remedy\":null}]");
    assert_int_equal(run_record_read(folder, &record, &error), STATUS_OK);
    assert_int_equal(record.finding_count, 2);
    assert_string_equal(record.finding[0].id, "governor");
    assert_string_equal(record.finding[0].remedy, "set performance");
    assert_string_equal(record.finding[1].severity, "fine");
    assert_string_equal(record.finding[1].effect, "");
    run_record_free(&record);
    change_run("\"precision\": 0.02", "\"precision\": 0.02, \"quantile\": 0.9, \"warm_s\": 30");
    assert_int_equal(run_record_read(folder, &record, &error), STATUS_OK);
    assert_true(record.quantile == 0.9 && record.warm_s == 30);
    run_record_free(&record);
    change_run("\"pus\": [0, 1]",
        "\"cores\": 2, \"sharing\": 1, \"classes\": null, \"domains\": 1, \"pus\": [0, 1]");
    assert_int_equal(run_record_read(folder, &record, &error), STATUS_OK);
    assert_true(record.cell[2].cores == 2 && record.cell[2].sharing == 1 && record.cell[2].classes == 0);
    run_record_free(&record);
}

/* A base is of the same side, so that all rows have to be told. */
static void sides_of_a_live_comparison_are_read(void **state)
{
    (void)state;
    static const char row[] = "\"is_reference\": false";
    struct run_record record;
    struct error error;
    struct text changed = {0};
    const char *from = good_run.data;
    for (const char *at; (at = strstr(from, row)) != NULL; from = at + strlen(row)) {
        text_add_bytes(&changed, from, (size_t)(at - from));
        text_add(&changed, "%s, \"side\": \"B\"", row);
    }
    text_add(&changed, "%s", from);
    write_file(run_path, changed.data, changed.length);
    text_free(&changed);
    assert_int_equal(run_record_read(folder, &record, &error), STATUS_OK);
    assert_string_equal(record.cell[2].side, "B");
    run_record_free(&record);
}

static void impossible_facts_are_refused(void **state)
{
    (void)state;
    static const char *const cases[][3] = {
        {"\"host\": \"fixture-host\"", "\"host\": \"x\", \"findings\": 7", "findings"},
        {"\"host\": \"fixture-host\"",
            "\"host\": \"x\", \"findings\": [{\"id\":\"a\",\"severity\":\"dire\"}]", "dire"},
        {"\"host\": \"fixture-host\"", "\"host\": \"x\", \"findings\": [{\"severity\":\"fine\"}]", "\"id\""},
        {"\"precision\": 0.02", "\"precision\": 0.02, \"quantile\": 1.5", "quantile"},
        {"\"precision\": 0.02", "\"precision\": 0.02, \"warm_s\": \"30s\"", "warm_s"},
        {"\"pus\": [0, 1]", "\"side\": \"C\", \"pus\": [0, 1]", "plan.cells[2]"},
        {"\"pus\": [0, 1]", "\"cores\": -1, \"pus\": [0, 1]", "plan.cells[2]"},
        {"\"pus\": [0, 1]", "\"cores\": 1.5, \"pus\": [0, 1]", "plan.cells[2]"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct error error;
        change_run(cases[i][0], cases[i][1]);
        assert_false(read_folder(&error));
        if (strstr(error.text, "run.json") == NULL || strstr(error.text, cases[i][2]) == NULL)
            fail_msg("\"%s\" has not \"%s\"", error.text, cases[i][2]);
    }
}

/* One field of the sample or the lanes (line 2) changed. */
static void impossible_sentinels_and_lanes_are_refused(void **state)
{
    (void)state;
    static const struct {
        const char *line, *from, *to, *words;
    } cases[] = {
        {sample, "\"off_cpu_s\":0.05", "\"off_cpu_s\":-1", "\"off_cpu_s\" is -1"},
        {sample, "\"steal_s\":0.01", "\"steal_s\":\"0\"", "\"steal_s\" must be a number"},
        {sample, "\"busy_max_s\":0.4", "\"busy_max_s\":1e10", "\"busy_max_s\" is 1e+10"},
        {sample, "\"migrations\":1", "\"migrations\":0.5", "\"migrations\" must be a whole number"},
        {sample, "\"minor_faults\":8", "\"minor_faults\":-8", "\"minor_faults\" is -8"},
        {sample, "\"process\":0", "\"process\":5", "process 5 has not started"},
        {sample, "\"seconds\":0.5", "\"seconds\":0", "\"seconds\" is 0"},
        {lanes, "\"process\":0", "\"process\":3", "process 3 has not started"},
        {lanes, "\"lane\":[", "\"lane\":[{\"spans\":0,\"busy_s\":0,\"span\":[]},",
            "3 entries, but 2 threads"},
        {lanes, "[0.5,1.0]", "[0.5,1.5]", "not inside 1 s"},
        {lanes, "[0.5,1.0]", "[0.5,0.4]", "not inside 1 s"},
        {lanes, "[0.5,1.0]", "[-0.5,1.0]", "not inside 1 s"},
        {lanes, "[0.5,1.0]", "[0.5]", "pairs of numbers"},
        {lanes, "[0.5,1.0]", "[0.5,null]", "pairs of numbers"},
        {lanes, "[0.5,1.0]", "7", "pairs of numbers"},
        {lanes, "\"spans\":3", "\"spans\":1", "\"span\" has 2 entries, but \"spans\" is 1"},
        {lanes, "\"spans\":3", "\"spans\":-3", "\"spans\" is -3"},
        {lanes, "\"busy_s\":0.9", "\"busy_s\":null", "\"busy_s\" must be a number"},
        {lanes, "\"on_cpu_s\":0.8", "\"on_cpu_s\":\"0.8\"", "\"on_cpu_s\" must be a number"},
        {lanes, "\"lane\":[", "\"line\":[", "\"lane\" is missing"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct text changed = {0};
        const char *at = strstr(cases[i].line, cases[i].from);
        assert_non_null(at);
        text_add_bytes(&changed, cases[i].line, (size_t)(at - cases[i].line));
        text_add(&changed, "%s%s", cases[i].to, at + strlen(cases[i].from));
        write_lines((const char *const[]){process, changed.data, NULL});
        expect_fault(2, cases[i].words);
        text_free(&changed);
    }
    write_lines((const char *const[]){process, lanes, lanes, NULL});
    expect_fault(3, "there before");
    write_lines((const char *const[]){process, end, sample, NULL});
    expect_fault(3, "process 0 has ended before");
    write_lines((const char *const[]){sample, NULL});
    expect_fault(1, "process 0 has not started");
}

/* Every byte of the new lines changed: read or refused in one line, never anything else. */
static void changed_at_any_byte_it_is_read_or_refused(void **state)
{
    (void)state;
    static const char changes[] = {'\0', '9', '-', '"', '}', ',', '\n', '\xff', '[', 'e'};
    struct error error;
    struct text good = {0};
    int refused = 0, total = 0;
    text_add(&good, "%s%s%s%s%s", process, warmup, sample, lanes, end);
    char *bytes = memory_new(good.length, 1);
    for (size_t at = 0; at < good.length; at++, total++) {
        memcpy(bytes, good.data, good.length);
        bytes[at] = changes[at % sizeof changes];
        write_file(samples_path, bytes, good.length);
        refused += !read_folder(&error);
    }
    assert_true(refused > total / 4 && refused < total);
    free(bytes);
    text_free(&good);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(sentinels_stand_beside_their_times, restore_files),
        cmocka_unit_test_setup(lanes_are_read_thread_by_thread, restore_files),
        cmocka_unit_test_setup(older_runs_know_nothing_of_it, restore_files),
        cmocka_unit_test_setup(facts_of_the_plan_and_the_doctor_are_read, restore_files),
        cmocka_unit_test_setup(sides_of_a_live_comparison_are_read, restore_files),
        cmocka_unit_test_setup(impossible_facts_are_refused, restore_files),
        cmocka_unit_test_setup(impossible_sentinels_and_lanes_are_refused, restore_files),
        cmocka_unit_test_setup(changed_at_any_byte_it_is_read_or_refused, restore_files),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
