/* A section: consecutive rows under one heading, and the words in which people read them. */
#ifndef ACELERA_SECTION_H
#define ACELERA_SECTION_H

#include "harness/base/text.h"
#include "harness/report/summary.h"

enum section_column {
    SECTION_THREADS,
    SECTION_WHERE,
    SECTION_TIME,
    SECTION_TIME_INTERVAL,
    SECTION_SPEEDUP,
    SECTION_SPEEDUP_INTERVAL,
    SECTION_VS_SERIAL,
    SECTION_EFFICIENCY,
    SECTION_RATE,
    SECTION_CEILING,
    SECTION_LIMIT,
    SECTION_VERIFIED,
    SECTION_COLUMNS
};

enum { SECTION_WORD = 48 };

struct section {
    const struct summary_row *row;
    int count;
    const struct summary_row *main; /* the first row that is not the serial base, if there is one */
    double unit_s;                  /* times are shown in this unit, the same in the whole section */
    const char *unit;               /* "ms" */
    bool nominal;                   /* every interval has the level 95 % */
};

/* The section after the one given; start with `= {0}`. False when there is none. */
bool section_next(const struct summary *summary, struct section *section);

/* "small · m=1,n=2 · …": what belongs to all rows of the section but kernel, variant, type and cache. */
void section_add_problem(struct text *text, const struct section *section);
/* " · in cache", or "" where the rows differ or it is not known. */
const char *section_cache(const struct section *section);
/* "matmul packed f32", and what belongs to all of its rows: size, shape, options, worker, cache. */
void section_add_title(struct text *text, const struct section *section);
/* What speedups are measured against, with absolute times, and how many processes a row has. */
void section_add_bases(struct text *text, const struct section *section);

/* Two lines of headings; either may be "". */
void section_headings(const struct section *section, char first[SECTION_COLUMNS][SECTION_WORD],
    char second[SECTION_COLUMNS][SECTION_WORD]);
/* Unknown is an en dash. */
void section_words(
    const struct section *section, const struct summary_row *row, char word[SECTION_COLUMNS][SECTION_WORD]);

#endif
