/* The run in run/ through every format, against what is expected; and the same run with hostile texts in it,
 * which must stay texts. ACELERA_UPDATE_GOLDEN=1 writes the expectations anew. */
#include "harness/base/text.h"
#include "harness/report/summary.h"
#include "harness/report/trace_json.h"

#include <ftw.h>
#include <jansson.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static bool table_unicode(FILE *stream, const struct summary *summary)
{
    return table_write(stream, summary, &(struct table_style){false, true, 100});
}

static bool table_ascii(FILE *stream, const struct summary *summary)
{
    return table_write(stream, summary, &(struct table_style){false, false, 80});
}

static bool table_color(FILE *stream, const struct summary *summary)
{
    return table_write(stream, summary, &(struct table_style){true, true, 100});
}

static void render(const char *directory, bool (*writer)(FILE *, const struct summary *), struct text *output)
{
    struct run_record record;
    struct summary summary;
    struct error error;
    char *data = NULL;
    size_t length = 0;
    if (run_record_read(directory, &record, &error) != STATUS_OK)
        fail_msg("%s", error.text);
    summary_make(&record, &summary);
    FILE *stream = open_memstream(&data, &length);
    assert_true(writer(stream, &summary));
    fclose(stream);
    text_add_bytes(output, data, length);
    free(data);
    summary_free(&summary);
    run_record_free(&record);
}

static void read_file(const char *path, struct text *content)
{
    char buffer[4096];
    FILE *file = fopen(path, "r");
    if (file == NULL)
        fail_msg("%s is missing", path);
    for (size_t got; (got = fread(buffer, 1, sizeof buffer, file)) > 0;)
        text_add_bytes(content, buffer, got);
    fclose(file);
}

static void write_file(const char *path, const char *bytes, size_t length)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes, 1, length, file), length);
    fclose(file);
}

static void compare(const char *expectation, bool (*writer)(FILE *, const struct summary *))
{
    struct text got = {0}, expected = {0};
    render("run", writer, &got);
    if (getenv("ACELERA_UPDATE_GOLDEN") != NULL)
        write_file(expectation, got.data, got.length);
    read_file(expectation, &expected);
    assert_string_equal(got.data, expected.data);
    text_free(&got);
    text_free(&expected);
}

static void table_is_as_expected(void **state)
{
    (void)state;
    compare("expected.txt", table_unicode);
}

static void table_without_unicode_is_as_expected(void **state)
{
    (void)state;
    compare("expected-ascii.txt", table_ascii);
}

static void markdown_is_as_expected(void **state)
{
    (void)state;
    compare("expected.md", markdown_write);
}

static void csv_is_as_expected(void **state)
{
    (void)state;
    compare("expected.csv", csv_write);
}

static void json_is_as_expected(void **state)
{
    (void)state;
    compare("expected.json", json_write);
}

/* ---- properties that hold for any run ---- */

static void assert_lines_fit(const char *text, size_t columns)
{
    size_t count = 0;
    char **lines = text_split(text, '\n', &count);
    for (size_t i = 0; i < count; i++)
        if (text_columns(lines[i]) > columns && strncmp(lines[i], "results: ", 9) != 0)
            fail_msg("%zu columns: %s", text_columns(lines[i]), lines[i]);
    text_split_free(lines);
}

static bool table_narrow(FILE *stream, const struct summary *summary)
{
    return table_write(stream, summary, &(struct table_style){false, true, 60});
}

static void table_fits_the_width_it_is_given(void **state)
{
    (void)state;
    struct text wide = {0}, ascii = {0}, narrow = {0};
    render("run", table_unicode, &wide);
    assert_lines_fit(wide.data, 100);
    render("run", table_ascii, &ascii);
    assert_lines_fit(ascii.data, 80);
    render("run", table_narrow, &narrow);
    assert_lines_fit(narrow.data, 60);
    text_free(&wide);
    text_free(&ascii);
    text_free(&narrow);
}

static void color_only_adds_escapes(void **state)
{
    (void)state;
    struct text plain = {0}, color = {0}, stripped = {0};
    render("run", table_unicode, &plain);
    render("run", table_color, &color);
    assert_null(strchr(plain.data, '\033'));
    assert_non_null(strchr(color.data, '\033'));
    for (const char *c = color.data; *c != '\0'; c++) {
        if (*c == '\033')
            c = strchr(c, 'm');
        else
            text_add_bytes(&stripped, c, 1);
    }
    assert_string_equal(stripped.data, plain.data);
    text_free(&plain);
    text_free(&color);
    text_free(&stripped);
}

