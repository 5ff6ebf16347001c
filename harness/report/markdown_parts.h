/* The parts of speedup.md for those who doubt the tables: why rows stop, where their time goes, how it
 * scatters, what disturbed it, and how the run keeps the rules. */
#ifndef ACELERA_MARKDOWN_PARTS_H
#define ACELERA_MARKDOWN_PARTS_H

#include "harness/report/summary.h"

void markdown_write_why(FILE *stream, const struct summary *summary);
void markdown_write_parts(FILE *stream, const struct summary *summary);
void markdown_write_rules(FILE *stream, const struct summary *summary);

#endif
