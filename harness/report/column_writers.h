/* How the machine-readable formats write a column; for every table whose columns are visited. */
#ifndef ACELERA_COLUMN_WRITERS_H
#define ACELERA_COLUMN_WRITERS_H

#include "harness/report/row_columns.h"
#include "harness/store/json_builder.h"

#include <stdbool.h>
#include <stdio.h>

/* Members of the object that is open. */
struct column_visitor json_columns(struct json_builder *json);

/* Fields of one line, the newline left to the caller. */
struct csv_line {
    FILE *stream;
    bool begun;
    bool header; /* names instead of values */
};
struct column_visitor csv_columns(struct csv_line *line);

#endif
