/* The timeline against the rules of the Trace Event Format, by a small judge that is shown to notice each
 * broken rule; and which iteration it shows, and what it leaves out. */
#include "summary_record.h"
#include "trace_judge.h"

#include "harness/base/text.h"
#include "harness/report/trace_json.h"

#include <jansson.h>

static void each_broken_rule_is_noticed(void **state)
{
    (void)state;
#define NAMES                                                                                                \
    "{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"tid\":1,\"ts\":0,\"args\":{\"name\":\"p\"}},"       \
    "{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,\"tid\":1,\"ts\":0,\"args\":{\"name\":\"t\"}},"
    static const char *const documents[] = {
        NAMES "{\"name\":\"a\",\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":0,\"dur\":1}", /* the good one */
        NAMES "{\"name\":1,\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":0,\"dur\":1}",
        NAMES "{\"name\":\"a\",\"pid\":1,\"tid\":1,\"ts\":0,\"dur\":1}",
        NAMES "{\"name\":\"a\",\"ph\":\"Q\",\"pid\":1,\"tid\":1,\"ts\":0,\"dur\":1}",
        NAMES "{\"name\":\"a\",\"ph\":\"X\",\"tid\":1,\"ts\":0,\"dur\":1}",
        NAMES "{\"name\":\"a\",\"ph\":\"X\",\"pid\":1,\"tid\":\"1\",\"ts\":0,\"dur\":1}",
        NAMES "{\"name\":\"a\",\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":null,\"dur\":1}",
        NAMES "{\"name\":\"a\",\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":-1,\"dur\":1}",
        NAMES "{\"name\":\"a\",\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":0,\"dur\":-1}",
        NAMES "{\"name\":\"a\",\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":0}",
        NAMES "{\"name\":\"a\",\"ph\":\"X\",\"pid\":1,\"tid\":2,\"ts\":0,\"dur\":1}",
        NAMES "{\"name\":\"a\",\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":0,\"dur\":2},"
              "{\"name\":\"a\",\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":1,\"dur\":2}",
        "{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"tid\":1,\"ts\":0,\"args\":{\"name\":1}}",
        "{\"name\":\"thread_sort_index\",\"ph\":\"M\",\"pid\":1,\"tid\":1,\"ts\":0,\"args\":{}}",
    };
    for (size_t i = 0; i < sizeof documents / sizeof *documents; i++) {
        struct text text = {0};
        text_add(&text, "{\"traceEvents\":[%s]}", documents[i]);
        json_t *document = json_loads(text.data, 0, NULL);
        assert_non_null(document);
        if ((trace_fault(document) == NULL) != (i == 0))
            fail_msg("%zu: %s", i, trace_fault(document));
        json_decref(document);
        text_free(&text);
    }
}

/* ---- the writer ---- */

enum { MANY = TRACE_SPANS_MAX };

static struct lane_span busy[3] = {{0, 0.25}, {0.5, 0.75}, {0.875, 0.875}};
static struct lane_span backwards[3] = {{0.5, 0.75}, {0.25, 0.625}, {0.7, 0.9}};
static struct lane_span many[MANY];
static struct lane_record lanes[2];

/* Every process that counts keeps the same stamps; the regions differ by block. */
static int make_lanes(void **state)
{
    for (int t = 0; t < 2; t++)
        lanes[t] =
            (struct lane_record){.busy_s = 0.5, .on_cpu_s = 0.5, .spans = 5, .span_count = 3, .span = busy};
    make_record(state);
    for (int i = 0; i < PROCESSES; i++) {
        processes[i].repeat = 1;
        processes[i].lane = lanes;
        processes[i].lane_count = processes[i].threads_delivered;
        processes[i].lane_s = cell_seconds[processes[i].cell] + processes[i].block - 3;
    }
    return 0;
}

static json_t *trace_of(void)
{
    struct summary summary;
    char *data = NULL;
    size_t length = 0;
    json_error_t error;
    summary_make(&record, &summary);
    FILE *stream = open_memstream(&data, &length);
    assert_true(trace_json_write(stream, &summary));
    fclose(stream);
    json_t *document = json_loadb(data, length, JSON_REJECT_DUPLICATES, &error);
    if (document == NULL)
        fail_msg("line %d: %s", error.line, error.text);
    if (trace_fault(document) != NULL)
        fail_msg("%s", trace_fault(document));
    free(data);
    summary_free(&summary);
    return document;
}

static int count_spans(const json_t *document, const char *name, json_int_t pid, json_int_t tid)
{
    int count = 0;
    size_t i;
    const json_t *event;
    json_array_foreach(json_object_get(document, "traceEvents"), i, event) count +=
        strcmp(json_string_value(json_object_get(event, "name")), name) == 0 &&
        strcmp(json_string_value(json_object_get(event, "ph")), "X") == 0 &&
        (pid == 0 || json_integer_value(json_object_get(event, "pid")) == pid) &&
        (tid == 0 || json_integer_value(json_object_get(event, "tid")) == tid);
    return count;
}

