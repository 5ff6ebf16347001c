/* One worker process of one cell in one block: started, listened to, timed out, accounted for. */
#ifndef ACELERA_PROCESS_H
#define ACELERA_PROCESS_H

#include "harness/measure/protocol.h"
#include "harness/measure/supervisor.h"

#include <stdint.h>

struct process_order {
    const struct data_table *data; /* a person's own table, NULL none */
    const struct cell *cell;
    const struct worker *worker;
    const struct machine *machine;
    struct process_key key;
    uint64_t seed;
    long iterations;  /* 0: pilot */
    long repeat;      /* 0: calibrated by the worker */
    double pilot_s;   /* how long a pilot measures */
    double timeout_s; /* of the whole process */
};

struct process_result {
    bool done, unverified, interrupted;
    double median_s;    /* of the timed iterations; NaN if there is none */
    double timed_s;     /* their sum */
    long iterations;    /* how many */
    double wall_s;      /* of the whole process */
    long repeat;        /* calls of run() in one timed region */
    struct error error; /* "" if done */
};

/* Every line goes to the sink as it comes; the last is always an end_process. STATUS_FAILED only if the sink
 * failed; what happens to the process is in the result. */
enum status process_run(const struct process_order *order, const struct supervisor_sink *sink,
    struct process_result *result, struct error *error);

#endif
