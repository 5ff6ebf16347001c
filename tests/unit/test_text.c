/* Strings and numbers that every command reads: what is taken, what is refused, and how figures look. */
#include "harness/base/cell.h"
#include "harness/base/text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_growing_string_keeps_everything_that_was_added(void **state)
{
    (void)state;
    struct text text = {0};
    size_t expected = 0;
    for (int i = 0; i < 1000; i++) {
        text_add(&text, "%d,", i);
        expected += i < 10 ? 2 : i < 100 ? 3 : 4;
    }
    text_add_bytes(&text, "end and more", 3);
    assert_int_equal(text.length, expected + 3);
    assert_int_equal(strlen(text.data), text.length);
    assert_memory_equal(text.data, "0,1,2,", 6);
    assert_string_equal(text.data + text.length - 7, "999,end");
    text_free(&text);
    assert_null(text.data);
}

static void an_empty_addition_makes_an_empty_string(void **state)
{
    (void)state;
    struct text text = {0};
    text_add(&text, "%s", "");
    assert_string_equal(text.data, "");
    text_free(&text);
}

static const char *const names[] = {"--threads", "--type", "--timeout", "--topology", "matmul", "kmeans"};

static const char *nearest(const char *wrong)
{
    return text_nearest(wrong, names, sizeof names / sizeof names[0]);
}

static void the_nearest_name_is_suggested(void **state)
{
    (void)state;
    assert_string_equal(nearest("--thraeds"), "--threads"); /* neighbours swapped */
    assert_string_equal(nearest("--treads"), "--threads");
    assert_string_equal(nearest("matmull"), "matmul");
    assert_string_equal(nearest("kmean"), "kmeans");
    assert_string_equal(nearest("--thr"), "--threads"); /* a beginning */
}

static void nothing_is_suggested_for_what_is_far_away(void **state)
{
    (void)state;
    assert_null(nearest("fft"));
    assert_null(nearest(""));
    assert_null(nearest("--colour-of-the-sea"));
    char *endless = memory_new(1 << 20, 1);
    memset(endless, 'x', (1 << 20) - 1);
    assert_null(nearest(endless));
    free(endless);
}

