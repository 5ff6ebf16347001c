/* The one table that every output format prints: the record's facts joined with the estimates. */
#ifndef ACELERA_SUMMARY_H
#define ACELERA_SUMMARY_H

#include "harness/analysis/speedup.h"
#include "harness/store/run_record.h"

#include <stdbool.h>
#include <stdio.h>

struct summary_row {
    const struct cell *cell; /* owned by the record */
    struct row_estimate estimate;
    const struct summary_row *base;   /* the row behind `speedup`, itself for a serial row; NULL none */
    const struct summary_row *serial; /* the row behind `speedup_vs_serial`; NULL none */
    const struct summary_row *below;  /* the nearest verified rung of the ladder below this one; NULL none */
    double gain;                      /* times faster than `below`, paired by block; NaN unknown */
    struct interval gain_interval;    /* of the gain */
    double ceiling;                   /* units of the rate a second; NaN unknown, or nothing bounds it */
    const struct summary_row *roof;   /* the measured ceiling that `ceiling` comes from; NULL none */
    double clock_ghz;                 /* of the slowest thread: median over processes; NaN unknown */
    const char *note;                 /* what the workers say of these processes; NULL nothing */
    size_t samples;                   /* timed iterations of the processes that count */
    int threads_delivered;
    const int *pus; /* as read back; the plan's where nothing was delivered. NULL unbound or unknown */
    int pu_count;
    bool verified; /* checked in every process, and the same bits as its siblings */
    bool refuted;  /* a check failed or the bits differ: no time, exit code 3 */
    bool differs;  /* refuted because its bits are not those of its siblings */
    bool lost;     /* at least one of its processes failed, died or ran out of time: exit code 1 */
    char *error;   /* NULL none */
    char **flags;  /* NULL-terminated */
};

struct summary {
    const struct run_record *record;
    struct summary_row *row; /* in the contract's order */
    int row_count;
    struct summary_row *ceiling; /* measured because a row refers to them; stand behind the rows */
    int ceiling_count;
};

/* The record must outlive the summary. */
void summary_make(const struct run_record *record, struct summary *summary);
void summary_free(struct summary *summary);

/* The exit code of a run by what it holds: 130 interrupted, 3 unverified, 1 failed cell, 0. */
int summary_exit_code(const struct summary *summary);

/* How the table may look. Colour only ever adds escapes. */
struct table_style {
    bool color;
    bool unicode; /* else plain ASCII */
    int columns;  /* the width to fit */
};

/* Writers, one file each. False if the stream is in error. */
bool table_write(FILE *stream, const struct summary *summary, const struct table_style *style);
bool markdown_write(FILE *stream, const struct summary *summary);
bool csv_write(FILE *stream, const struct summary *summary);
bool json_write(FILE *stream, const struct summary *summary);

/* Writes summary.json, summary.csv and speedup.md into the run directory, each through a temporary name. */
enum status summary_write_files(const struct summary *summary, struct error *error);

#endif