static void ascii_table_is_ascii(void **state)
{
    (void)state;
    struct text text = {0};
    render("run", table_ascii, &text);
    for (size_t i = 0; i < text.length; i++)
        assert_true(text.data[i] == '\n' || (text.data[i] >= 0x20 && text.data[i] < 0x7f));
    text_free(&text);
}

/* ---- hostile texts ---- */

/* As JSON; and the same decoded. Escape sequences, C1 controls, tags, quotes, a table's own marks, a
 * direction override, a newline, and a name far longer than any line. */
static const char hostile_json[] =
    "=1+1,\\u001b[31m\\u009b2J<script>alert(1)</script>|`x`\\n# head \\u202e\\\"q,\\\" *b* "
    "[l](http://x) \\ud83d\\ude00 \\u007f &amp; "
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
    "aaaaaaaaaaaa";
static const char hostile_text[] = "=1+1,\033[31m\xc2\x9b"
                                   "2J<script>alert(1)</script>|`x`\n# head \xe2\x80\xae\"q,\" *b* "
                                   "[l](http://x) \xf0\x9f\x98\x80 \x7f &amp; "
                                   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                                   "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

static void replace_all(struct text *text, const char *from, const char *to)
{
    struct text changed = {0};
    const char *at = text->data;
    for (const char *hit; (hit = strstr(at, from)) != NULL; at = hit + strlen(from)) {
        text_add_bytes(&changed, at, (size_t)(hit - at));
        text_add(&changed, "%s", to);
    }
    assert_true(at != text->data);
    text_add(&changed, "%s", at);
    text_free(text);
    *text = changed;
}

static char hostile_folder[80];

/* A run directory whose every free text is hostile; its own name is not even UTF-8. */
static int make_hostile(void **state)
{
    (void)state;
    static const char *const texts[] = {"Example CPU 1000", "m=768,n=768,k=768", "init=first",
        "other programs use 0.8 CPUs", "acelera run --size small --seed 1", "no such library: libblas.so.3",
        "fixture-host", "Linux 6.1.0"};
    struct text run = {0}, samples = {0}, path = {0};
    strcpy(hostile_folder, "/tmp/acelera-\xff<b>-XXXXXX");
    if (mkdtemp(hostile_folder) == NULL)
        return -1;
    read_file("run/run.json", &run);
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
        replace_all(&run, texts[i], hostile_json);
    read_file("run/samples.jsonl", &samples);
    replace_all(&samples, "centroids against f64 means", hostile_json);
    replace_all(&samples, "budget: an interior point", hostile_json);
    text_add(&path, "%s/run.json", hostile_folder);
    write_file(path.data, run.data, run.length);
    text_free(&path);
    text_add(&path, "%s/samples.jsonl", hostile_folder);
    write_file(path.data, samples.data, samples.length);
    text_free(&path);
    text_free(&run);
    text_free(&samples);
    return 0;
}

static int remove_entry(const char *path, const struct stat *status, int type, struct FTW *walk)
{
    (void)status;
    (void)type;
    (void)walk;
    return remove(path);
}

static int remove_hostile(void **state)
{
    (void)state;
    return nftw(hostile_folder, remove_entry, 8, FTW_DEPTH | FTW_PHYS);
}

static void assert_nothing_acts(const char *text)
{
    assert_null(strpbrk(text, "\033\x7f\r\t\b"));
    assert_null(strstr(text, "\xc2\x9b"));     /* a control sequence in one character */
    assert_null(strstr(text, "\xe2\x80\xae")); /* right-to-left override */
    assert_null(strchr(text, '\xff'));
}

static void hostile_texts_stay_texts_in_the_table(void **state)
{
    (void)state;
    struct text text = {0};
    render(hostile_folder, table_unicode, &text);
    assert_nothing_acts(text.data);
    assert_null(strstr(text.data, "\n# head"));
    assert_non_null(strstr(text.data, "<script>"));
    assert_lines_fit(text.data, 100);
    text_free(&text);
}

