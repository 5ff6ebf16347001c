/* The comparison for people: text for a terminal, and Markdown. One grid serves both; refuses to decide
 * anything. */
#include "harness/base/cell_keys.h"
#include "harness/report/compare.h"
#include "harness/report/grid.h"
#include "harness/report/printable.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { NUMBERS = 6, COLUMNS_MAX = CELL_KEYS + 1 + NUMBERS };

/* Which keys tell the rows apart; those that do not stand above the table. */
static bool key_varies(const struct comparison *comparison, enum cell_key key)
{
    if ((comparison->ignored & 1u << key) != 0)
        return false;
    for (int i = 1; i < comparison->row_count; i++)
        if (strcmp(cell_key_text(comparison->row[0].cell[SIDE_A], key),
                cell_key_text(comparison->row[i].cell[SIDE_A], key)) != 0)
            return true;
    return key == KEY_KERNEL;
}

static void add_common_keys(struct text *text, const struct comparison *comparison)
{
    for (enum cell_key key = 0; key < CELL_KEYS && comparison->row_count > 0; key++) {
        const char *value = cell_key_text(comparison->row[0].cell[SIDE_A], key);
        if (!key_varies(comparison, key) && (comparison->ignored & 1u << key) == 0 && value[0] != '\0')
            text_add(text, "%s%s %s", text->length > 0 ? ", " : "All rows: ", cell_key_name(key), value);
    }
}

static void put_number(char *word, size_t size, const char *format, double number)
{
    if (isfinite(number))
        snprintf(word, size, format, number);
    else
        snprintf(word, size, "–");
}

static void put_numbers(const struct compared_row *row, char word[NUMBERS][64])
{
    const struct verdict_row *verdict = &row->verdict;
    const struct interval *interval = &verdict->interval;
    text_seconds(row->median_s[SIDE_A], word[0], sizeof word[0]);
    text_seconds(row->median_s[SIDE_B], word[1], sizeof word[1]);
    put_number(word[2], sizeof word[2], "%.4f", verdict->point);
    if (isfinite(interval->low))
        snprintf(word[3], sizeof word[3], "%.4f – %.4f", interval->low, interval->high);
    else
        snprintf(word[3], sizeof word[3], "–");
    put_number(word[4], sizeof word[4], "%.2f %%", 100 * interval->level);
    snprintf(word[5], sizeof word[5], "%s", verdict_name(verdict->verdict));
}

static void add_row(const struct comparison *comparison, const struct compared_row *row, struct grid *grid)
{
    const struct cell *cell = row->cell[SIDE_A];
    const char *words[COLUMNS_MAX];
    char threads[24], number[NUMBERS][64];
    int column = 0;
    for (enum cell_key key = 0; key < CELL_KEYS; key++)
        if (key_varies(comparison, key))
            words[column++] = cell_key_text(cell, key);
    snprintf(threads, sizeof threads, cell->serial_base ? "%d (serial)" : "%d", cell->threads);
    words[column++] = threads;
    put_numbers(row, number);
    for (int i = 0; i < NUMBERS; i++)
        words[column++] = number[i];
    grid_add(grid, words);
}

/* `heading` has room for COLUMNS_MAX, and must outlive the grid. */
static struct grid make_grid(const struct comparison *comparison, const char **heading)
{
    static const char *const numbers[NUMBERS] = {"A", "B", "B / A", "interval", "level", "verdict"};
    struct grid grid = {.heading = heading};
    for (enum cell_key key = 0; key < CELL_KEYS; key++)
        if (key_varies(comparison, key))
            heading[grid.columns++] = cell_key_name(key);
    heading[grid.columns++] = "threads";
    for (int i = 0; i < NUMBERS; i++)
        heading[grid.columns++] = numbers[i];
    for (int i = 0; i < comparison->row_count; i++)
        add_row(comparison, &comparison->row[i], &grid);
    return grid;
}

static void add_refused(struct text *text, const struct refused_row *refused)
{
    char label[400];
    text_add(text, "%s: %s", cell_label(refused->cell, label, sizeof label), refused->reason);
}

static const char *how_to_read(const struct comparison *comparison)
{
    if (comparison->of_processes)
        return "B / A: time of B over time of A; above 1, B is slower. The intervals are of the processes of "
               "one "
               "run a side: how runs differ from each other is not in them.";
    return "B / A: time of B over time of A; above 1, B is slower. The intervals have the levels at which a "
           "row "
           "of two equal sides is called slower or faster in fewer than 5 % of comparisons.";
}

/* ---- text ---- */

static const char *verdict_escape(const char *word)
{
    return strcmp(word, "slower") == 0 ? "\033[1;31m" : strcmp(word, "faster") == 0 ? "\033[32m" : NULL;
}

