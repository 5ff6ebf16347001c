/* The two ways of reading a sample agree: what the fast one takes, the slow one takes for the same; and what
 * our own program writes, the fast one does take. */
#include "harness/measure/protocol.h"
#include "harness/store/record_parts.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char known[] =
    "{\"kind\":\"sample\",\"iteration\":12,\"warmup\":false,\"seconds\":0.0267575180,\"busy_max_s\":2.5e-8,"
    "\"busy_mean_s\":0.026440728,\"on_cpu_max_s\":3,\"on_cpu_mean_s\":0.0262,\"off_cpu_s\":0.0,\"cpu_s\":0."
    "05,"
    "\"throttled_s\":0.034052,\"steal_s\":0.01,\"involuntary_switches\":7,\"minor_faults\":105,"
    "\"migrations\":0,\"process\":91}";
static const char unknown[] =
    "{\"kind\":\"sample\",\"iteration\":0,\"warmup\":true,\"seconds\":1.7e-6,\"busy_max_s\":null,"
    "\"busy_mean_s\":null,\"on_cpu_max_s\":null,\"on_cpu_mean_s\":null,\"off_cpu_s\":null,\"cpu_s\":null,"
    "\"throttled_s\":null,\"steal_s\":null,\"involuntary_switches\":null,\"minor_faults\":0,"
    "\"migrations\":null,\"process\":0}";

static bool read_slowly(const char *bytes, size_t length, struct sample_line *line)
{
    struct error error;
    struct json_fields fields = {.where = "here", .error = &error};
    json_t *object = json_loadb(bytes, length, JSON_REJECT_DUPLICATES, NULL);
    const char *kind = json_string_value(json_object_get(object, "kind"));
    bool is_sample = kind != NULL && strcmp(kind, "sample") == 0;
    if (is_sample)
        sample_line_read(&fields, object, line);
    json_decref(object);
    return is_sample && !fields.failed;
}

/* Every bit, so that unknown is unknown in both, and a number the same number. */
static bool are_same(const struct sample_line *a, const struct sample_line *b)
{
    const double *left = &a->beside.busy_max_s, *right = &b->beside.busy_max_s;
    bool same = a->warmup == b->warmup && a->process == b->process && a->seconds == b->seconds;
    for (size_t i = 0; i < offsetof(struct sample_record, involuntary_switches) / sizeof *left; i++)
        same = same && (left[i] == right[i] || (isnan(left[i]) && isnan(right[i])));
    return same && a->beside.involuntary_switches == b->beside.involuntary_switches &&
           a->beside.minor_faults == b->beside.minor_faults && a->beside.migrations == b->beside.migrations;
}

/* True if the fast way takes the line; then the slow one must take it for the same. The line stands at the
 * end of its memory, so that a sanitizer sees a read beyond it. */
static bool agree(const char *bytes, size_t length)
{
    struct sample_line fast, slow;
    char *copy = malloc(length > 0 ? length : 1);
    assert_non_null(copy);
    memcpy(copy, bytes, length);
    bool taken = sample_line_scan(copy, length, &fast);
    if (taken && (!read_slowly(copy, length, &slow) || !are_same(&fast, &slow)))
        fail_msg("the two ways differ: %.*s", (int)length, bytes);
    free(copy);
    return taken;
}

static void known_values_arrive(void **state)
{
    (void)state;
    struct sample_line line;
    assert_true(sample_line_scan(known, strlen(known), &line));
    assert_true(line.process == 91 && !line.warmup && line.seconds == 0.026757518);
    assert_true(line.beside.busy_max_s == 2.5e-8 && line.beside.on_cpu_max_s == 3);
    assert_true(line.beside.throttled_s == 0.034052 && line.beside.steal_s == 0.01);
    assert_int_equal(line.beside.involuntary_switches, 7);
    assert_int_equal(line.beside.minor_faults, 105);
    assert_int_equal(line.beside.migrations, 0);
    assert_true(agree(known, strlen(known)));
}

static void unknown_values_stay_unknown(void **state)
{
    (void)state;
    struct sample_line line;
    assert_true(sample_line_scan(unknown, strlen(unknown), &line));
    assert_true(line.warmup && isnan(line.beside.busy_max_s) && isnan(line.beside.off_cpu_s));
    assert_true(isnan(line.beside.throttled_s) && isnan(line.beside.steal_s));
    assert_int_equal(line.beside.involuntary_switches, -1);
    assert_int_equal(line.beside.migrations, -1);
    assert_true(agree(unknown, strlen(unknown)));
}

