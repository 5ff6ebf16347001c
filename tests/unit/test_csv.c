/* Tables as text: what is read as which numbers, and that whatever is refused is named with its place. */
#include "harness/base/text.h"
#include "harness/data/csv.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

struct rows {
    double *number;
    int64_t count;
};

static enum status keep_row(void *context, const double *row, int64_t columns, struct error *error)
{
    (void)error;
    struct rows *rows = context;
    rows->number = memory_grow(rows->number, (size_t)(rows->count + columns), sizeof *rows->number);
    memcpy(rows->number + rows->count, row, (size_t)columns * sizeof *row);
    rows->count += columns;
    return STATUS_OK;
}

static enum status read_bytes(const char *bytes, size_t size, struct rows *rows, struct csv_shape *shape,
    struct data_scan *scan, struct error *error)
{
    FILE *file = fmemopen((void *)(uintptr_t)bytes, size, "rb");
    assert_non_null(file);
    *rows = (struct rows){0};
    enum status status = csv_read(file, "t.csv", keep_row, rows, shape, scan, error);
    fclose(file);
    return status;
}

static void wants_table(const char *text, int64_t count, int64_t columns, const double *expected)
{
    struct rows rows;
    struct csv_shape shape;
    struct data_scan scan;
    struct error error = {{0}};
    enum status status = read_bytes(text, strlen(text), &rows, &shape, &scan, &error);
    assert_string_equal(error.text, "");
    assert_int_equal(status, STATUS_OK);
    assert_int_equal(shape.rows, count);
    assert_int_equal(shape.columns, columns);
    assert_int_equal(rows.count, count * columns);
    for (int64_t i = 0; i < rows.count; i++)
        if (isnan(expected[i]))
            assert_true(isnan(rows.number[i]));
        else
            assert_true(rows.number[i] == expected[i]);
    free(rows.number);
}

#define ARRAY(...) ((const double[]){__VA_ARGS__})
#define MISSING    ((double)NAN)

static void separators_headers_and_line_ends_are_recognised(void **state)
{
    (void)state;
    wants_table("1,2\n3,4\n", 2, 2, ARRAY(1, 2, 3, 4));
    wants_table("1,2\n3,4", 2, 2, ARRAY(1, 2, 3, 4));
    wants_table("x,y\r\n1,2\r\n3,4\r\n\r\n\r\n", 2, 2, ARRAY(1, 2, 3, 4));
    wants_table("1;2\n3;4\n", 2, 2, ARRAY(1, 2, 3, 4));
    wants_table("a\tb\n\t2\n3\t\n", 2, 2, ARRAY(MISSING, 2, 3, MISSING));
    wants_table("\xef\xbb\xbf"
                "1,2\n",
        1, 2, ARRAY(1, 2));
    wants_table("5\n6\n", 2, 1, ARRAY(5, 6));
    wants_table("a;\"b,c\"\n1;2\n", 1, 2, ARRAY(1, 2));
}

static void quotes_and_blanks_do_not_change_a_number(void **state)
{
    (void)state;
    wants_table("\"1\",\"2\"\n", 1, 2, ARRAY(1, 2));
    wants_table(" 1 , \"2\" \n\t3,\" 4\"\n", 2, 2, ARRAY(1, 2, 3, 4));
    wants_table("\"a \"\"b\"\",\nc\",d\n1,2\n", 1, 2, ARRAY(1, 2));
}

/* A line that may be one or the other is taken for a header, and that is not passed over in silence. */
static void numbers_in_a_header_are_counted(void **state)
{
    (void)state;
    static const char *const text[] = {
        "1,0x10\n2,3\n", "id,2019,2020\n2,3,4\n", "a,,NA\n1,2,3\n", "1,2\n3,4\n"};
    static const int64_t numbers[] = {1, 2, 0, 0};
    for (int i = 0; i < 4; i++) {
        struct rows rows;
        struct csv_shape shape;
        struct data_scan scan;
        struct error error = {{0}};
        assert_int_equal(read_bytes(text[i], strlen(text[i]), &rows, &shape, &scan, &error), STATUS_OK);
        assert_int_equal(shape.header_numbers, numbers[i]);
        free(rows.number);
    }
}