static void write_line(
    FILE *stream, const struct table_style *style, const char *escape, struct text *words, size_t at)
{
    struct text shown = {0}, wrapped = {0};
    printable_add(&shown, words->data, style->unicode);
    printable_add_wrapped(
        &wrapped, shown.data, at, at + 2, style->columns > 20 ? (size_t)style->columns : 20);
    bool colored = style->color && escape != NULL;
    fprintf(stream, "%*s%s%s%s", (int)at, "", colored ? escape : "", wrapped.data, colored ? "\033[0m" : "");
    text_free(&shown);
    text_free(&wrapped);
    text_free(words);
}

static void write_head(FILE *stream, const struct comparison *comparison, const struct table_style *style)
{
    struct text line = {0};
    comparison_add_sentence(&line, comparison);
    write_line(stream, style, "\033[1m", &line, 0);
    for (enum cell_side side = SIDE_A; side < CELL_SIDES; side++) {
        text_add(&line, "%c: ", side == SIDE_A ? 'A' : 'B');
        comparison_add_side(&line, comparison, side);
        write_line(stream, style, NULL, &line, 0);
    }
}

static void write_foot(FILE *stream, const struct comparison *comparison, const struct table_style *style)
{
    struct text line = {0};
    fputs(comparison->refused_count > 0 ? "Refused:\n" : "", stream);
    for (int i = 0; i < comparison->refused_count; i++) {
        add_refused(&line, &comparison->refused[i]);
        write_line(stream, style, NULL, &line, 2);
    }
    for (int i = 0; i < comparison->warning_count; i++) {
        text_add(&line, "warning: %s", comparison->warning[i]);
        write_line(stream, style, "\033[33m", &line, 0);
    }
}

void compare_notes_write(FILE *stream, const struct comparison *comparison)
{
    const struct table_style style = {.unicode = true, .columns = 1 << 20};
    write_head(stream, comparison, &style);
    write_foot(stream, comparison, &style);
}

bool compare_table_write(FILE *stream, const struct comparison *comparison, const struct table_style *style)
{
    const char *heading[COLUMNS_MAX];
    struct grid grid = make_grid(comparison, heading);
    struct text line = {0};
    grid.ascii = !style->unicode;
    grid.escape = style->color ? verdict_escape : NULL;
    write_head(stream, comparison, style);
    add_common_keys(&line, comparison);
    if (line.length > 0)
        write_line(stream, style, "\033[2m", &line, 0);
    fputs("\n", stream);
    grid_write_text(stream, &grid, 0, style->columns);
    fputs(comparison->row_count > 0 ? "\n" : "", stream);
    write_foot(stream, comparison, style);
    text_add(&line, "%s", how_to_read(comparison));
    write_line(stream, style, "\033[2m", &line, 0);
    grid_free(&grid);
    return ferror(stream) == 0;
}

/* ---- Markdown ---- */

static void write_markdown(FILE *stream, const char *before, struct text *words, const char *after)
{
    struct text shown = {0};
    printable_add_markdown(&shown, words->data);
    fprintf(stream, "%s%s%s", before, shown.data, after);
    text_free(&shown);
    text_free(words);
}

bool compare_markdown_write(FILE *stream, const struct comparison *comparison)
{
    const char *heading[COLUMNS_MAX];
    struct grid grid = make_grid(comparison, heading);
    struct text line = {0};
    comparison_add_sentence(&line, comparison);
    write_markdown(stream, "# Comparison\n\n", &line, "\n\n");
    for (enum cell_side side = SIDE_A; side < CELL_SIDES; side++) {
        comparison_add_side(&line, comparison, side);
        write_markdown(stream, side == SIDE_A ? "- A: " : "- B: ", &line, "\n");
    }
    add_common_keys(&line, comparison);
    if (line.length > 0)
        write_markdown(stream, "- ", &line, "\n");
    fputs("\n", stream);
    grid_write_markdown(stream, &grid);
    fputs(comparison->refused_count > 0 ? "\n## Refused\n\n" : "", stream);
    for (int i = 0; i < comparison->refused_count; i++) {
        add_refused(&line, &comparison->refused[i]);
        write_markdown(stream, "- ", &line, "\n");
    }
    fputs(comparison->warning_count > 0 ? "\n## Warnings\n\n" : "", stream);
    for (int i = 0; i < comparison->warning_count; i++) {
        text_add(&line, "%s", comparison->warning[i]);
        write_markdown(stream, "- ", &line, "\n");
    }
    fprintf(stream, "\n%s\n", how_to_read(comparison));
    grid_free(&grid);
    return ferror(stream) == 0;
}
