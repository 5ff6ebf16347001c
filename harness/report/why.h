/* Why rows stop scaling, and what disturbed them, in sentences. Claims only what this run measured. */
#ifndef ACELERA_WHY_H
#define ACELERA_WHY_H

#include "harness/base/text.h"
#include "harness/report/summary.h"

/* Sets why of a verified row from its diagnosis; nothing for any other. */
void why_make(const struct summary *summary, struct summary_row *row);

/* The next row to be explained, from *from on, which moves on: of rows that differ in threads only the
 * largest verified team. NULL when there is none. */
const struct summary_row *why_next(const struct summary *summary, int *from);
/* The sentence of a row that has one: "8 threads use …" */
void why_add_reason(struct text *text, const struct summary_row *row);
/* "matmul packed f32 ×8 spread, 5.1 times one thread, bandwidth: 8 threads use …" */
void why_add_line(struct text *text, const struct summary_row *row);

/* Disturbance took 5 % of the time of the row, in more than one process: worth a line. */
bool why_is_disturbed(const struct summary_row *row);
/* "31 of 240 iterations of matmul packed ×2 were disturbed: another program had a CPU; …" */
void why_add_disturbance(struct text *text, const struct summary_row *row);
/* The same of all rows and ceilings together. False, and nothing added, if no row is worth a line. */
bool why_add_disturbed_run(struct text *text, const struct summary *summary);

#endif