static void missing_values_are_nan_and_do_not_make_a_header(void **state)
{
    (void)state;
    wants_table("NA,1\n,n/a\nNaN,nan\nnull,?\n\"\",-nan\n", 5, 2,
        ARRAY(MISSING, 1, MISSING, MISSING, MISSING, MISSING, MISSING, MISSING, MISSING, MISSING));
}

static void numbers_are_the_nearest_doubles(void **state)
{
    (void)state;
    wants_table("0.1,-2.5e-3\n+1E5,.5\n5.,1e-400\n-inf,Infinity\n", 4, 2,
        ARRAY(0.1, -2.5e-3, 1e5, 0.5, 5, 0, (double)-INFINITY, (double)INFINITY));
    wants_table("2.2250738585072011e-308,179769313486231570e291\n", 1, 2,
        ARRAY(2.2250738585072011e-308, 179769313486231570e291));
}

/* size 0: of the string. */
static void wants_refusal(const char *text, size_t size, const char *words)
{
    struct rows rows;
    struct csv_shape shape;
    struct data_scan scan;
    struct error error = {{0}};
    enum status status = read_bytes(text, size > 0 ? size : strlen(text), &rows, &shape, &scan, &error);
    free(rows.number);
    assert_int_equal(status, STATUS_USAGE);
    if (strstr(error.text, words) == NULL)
        fail_msg("'%s' does not say '%s'", error.text, words);
}

static void what_is_no_table_is_refused_with_its_place(void **state)
{
    (void)state;
    wants_refusal("a,b\n1,2\n3\n", 0, "t.csv:3:1: this line has 1 cells, the first has 2");
    wants_refusal("1,2\n3,4,5\n", 0, "t.csv:2:2: this line has 3 cells");
    wants_refusal("a,b\n1,2\n3,four\n", 0, "t.csv:3:2: 'four' is not a number");
    wants_refusal("1;2\n1,5;3\n", 0, "t.csv:2:1: '1,5' is not a number; decimals have a point");
    wants_refusal("1,2\n0x10,3\n", 0, "t.csv:2:1: '0x10'");
    wants_refusal("1,2\n1e,3\n", 0, "t.csv:2:1: '1e'");
    wants_refusal("1,2\n--1,3\n", 0, "t.csv:2:1: '--1'");
    wants_refusal("1,2\n1 2,3\n", 0, "t.csv:2:1: '1 2'");
    wants_refusal("1,2\n3,\"4\n5,6\n", 0, "t.csv:2:2: a quote is opened here and never closed");
    wants_refusal("1,2\n3,\"4\"5\n", 0, "t.csv:2:2: '5' stands behind the closing quote");
    wants_refusal("1,2\n3,\0004\n", 9, "t.csv:2:2: a NUL byte");
    wants_refusal("1,2\n3,\"\0004\"\n", 11, "t.csv:2:2: a NUL byte");
    wants_refusal("1,1e400\n", 0, "t.csv:1:2: 1e400 is too large for a double");
    wants_refusal("1,2\n3,-1e400\n", 0, "t.csv:2:2: -1e400 is too large");
    wants_refusal("a,b\n", 0, "has a header line but no rows");
    wants_refusal("a,b\r1,2\r3,4\r", 0, "its lines end with a carriage return alone");
    wants_refusal("\n\r\n", 0, "blank lines only");
    wants_refusal("1,2\n\n3,4\n", 0, "t.csv:2:1: a blank line inside the table");
    wants_refusal("\"a\nb\",c\n1,x\n", 0, "t.csv:3:2: 'x'");
}

static void what_a_person_typed_cannot_steer_a_terminal(void **state)
{
    (void)state;
    wants_refusal("1\n\x1b[31mred\n", 0, "'?[31mred' is not a number");
}