static json_int_t other(const json_t *document, const char *key)
{
    const json_t *value = json_object_get(json_object_get(document, "otherData"), key);
    assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static void each_row_is_a_process_and_each_thread_a_lane(void **state)
{
    (void)state;
    json_t *document = trace_of();
    assert_int_equal(count_spans(document, "timed region", 0, 0), CELLS);
    assert_int_equal(count_spans(document, "busy", 0, 0), 3 * (4 * 1 + 2 * 2));
    assert_int_equal(count_spans(document, "busy", 3, 2), 3);
    assert_int_equal(count_spans(document, "busy", 3, 3), 3);
    assert_int_equal(count_spans(document, "busy", 1, 3), 0);
    assert_int_equal(other(document, "rows"), CELLS);
    json_decref(document);
}

/* Every row shows this block, at its own length. */
static void assert_block_shown(json_int_t block)
{
    json_t *document = trace_of();
    size_t i;
    const json_t *event;
    int regions = 0;
    json_array_foreach(json_object_get(document, "traceEvents"), i, event)
    {
        if (strcmp(json_string_value(json_object_get(event, "name")), "timed region") != 0)
            continue;
        const json_t *args = json_object_get(event, "args");
        double median_s = json_number_value(json_object_get(args, "median_s"));
        assert_int_equal(json_integer_value(json_object_get(args, "block")), block);
        assert_true(fabs(json_number_value(json_object_get(event, "dur")) -
                         1e6 * (median_s + (double)block - 3)) < 1e-3);
        assert_int_equal(json_integer_value(json_object_get(args, "spans_left_out")),
            2 * json_integer_value(json_object_get(args, "threads")));
        regions++;
    }
    assert_int_equal(regions, CELLS);
    json_decref(document);
}

static void the_iteration_nearest_to_the_median_is_shown(void **state)
{
    (void)state;
    assert_block_shown(3);
}

static void a_process_that_failed_is_not_shown(void **state)
{
    (void)state;
    for (int cell = 0; cell < CELLS; cell++)
        process_of(cell, 3)->done = false;
    assert_block_shown(2);
}

static void rows_without_stamps_are_counted_and_not_drawn(void **state)
{
    (void)state;
    for (int block = 0; block <= BLOCKS; block++)
        process_of(PACKED_2, block)->lane = NULL;
    process_of(PACKED_1, 2)->check_failed = true;
    process_of(PACKED_1, 2)->done = false;
    json_t *document = trace_of();
    assert_int_equal(other(document, "rows"), CELLS - 2);
    assert_int_equal(other(document, "rows_without_stamps"), 2);
    json_decref(document);
}

static void stamps_that_overlap_do_not_overlap_in_the_trace(void **state)
{
    (void)state;
    lanes[0].span = backwards; /* trace_of() judges */
    json_t *document = trace_of();
    assert_int_equal(count_spans(document, "busy", 1, 2), 2);
    json_decref(document);
}

static void a_row_that_is_too_large_is_left_out_and_counted(void **state)
{
    (void)state;
    for (int i = 0; i < MANY; i++)
        many[i] = (struct lane_span){i * 1e-6, i * 1e-6 + 5e-7};
    lanes[1].span = many;
    lanes[1].span_count = lanes[1].spans = MANY;
    json_t *document = trace_of();
    assert_int_equal(other(document, "rows"), CELLS - 2);
    assert_int_equal(other(document, "rows_left_out_for_size"), 2);
    json_decref(document);
}

static void hostile_names_stay_names(void **state)
{
    (void)state;
    cells[PACKED_2].worker = cells[PACKED_1].worker = "\"}],<script>\n\xff\\";
    json_t *document = trace_of();
    assert_int_equal(other(document, "rows"), CELLS);
    json_decref(document);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_broken_rule_is_noticed),
        cmocka_unit_test_setup(each_row_is_a_process_and_each_thread_a_lane, make_lanes),
        cmocka_unit_test_setup(the_iteration_nearest_to_the_median_is_shown, make_lanes),
        cmocka_unit_test_setup(a_process_that_failed_is_not_shown, make_lanes),
        cmocka_unit_test_setup(rows_without_stamps_are_counted_and_not_drawn, make_lanes),
        cmocka_unit_test_setup(stamps_that_overlap_do_not_overlap_in_the_trace, make_lanes),
        cmocka_unit_test_setup(a_row_that_is_too_large_is_left_out_and_counted, make_lanes),
        cmocka_unit_test_setup(hostile_names_stay_names, make_lanes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
