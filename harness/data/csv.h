/* Tables of numbers as text, RFC 4180 and what spreadsheets make of it: read in one pass, row by row, never
 * as a whole. Guesses only what is stated here, and refuses the rest with its place. */
#ifndef ACELERA_CSV_H
#define ACELERA_CSV_H

#include "harness/base/status.h"
#include "harness/data/scan.h"

#include <stdint.h>
#include <stdio.h>

struct csv_shape {
    int64_t rows, columns;  /* each ≥ 1; the header line is not a row */
    int64_t header_numbers; /* cells of the header that are numbers: perhaps it is none */
};

/* Gets every row, in order. May be NULL. What it returns ends the reading unless it is STATUS_OK. */
typedef enum status csv_take_row(void *context, const double *row, int64_t columns, struct error *error);

/* Cells are separated by the first of tab, semicolon and comma that the first line has outside quotes. The
 * first line is a header if one of its cells is neither a number nor missing. Missing, and so NaN, are empty
 * cells, "?", and na, n/a, nan and null in any case. Numbers have a decimal point; blanks around a cell, a
 * byte order mark, CRLF and blank last lines are ignored.
 * STATUS_USAGE with "PATH:LINE:COLUMN: …" for a cell that is something else, a line of another length, an
 * unclosed quote, a NUL byte, a number too large for a double, and a file without rows. `path` is for
 * messages. */
enum status csv_read(FILE *file, const char *path, csv_take_row *take, void *context, struct csv_shape *shape,
    struct data_scan *scan, struct error *error);

#endif
