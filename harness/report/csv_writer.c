/* The rows as CSV (RFC 4180, with plain newlines): a header, then one line a row; unknown is empty, lists are
 * joined by semicolons. Refuses to let a text act: see printable_write_csv(). */
#include "harness/report/column_writers.h"
#include "harness/report/printable.h"
#include "harness/report/row_columns.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

static void put_field(struct csv_line *line, const char *field)
{
    fputs(line->begun ? "," : "", line->stream);
    line->begun = true;
    printable_write_csv(line->stream, field);
}

/* Numbers are no text: a minus sign stands as it is. */
static void put_digits(struct csv_line *line, const char *digits)
{
    fprintf(line->stream, "%s%s", line->begun ? "," : "", digits);
    line->begun = true;
}

static void put_text(void *context, const char *name, const char *value)
{
    struct csv_line *line = context;
    struct text field = {0};
    printable_add(&field, line->header ? name : value != NULL ? value : "", true);
    put_field(line, field.data);
    text_free(&field);
}

static void put_number(void *context, const char *name, double value)
{
    struct csv_line *line = context;
    char digits[40] = "";
    if (line->header) {
        put_text(context, name, NULL);
        return;
    }
    for (int precision = 15; isfinite(value) && precision <= 17; precision++) {
        snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (strtod(digits, NULL) == value)
            break;
    }
    put_digits(line, digits);
}

static void put_count(void *context, const char *name, long long value)
{
    char digits[24] = "";
    struct csv_line *line = context;
    if (line->header) {
        put_text(context, name, NULL);
        return;
    }
    if (value >= 0)
        snprintf(digits, sizeof digits, "%lld", value);
    put_digits(line, digits);
}

static void put_truth(void *context, const char *name, bool value)
{
    put_text(context, name, value ? "true" : "false");
}

static void put_indexes(void *context, const char *name, const int *values, int count)
{
    struct text joined = {0};
    text_add(&joined, "%s", "");
    for (int i = 0; i < count; i++)
        text_add(&joined, i > 0 ? ";%d" : "%d", values[i]);
    put_text(context, name, joined.data);
    text_free(&joined);
}

static void put_words(void *context, const char *name, char *const *values)
{
    struct text joined = {0};
    text_add(&joined, "%s", "");
    for (char *const *word = values; word != NULL && *word != NULL; word++)
        text_add(&joined, word > values ? ";%s" : "%s", *word);
    put_text(context, name, joined.data);
    text_free(&joined);
}

struct column_visitor csv_columns(struct csv_line *line)
{
    return (struct column_visitor){put_text, put_number, put_count, put_truth, put_indexes, put_words, line};
}

static void put_row(FILE *stream, const struct summary_row *row, bool header)
{
    struct csv_line line = {stream, false, header};
    const struct column_visitor visitor = csv_columns(&line);
    columns_visit_row(row, &visitor);
    columns_visit_parts(row, &visitor);
    fputs("\n", stream);
}

bool csv_write(FILE *stream, const struct summary *summary)
{
    static const struct cell nothing;
    put_row(stream, &(struct summary_row){.cell = &nothing}, true);
    for (int i = 0; i < summary->row_count; i++)
        put_row(stream, &summary->row[i], false);
    return ferror(stream) == 0;
}