static void hostile_texts_stay_texts_in_markdown(void **state)
{
    (void)state;
    struct text text = {0};
    render(hostile_folder, markdown_write, &text);
    assert_nothing_acts(text.data);
    assert_null(strstr(text.data, "\n# head"));
    assert_null(strstr(text.data, " <"));
    assert_non_null(strstr(text.data, "\\<script\\>"));
    assert_non_null(strstr(text.data, "\\|\\`x\\`"));
    assert_non_null(strstr(text.data, "\\[l\\]"));
    text_free(&text);
}

/* Reads the CSV as RFC 4180 says and counts the fields of every record. */
static void hostile_texts_stay_texts_in_csv(void **state)
{
    (void)state;
    struct text text = {0};
    int fields = 1, records = 0;
    bool quoted = false;
    render(hostile_folder, csv_write, &text);
    assert_nothing_acts(text.data);
    for (const char *c = text.data; *c != '\0'; c++) {
        if (*c == '"') {
            quoted = !quoted;
        } else if (*c == ',' && !quoted) {
            assert_true(c[1] != '=');
            fields++;
        } else if (*c == '\n' && !quoted) {
            assert_int_equal(fields, 78);
            fields = 1;
            records++;
        }
    }
    assert_false(quoted);
    assert_int_equal(records, 13);
    assert_non_null(strstr(text.data, ",\"'=1+1,?[31m"));
    text_free(&text);
}

static void hostile_texts_come_through_json_unchanged(void **state)
{
    (void)state;
    struct text text = {0};
    json_error_t fault;
    render(hostile_folder, json_write, &text);
    assert_nothing_acts(text.data);
    json_t *summary = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, &fault);
    if (summary == NULL)
        fail_msg("line %d: %s", fault.line, fault.text);
    const char *model = json_string_value(json_object_get(json_object_get(summary, "machine"), "cpu_model"));
    assert_string_equal(model, hostile_text);
    const char *directory = json_string_value(json_object_get(json_object_get(summary, "run"), "directory"));
    assert_int_equal(strncmp(directory, "/tmp/acelera-\xef\xbf\xbd<b>-", 20), 0);
    json_decref(summary);
    text_free(&text);
}

static void derived_files_are_what_the_writers_write(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool (*writer)(FILE *, const struct summary *);
    } files[] = {{"summary.json", json_write}, {"summary.csv", csv_write}, {"speedup.md", markdown_write},
        {"timeline.trace.json", trace_json_write}};
    struct run_record record;
    struct summary summary;
    struct error error;
    assert_int_equal(run_record_read(hostile_folder, &record, &error), STATUS_OK);
    summary_make(&record, &summary);
    assert_int_equal(summary_write_files(&summary, &error), STATUS_OK);
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct text path = {0}, written = {0}, expected = {0};
        text_add(&path, "%s/%s", hostile_folder, files[i].name);
        read_file(path.data, &written);
        render(hostile_folder, files[i].writer, &expected);
        assert_string_equal(written.data, expected.data);
        text_free(&path);
        text_free(&written);
        text_free(&expected);
    }
    summary_free(&summary);
    run_record_free(&record);
}

static int enter_folder(void **state)
{
    (void)state;
    return chdir(GOLDEN_FOLDER); /* the directory's name stands in the output */
}

#define HOSTILE(test) cmocka_unit_test_setup_teardown(test, make_hostile, remove_hostile)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(table_is_as_expected),
        cmocka_unit_test(table_without_unicode_is_as_expected),
        cmocka_unit_test(markdown_is_as_expected),
        cmocka_unit_test(csv_is_as_expected),
        cmocka_unit_test(json_is_as_expected),
        cmocka_unit_test(table_fits_the_width_it_is_given),
        cmocka_unit_test(color_only_adds_escapes),
        cmocka_unit_test(ascii_table_is_ascii),
        HOSTILE(hostile_texts_stay_texts_in_the_table),
        HOSTILE(hostile_texts_stay_texts_in_markdown),
        HOSTILE(hostile_texts_stay_texts_in_csv),
        HOSTILE(hostile_texts_come_through_json_unchanged),
        HOSTILE(derived_files_are_what_the_writers_write),
    };
    return cmocka_run_group_tests(tests, enter_folder, NULL);
}
