/* Two sides, row by row: which rows can be compared, how many times slower B is, and what may be said of it.
 * A ratio is time of B / time of A. Reads no directory, measures nothing; the verdicts come from
 * harness/analysis/verdict.h. */
#ifndef ACELERA_COMPARE_H
#define ACELERA_COMPARE_H

#include "harness/analysis/verdict.h"
#include "harness/base/cell_sides.h"
#include "harness/base/text.h"
#include "harness/report/row_verdict.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A run that was read. All that is found keeps pointing into it. */
struct compared_run {
    enum cell_side side; /* not used of a live run, whose cells have theirs */
    struct run_record record;
    struct summary summary;
    struct counted_processes counted;
};

/* Takes the record over. */
void compared_run_make(struct compared_run *run, enum cell_side side, struct run_record *record);
void compared_run_free(struct compared_run *run);
/* Its plan has two sides. */
bool compared_run_is_live(const struct run_record *record);

struct compared_row {
    const struct cell *cell[CELL_SIDES]; /* of the first run of each side */
    double median_s[CELL_SIDES];         /* over processes (one run) or over runs */
    size_t count[CELL_SIDES];            /* runs, processes of the only run, or (live) blocks */
    double *value[CELL_SIDES];           /* live: [0] has the ratios; else what the verdict is made from */
    struct verdict_row verdict;
    bool only_base;  /* live: of the serial build, beside rows of the sides themselves */
    bool other_bits; /* the sides' results are not the same bits */
};

struct refused_row {
    const struct cell *cell;
    char side; /* the side that it is on, '\0' both */
    char *reason;
    bool refuted; /* a wrong result: exit code 3 */
};

struct comparison {
    bool live;
    bool of_processes; /* one run a side */
    double delta;
    unsigned ignored; /* live: attributes in which the sides differ, (1 << key) of cell_keys.h */
    const struct compared_run *run;
    int run_count;
    double machine_low, machine_high; /* ratios of the runs' own ceilings; NaN unknown */
    struct compared_row *row;         /* in the order of the first run */
    int row_count;
    struct refused_row *refused;
    int refused_count;
    char **warning;
    int warning_count;
};

/* One live run, or runs of two sides. The runs must outlive the comparison. */
void comparison_make(const struct compared_run *runs, int count, double delta, struct comparison *comparison);
void comparison_free(struct comparison *comparison);

int comparison_count(const struct comparison *comparison, enum verdict verdict);
/* 3 wrong result in what was to be compared, 1 nothing could be compared, 4 a row is slower, 0. */
int comparison_exit_code(const struct comparison *comparison);

/* "B is slower in 1 of 6 rows, …" */
void comparison_add_sentence(struct text *text, const struct comparison *comparison);
/* What a side is: the run, the runs, or in what it differs. */
void comparison_add_side(struct text *text, const struct comparison *comparison, enum cell_side side);

/* Writers. False if the stream is in error. */
bool compare_table_write(FILE *stream, const struct comparison *comparison, const struct table_style *style);
bool compare_markdown_write(FILE *stream, const struct comparison *comparison);
bool compare_csv_write(FILE *stream, const struct comparison *comparison);
/* What CSV has no place for, as lines: the outcome, the sides, refused rows, warnings. */
void compare_notes_write(FILE *stream, const struct comparison *comparison);
bool compare_json_write(FILE *stream, const struct comparison *comparison);

/* Writes compare.json into a run directory, through a temporary name. */
enum status compare_write_file(
    const struct comparison *comparison, const char *directory, struct error *error);

#endif
