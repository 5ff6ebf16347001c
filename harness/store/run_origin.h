/* What a run directory says of the conditions it began under, beyond its record: what `resume` compares with
 * the conditions now, and needs to go on as before. Compares nothing itself. */
#ifndef ACELERA_RUN_ORIGIN_H
#define ACELERA_RUN_ORIGIN_H

#include "harness/machine/topology.h"
#include "harness/store/run_record.h"

struct origin_worker {
    char *name, *compiler, *flags, *openmp;
    long long bytes, mtime_ns; /* of its file; −1 unknown */
};

struct run_origin {
    double timeout_s, warm_s; /* of the request; 0 as there */
    int blocks;
    struct ladder_point *point;
    int point_count;
    bool comparable;
    int numa_nodes, packages;
    double cpu_quota;   /* −1 none */
    double l1d, l2, l3; /* bytes, 0 unknown */
    struct origin_worker *worker;
    int worker_count;
    char **kept;     /* variables that steer a BLAS library, NULL-terminated */
    char *data_path; /* of a person's own table; NULL none */
    char data_digest[24];

    long next_process; /* one more than the last that is mentioned */
    int blocks_planned;
    long *iterations; /* for each cell; NULL: the pilot had not come to its end */
};

/* `record`: of the same directory, read before. */
enum status run_origin_read(const struct run_record *record, struct run_origin *origin, struct error *error);
void run_origin_free(struct run_origin *origin);

#endif
