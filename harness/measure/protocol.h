/* The lines between harness and worker: parsed, completed with what only the harness knows, and composed.
 * The one place of this station that knows JSON. */
#ifndef ACELERA_PROTOCOL_H
#define ACELERA_PROTOCOL_H

#include "harness/base/status.h"
#include "harness/measure/worker_list.h"

#include <stdbool.h>
#include <stddef.h>

enum line_kind { LINE_PROCESS, LINE_SAMPLE, LINE_LANES, LINE_CHECK, LINE_END_PROCESS };

/* What the harness adds to every line of a process. */
struct process_key {
    long process;
    int cell, block, position; /* position: in the order of its block */
    const char *worker, *started;
};

/* What the supervisor needs of a line; `json` is the line to be stored. Free with worker_line_free(). */
struct worker_line {
    enum line_kind kind;
    char *json;
    int threads_delivered; /* process */
    int *pus;
    size_t pu_count;
    bool warmup; /* sample */
    double seconds;
    bool passed;        /* check */
    bool done;          /* end_process: status is "done" */
    bool unverified;    /* end_process */
    long repeat;        /* end_process */
    struct error error; /* end_process: "" none */
};

/* elapsed_s: of the whole process, stored with end_process. STATUS_FAILED for a line that is not ours. */
enum status protocol_parse_line(const char *line, const struct process_key *key, double elapsed_s,
    struct worker_line *parsed, struct error *error);
void worker_line_free(struct worker_line *line);

/* Lines that the harness writes itself. The caller frees. status: timeout, killed, failed, interrupted. */
char *protocol_end_process(
    const struct process_key *key, const char *status, const char *why, double elapsed_s);
char *protocol_end_run(const char *reason, int blocks, double seconds);

/* The machine was warmed up. end_process: the last line of the worker that did it, whose clocks are taken
 * over; NULL unknown. */
char *protocol_warm(double seconds, const char *end_process);

/* The run is carried on now. seconds_before: what it had spent of its budget. */
char *protocol_resume(const char *version, double seconds_before);

/* After the pilot: iterations[cell] timed iterations for each process; dropped[cell]: why it was left out,
 * NULL if it was not. */
char *protocol_schedule(
    int blocks_planned, bool over_budget, const long *iterations, char *const *dropped, int cell_count);

/* A worker's --describe and --cost. */
enum status protocol_parse_description(const char *text, struct worker *worker, struct error *error);
enum status protocol_parse_cost(const char *text, struct worker_cost *cost, struct error *error);

#endif
