/* Lays out tables. Knows nothing of what they say. */
#include "lessons/show/table.h"

#include "harness/report/printable.h"
#include "lessons/show/plain.h"

#include <stdlib.h>

void table_add(struct table *table, const char *const *words)
{
    size_t at = (size_t)(table->rows + 1) * (size_t)table->columns;
    table->word = memory_grow(table->word, at + (size_t)table->columns, sizeof *table->word);
    for (int c = 0; c < table->columns; c++)
        table->word[at + (size_t)c] = text_copy(words[c]);
    table->rows++;
}

struct table table_begin(const char *const *heading, int columns)
{
    struct table table = {.columns = columns, .rows = -1};
    table_add(&table, heading);
    return table;
}

static const char *word_at(const struct table *table, int row, int column)
{
    return table->word[(size_t)row * (size_t)table->columns + (size_t)column];
}

static void add_markdown_cell(struct page *page, const char *word)
{
    struct text plain = {0};
    plain_add(&plain, word, page->unicode);
    text_add(&page->text, " ");
    for (const char *c = plain.data; *c != '\0'; c++)
        text_add(&page->text, *c == '|' ? "\\%c" : "%c", *c);
    text_add(&page->text, " |");
    text_free(&plain);
}

static void write_markdown(const struct table *table, struct page *page)
{
    for (int r = 0; r <= table->rows; r++) {
        text_add(&page->text, "|");
        for (int c = 0; c < table->columns; c++)
            add_markdown_cell(page, word_at(table, r, c));
        text_add(&page->text, "\n");
        for (int c = 0; r == 0 && c < table->columns; c++)
            text_add(&page->text, "%s%s", c == 0 ? "|---|" : "--:|", c + 1 == table->columns ? "\n" : "");
    }
}

static void write_row(const struct table *table, struct page *page, int row, const size_t *width)
{
    struct text plain = {0}, wrapped = {0};
    plain_add(&plain, word_at(table, row, 0), page->unicode);
    printable_add_wrapped(&wrapped, plain.data, 0, 0, width[0]);
    char **lines = text_split(wrapped.data, '\n', &(size_t){0});
    enum ink ink = row == 0 ? INK_SOFT : INK_PLAIN;
    page_add_blanks(page, 2);
    page_add_signs(page, ink, lines[0]);
    size_t columns = text_columns(lines[0]);
    page_add_blanks(page, width[0] > columns ? width[0] - columns : 0);
    for (int c = 1; c < table->columns; c++) {
        size_t taken = page_columns_of(page, word_at(table, row, c));
        page_add_blanks(page, 2 + (width[c] > taken ? width[c] - taken : 0));
        page_add_words(page, row == 0 ? INK_SOFT : INK_BOLD, word_at(table, row, c));
    }
    page_end_line(page);
    for (char **line = lines + 1; *line != NULL && (*line)[0] != '\0'; line++) {
        page_add_blanks(page, 2);
        page_add_signs(page, ink, *line);
        page_end_line(page);
    }
    text_split_free(lines);
    text_free(&plain);
    text_free(&wrapped);
}

static void write_text(const struct table *table, struct page *page)
{
    enum { FIRST_MIN = 12 };
    size_t width[TABLE_COLUMNS_MAX] = {0}, taken = 2;
    for (int c = 0; c < table->columns; c++) {
        for (int r = 0; r <= table->rows; r++) {
            size_t columns = page_columns_of(page, word_at(table, r, c));
            width[c] = columns > width[c] ? columns : width[c];
        }
        taken += c > 0 ? 2 + width[c] : 0;
    }
    size_t room = (size_t)page->columns > taken + FIRST_MIN ? (size_t)page->columns - taken : FIRST_MIN;
    width[0] = width[0] > room ? room : width[0];
    for (int r = 0; r <= table->rows; r++)
        write_row(table, page, r, width);
}

void table_end(struct table *table, struct page *page)
{
    if (page->markdown)
        write_markdown(table, page);
    else
        write_text(table, page);
    for (size_t i = 0; i < (size_t)(table->rows + 1) * (size_t)table->columns; i++)
        free(table->word[i]);
    free(table->word);
    *table = (struct table){0};
}
