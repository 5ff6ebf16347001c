/* Writes a grid as aligned text, as a Markdown table or as CSV (RFC 4180). */
#include "harness/report/grid.h"

#include "harness/base/text.h"
#include "harness/report/printable.h"

#include <stdlib.h>
#include <string.h>

enum { WRAPPED_COLUMNS_MIN = 24 }; /* the last column is never squeezed below this */

void grid_add(struct grid *grid, const char *const *words)
{
    size_t count = (size_t)grid->columns, used = (size_t)grid->rows * count;
    grid->word = memory_grow(grid->word, used + count, sizeof *grid->word);
    for (size_t i = 0; i < count; i++) {
        struct text word = {0};
        printable_add(&word, words[i] != NULL ? words[i] : "", true);
        grid->word[used + i] = word.data;
    }
    grid->rows++;
}

void grid_free(struct grid *grid)
{
    for (int i = 0; i < grid->rows * grid->columns; i++)
        free(grid->word[i]);
    free(grid->word);
    *grid = (struct grid){0};
}

/* Row −1 is the heading, where there is one. */
static int first_row(const struct grid *grid)
{
    return grid->heading != NULL ? -1 : 0;
}

static const char *word_at(const struct grid *grid, int row, int column)
{
    return row < 0 ? grid->heading[column] : grid->word[row * grid->columns + column];
}

/* As text shows it; owned by the caller. */
static char *shown_at(const struct grid *grid, int row, int column)
{
    struct text shown = {0};
    printable_add(&shown, word_at(grid, row, column), !grid->ascii);
    return shown.data;
}

static int column_width(const struct grid *grid, int column)
{
    size_t width = 0;
    for (int row = first_row(grid); row < grid->rows; row++) {
        char *word = shown_at(grid, row, column);
        size_t columns = text_columns(word);
        free(word);
        width = columns > width ? columns : width;
    }
    return (int)width;
}

static void write_spaces(FILE *stream, int count)
{
    fprintf(stream, "%*s", count > 0 ? count : 0, "");
}

void grid_write_text(FILE *stream, const struct grid *grid, int indent, int width)
{
    int *taken = memory_new((size_t)grid->columns, sizeof *taken);
    for (int column = 0; column + 1 < grid->columns; column++)
        taken[column] = column_width(grid, column) + 2;
    for (int row = first_row(grid); row < grid->rows && grid->rows > 0; row++) {
        struct text last = {0};
        int at = indent;
        write_spaces(stream, indent);
        for (int column = 0; column + 1 < grid->columns; column++) {
            char *word = shown_at(grid, row, column);
            fputs(word, stream);
            write_spaces(stream, taken[column] - (int)text_columns(word));
            free(word);
            at += taken[column];
        }
        int fit = width - at < WRAPPED_COLUMNS_MIN ? at + WRAPPED_COLUMNS_MIN : width;
        char *word = shown_at(grid, row, grid->columns - 1);
        const char *escape = grid->escape != NULL ? grid->escape(word) : NULL;
        printable_add_wrapped(&last, word, (size_t)at, (size_t)at, (size_t)fit);
        fprintf(stream, "%s%s%s", escape != NULL ? escape : "", last.data, escape != NULL ? "\033[0m" : "");
        free(word);
        text_free(&last);
    }
    free(taken);
}

void grid_write_markdown(FILE *stream, const struct grid *grid)
{
    for (int row = -1; row < grid->rows; row++) {
        for (int column = 0; column < grid->columns; column++) {
            struct text word = {0};
            printable_add_markdown(&word, word_at(grid, row, column));
            fprintf(stream, "| %s ", word.data);
            text_free(&word);
        }
        fputs("|\n", stream);
        for (int column = 0; row < 0 && column < grid->columns; column++)
            fputs(column + 1 < grid->columns ? "|---" : "|---|\n", stream);
    }
}

void grid_write_csv(FILE *stream, const struct grid *grid)
{
    for (int row = -1; row < grid->rows; row++) {
        for (int column = 0; column < grid->columns; column++) {
            printable_write_csv(stream, word_at(grid, row, column));
            fputs(column + 1 < grid->columns ? "," : "\n", stream);
        }
    }
}
