/* A state machine over bytes: a cell, a line, the next. Numbers are strtod's, which reads a decimal point in
 * the C locale; this program never leaves it. */
#include "harness/data/csv.h"

#include "harness/base/text.h"

#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <strings.h>

enum { BLOCK_BYTES = 1 << 16, CELL_BYTES = 512, COLUMNS_MAX = 1 << 24, SHOWN = 40, END_OF_FILE = -1 };

enum cell_kind { CELL_NUMBER, CELL_MISSING, CELL_WORD, CELL_TOO_LARGE };

struct csv {
    FILE *file;
    const char *path;
    struct data_scan *scan;
    struct error *error;
    unsigned char block[BLOCK_BYTES];
    size_t block_length, at;
    char separator;
    int64_t line;      /* of the next byte; from 1 */
    int64_t returns;   /* carriage returns so far */
    int64_t cell_line; /* where the cell began */
    int64_t column;    /* of the cell; from 1 */
    char cell[CELL_BYTES];
    size_t cell_length; /* may exceed what is kept */
    bool quoted;
    double *row;
    int64_t room;
};

static enum status refuse(const struct csv *csv, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static enum status refuse(const struct csv *csv, const char *format, ...)
{
    char what[400];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(what, sizeof what, format, arguments);
    va_end(arguments);
    return error_set(csv->error, STATUS_USAGE, "--data %.200s:%lld:%lld: %s", csv->path,
        (long long)csv->cell_line, (long long)csv->column, what);
}

/* ---- bytes ---- */

static void fill_block(struct csv *csv)
{
    csv->block_length = fread(csv->block, 1, BLOCK_BYTES, csv->file);
    csv->at = 0;
    data_scan_bytes(csv->scan, csv->block, csv->block_length);
}

static int peek_byte(struct csv *csv)
{
    if (csv->at == csv->block_length)
        fill_block(csv);
    return csv->block_length > 0 ? csv->block[csv->at] : END_OF_FILE;
}

static int next_byte(struct csv *csv)
{
    int byte = peek_byte(csv);
    csv->at += byte != END_OF_FILE;
    csv->line += byte == '\n';
    csv->returns += byte == '\r';
    return byte;
}

/* From the first line, or as much of it as one block holds. */
static void find_separator(struct csv *csv)
{
    static const char candidates[] = "\t;,";
    bool seen[sizeof candidates] = {false}, inside = false;
    for (size_t i = csv->at; i < csv->block_length && (inside || csv->block[i] != '\n'); i++) {
        inside = inside != (csv->block[i] == '"');
        for (size_t c = 0; !inside && candidates[c] != '\0'; c++)
            seen[c] = seen[c] || csv->block[i] == (unsigned char)candidates[c];
    }
    csv->separator = seen[0] ? '\t' : seen[1] ? ';' : ',';
}

/* ---- cells ---- */

static bool ends_cell(const struct csv *csv, int byte)
{
    return byte == csv->separator || byte == '\n' || byte == END_OF_FILE;
}

static bool is_blank(const struct csv *csv, int byte)
{
    return byte == ' ' || byte == '\r' || (byte == '\t' && csv->separator != '\t');
}

static void skip_blanks(struct csv *csv)
{
    while (is_blank(csv, peek_byte(csv)))
        next_byte(csv);
}

static void keep_byte(struct csv *csv, int byte)
{
    if (csv->cell_length + 1 < CELL_BYTES)
        csv->cell[csv->cell_length] = (char)byte;
    csv->cell_length++;
}

/* Two quotes inside a quoted cell are one of its characters. */
static enum status read_quoted(struct csv *csv)
{
    next_byte(csv);
    for (;;) {
        int byte = next_byte(csv);
        if (byte == '\0')
            return refuse(csv, "a NUL byte: this is not plain text; save it as CSV in UTF-8");
        if (byte == END_OF_FILE)
            return refuse(csv,
                "a quote is opened here and never closed; close it, or write it twice inside a quoted cell");
        if (byte != '"')
            keep_byte(csv, byte);
        else if (peek_byte(csv) == '"')
            keep_byte(csv, next_byte(csv));
        else
            break;
    }
    skip_blanks(csv);
    if (!ends_cell(csv, peek_byte(csv)))
        return refuse(csv, "'%c' stands behind the closing quote; a quote inside a cell is written twice",
            peek_byte(csv));
    return STATUS_OK;
}

/* Reads a cell up to its end, which stays unread. */
static enum status read_cell(struct csv *csv)
{
    csv->cell_line = csv->line;
    csv->cell_length = 0;
    csv->quoted = false;
    skip_blanks(csv);
    if (peek_byte(csv) == '"') {
        csv->quoted = true;
        enum status status = read_quoted(csv);
        if (status != STATUS_OK)
            return status;
    }
    while (!ends_cell(csv, peek_byte(csv))) {
        int byte = next_byte(csv);
        if (byte == '\0')
            return refuse(csv, "a NUL byte: this is not plain text; save it as CSV in UTF-8");
        keep_byte(csv, byte);
    }
    size_t kept = csv->cell_length < CELL_BYTES ? csv->cell_length : CELL_BYTES - 1;
    while (kept > 0 && is_blank(csv, csv->cell[kept - 1]))
        kept--;
    csv->cell[kept] = '\0';
    return STATUS_OK;
}

static bool is_one_of(const char *cell, const char *const *words, size_t count)
{
    for (size_t w = 0; w < count; w++)
        if (strcasecmp(cell, words[w]) == 0)
            return true;
    return false;
}

static enum cell_kind understand_cell(const struct csv *csv, double *number)
{
    static const char *const missing[] = {"", "?", "na", "n/a", "nan", "-nan", "null"};
    static const char *const infinite[] = {"inf", "+inf", "-inf", "infinity", "+infinity", "-infinity"};
    const char *cell = csv->cell + strspn(csv->cell, " \t");
    *number = (double)NAN;
    if (csv->cell_length >= CELL_BYTES)
        return CELL_WORD;
    if (is_one_of(cell, missing, sizeof missing / sizeof missing[0]))
        return CELL_MISSING;
    if (is_one_of(cell, infinite, sizeof infinite / sizeof infinite[0])) {
        *number = cell[0] == '-' ? (double)-INFINITY : (double)INFINITY;
        return CELL_NUMBER;
    }
    /* strtod would also take hexadecimal numbers, and words of its own. */
    char *end;
    if (cell[strspn(cell, "+-.0123456789eE")] != '\0')
        return CELL_WORD;
    *number = strtod(cell, &end);
    if (end == cell || *end != '\0')
        return CELL_WORD;
    return isinf(*number) ? CELL_TOO_LARGE : CELL_NUMBER;
}

/* ---- lines ---- */

/* Of a cell in a message: not half of a character in UTF-8. */
static int shown_bytes(const char *cell)
{
    int bytes = (int)strnlen(cell, SHOWN);
    for (; bytes > 0 && ((unsigned char)cell[bytes] & 0xc0) == 0x80; bytes--) {
    }
    return bytes;
}

static enum status keep_number(struct csv *csv, double number)
{
    if (csv->column > COLUMNS_MAX)
        return refuse(csv, "more than %d cells in a line: is the separator right?", COLUMNS_MAX);
    if (csv->column > csv->room) {
        csv->room = 2 * csv->column;
        csv->row = memory_grow(csv->row, (size_t)csv->room, sizeof *csv->row);
    }
    csv->row[csv->column - 1] = number;
    if (!data_scan_number(csv->scan, number))
        snprintf(csv->scan->not_finite, sizeof csv->scan->not_finite, "'%.*s' at line %lld, column %lld",
            shown_bytes(csv->cell), csv->cell, (long long)csv->cell_line, (long long)csv->column);
    return STATUS_OK;
}

/* What a line turned out to be; `cells` of them. */
struct line {
    int64_t number, cells, numbers;
    bool has_words, is_blank;
};

/* Reads a line and its end. Words are refused unless they may be a header's. */
static enum status read_line(struct csv *csv, bool may_be_header, struct line *line)
{
    *line = (struct line){.number = csv->line};
    csv->column = 0;
    do {
        csv->column++;
        if (csv->column > 1)
            next_byte(csv);
        double number;
        enum status status = read_cell(csv);
        if (status != STATUS_OK)
            return status;
        enum cell_kind kind = understand_cell(csv, &number);
        line->has_words = line->has_words || kind == CELL_WORD;
        line->numbers += kind == CELL_NUMBER;
        if (kind == CELL_TOO_LARGE)
            return refuse(
                csv, "%.*s is too large for a double; scale the column", shown_bytes(csv->cell), csv->cell);
        if (kind == CELL_WORD && !may_be_header && csv->cell_length >= CELL_BYTES)
            return refuse(csv, "'%.*s…' has more than %d characters, too many for a number",
                shown_bytes(csv->cell), csv->cell, CELL_BYTES - 1);
        if (kind == CELL_WORD && !may_be_header)
            return refuse(csv, "'%.*s%s' is not a number%s", shown_bytes(csv->cell), csv->cell,
                strlen(csv->cell) > SHOWN ? "…" : "",
                strchr(csv->cell, ',') != NULL   ? "; decimals have a point, and thousands no comma"
                : strchr(csv->cell, ' ') != NULL ? "; cells are separated by commas, semicolons or tabs"
                                                 : "; a missing value is written NA");
        status = keep_number(csv, number);
        if (status != STATUS_OK)
            return status;
    } while (peek_byte(csv) == csv->separator);
    next_byte(csv);
    line->cells = csv->column;
    line->is_blank = csv->column == 1 && csv->cell[0] == '\0' && !csv->quoted;
    return STATUS_OK;
}

/* The line as a row of the table, or why it is none. blank: number of a blank line before it, 0 none. */
static enum status take_line(struct csv *csv, const struct line *line, int64_t blank, struct csv_shape *shape,
    csv_take_row *take, void *context)
{
    csv->cell_line = line->number;
    csv->column = line->cells < shape->columns ? line->cells : shape->columns;
    if (line->cells != shape->columns)
        return refuse(csv, "this line has %lld cells, the first has %lld; a missing value is written NA",
            (long long)line->cells, (long long)shape->columns);
    csv->cell_line = blank;
    csv->column = 1;
    if (blank != 0)
        return refuse(csv, "a blank line inside the table; a missing value is written NA");
    shape->rows++;
    return take != NULL ? take(context, csv->row, shape->columns, csv->error) : STATUS_OK;
}

static enum status read_lines(struct csv *csv, csv_take_row *take, void *context, struct csv_shape *shape)
{
    enum status status = STATUS_OK;
    int64_t blank = 0;
    bool first = true;
    while (status == STATUS_OK && peek_byte(csv) != END_OF_FILE) {
        struct line line;
        bool was_finite = csv->scan->not_finite[0] == '\0';
        status = read_line(csv, first, &line);
        if (status != STATUS_OK)
            return status;
        bool is_header = first && line.has_words;
        if (was_finite && (is_header || line.is_blank))
            csv->scan->not_finite[0] = '\0'; /* the line is no row: nothing in it counts */
        if (line.is_blank) {
            blank = blank == 0 ? line.number : blank;
            continue;
        }
        if (first)
            shape->columns = line.cells;
        if (is_header) {
            csv->scan->largest = 0;
            shape->header_numbers = line.numbers;
        } else
            status = take_line(csv, &line, blank, shape, take, context);
        first = false;
    }
    if (status == STATUS_OK && ferror(csv->file))
        return error_set(csv->error, STATUS_FAILED, "--data %.200s: %s", csv->path, strerror(errno));
    if (status == STATUS_OK && shape->rows == 0)
        return error_set(csv->error, STATUS_USAGE, "--data %.200s: %s", csv->path,
            first ? "holds blank lines only; write one row a line"
            : csv->line <= 2 && csv->returns > 1
                ? "its lines end with a carriage return alone; save it with LF or CRLF"
                : "has a header line but no rows; write them below it");
    return status;
}

enum status csv_read(FILE *file, const char *path, csv_take_row *take, void *context, struct csv_shape *shape,
    struct data_scan *scan, struct error *error)
{
    struct data_scan seen;
    struct csv_shape found = {0};
    struct csv *csv = memory_new(1, sizeof *csv);
    data_scan_begin(&seen);
    csv->file = file;
    csv->path = path;
    csv->scan = &seen;
    csv->error = error;
    csv->line = 1;
    fill_block(csv);
    if (csv->block_length >= 3 && memcmp(csv->block, "\xef\xbb\xbf", 3) == 0)
        csv->at = 3;
    find_separator(csv);
    enum status status = read_lines(csv, take, context, &found);
    if (status == STATUS_OK) {
        *shape = found;
        *scan = seen;
    }
    free(csv->row);
    free(csv);
    return status;
}
