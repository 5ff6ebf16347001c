/* Which processes count, and which rows may show a time. Private to the making of a summary. */
#ifndef ACELERA_ROW_VERDICT_H
#define ACELERA_ROW_VERDICT_H

#include "harness/report/summary.h"

/* The processes that count, by cell and block: those of cell c are process[first[c]] … process[first[c + 1] −
 * 1], and seconds[] has the median of each. */
struct counted_processes {
    const struct process_record **process;
    double *seconds;
    size_t *first;                       /* cell_count + 1 entries */
    const struct process_record **pilot; /* of each cell; NULL none */
};

void counted_make(const struct run_record *record, struct counted_processes *counted);
void counted_free(struct counted_processes *counted);

/* The times of another cell in the blocks of this one, as many as it has processes; NaN where the other has
 * none. */
void counted_align(const struct counted_processes *counted, int cell, int other, double *seconds);

/* Sets verified, refuted, lost, error and what was delivered, for all rows. A cell with a failed check is
 * refuted whatever else it has; so is one whose result differs in any bit from a sibling's: the same variant
 * of the same problem at another team size, placement or runtime. */
void rows_judge(struct summary *summary, const struct counted_processes *counted);

#endif
