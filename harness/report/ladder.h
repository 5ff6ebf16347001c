/* The ladder of a kernel, for people: its variants under each other, from the definition up, each with its
 * gain over the rung below. The gains themselves are in the rows (summary.h). */
#ifndef ACELERA_LADDER_H
#define ACELERA_LADDER_H

#include "harness/base/text.h"
#include "harness/report/grid.h"
#include "harness/report/summary.h"

/* Two thread counts stand beside each other: one, and the most. */
enum { LADDER_COLUMNS = 7 };

struct ladder {
    struct text title;
    struct grid grid; /* its headings are the ladder's */
    char word[LADDER_COLUMNS][32];
    const char *heading[LADDER_COLUMNS];
};

/* The first ladder that begins at row *from or after it; moves *from on. False when there is none: rows of
 * one variant alone make no ladder. intervals: beside the gains; a narrow terminal goes without. Free with
 * ladder_free(). */
bool ladder_next(const struct summary *summary, int *from, bool intervals, struct ladder *ladder);
void ladder_free(struct ladder *ladder);

/* How to read the columns, one sentence. */
extern const char ladder_legend[];

#endif
