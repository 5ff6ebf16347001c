/* Texts from outside in pages and pictures: shown, never acting. Shapes: what is unknown is not drawn. */
#include "harness/report/html_page.h"
#include "harness/report/markup.h"

#include <jansson.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char hostile[] = "</script><b a=\"1\" c='2'>&\n\x1b[31m\xff\xe2\x80\xae é";

static void marks_become_entities(void **state)
{
    (void)state;
    struct text page = {0};
    markup_add(&page, hostile);
    assert_string_equal(page.data, "&lt;/script&gt;&lt;b a=&quot;1&quot; c=&#39;2&#39;&gt;&amp;??[31m?? é");
    text_free(&page);
    markup_add(&page, "");
    assert_string_equal(page.data, "");
    text_free(&page);
}

static void script_strings_are_json_and_cannot_end_a_script(void **state)
{
    (void)state;
    const char *texts[] = {
        "", "plain", "a\\b\"c/d", "</script><!--&'", "tab\tline\nreturn\r", "\xe2\x80\xa8 é 😀"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct text page = {0};
        json_error_t error;
        markup_add_script_string(&page, texts[i]);
        assert_null(strpbrk(page.data, "<>&'\n\r\t"));
        assert_null(strstr(page.data, "\xe2\x80\xa8"));
        json_t *read = json_loads(page.data, JSON_DECODE_ANY, &error);
        assert_non_null(read);
        assert_string_equal(json_string_value(read), texts[i]);
        json_decref(read);
        text_free(&page);
    }
}

static void pictures_state_their_finding_and_escape_it(void **state)
{
    (void)state;
    struct text page = {0};
    struct svg svg = svg_open(&page, "p1", 100, 50.5, hostile, "what <is> drawn");
    svg_group_open(&svg, "point", "r\"7");
    svg_tooltip(&svg, hostile);
    svg_text(&svg, "", 1, 2, "end", hostile);
    svg_group_close(&svg);
    svg_close(&svg);
    assert_non_null(strstr(page.data, "viewBox=\"0 0 100 50.5\""));
    assert_non_null(strstr(page.data, "role=\"img\""));
    assert_non_null(strstr(page.data, "aria-labelledby=\"p1-title p1-description\""));
    assert_non_null(strstr(page.data, "<desc id=\"p1-description\">what &lt;is&gt; drawn</desc>"));
    assert_non_null(strstr(page.data, "data-row=\"r&quot;7\""));
    assert_null(strstr(page.data, "</script>"));
    assert_null(strstr(page.data, "<b"));
    text_free(&page);
}

static void unknown_places_are_gaps(void **state)
{
    (void)state;
    const double x[] = {0, 1, 2, 3, 4, 5}, y[] = {0, 1, NAN, 3, INFINITY, 5};
    struct text page = {0};
    struct svg svg = {&page};
    text_add(&page, "%s", "");
    svg_line(&svg, "", NAN, 0, 1, 1);
    svg_rectangle(&svg, "", 0, 0, INFINITY, 1);
    svg_marker(&svg, "", 2, 1, NAN, 5);
    svg_text(&svg, "", NAN, 1, "start", "x");
    assert_string_equal(page.data, "");
    svg_polyline(&svg, "line", x, y, 6);
    assert_string_equal(page.data, "<polyline class=\"line\" points=\"0,0 1,1\"/>\n");
    text_free(&page);
}

static void numbers_are_short_and_rectangles_never_negative(void **state)
{
    (void)state;
    struct text page = {0};
    struct svg svg = {&page};
    svg_line(&svg, "", -0.001, 10, 1.5, 2.333333);
    assert_string_equal(page.data, "<line x1=\"0\" y1=\"10\" x2=\"1.5\" y2=\"2.33\"/>\n");
    text_free(&page);
    svg_rectangle(&svg, "", 10, 20, -4, -5);
    assert_string_equal(page.data, "<rect x=\"6\" y=\"15\" width=\"4\" height=\"5\"/>\n");
    text_free(&page);
}

static void six_markers_differ(void **state)
{
    (void)state;
    struct text marker[6] = {{0}};
    for (int i = 0; i < 6; i++) {
        struct svg svg = {&marker[i]};
        svg_marker(&svg, "", i, 5, 5, 4);
        for (int j = 0; j < i; j++)
            assert_string_not_equal(marker[i].data, marker[j].data);
    }
    for (int i = 0; i < 6; i++)
        text_free(&marker[i]);
}

static void base64_is_that_of_the_standard(void **state)
{
    (void)state;
    /* RFC 4648, section 10 */
    const char *const pairs[][2] = {{"f", "Zg=="}, {"fo", "Zm8="}, {"foo", "Zm9v"}, {"foob", "Zm9vYg=="},
        {"fooba", "Zm9vYmE="}, {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct text page = {0};
        html_add_base64(&page, pairs[i][0], strlen(pairs[i][0]));
        assert_string_equal(page.data, pairs[i][1]);
        text_free(&page);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(marks_become_entities),
        cmocka_unit_test(script_strings_are_json_and_cannot_end_a_script),
        cmocka_unit_test(pictures_state_their_finding_and_escape_it),
        cmocka_unit_test(unknown_places_are_gaps),
        cmocka_unit_test(numbers_are_short_and_rectangles_never_negative),
        cmocka_unit_test(six_markers_differ),
        cmocka_unit_test(base64_is_that_of_the_standard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
