/* What there is to choose from, as `acelera list` shows it: flat facts, in order. The caller collects them;
 * nothing here knows where they come from. */
#ifndef ACELERA_REPORT_LIST_H
#define ACELERA_REPORT_LIST_H

#include <stdbool.h>
#include <stdio.h>

enum list_kind {
    LIST_KERNEL,    /* value: its types; meaning: its summary; why: the unit of its rate */
    LIST_VARIANT,   /* meaning: what it does; why: why it is faster; chosen: the default */
    LIST_SIZE,      /* value: the shape; chosen: the default */
    LIST_DIMENSION, /* a key of --shape; meaning: what it counts */
    LIST_OPTION,    /* a key of --set; value: its choices, default first, "" for free text; meaning */
    LIST_PLACEMENT, /* meaning: where threads go; chosen: the default */
    LIST_WORKER,    /* value: how it was built; why: what this CPU lacks for it; chosen: it runs here */
};

/* Strings are the caller's and never NULL; several words in one are separated by blanks. The facts of a
 * kernel follow its LIST_KERNEL. */
struct list_entry {
    enum list_kind kind;
    const char *kernel; /* "" for what belongs to none */
    const char *name, *value, *meaning, *why;
    bool chosen;
};

/* False if the stream is in error. */
bool list_text_write(FILE *stream, const struct list_entry *entry, int count, int columns);
bool list_markdown_write(FILE *stream, const struct list_entry *entry, int count);
bool list_csv_write(FILE *stream, const struct list_entry *entry, int count);
bool list_json_write(FILE *stream, const struct list_entry *entry, int count); /* "acelera/list/1" */

#endif
