/* What one process of a trial says, line by line, put into its part of an observation. The one place of the
 * lessons that reads the worker's JSON. */
#ifndef ACELERA_LESSON_TRIAL_LINES_H
#define ACELERA_LESSON_TRIAL_LINES_H

#include "lessons/engine/observation.h"

enum trial_line {
    TRIAL_LINE_READY,  /* prepared: waits for the others */
    TRIAL_LINE_DONE,   /* ran: waits for the others */
    TRIAL_LINE_PART,   /* of the report */
    TRIAL_LINE_BYE,    /* the report is complete */
    TRIAL_LINE_STRANGE /* not a line of ours */
};

/* One process and what it has said so far. Spans are in seconds from its own begin until trial_lines_join().
 */
struct trial_process {
    int process, threads;
    struct observed_lane *lane; /* `threads` of the observation's */
    const int *pus;             /* where each thread must be; NULL anywhere */
    bool ended;                 /* begin_ns, end_ns and checksum are known */
    int64_t begin_ns, end_ns;
    uint64_t checksum;
};

enum trial_line trial_line_take(
    const char *line, struct trial_process *process, struct observation *observation);

/* All processes have said bye: times, sums and checksums of the whole trial. False if one of them left
 * something out. */
bool trial_lines_join(const struct trial_process *process, int processes, struct observation *observation);

#endif
