/* The bar on a terminal's standard error while a run measures. Never writes to anything else, except that
 * notes are lines of their own wherever standard error goes. */
#ifndef ACELERA_PROGRESS_H
#define ACELERA_PROGRESS_H

#include <stdbool.h>

struct supervisor_progress;

struct progress {
    bool on_terminal;
    bool drawn; /* a bar stands on the current line */
};

struct progress progress_begin(void);
void progress_draw(struct progress *progress, const struct supervisor_progress *now);
void progress_end(struct progress *progress); /* erases the bar */

#endif
