/* The line and the way to a value of a JSON text, whatever its layout. */
#include "harness/store/json_place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char text[] = "\n{\"a\": 1, \"{[,\\\"\": \"]}\\\\\",\n"
                           " \"list\": [true, {\"x\":\n"
                           "  null}, [], {},\n"
                           "  {\"y\" :\n\n"
                           " {\"z\": -1e-5, \"w\": \"\"}}]\n"
                           ", \"end\": false}\n";
static json_t *root;

static int parse(void **state)
{
    (void)state;
    root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
    return root == NULL;
}

static int forget(void **state)
{
    (void)state;
    json_decref(root);
    return 0;
}

static void assert_place(const json_t *object, const char *key, int line, const char *way)
{
    struct text path = {0};
    assert_int_equal(json_place_line(text, root, object, key, &path), line);
    assert_string_equal(path.data != NULL ? path.data : "", way);
    text_free(&path);
}

static void a_member_is_found_on_its_own_line(void **state)
{
    (void)state;
    const json_t *list = json_object_get(root, "list"), *last = json_array_get(list, 4);
    assert_place(root, "a", 2, "");
    assert_place(root, "list", 3, "");
    assert_place(root, "end", 8, "");
    assert_place(json_array_get(list, 1), "x", 3, "list[1]");
    assert_place(last, "y", 5, "list[4]");
    assert_place(json_object_get(last, "y"), "w", 7, "list[4].y");
}

static void what_is_missing_is_told_at_the_object_that_lacks_it(void **state)
{
    (void)state;
    const json_t *list = json_object_get(root, "list");
    assert_place(root, "id", 2, "");
    assert_place(json_array_get(list, 3), "id", 4, "list[3]");
    assert_place(json_object_get(json_array_get(list, 4), "y"), "id", 7, "list[4].y");
    assert_place(list, NULL, 3, "list");
}

static void a_value_of_another_document_has_no_line(void **state)
{
    (void)state;
    json_t *other = json_object();
    assert_place(other, "a", 0, "");
    assert_place(NULL, "a", 0, "");
    json_decref(other);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_member_is_found_on_its_own_line),
        cmocka_unit_test(what_is_missing_is_told_at_the_object_that_lacks_it),
        cmocka_unit_test(a_value_of_another_document_has_no_line),
    };
    return cmocka_run_group_tests(tests, parse, forget);
}
