/* Rows of words under headings, and the three plain ways to write them. Knows nothing of what the words mean;
 * used for plans and lists, where every value is text already. */
#ifndef ACELERA_GRID_H
#define ACELERA_GRID_H

#include <stdbool.h>
#include <stdio.h>

struct grid {
    const char *const *heading; /* `columns` entries, the caller's; NULL: none, for text only */
    int columns;
    char **word; /* rows × columns, owned */
    int rows;
    bool ascii;                          /* text only: no other characters are shown */
    const char *(*escape)(const char *); /* text only: colours a word of the last column; NULL as it is */
};

/* Copies `columns` words, made printable. NULL is written as nothing. */
void grid_add(struct grid *grid, const char *const *words);
void grid_free(struct grid *grid);

/* Aligned, the last column wrapped to fit `width`, each line indented by `indent`. Nothing for no rows. */
void grid_write_text(FILE *stream, const struct grid *grid, int indent, int width);
void grid_write_markdown(FILE *stream, const struct grid *grid);
void grid_write_csv(FILE *stream, const struct grid *grid);

#endif