static void a_table_longer_than_any_buffer_is_read_whole(void **state)
{
    (void)state;
    enum { ROWS = 20000 };
    struct text text = {0};
    struct rows rows;
    struct csv_shape shape;
    struct data_scan scan;
    struct error error = {{0}};
    text_add(&text, "first,second,third\n");
    for (int i = 0; i < ROWS; i++)
        text_add(&text, "%d,\"%d.5\",-%d\r\n", i, i, i);
    assert_int_equal(read_bytes(text.data, text.length, &rows, &shape, &scan, &error), STATUS_OK);
    assert_int_equal(shape.rows, ROWS);
    assert_int_equal(shape.columns, 3);
    for (int i = 0; i < ROWS; i++) {
        assert_true(rows.number[3 * i] == i);
        assert_true(rows.number[3 * i + 1] == i + 0.5);
        assert_true(rows.number[3 * i + 2] == -i);
    }
    assert_true(scan.largest == ROWS - 0.5);
    free(rows.number);
    text_add(&text, "1,2,x\n");
    wants_refusal(text.data, 0, "t.csv:20002:3: 'x'");
    text_free(&text);
}

static void the_first_number_that_is_not_finite_is_named(void **state)
{
    (void)state;
    const char *text = "inf,b\n1,2\n3,\n-inf,4\n";
    struct rows rows;
    struct csv_shape shape;
    struct data_scan scan;
    struct error error = {{0}};
    assert_int_equal(read_bytes(text, strlen(text), &rows, &shape, &scan, &error), STATUS_OK);
    assert_string_equal(scan.not_finite, "'' at line 3, column 2");
    assert_true(scan.largest == 4);
    free(rows.number);
    /* Lines that are no rows do not count. */
    text = "\xef\xbb\xbfNA,9\r\n1,2\r\n\r\n";
    assert_int_equal(read_bytes(text, strlen(text), &rows, &shape, &scan, &error), STATUS_OK);
    assert_string_equal(scan.not_finite, "'NA' at line 1, column 1");
    free(rows.number);
    text = "word,9,\n1,2,3\n\n\n";
    assert_int_equal(read_bytes(text, strlen(text), &rows, &shape, &scan, &error), STATUS_OK);
    assert_string_equal(scan.not_finite, "");
    assert_true(scan.largest == 3);
    free(rows.number);
}

static void one_changed_byte_changes_the_digest(void **state)
{
    (void)state;
    struct rows rows;
    struct csv_shape shape;
    struct data_scan scan;
    struct error error = {{0}};
    char text[] = "1.25,2.5\n3.75,4.5\n";
    assert_int_equal(read_bytes(text, sizeof text - 1, &rows, &shape, &scan, &error), STATUS_OK);
    free(rows.number);
    uint64_t digest = scan.digest;
    for (size_t i = 0; i < sizeof text - 1; i++) {
        if (text[i] < '0' || text[i] > '9')
            continue;
        text[i] ^= 1;
        assert_int_equal(read_bytes(text, sizeof text - 1, &rows, &shape, &scan, &error), STATUS_OK);
        free(rows.number);
        assert_true(scan.digest != digest);
        text[i] ^= 1;
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(separators_headers_and_line_ends_are_recognised),
        cmocka_unit_test(quotes_and_blanks_do_not_change_a_number),
        cmocka_unit_test(numbers_in_a_header_are_counted),
        cmocka_unit_test(missing_values_are_nan_and_do_not_make_a_header),
        cmocka_unit_test(numbers_are_the_nearest_doubles),
        cmocka_unit_test(what_is_no_table_is_refused_with_its_place),
        cmocka_unit_test(what_a_person_typed_cannot_steer_a_terminal),
        cmocka_unit_test(a_table_longer_than_any_buffer_is_read_whole),
        cmocka_unit_test(the_first_number_that_is_not_finite_is_named),
        cmocka_unit_test(one_changed_byte_changes_the_digest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