static void whole_numbers_are_taken_strictly(void **state)
{
    (void)state;
    int64_t value = 7;
    const char *const refused[] = {
        "", "-", "+1", " 1", "1 ", "1x", "0x10", "1e3", "1.0", "9223372036854775808", "--1"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        assert_false(text_to_int64(refused[i], &value));
    assert_int_equal(value, 7);
    assert_true(text_to_int64("-9223372036854775808", &value));
    assert_true(value == INT64_MIN);
    assert_true(text_to_int64("007", &value));
    assert_int_equal(value, 7);
}

static void real_numbers_are_taken_strictly(void **state)
{
    (void)state;
    double value = 7;
    const char *const refused[] = {
        "", "nan", "NaN", "inf", "-inf", "1e999", "0x1p3", " 1", "1,5", "1..2", "e", ".", "abc", "1e"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        assert_false(text_to_double(refused[i], &value));
    assert_true(value == 7);
    assert_true(text_to_double("-2.5e1", &value));
    assert_true(value == -25);
}

static void times_need_a_unit_and_are_positive(void **state)
{
    (void)state;
    double seconds = 7;
    const char *const refused[] = {
        "", "s", "60", "0s", "-1s", "60 s", "60S", "1ms", "1d", "nans", "infs", "1e308h", "1m30s"};
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++)
        assert_false(text_to_seconds(refused[i], &seconds));
    assert_true(seconds == 7);
    assert_true(text_to_seconds("60s", &seconds) && seconds == 60);
    assert_true(text_to_seconds("5m", &seconds) && seconds == 300);
    assert_true(text_to_seconds("1.5h", &seconds) && seconds == 5400);
}

static void a_list_keeps_its_empty_parts(void **state)
{
    (void)state;
    size_t count = 0;
    char **parts = text_split("a,,b,", ',', &count);
    assert_int_equal(count, 4);
    assert_string_equal(parts[0], "a");
    assert_string_equal(parts[1], "");
    assert_string_equal(parts[2], "b");
    assert_string_equal(parts[3], "");
    assert_null(parts[4]);
    text_split_free(parts);
    parts = text_split("", ',', &count);
    assert_int_equal(count, 1);
    assert_string_equal(parts[0], "");
    text_split_free(parts);
}

static void figures_for_people_carry_three_digits_and_a_unit(void **state)
{
    (void)state;
    char buffer[32];
    assert_string_equal(text_bytes(0, buffer, sizeof buffer), "0 B");
    assert_string_equal(text_bytes(1023, buffer, sizeof buffer), "1023 B");
    assert_string_equal(text_bytes(32768, buffer, sizeof buffer), "32 KiB");
    assert_string_equal(text_bytes(1.5 * 1073741824, buffer, sizeof buffer), "1.5 GiB");
    assert_string_equal(text_bytes(-1, buffer, sizeof buffer), "unknown");
    assert_string_equal(text_seconds(0.0123, buffer, sizeof buffer), "12.3 ms");
    assert_string_equal(text_seconds(0.99999, buffer, sizeof buffer), "1.00 s");
    assert_string_equal(text_seconds(123.4, buffer, sizeof buffer), "123 s");
    assert_string_equal(text_seconds(45e-6, buffer, sizeof buffer), "45.0 µs");
    assert_string_equal(text_seconds(3e-9, buffer, sizeof buffer), "3.00 ns");
    assert_string_equal(text_seconds(-1, buffer, sizeof buffer), "unknown");
}

static void columns_count_code_points_and_survive_invalid_bytes(void **state)
{
    (void)state;
    assert_int_equal(text_columns(""), 0);
    assert_int_equal(text_columns("abc"), 3);
    assert_int_equal(text_columns("×4 µs – é"), 9);
    assert_int_equal(text_columns("\xf0\x9f\x98\x80"), 1);
    assert_int_equal(text_columns("\xff\xfe"), 2);
    assert_int_equal(text_columns("\xe2\x82"), 2); /* cut in the middle */
}

static void a_copied_cell_shares_nothing_with_its_original(void **state)
{
    (void)state;
    struct cell cell = {.id = 3, .threads = 2, .base = 1, .serial = 0};
    cell.kernel = text_copy("matmul");
    cell.variant = text_copy("packed");
    cell.type = text_copy("f32");
    cell.size = text_copy("tiny");
    cell.shape = text_copy("m=1,n=2");
    cell.options = text_copy("");
    cell.placement = text_copy("spread");
    cell.scaling = text_copy("strong");
    cell.worker = text_copy("native-gomp");
    cell.reason = text_copy("all cores");
    cell.pus = memory_new(2, sizeof *cell.pus);
    cell.pus[1] = 5;
    struct cell copy = cell_copy(&cell);
    cell_free(&cell);
    char label[128];
    assert_string_equal(
        cell_label(&copy, label, sizeof label), "matmul packed f32 m=1,n=2 spread ×2 native-gomp");
    assert_string_equal(copy.reason, "all cores");
    assert_int_equal(copy.pus[1], 5);
    assert_int_equal(copy.base, 1);
    cell_free(&copy);
    assert_null(copy.pus);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_growing_string_keeps_everything_that_was_added),
        cmocka_unit_test(an_empty_addition_makes_an_empty_string),
        cmocka_unit_test(the_nearest_name_is_suggested),
        cmocka_unit_test(nothing_is_suggested_for_what_is_far_away),
        cmocka_unit_test(whole_numbers_are_taken_strictly),
        cmocka_unit_test(real_numbers_are_taken_strictly),
        cmocka_unit_test(times_need_a_unit_and_are_positive),
        cmocka_unit_test(a_list_keeps_its_empty_parts),
        cmocka_unit_test(figures_for_people_carry_three_digits_and_a_unit),
        cmocka_unit_test(columns_count_code_points_and_survive_invalid_bytes),
        cmocka_unit_test(a_copied_cell_shares_nothing_with_its_original),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
