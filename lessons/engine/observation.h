/* What was observed: the stamps and counts of every condition of a lesson in every round. Numbers only; built
 * by the engine from what the workers say, or by a test.
 *
 * A missing number is NaN. */
#ifndef ACELERA_LESSON_OBSERVATION_H
#define ACELERA_LESSON_OBSERVATION_H

#include <stdbool.h>
#include <stdint.h>

enum { ROUNDS_MAX = 64, CONDITIONS_MAX = 24 };

enum span_kind { SPAN_WORK, SPAN_WAIT };

/* One stamped piece, in seconds from the begin of the trial. */
struct observed_span {
    double begin_s, end_s;
    int cpu;
    enum span_kind kind;
    bool locked_wait;
};

/* One thread of one process. */
struct observed_lane {
    int process, thread;
    int pu; /* where it was bound and found; −1 bound nowhere */
    double cpu_s, off_cpu_s;
    struct observed_span *span;
    int spans;
};

struct observed_value {
    char name[48], unit[16];
    int process;
    double value;
};

/* One condition in one round. */
struct observation {
    bool valid; /* false: it failed, `why` says how, and nothing else counts */
    char why[200];
    double wall_s;        /* from the first begin to the last end of its processes' timed parts */
    double cpu_s;         /* of all their threads together */
    double off_cpu_s;     /* of the thread that wanted a CPU in vain for longest */
    uint64_t checksum;    /* of process 0 */
    bool checksums_equal; /* in all its processes */
    struct observed_lane *lane;
    int lanes;
    struct observed_value *value;
    int values;
};

/* All rounds of a lesson: observation[round * conditions + condition]. */
struct observations {
    int rounds, conditions;
    struct observation *observation;
};

const struct observation *observation_at(const struct observations *all, int round, int condition);
void observation_clear(struct observation *observation); /* frees what it holds; then it is all zeroes */
void observations_free(struct observations *all);

/* The value of that name, of `process`; NaN if there is none. */
double observation_value(const struct observation *observation, const char *name, int process);

/* CPU time over wall time; NaN unknown. */
double observation_cpus_used(const struct observation *observation);

/* The median length of a lane's work chunks without a lock wait inside; NaN if it has none. */
double lane_median_chunk_s(const struct observed_lane *lane);

/* Simultaneity: of the work chunks that were not stretched beyond 1.5 × their lane's median and have no lock
 * wait inside, the share (0…1) that overlaps in time with such a chunk of another lane. 0 on one CPU,
 * whatever the number of threads. NaN if no chunk counts. */
double observation_overlap(const struct observation *observation);

#endif
