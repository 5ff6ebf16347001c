/* The plan: which cells to measure and why, what was left out and why. Made before anything runs. */
#ifndef ACELERA_PLAN_H
#define ACELERA_PLAN_H

#include "harness/base/cell.h"
#include "harness/base/status.h"
#include "harness/machine/machine.h"
#include "harness/measure/worker_list.h"

#include <stdbool.h>
#include <stdint.h>

/* What the person asked for, as words; the planner checks them against the machine and the workers. Lists
 * are NULL-terminated and may be empty only where said. Owned by the caller. */
struct plan_request {
    char **kernels;                /* "matmul" or "matmul:packed" */
    bool all_variants;             /* the whole ladder of each chosen kernel */
    char *size;                    /* class name or "auto" */
    char *shape;                   /* "m=1,n=2", NULL: by size */
    const struct data_table *data; /* a person's own (harness/data/table.h); NULL: made from the seed */
    char **settings;               /* "normalize.method=l2"; may be empty */
    char **types;                  /* f32 f64 */
    char *threads;                 /* "ladder", "1,2,8", "1..8" */
    char **placements;
    char **scalings;  /* strong weak */
    double precision; /* fraction */
    double delta;     /* of a live comparison: the effect that is worth a word, a fraction; 0 none */
    double quantile;  /* to be estimated beside the median; NaN none */
    double budget_s;
    double warm_s;    /* how long to keep the machine busy before measuring; 0 not at all */
    int blocks;       /* 0: as many as the budget and precision want */
    char **workers;   /* empty: the best for this CPU */
    double timeout_s; /* of one worker process; 0: derived from the work */
    uint64_t seed, order_seed;
};

struct plan {
    struct cell *cell; /* in the order of the report's rows */
    int cell_count;
    struct skipped_cell *skipped;
    int skipped_count;
    struct ladder_point *point; /* the thread counts, with reasons */
    int point_count;
    bool comparable; /* false for --size auto */
};

/* STATUS_USAGE for everything that cannot be meant on this machine with these workers, a problem larger than
 * the memory that may be used included. */
enum status plan_make(const struct plan_request *request, const struct machine *machine,
    const struct worker_list *workers, struct plan *plan, struct error *error);

/* Two requests in one plan: the cells of `a` with side "A", then those of `b` with side "B", at the thread
 * counts of `a`. Bases are of the same side. A ceiling has no side, and is there once for both. The requests
 * may be the same; everything that is not about cells (precision, budget, seeds, data) is taken from `a`. */
enum status plan_make_pair(const struct plan_request *a, const struct plan_request *b,
    const struct machine *machine, const struct worker_list *workers, struct plan *plan, struct error *error);
void plan_free(struct plan *plan);

#endif
