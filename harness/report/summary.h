/* The one table that every output format prints: the record's facts joined with the estimates. */
#ifndef ACELERA_SUMMARY_H
#define ACELERA_SUMMARY_H

#include "harness/analysis/drift.h"
#include "harness/analysis/laws.h"
#include "harness/analysis/limit.h"
#include "harness/analysis/speedup.h"
#include "harness/analysis/spread.h"
#include "harness/analysis/steady.h"
#include "harness/base/text.h"
#include "harness/store/run_record.h"

#include <stdbool.h>
#include <stdio.h>

/* The iterations of a row that were disturbed, and what the others say. The headline is always of all. */
struct row_marks {
    size_t known;            /* iterations that could be judged */
    size_t marked;           /* of these */
    size_t marked_processes; /* that have a marked one */
    double lost_share;       /* off-CPU time of the marked / time of all that could be judged; 0 none */
    double lost_s, quota_s;  /* that off-CPU time; of it what the CPU quota explains */
    double unmarked_s;       /* median over processes of their unmarked iterations; NaN unknown */
    struct interval unmarked;
    size_t unmarked_processes;
};

/* How the times of a row scatter. Unknown is NaN. */
struct row_scatter {
    double min_s, lower_s, upper_s, max_s; /* extremes and quartiles of all timed iterations */
    size_t far_out;                        /* iterations beyond Tukey's fences */
    struct variance_split variance;
    struct steady_state steady;
    struct trend over_blocks, over_positions; /* of the process medians */
    double quantile_s;                        /* the one that was asked for, of the process medians */
    struct interval quantile;
};

/* What keeps a row from being faster, and the numbers that say so. Unknown is NaN, or NULL. */
struct row_diagnosis {
    bool has_waterfall;
    struct waterfall waterfall;
    const struct summary_row *memory, *arithmetic; /* ceilings of this team */
    double region_s, barrier_s;                    /* price of one, with this team */
    double overhead_s;                             /* of all of them */
    double imbalance_s, off_cpu_s, throttled_s;    /* medians over the processes of the iterations' medians */
    double lost_s; /* off-CPU time of the median iteration or, where it is more, the share of all together */
    double ideal;  /* speedup that the PUs of the team allow: the sum of their measured rates over one's */
    double bandwidth_kept; /* of what the memory domains of the team give one by one */
    enum limit limit;
    bool passes_roof; /* the row does more arithmetic than what bounds it: see limit.h */
};

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
    double ceiling_at_clock;          /* an arithmetic ceiling, had it run at this row's clock; NaN unknown */
    double clock_ghz;                 /* of the slowest thread: median over processes; NaN unknown */
    double rate_total; /* work of all timed iterations / their time: the harmonic mean of their rates */
    struct row_marks marks;
    struct row_scatter scatter;
    struct row_diagnosis diagnosis;
    char *why;        /* what the diagnosis says, in a sentence; NULL where there is no result */
    const char *note; /* what the workers say of these processes; NULL nothing */
    size_t samples;   /* timed iterations of the processes that count */
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

/* The laws for rows that differ in threads only, within one region of the machine. */
struct row_laws {
    const struct summary_row *first; /* of the sweep */
    const struct summary_row *last;  /* the largest team that took part; NULL none */
    int points;                      /* teams that took part */
    const char *why_none;            /* a static sentence where nothing could be tried; NULL */
    struct law_fit fit[3][2];        /* by enum law; [1]: adjusted for the clock */
};

/* The clock of one block: the median over the cells of their clock in it over their own median. */
struct block_clock {
    int block;
    double relative;
};

struct summary {
    const struct run_record *record;
    struct summary_row *row; /* in the contract's order */
    int row_count;
    struct summary_row *ceiling; /* measured because a row refers to them; stand behind the rows */
    int ceiling_count;
    struct row_laws *laws;
    int laws_count;
    double timed_share;              /* of the run's time: inside timed iterations; NaN unknown */
    struct block_clock *block_clock; /* of each block that has one, ascending */
    int block_clock_count;
};

/* "amdahl" "gustafson" "usl" */
const char *law_name(enum law law);
/* Of the laws that fit, not adjusted for the clock, the one with the smallest worst residual; NULL none. */
const struct law_fit *laws_best(const struct row_laws *laws, enum law *which);
/* "USL: σ = 1.2% (1.0–1.3%), κ = 0.0001"; nothing for NULL. */
void laws_add_words(struct text *words, enum law law, const struct law_fit *fit);

/* How a run keeps the rules of Hoefler & Belli (SC15). */
enum rule_kept { RULE_YES, RULE_PARTLY, RULE_NO, RULE_NOT_APPLICABLE };
enum { RULES = 12 };
struct rule {
    const char *rule, *how; /* static */
    enum rule_kept kept;
    char *evidence; /* this run's own numbers; owned */
};
/* "yes" "partly" "no" "not applicable" */
const char *rule_kept_name(enum rule_kept kept);
void rules_make(const struct summary *summary, struct rule rule[RULES]);
void rules_free(struct rule rule[RULES]);

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
bool html_write(FILE *stream, const struct summary *summary);

/* Writes summary.json, summary.csv and speedup.md into the run directory, each through a temporary name. */
enum status summary_write_files(const struct summary *summary, struct error *error);

#endif
