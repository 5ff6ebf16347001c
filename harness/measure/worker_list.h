/* The workers that are installed, as they describe themselves. The harness knows a kernel by this
 * description, never by its functions. */
#ifndef ACELERA_WORKER_LIST_H
#define ACELERA_WORKER_LIST_H

#include "harness/base/cell.h"
#include "harness/base/status.h"

#include <stdbool.h>
#include <stdint.h>

enum { SIZE_CLASSES = 5 };
extern const char *const size_class_names[SIZE_CLASSES]; /* tiny … huge */

struct worker_dimension {
    char *key, *meaning, *same_as; /* same_as: "" none */
    int64_t by_size[SIZE_CLASSES];
    bool weak, grows;
};

struct worker_option {
    char *key, *meaning;
    char **choices; /* choice_count entries, the first is the default; 0: free text */
    int choice_count;
};

struct worker_variant {
    char *name, *what, *why;
    bool is_default;
    bool own_threads; /* computes on threads of a library, not on the team's */
};

struct worker_kernel {
    char *name, *summary;
    bool is_ceiling; /* measures a limit of the machine, not a workload */
    enum cell_rate rate;
    char *table_rows, *table_columns; /* the extents that --data gives; "" if it takes no table */
    bool table_finite;                /* refuses NaN and infinities, */
    double table_largest;             /* and numbers beyond; the most that one of its types takes */
    char **types;                     /* "f32", "f64" */
    int type_count;
    struct worker_dimension *dimension;
    int dimension_count;
    struct worker_option *option;
    int option_count;
    struct worker_variant *variant; /* as a ladder */
    int variant_count;
};

struct worker {
    char *path;
    char *name;    /* "x86-64-v3-gomp" */
    char *level;   /* "x86-64-v3" */
    char *runtime; /* gomp omp serial */
    char *compiler, *flags;
    char *openmp;  /* the version as the compiler has it, "201511"; "" for serial */
    bool runnable; /* this CPU has everything it needs */
    char *missing; /* "avx512f avx512bw", "" if runnable */
    struct worker_kernel *kernel;
    int kernel_count;
};

struct worker_list {
    struct worker *worker; /* best first: runnable before not, higher level first, gomp omp serial; native,
                              which cannot be compared by name between machines, after the named levels */
    int count;
    char **left_out; /* "FILE: why" for each that did not describe itself */
    int left_out_count;
    char *searched; /* the folders looked in, for messages */
};

/* Finds acelera-worker-* beside the program, in ../libexec/acelera, and in $ACELERA_WORKER_PATH (colon-
 * separated, searched first), and asks each to describe itself. A file that does not answer is left out and
 * listed. STATUS_FAILED if there is none. */
enum status worker_list_find(struct worker_list *list, struct error *error);
void worker_list_free(struct worker_list *list);

/* The path of another program of ours, found where workers are: `file` is its name. The caller frees. */
enum status worker_program_find(const char *file, char **path, struct error *error);

/* By name; NULL if there is none. */
const struct worker *worker_list_named(const struct worker_list *list, const char *name);
/* The best runnable parallel worker; the serial build of the same level as `worker`. NULL if none. */
const struct worker *worker_list_best(const struct worker_list *list);
const struct worker *worker_list_serial_of(const struct worker_list *list, const struct worker *worker);
const struct worker_kernel *worker_kernel_named(const struct worker *worker, const char *name);

/* What a worker says a problem takes. `fields` are KEY=VALUE words as for --run (harness/worker/README.md).
 * STATUS_USAGE with the worker's sentence if it rejects the problem. */
struct worker_ceiling {
    char kernel[64], variant[64];
    char type[8];   /* "": that of the row it bounds */
    int64_t extent; /* of its first dimension; 0: as its size class has it */
};

struct worker_cost {
    double flop, bytes, memory_bytes, cycles, regions, barriers;
    char unavailable[400]; /* why this variant cannot run here; "" if it can */
    struct worker_ceiling ceiling[CELL_CEILINGS_MAX];
    int ceiling_count;
};
enum status worker_cost_of(
    const struct worker *worker, const char *const *fields, struct worker_cost *cost, struct error *error);

#endif
