/* Runs the plan: a fresh worker process for each (cell, block), blocks in random order, until every cell is
 * precise enough or the budget is spent. Knows nothing of files: what happens goes to a sink, as it happens.
 */
#ifndef ACELERA_SUPERVISOR_H
#define ACELERA_SUPERVISOR_H

#include "harness/measure/plan.h"

#include <stdbool.h>
#include <stddef.h>

struct supervisor_progress {
    const struct cell *cell; /* the one that starts now */
    int block;               /* 0: pilot */
    int blocks_planned;
    int done, total;               /* processes */
    double elapsed_s, remaining_s; /* remaining: an estimate, −1 unknown */
    const char *note;              /* a sentence to be shown once ("over budget: …"), or NULL */
};

/* Where lines go and who wants to know. Each append is one JSON object without a newline, in the hands of
 * the operating system when the call returns; a failure stops the run and keeps what is there. */
struct supervisor_sink {
    enum status (*append)(void *context, const char *json_line, struct error *error);
    void (*progress)(void *context, const struct supervisor_progress *progress); /* may be NULL */
    void *context;
};

/* A process that ended before this program went on with the run, done or failed. An interrupted one does not
 * count: its cell is measured again. */
struct past_process {
    int cell, block;
    bool done, unverified;
    const double *seconds; /* timed iterations */
    size_t samples;
    long repeat;   /* calls of run() in one timed region */
    double wall_s; /* of the whole process; NaN unknown */
};

/* What is there of a run that is carried on. */
struct supervisor_past {
    const struct past_process *process; /* ascending by block */
    size_t process_count;
    long next_process; /* number of the next one */
    double elapsed_s;  /* what is spent of the budget */
    /* The schedule; iterations is NULL if the pilot had not come to its end. */
    const long *iterations;
    const bool *dropped; /* cells left out after the pilot */
    int blocks_planned;
    bool over_budget;
};

enum supervisor_end { END_PRECISION, END_BUDGET, END_BLOCKS, END_INTERRUPTED, END_FAILED };

/* past: NULL for a run that begins. Returns STATUS_OK when the run came to a planned end (also if single
 * cells failed: that is in the lines), STATUS_INTERRUPTED after a signal, STATUS_FAILED if the sink failed.
 * The caller catches signals (child.h), because a second one must not take away the report of what the first
 * one left. */
enum status supervisor_run(const struct plan_request *request, const struct plan *plan,
    const struct machine *machine, const struct worker_list *workers, const struct supervisor_past *past,
    const struct supervisor_sink *sink, enum supervisor_end *end, struct error *error);

#endif
