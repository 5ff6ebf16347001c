/* The numbers and the table of lesson 2: configurations, what either hypothesis says of them, and what was
 * measured. */
#ifndef ACELERA_TWOBYTWO_TABLE_H
#define ACELERA_TWOBYTWO_TABLE_H

#include "lessons/lesson.h"

/* Whose looks for the token count: those of the writer's own process, or those of other processes. */
enum token_looker { TOKEN_INSIDE, TOKEN_OUTSIDE };

/* Chunks that overlap, in %; NaN for NULL and for no chunk. */
double twobytwo_overlap(const struct observation *trial);

/* Lookers that had seen the token at their last look, in %; NaN for NULL, where there is no looker, and where
 * somebody's last look began before the token was written. */
double twobytwo_token(const struct observation *trial, enum token_looker looker);

/* Over all rounds of a condition; all NaN if the plan has none of that name. */
struct statistic twobytwo_overlap_over_rounds(const struct lesson_outcome *outcome, const char *condition);
struct statistic twobytwo_token_over_rounds(
    const struct lesson_outcome *outcome, const char *condition, enum token_looker looker);
double twobytwo_cpus_used(const struct lesson_outcome *outcome, const char *condition);

/* The trial of that condition whose overlap is nearest to the median; NULL none. */
const struct observation *twobytwo_typical(const struct lesson_outcome *outcome, const char *condition);

/* Yes (1) or no (0), where the whole interval says so; else NaN. */
double twobytwo_at_once(const struct lesson_outcome *outcome, const char *condition);
double twobytwo_seen(const struct statistic *token);

/* The table, as lines of at most 80 columns; and how many of the rows that were decided each hypothesis has
 * right. */
void twobytwo_add_table(const struct lesson_outcome *outcome, struct text *page);
void twobytwo_add_score(const struct lesson_outcome *outcome, struct text *page);

#endif
