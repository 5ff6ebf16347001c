/* NumPy's file format: what its own files hold, that a header of ours is read back, and that a file which
 * lies is refused with what was found in it. */
#include "harness/base/text.h"
#include "harness/data/npy_header.h"
#include "harness/data/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define FIXTURES GOLDEN_FOLDER "/../fixtures/data/"

/* A file in memory. */
struct image {
    char byte[4096];
    size_t size;
};

/* Version 1.0 with this dictionary, unpadded but for its line end, and `numbers` zero bytes. */
static struct image image_of(const char *dictionary, size_t numbers)
{
    struct image image = {{0}, 10};
    size_t length = strlen(dictionary) + 1;
    memcpy(image.byte, NPY_MAGIC "\x01\x00", 8);
    image.byte[8] = (char)(length & 0xff);
    image.byte[9] = (char)(length >> 8);
    memcpy(image.byte + 10, dictionary, length - 1);
    image.byte[9 + length] = '\n';
    image.size += length + numbers;
    return image;
}

static enum status read_image(const struct image *image, struct npy_layout *layout, struct error *error)
{
    FILE *file = fmemopen((void *)(uintptr_t)image->byte, image->size, "rb");
    assert_non_null(file);
    *error = (struct error){{0}};
    enum status status = npy_read_layout(file, "t.npy", (int64_t)image->size, layout, error);
    fclose(file);
    return status;
}

static void wants_refusal(const struct image *image, const char *words)
{
    struct npy_layout layout;
    struct error error;
    assert_int_equal(read_image(image, &layout, &error), STATUS_USAGE);
    if (strstr(error.text, words) == NULL)
        fail_msg("'%s' does not say '%s'", error.text, words);
}

static void refuses(const char *dictionary, size_t numbers, const char *words)
{
    struct image image = image_of(dictionary, numbers);
    wants_refusal(&image, words);
}

/* ---- what is read ---- */

static void files_of_numpy_are_read(void **state)
{
    (void)state;
    struct data_table table;
    struct error error = {{0}};
    assert_int_equal(data_table_open(FIXTURES "points.npy", &table, &error), STATUS_OK);
    assert_int_equal(table.layout.rows, 40);
    assert_int_equal(table.layout.columns, 3);
    assert_int_equal(table.layout.bits, 64);
    assert_int_equal(table.layout.offset_bytes, 128);
    assert_false(table.layout.column_major);
    assert_true(table.scan.largest == 65.5);
    assert_string_equal(table.scan.not_finite, "");
    uint64_t digest = table.scan.digest;
    data_table_free(&table);
    assert_int_equal(data_table_open(FIXTURES "points-fortran-f32.npy", &table, &error), STATUS_OK);
    assert_int_equal(table.layout.rows, 40);
    assert_int_equal(table.layout.columns, 3);
    assert_int_equal(table.layout.bits, 32);
    assert_true(table.layout.column_major);
    assert_true(table.scan.largest == 65.5);
    assert_true(table.scan.digest != digest);
    data_table_free(&table);
    assert_int_equal(data_table_open(FIXTURES "column-version-3.npy", &table, &error), STATUS_OK);
    assert_int_equal(table.layout.rows, 40);
    assert_int_equal(table.layout.columns, 1);
    data_table_free(&table);
}

static void a_header_of_ours_is_read_back(void **state)
{
    (void)state;
    struct npy_layout layout;
    struct error error;
    struct image image = {{0}, 0};
    size_t bytes = npy_header_make(image.byte, "<f4", 7, 3);
    assert_int_equal(bytes % NPY_ALIGNMENT, 0);
    image.size = bytes + 7 * 3 * 4;
    assert_int_equal(read_image(&image, &layout, &error), STATUS_OK);
    assert_true(layout.rows == 7 && layout.columns == 3 && layout.bits == 32 && !layout.column_major);
    assert_int_equal(layout.offset_bytes, bytes);
    bytes = npy_header_make(image.byte, "<f8", 9, 0);
    image.size = bytes + 9 * 8;
    assert_int_equal(read_image(&image, &layout, &error), STATUS_OK);
    assert_true(layout.rows == 9 && layout.columns == 1 && layout.bits == 64);
    /* The longest that can be. */
    assert_true(npy_header_make(image.byte, "<f8", INT64_MAX, INT64_MAX) < NPY_HEADER_ROOM);
}

static void keys_come_in_any_order_with_any_quotes(void **state)
{
    (void)state;
    struct npy_layout layout;
    struct error error;
    struct image image = image_of("{\"shape\":(2,1),'fortran_order':True,'descr': '<f8'}  ", 16);
    assert_int_equal(image.size - 16, 64); /* numbers lie on a multiple of 8 */
    assert_int_equal(read_image(&image, &layout, &error), STATUS_OK);
    assert_true(layout.rows == 2 && layout.columns == 1 && layout.bits == 64 && layout.column_major);
}

