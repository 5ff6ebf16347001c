/* Texts from outside, made fit to be seen: nothing in them acts on a terminal, a page or a spreadsheet. */
#ifndef ACELERA_PRINTABLE_H
#define ACELERA_PRINTABLE_H

#include "harness/base/text.h"

#include <stdio.h>

/* Adds `string`, with '?' for control characters, marks that turn the direction of writing, and bytes that
 * are not UTF-8; without `unicode` also for everything that is not ASCII. */
void printable_add(struct text *text, const char *string, bool unicode);

/* Adds `string` as Markdown that shows it literally: what has a meaning there gets a backslash. */
void printable_add_markdown(struct text *text, const char *string);

/* Adds `string` (already printable) as lines of at most `columns`, broken at spaces, each but the first
 * indented; a longer word is broken where it must be. The first line begins at column `at`. Ends with a
 * newline. */
void printable_add_wrapped(struct text *text, const char *string, size_t at, size_t indent, size_t columns);

/* Writes `string` (already printable) as one field of CSV, quoted where RFC 4180 wants it; one that a
 * spreadsheet would take for a formula begins with an apostrophe. */
void printable_write_csv(FILE *stream, const char *string);

#endif
