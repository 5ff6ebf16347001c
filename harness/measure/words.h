/* Where a worker finds a person's own table, in words that it understands. */
#ifndef ACELERA_WORDS_H
#define ACELERA_WORDS_H

struct words;      /* harness/measure/plan_parts.h */
struct cell;       /* harness/base/cell.h */
struct data_table; /* harness/data/table.h */

/* For --run and --save; --cost does without. Adds nothing for a cell that is not about the table: a ceiling
 * beside it, or any cell of a run without one (`data` may then be NULL). The table must have been converted.
 */
void words_add_table(struct words *words, const struct cell *cell, const struct data_table *data);

/* The files that say how long a CPU quota held this process's control groups back: of each visible group on
 * the way to the root that has such a count. The innermost, if there are more than a worker takes. */
void words_add_throttle(struct words *words);

#endif
