/* A small table on a page: its first column is wrapped, the others are as wide as they must be and aligned at
 * the right. In Markdown, a Markdown table. */
#ifndef ACELERA_LESSON_TABLE_H
#define ACELERA_LESSON_TABLE_H

#include "lessons/show/page.h"

enum { TABLE_COLUMNS_MAX = 12 };

struct table {
    int columns, rows;
    char **word; /* (1 + rows) × columns, the heading first */
};

struct table table_begin(const char *const *heading, int columns);
void table_add(struct table *table, const char *const *words); /* copied */
void table_end(struct table *table, struct page *page);        /* writes it, and frees */

#endif
