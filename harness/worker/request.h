/* The KEY=VALUE words of --run, --cost and --save, checked and turned into a kernel configuration. */
#ifndef ACELERA_REQUEST_H
#define ACELERA_REQUEST_H

#include "harness/worker/host.h"
#include "harness/worker/table.h"
#include "kernels/kernel.h"

#include <stdbool.h>

struct request {
    const struct kernel *kernel;
    const struct kernel_variant *variant;
    struct kernel_config config; /* points into this request: neither is copied */
    int *pus;                    /* OS index for each thread; NULL: unbound. Freed by request_free() */
    long iterations;             /* timed ones; 0: pilot */
    long repeat;                 /* calls of run() in one timed region; 0: calibrated here */
    double seconds;              /* of the pilot */
    long parent;                 /* process id, 0: any */
    bool acknowledge;
    const char *throttle[HOST_GROUPS_MAX]; /* cpu.stat of the control groups that may hold us back */
    int throttle_count;
    struct table table; /* a person's own; unmapped by request_free() */
    const char *save;   /* folder for the arrays of the result; NULL: none */
};

/* Returns false after one line on stderr. */
bool request_parse(char **words, int count, struct request *request);
void request_free(struct request *request);

#endif
