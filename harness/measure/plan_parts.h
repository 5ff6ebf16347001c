/* The parts that plan.c puts together. Internal to the planner. */
#ifndef ACELERA_PLAN_PARTS_H
#define ACELERA_PLAN_PARTS_H

#include "harness/measure/plan.h"

#include <stddef.h>
#include <stdint.h>

/* "--kernel matmull: unknown, not one of normalize, matmul, kmeans; did you mean matmul?" as a usage error.
 */
enum status plan_refuse_name(
    struct error *error, const char *option, const char *value, const char *const *names, size_t count);

/* A usage error if a word stands twice in a NULL-terminated list. */
enum status plan_refuse_repeats(struct error *error, const char *option, char *const *words);

/* ---- plan_choices.c: words that are checked against the machine and the workers ---- */

/* crowded: every placement lets threads share PUs. */
enum status plan_check_placements(const struct plan_request *request, bool *crowded, struct error *error);
/* --scaling. */
enum status plan_check_scalings(const struct plan_request *request, struct error *error);

/* ---- plan_threads.c: how many threads ---- */

/* The thread counts of --threads, ascending, with 1 always among them (the base). `most`: the largest that
 * may be asked for. The caller frees `points`. */
enum status plan_threads(const char *spec, const struct topology *topology, int most,
    struct ladder_point **points, int *count, struct error *error);

/* ---- plan_places.c: where they go ---- */

/* Gives the cell its PUs, for its placement and threads, and counts what they share. */
void plan_place_cell(const struct topology *topology, struct cell *cell);

/* ---- plan_problem.c: which problem ---- */

/* A kernel of the run, its variants, and the problem that they all solve. */
struct plan_kernel {
    const struct worker_kernel *kernel; /* as the first worker describes it */
    const struct worker_variant **variant;
    int variant_count;
    const char *size; /* class name, "auto" or "own" */
    int64_t *shape;   /* kernel->dimension_count extents */
    char *options;    /* "method=zscore,missing=passthrough", every option in table order */
};

/* Resolves --kernel, --variants, --size, --shape and --set against `worker`. --size auto is left at the tiny
 * shape: growing it takes a worker's --cost (plan.c). Free with plan_kernels_free(). */
enum status plan_kernels(const struct plan_request *request, const struct worker *worker,
    struct plan_kernel **kernels, int *count, struct error *error);
void plan_kernels_free(struct plan_kernel *kernels, int count);

/* "m=1536,n=1536,k=1536"; under weak scaling the weak extents are multiplied by `threads`. NULL on overflow.
 * The caller frees. */
char *plan_shape_text(const struct plan_kernel *kernel, bool weak, int threads);

/* ---- plan_cost.c: what it takes ---- */

/* What plan_make() works with. */
struct planner {
    const struct plan_request *request;
    const struct machine *machine;
    const struct worker **worker; /* the chosen ones */
    int worker_count;
    const struct worker_list *workers;
    struct plan_kernel *kernel;
    int kernel_count;
    struct plan plan;
    struct worker_cost *cost; /* of each cell of the plan */
    struct cell probed;       /* priced to see whether it can run at all; no cell of the plan */
    struct worker_cost probed_cost;
    struct error *error;
};

/* The workers of --worker, or the best one, into planner->worker. (plan_choices.c) */
enum status plan_choose_workers(struct planner *planner);
/* Every chosen worker has every chosen kernel and type. (plan_choices.c) */
enum status plan_check_workers(const struct planner *planner);

/* Adds a priced cell to the plan, which takes it over; returns its id. (plan.c) */
int plan_append_cell(struct planner *planner, struct cell *cell, const struct worker_cost *cost);
/* Lists a cell as left out; takes it over. (plan.c) */
void plan_skip_cell(struct planner *planner, struct cell *cell, const char *why);

/* Enlarges the tiny shape of --size auto until the problem is far larger than the caches, or would no longer
 * fit the memory. */
enum status plan_grow_shape(struct planner *planner, struct plan_kernel *entry);

/* Fills in work, memory and what the caches hold. STATUS_USAGE if the problem cannot be solved or does not
 * fit. */
enum status plan_price_cell(
    struct planner *planner, const struct worker *worker, struct cell *cell, struct worker_cost *cost);

/* ---- plan_ceilings.c: what bounds it ---- */

/* Adds the ceilings that the cells refer to. One that cannot be measured is listed as skipped. */
void plan_add_ceilings(struct planner *planner);

/* ---- words.c: a cell in the words of a worker ---- */

struct words {
    char **word; /* NULL-terminated */
    size_t count;
};

void words_add(struct words *words, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* kernel, variant, type, shape, options, threads and cache sizes. */
void words_add_problem(struct words *words, const struct cell *cell, const struct machine *machine);
void words_free(struct words *words);

#endif
