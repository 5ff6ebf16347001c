/* The table of machines for a terminal and for Markdown, and below it what each problem shows. */
#include "harness/report/gallery_words.h"
#include "harness/report/grid.h"
#include "harness/report/printable.h"

#include <stdlib.h>

static struct grid make_grid(const struct gallery *gallery)
{
    struct grid grid = {.heading = gallery_headings, .columns = GALLERY_COLUMNS};
    for (int i = 0; i < gallery->machine_count; i++) {
        char *word[GALLERY_COLUMNS];
        const char *words[GALLERY_COLUMNS];
        for (enum gallery_column c = 0; c < GALLERY_COLUMNS; c++)
            words[c] = word[c] = gallery_word(gallery, i, c);
        grid_add(&grid, words);
        for (enum gallery_column c = 0; c < GALLERY_COLUMNS; c++)
            free(word[c]);
    }
    return grid;
}

static void add_findings(struct text *line, const struct gallery *gallery, int p)
{
    const struct gallery_panel *panel = &gallery->panel[p];
    text_add(line, "%s, on %d: ", panel->name, panel->machine_count);
    gallery_add_finding(line, gallery, panel);
}

static void write_line(FILE *stream, const struct table_style *style, const char *escape, struct text *line)
{
    struct text shown = {0}, wrapped = {0};
    printable_add(&shown, line->data, style->unicode);
    printable_add_wrapped(&wrapped, shown.data, 0, 2, style->columns > 20 ? (size_t)style->columns : 20);
    bool colored = style->color && escape != NULL;
    fprintf(stream, "%s%s%s", colored ? escape : "", wrapped.data, colored ? "\033[0m" : "");
    text_free(&shown);
    text_free(&wrapped);
    text_free(line);
}

bool gallery_table_write(FILE *stream, const struct gallery *gallery, const struct table_style *style)
{
    struct grid grid = make_grid(gallery);
    struct text line = {0};
    grid.ascii = !style->unicode;
    gallery_add_count(&line, gallery);
    write_line(stream, style, "\033[1m", &line);
    fputs("\n", stream);
    grid_write_text(stream, &grid, 0, style->columns);
    fputs("\n", stream);
    for (int p = 0; p < gallery->shown_count; p++) {
        add_findings(&line, gallery, p);
        write_line(stream, style, NULL, &line);
    }
    grid_free(&grid);
    return ferror(stream) == 0;
}

bool gallery_markdown_write(FILE *stream, const struct gallery *gallery)
{
    struct grid grid = make_grid(gallery);
    struct text line = {0}, shown = {0};
    gallery_add_count(&line, gallery);
    fprintf(stream, "# Gallery\n\n%s\n\n", line.data);
    text_free(&line);
    grid_write_markdown(stream, &grid);
    fputs(gallery->shown_count > 0 ? "\n" : "", stream);
    for (int p = 0; p < gallery->shown_count; p++) {
        add_findings(&line, gallery, p);
        printable_add_markdown(&shown, line.data);
        fprintf(stream, "- %s\n", shown.data);
        text_free(&shown);
        text_free(&line);
    }
    grid_free(&grid);
    return ferror(stream) == 0;
}