static void the_first_number_that_is_not_finite_has_its_index(void **state)
{
    (void)state;
    double numbers[6] = {1, 2, 3, 4, -7, 6};
    struct image image = {{0}, 0};
    struct npy_layout layout;
    struct data_scan scan;
    struct error error;
    size_t bytes = npy_header_make(image.byte, "<f8", 3, 2);
    for (int column_major = 0; column_major < 2; column_major++)
        for (int bad = 0; bad < 6; bad++) {
            double kept = numbers[bad];
            char expected[60];
            numbers[bad] = bad % 2 == 0 ? (double)NAN : (double)-INFINITY;
            memcpy(image.byte + bytes, numbers, sizeof numbers);
            image.size = bytes + sizeof numbers;
            assert_int_equal(read_image(&image, &layout, &error), STATUS_OK);
            layout.column_major = column_major == 1;
            FILE *file = fmemopen(image.byte, image.size, "rb");
            assert_int_equal(npy_scan(file, "t.npy", &layout, &scan, &error), STATUS_OK);
            fclose(file);
            snprintf(expected, sizeof expected, "%g at index [%d, %d]", numbers[bad],
                column_major ? bad % 3 : bad / 2, column_major ? bad / 3 : bad % 2);
            assert_string_equal(scan.not_finite, expected);
            assert_true(scan.largest == (bad == 4 ? 6 : 7));
            numbers[bad] = kept;
        }
}

/* ---- what is refused ---- */

static void other_numbers_are_refused_with_the_way_out(void **state)
{
    (void)state;
    refuses("{'descr': '>f8', 'fortran_order': False, 'shape': (1, 1), }", 8, "'>f8', not '<f4' or '<f8'");
    refuses("{'descr': '<i8', 'fortran_order': False, 'shape': (1, 1), }", 8, "numpy.load('t.npy').astype(");
    refuses("{'descr': '|O', 'fortran_order': False, 'shape': (1, 1), }", 8, "'|O', not plain numbers");
    refuses("{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }", 8, "[('a', '<f8')], not");
    refuses("{'descr': '<c16', 'fortran_order': False, 'shape': (1, 1), }", 16, "'<c16', not plain");
}

static void impossible_shapes_are_refused(void **state)
{
    (void)state;
    static const char *const shapes[] = {"(-3, 4)", "(0, 3)", "(3, 0)", "(2, 2, 2)", "()", "(3)", "(3.5, 2)",
        "(99999999999999999999, 1)", "(1000000000000000000000000000000000000, 1)", "('3', 1)", "(3 4)"};
    for (size_t s = 0; s < sizeof shapes / sizeof shapes[0]; s++) {
        char dictionary[200], words[80];
        snprintf(dictionary, sizeof dictionary, "{'descr': '<f8', 'fortran_order': False, 'shape': %s, }",
            shapes[s]);
        snprintf(words, sizeof words, "its shape is %s", shapes[s]);
        refuses(dictionary, 64, words);
    }
    refuses("{'descr': '<f8', 'fortran_order': False, 'shape': (9223372036854775807, 2), }", 8,
        "larger than any file");
    refuses("{'descr': '<f8', 'fortran_order': False, 'shape': (2305843009213693951, 1), }", 8,
        "larger than any file");
}

static void files_of_another_length_than_announced_are_refused(void **state)
{
    (void)state;
    const char *dictionary = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2)} ";
    refuses(dictionary, 31, "announces 2 × 2 numbers");
    refuses(dictionary, 33, "announces 2 × 2 numbers");
    refuses(dictionary, 0, "announces 2 × 2 numbers");
    refuses("{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2)}", 32, "not a multiple of 8");
}

static void damaged_headers_are_refused(void **state)
{
    (void)state;
    static const char *const headers[] = {"", "[]", "{", "{'descr'", "{'descr': '<f8'", "{'descr' '<f8'}",
        "{'descr': '<f8', 'descr': '<f8'}", "{'other': 1}", "{'fortran_order': Maybe}", "{'shape': 3}",
        "{'descr': '<f8' 'fortran_order': True}",
        "{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1)} more", "{descr: '<f8'}"};
    for (size_t h = 0; h < sizeof headers / sizeof headers[0]; h++)
        refuses(headers[h], 8, "the header of this .npy file is damaged");
    refuses("{}", 8, "lacks one of descr, fortran_order and shape");
    refuses("{'descr': '<f8', 'shape': (1, 1)}", 8, "lacks one of");
    refuses("{'descr': '<f8', \x80: False}", 8, "is not plain text");
}

static void prefixes_that_lie_are_refused(void **state)
{
    (void)state;
    const struct image good = image_of("{'descr': '<f8', 'fortran_order': False, 'shape': (1, 1), }    ", 8);
    struct image image = good;
    image.size = 4;
    wants_refusal(&image, "does not begin with");
    for (image.size = 6; image.size < 10; image.size++)
        wants_refusal(&image, "ends within its first 10 bytes");
    image.size = 40;
    wants_refusal(&image, "announces a header of 64 bytes, but the file has 40");
    image = good;
    image.byte[6] = 9;
    wants_refusal(&image, "version 9.0 is not known");
    image.byte[6] = 0;
    wants_refusal(&image, "version 0.0 is not known");
    image.byte[6] = 2; /* the length now has four bytes */
    memset(image.byte + 8, 0xff, 4);
    wants_refusal(&image, "announces a header of 4294967295 bytes");
    image.size = 10;
    wants_refusal(&image, "ends within its first 12 bytes");
    image = good;
    image.byte[0] = 'N';
    wants_refusal(&image, "does not begin with");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(files_of_numpy_are_read),
        cmocka_unit_test(a_header_of_ours_is_read_back),
        cmocka_unit_test(keys_come_in_any_order_with_any_quotes),
        cmocka_unit_test(the_first_number_that_is_not_finite_has_its_index),
        cmocka_unit_test(other_numbers_are_refused_with_the_way_out),
        cmocka_unit_test(impossible_shapes_are_refused),
        cmocka_unit_test(files_of_another_length_than_announced_are_refused),
        cmocka_unit_test(damaged_headers_are_refused),
        cmocka_unit_test(prefixes_that_lie_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
