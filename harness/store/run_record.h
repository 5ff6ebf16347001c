/* A run directory, read back: the facts of run.json and the lines of samples.jsonl, and nothing derived.
 * Everything that a report says comes from this record. */
#ifndef ACELERA_RUN_RECORD_H
#define ACELERA_RUN_RECORD_H

#include "harness/base/cell.h"
#include "harness/base/status.h"

#include <stdbool.h>
#include <stddef.h>

/* What stands beside the time of one timed iteration. Seconds are for one call of run(); unknown is NaN. */
struct sample_record {
    double busy_max_s, busy_mean_s;     /* wall time between a thread's stamps: the longest, the mean */
    double on_cpu_max_s, on_cpu_mean_s; /* the same less the time that the thread had no CPU */
    double off_cpu_s;   /* the longest that one thread of the team wanted a CPU and had none */
    double throttled_s; /* the CPU quota held the process's group back: the sum over its PUs, so it may exceed
                           the time */
    double steal_s;     /* the hypervisor ran something else on a PU of the team; the most of one PU. Read in
                           ticks of 10 ms: unknown for most short samples */
    int involuntary_switches, minor_faults, migrations; /* −1 unknown */
};

/* One thread in the one iteration whose stamps are kept whole. */
struct lane_record {
    double busy_s, on_cpu_s; /* NaN unknown */
    int spans;               /* seen; only span_count are kept */
    int span_count;
    struct lane_span {
        double begin_s, end_s; /* from the begin of the timed region */
    } * span;
};

/* One worker process: one cell in one block. Block 0 is the pilot, which sets the iteration counts and is
 * not part of any estimate. */
struct process_record {
    int cell, block;
    size_t line;           /* of samples.jsonl, where it began; 0 unknown */
    int threads_delivered; /* 0: the team never formed */
    int *pus;              /* where each thread was seen, threads_delivered entries; NULL unknown */
    bool ended;            /* an end_process line is there */
    bool done;             /* ended well: both checks passed */
    bool check_failed;
    bool interrupted; /* stopped from outside: neither a result nor a failure */
    char *error;      /* NULL, or what went wrong */
    char *note;       /* what the worker says of this process: the library that computed; NULL nothing */
    int position;     /* in the order of its block; −1 unknown */
    double setup_s;   /* from its start until the team was bound and the data were there; NaN unknown */
    double wall_s;    /* of the whole process; NaN unknown */
    long repeat;      /* calls of run() in one timed region; 1 unknown */
    double timed_throttled_s, timed_steal_s; /* over all timed iterations together; NaN unknown */
    double clock_ghz;             /* of the slowest thread, right after the timed iterations; NaN unknown */
    char digest_before[20];       /* of the check before the timed iterations; "" none */
    char digest[20];              /* of the last check; "" none */
    double *seconds;              /* timed iterations, in order */
    struct sample_record *sample; /* beside each of them */
    size_t samples;
    double *warmup_s; /* iterations before the timed ones */
    size_t warmups;
    struct lane_record *lane; /* one iteration's stamps, a lane a thread; NULL none */
    int lane_count;
    double lane_s; /* the time of that iteration's region, `repeat` calls together */
};

struct named_value {
    char *name, *value;
};

struct warning_record {
    char *id, *message, *remedy;
};

/* What the doctor found before the run. */
struct finding_record {
    char *id, *severity; /* severity: fine information warning unknown */
    char *found, *effect, *remedy;
};

struct run_record {
    char *id, *directory, *started;   /* started: ISO 8601 UTC */
    char *host, *cpu_model, *command; /* command: the line that reproduces the run */
    char *version;
    int usable_cores, usable_pus, packages, numa_nodes;
    double cpu_quota;              /* −1 none */
    double memory_available_bytes; /* −1 unknown */
    unsigned long long seed, order_seed;
    double budget_s, precision; /* precision as a fraction */
    double delta;               /* of a live comparison; 0 none, or an older program's */
    double quantile;            /* asked for beside the median; NaN none */
    double warm_s;              /* spun before the first block; 0 none */
    char data_digest[24];       /* of a person's own table; "" the data were made from the seed */
    bool over_budget;
    struct cell *cell;
    int cell_count;
    bool *dropped; /* per cell: left out after the pilot, and listed in `skipped` */
    struct skipped_cell *skipped;
    int skipped_count;
    struct named_value *environment; /* compiler, flags, kernel, … in file order */
    int environment_count;
    struct warning_record *warning;
    int warning_count;
    struct finding_record *finding; /* none in runs that did not look */
    int finding_count;

    struct process_record *process;
    size_t process_count;
    int block_count;  /* highest block number seen; block 0 is the pilot */
    bool interrupted; /* no end_run line, or one that says so */
    char *end_reason; /* "" if there is no end_run line */
    double elapsed_s; /* of end_run; −1 unknown */
};

/* The run directory that a person means: the folder, with slashes after it or not, or its run.json. Owned by
 * the caller. */
char *run_record_directory(const char *given);

/* Reads a run directory, named in any of these ways. A torn last line is dropped; any other fault is one line
 * naming file and line. */
enum status run_record_read(const char *directory, struct run_record *record, struct error *error);
/* The same with names left out, as if the run had begun so (anonymous.h); the files stay as they are. */
enum status run_record_read_unnamed(const char *directory, struct run_record *record, struct error *error);
void run_record_free(struct run_record *record);

/* For qsort() over pointers to process records: by cell, then by block. */
int process_record_order(const void *left, const void *right);

#endif