static void lines_of_before_are_read_slowly(void **state)
{
    (void)state;
    static const char old[] =
        "{\"kind\":\"sample\",\"iteration\":0,\"warmup\":false,\"seconds\":0.5,"
        "\"busy_max_s\":0.4,\"busy_mean_s\":0.3,\"cpu_s\":0.5,\"involuntary_switches\":1,"
        "\"minor_faults\":5,\"process\":0}";
    struct sample_line line;
    assert_false(sample_line_scan(old, strlen(old), &line));
    assert_true(read_slowly(old, strlen(old), &line));
    assert_true(line.seconds == 0.5 && line.beside.busy_mean_s == 0.3 && line.beside.minor_faults == 5);
    assert_true(isnan(line.beside.off_cpu_s) && isnan(line.beside.steal_s) && line.beside.migrations == -1);
}

/* What the harness stores of a worker's line is the layout that is scanned. */
static void stored_lines_are_scanned(void **state)
{
    (void)state;
    const struct process_key key = {.process = 3, .worker = "x", .started = "then"};
    struct worker_line stored;
    struct error error;
    struct sample_line line;
    char sent[sizeof known];
    strcpy(sent, known);
    strcpy(strstr(sent, ",\"process\""), "}");
    assert_int_equal(protocol_parse_line(sent, &key, 0, &stored, &error), STATUS_OK);
    assert_true(sample_line_scan(stored.json, strlen(stored.json), &line));
    assert_true(line.process == 3 && line.seconds == 0.026757518);
    worker_line_free(&stored);
}

static void cut_lines_are_not_taken(void **state)
{
    (void)state;
    for (size_t length = 0; length < strlen(known); length++)
        assert_false(agree(known, length));
}

/* Every byte replaced by every other, left out, and doubled. */
static void the_two_ways_agree_on_every_changed_line(void **state)
{
    (void)state;
    const char *const lines[] = {known, unknown};
    size_t taken = 0, tried = 0;
    for (size_t l = 0; l < 2; l++) {
        size_t length = strlen(lines[l]);
        char *bytes = malloc(length + 1);
        assert_non_null(bytes);
        for (size_t at = 0; at < length; at++) {
            for (int byte = 0; byte < 256; byte++, tried++) {
                memcpy(bytes, lines[l], length);
                bytes[at] = (char)byte;
                taken += agree(bytes, length);
            }
            memmove(bytes + at, lines[l] + at + 1, length - at - 1);
            taken += agree(bytes, length - 1);
            memcpy(bytes, lines[l], at + 1);
            memcpy(bytes + at + 1, lines[l] + at, length - at);
            taken += agree(bytes, length + 1);
        }
        free(bytes);
    }
    assert_true(taken > 500 && taken < tried / 20);
}

/* Numbers of every shape: the scanner divides where strtod() searches, and both must round alike. */
static void the_two_ways_read_the_same_numbers(void **state)
{
    (void)state;
    static const char *const numbers[] = {"0", "-0", "00", "01", "1", "1.", ".5", "1.0", "0.1",
        "0.30000000004", "123456789012", "1e5", "1e+5", "1E-5", "1e-", "1e-05", "1e-22", "1e-23",
        "9.99999999999e-9", "900000000000001", "9007199254740993", "0.000000000000000000001",
        "0.90071992547409931", "0.12345678901234567", "1000000000", "1000000000.1", "1e-999",
        "99999999999999999999", "NaN", "nul", "nulll", "\"1\"", "[]", " 1", "1 ", "+1", "0x1"};
    char bytes[600];
    uint64_t seed = 1;
    for (size_t i = 0; i < 20000; i++) {
        char number[40];
        seed = seed * 6364136223846793005u + 1442695040888963407u;
        if (i / 4 < sizeof numbers / sizeof *numbers)
            snprintf(number, sizeof number, "%s", numbers[i / 4]);
        else
            snprintf(number, sizeof number, "%.*g", (int)(seed >> 60),
                ldexp((double)(seed >> 11), -(int)(seed >> 53 & 127)));
        static const char *const keys[] = {"\"seconds\":", "\"steal_s\":", "\"migrations\":", "\"process\":"};
        const char *at = strstr(known, keys[i % 4]) + strlen(keys[i % 4]);
        const char *rest = at + strcspn(at, ",}");
        int length = snprintf(bytes, sizeof bytes, "%.*s%s%s", (int)(at - known), known, number, rest);
        agree(bytes, (size_t)length);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_values_arrive),
        cmocka_unit_test(unknown_values_stay_unknown),
        cmocka_unit_test(lines_of_before_are_read_slowly),
        cmocka_unit_test(stored_lines_are_scanned),
        cmocka_unit_test(cut_lines_are_not_taken),
        cmocka_unit_test(the_two_ways_agree_on_every_changed_line),
        cmocka_unit_test(the_two_ways_read_the_same_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
