/* The list for people: one paragraph a kernel, then placements and workers. */
#include "harness/base/text.h"
#include "harness/report/grid.h"
#include "harness/report/list.h"

#include <stdlib.h>

/* How each kind reads: the heading over its lines, and the word in a table of all kinds. */
static const struct {
    const char *word, *heading;
} kind_names[] = {
    [LIST_KERNEL] = {"kernel", ""},
    [LIST_VARIANT] = {"variant", "variants, each on the one before (* default)"},
    [LIST_SIZE] = {"size", "sizes (* default)"},
    [LIST_DIMENSION] = {"dimension", "keys of --shape"},
    [LIST_OPTION] = {"option", "keys of --set KERNEL.KEY=VALUE, the default first"},
    [LIST_PLACEMENT] = {"placement", "Placements (* default)"},
    [LIST_WORKER] = {"worker", "Workers, best first (* runs here)"},
};

/* What follows a name, as one line of words. */
static char *line_of(const struct list_entry *entry)
{
    struct text text = {0};
    text_add(&text, "%s", entry->value);
    if (entry->meaning[0] != '\0')
        text_add(&text, "%s%s", text.length > 0 ? ": " : "", entry->meaning);
    if (entry->why[0] != '\0')
        text_add(&text, "; %s%s", entry->kind == LIST_WORKER ? "this CPU lacks " : "", entry->why);
    return text.data;
}

/* Writes the run of entries of one kind that starts at `first`; returns where the next begins. */
static int write_section(FILE *stream, const struct list_entry *entry, int count, int first, int columns)
{
    enum list_kind kind = entry[first].kind;
    bool inside = entry[first].kernel[0] != '\0';
    fprintf(stream, inside ? "  %s\n" : "\n%s\n", kind_names[kind].heading);
    struct grid grid = {.columns = 2};
    int next = first;
    for (; next < count && entry[next].kind == kind; next++) {
        struct text name = {0};
        text_add(&name, "%s%s", entry[next].name, entry[next].chosen ? " *" : "");
        char *line = line_of(&entry[next]);
        const char *words[] = {name.data, line};
        grid_add(&grid, words);
        free(line);
        text_free(&name);
    }
    grid_write_text(stream, &grid, inside ? 4 : 2, columns);
    grid_free(&grid);
    return next;
}

bool list_text_write(FILE *stream, const struct list_entry *entry, int count, int columns)
{
    for (int i = 0; i < count;) {
        if (entry[i].kind == LIST_KERNEL) {
            fprintf(stream, "%s%s: %s\n  types %s%s%s\n", i > 0 ? "\n" : "", entry[i].name, entry[i].meaning,
                entry[i].value, entry[i].why[0] != '\0' ? "; rate in " : "", entry[i].why);
            i++;
        } else {
            i = write_section(stream, entry, count, i, columns);
        }
    }
    return ferror(stream) == 0;
}

static struct grid all_rows(const struct list_entry *entry, int count)
{
    static const char *const headings[] = {"kind", "kernel", "name", "value", "meaning", "why", "chosen"};
    struct grid grid = {.heading = headings, .columns = sizeof headings / sizeof headings[0]};
    for (int i = 0; i < count; i++) {
        const char *words[] = {kind_names[entry[i].kind].word, entry[i].kernel, entry[i].name, entry[i].value,
            entry[i].meaning, entry[i].why, entry[i].chosen ? "true" : "false"};
        grid_add(&grid, words);
    }
    return grid;
}

bool list_markdown_write(FILE *stream, const struct list_entry *entry, int count)
{
    struct grid grid = all_rows(entry, count);
    grid_write_markdown(stream, &grid);
    grid_free(&grid);
    return ferror(stream) == 0;
}

bool list_csv_write(FILE *stream, const struct list_entry *entry, int count)
{
    struct grid grid = all_rows(entry, count);
    grid_write_csv(stream, &grid);
    grid_free(&grid);
    return ferror(stream) == 0;
}
