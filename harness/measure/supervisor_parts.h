/* The parts of the supervisor, which share what it knows of each cell. Internal to it. */
#ifndef ACELERA_SUPERVISOR_PARTS_H
#define ACELERA_SUPERVISOR_PARTS_H

#include "harness/measure/schedule.h"
#include "harness/measure/supervisor.h"

struct cell_state {
    double *median; /* of the process of each block, NaN where none counts; `blocks` entries */
    int blocks;
    size_t processes;
    double process_s; /* expected for the next process */
    double last_timed_s;
    double iteration_s; /* mean of the last process: a budget pays for the slow ones too */
    int failures;
    bool active; /* measured in the next block */
    bool ran;    /* in this block, before the run was carried on */
    long repeat;
};

struct supervisor {
    const struct plan_request *request;
    const struct plan *plan;
    const struct machine *machine;
    const struct worker_list *workers;
    const struct supervisor_past *past; /* NULL none */
    const struct supervisor_sink *sink;
    struct error *error;
    struct cell_state *state; /* for each cell */
    long *iterations;         /* for each cell; 0 in the pilot */
    int *order;
    struct block_needs needs;
    struct schedule schedule;
    int *other;      /* of a live comparison, for each cell of A that of B; −1 none */
    int pairs;       /* how many have one; 0 in a sweep */
    double began_s;  /* less what was spent before the run was carried on */
    size_t recalled; /* processes of the past that are accounted for */
    long processes;  /* number of the next one */
    int blocks;      /* complete ones after the pilot */
    double longest_block_s;
    bool warmed;
};

/* What a process came to. */
struct process_outcome {
    bool done, unverified;
    double median_s, timed_s, wall_s; /* timed_s: sum of the timed regions */
    long iterations, repeat;
};

/* ---- supervisor.c ---- */

double supervisor_elapsed_s(const struct supervisor *supervisor);

/* Tells whoever wants to know. `note`: a sentence to be shown once, or NULL. */
void supervisor_tell(
    const struct supervisor *supervisor, const struct cell *cell, int block, int position, const char *note);

/* What a process tells about its cell. */
void supervisor_learn(
    struct supervisor *supervisor, const struct cell *cell, int block, const struct process_outcome *outcome);

/* ---- supervisor_past.c ---- */

/* Learns from the processes of this block that ended before the run was carried on, and marks their cells.
 * Returns the time that they took. */
double supervisor_recall(struct supervisor *supervisor, int block);
bool supervisor_remembers_more(const struct supervisor *supervisor);

/* ---- supervisor_decide.c ---- */

/* After the pilot: as it was recorded, or made now and written down. */
enum status supervisor_schedule(struct supervisor *supervisor);

/* Asked before each block. True with the reason in `end` when no other should follow. */
bool supervisor_should_stop(const struct supervisor *supervisor, enum supervisor_end *end);

/* ---- warm.c ---- */

/* Keeps the largest team busy for --warm, once, outside the budget. STATUS_INTERRUPTED, or STATUS_FAILED if
 * the sink failed. */
enum status supervisor_warm(struct supervisor *supervisor);

#endif
