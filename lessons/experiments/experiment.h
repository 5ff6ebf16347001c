/* The contract of an experiment: one condition of a lesson, carried out by one process of the worker
 * `acelera-worker-lessons`.
 *
 * An experiment is real: real OpenMP threads, each bound to its PU and read back; real processes, each
 * started afresh by the engine; a real lock. It stamps what it did and judges nothing: verdicts are the
 * lessons' (lessons/lesson.h). It knows no lesson and no language, and prints nothing itself.
 *
 * The life of a process: prepare (untimed: memory, calibration) → all processes of the trial say that they
 * are ready → run (begins at the same moment in each of them) → all of them are done → report.
 */
#ifndef ACELERA_EXPERIMENT_H
#define ACELERA_EXPERIMENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { EXPERIMENT_VALUES_MAX = 64, EXPERIMENT_CHUNKS_MAX = 20000 };

/* One piece of work of 10–50 µs, or whatever a lane shows as one span. */
enum chunk_kind {
    CHUNK_WORK, /* computing */
    CHUNK_WAIT, /* waiting: for a device, a lock, the others */
};
struct experiment_chunk {
    int64_t begin_ns, end_ns; /* CLOCK_MONOTONIC: comparable between the processes of one machine */
    int cpu;                  /* where it ended (sched_getcpu) */
    enum chunk_kind kind;
    bool locked_wait; /* a wait for a lock lies inside: it does not count for simultaneity */
};

/* One thread of this process. 128-byte aligned: neighbours never share a line. Chunks past the capacity are
 * counted, not kept. */
struct experiment_lane {
    struct experiment_chunk *chunk; /* allocated and touched in advance, by its own thread */
    int count;                      /* chunks kept */
    int seen;                       /* chunks added */
    int64_t cpu_ns;                 /* CPU time of the thread inside run(), −1 unknown */
    int64_t off_cpu_ns;             /* wanted a CPU and had none inside run() (schedstat), −1 unknown */
    int64_t cpu_before_ns, off_cpu_before_ns; /* experiment_lane_begin() */
} __attribute__((aligned(128)));

struct experiment_value {
    char name[48]; /* "lost", as the lesson asks for it */
    char unit[16]; /* "s" "B/s" "1" (a pure number) */
    double value;  /* NaN unknown */
};

/* What one process of a trial is told. */
struct experiment_setup {
    int threads;            /* ≥ 1: the team that run() opens */
    const int *pus;         /* thread i is bound to pus[i]; NULL: bound nowhere */
    int process, processes; /* this one among those of the trial, from 0 */
    double seconds;         /* how long run() should take at most, about */
    uint64_t seed;
    unsigned char *shared; /* SHARED_BYTES zeroed bytes mapped by all processes of the trial; NULL: memory of
                              its own only */
    const char *const *words; /* further KEY=VALUE words of the condition, NULL-terminated */
};
enum { EXPERIMENT_SHARED_BYTES = 1 << 16 };

/* The value of KEY among the words, or `fallback`. Numbers that are none end the process with a line. */
const char *experiment_text(const struct experiment_setup *setup, const char *key, const char *fallback);
double experiment_number(const struct experiment_setup *setup, const char *key, double fallback);

/* What one process says when it is done. */
struct experiment_result {
    struct experiment_lane *lane; /* setup.threads of them, provided by the caller, cleared */
    struct experiment_value value[EXPERIMENT_VALUES_MAX];
    int values;
    uint64_t checksum; /* of the computed result: the same in every condition that does the same work */
    int64_t begin_ns, end_ns; /* of the timed part; left 0: around run() */
};
void experiment_add_value(struct experiment_result *result, const char *name, double value, const char *unit);

/* A stamped span on a lane. */
void experiment_add_chunk(
    struct experiment_lane *lane, enum chunk_kind kind, int64_t begin_ns, int64_t end_ns, bool locked_wait);

/* Called by the thread of the lane at the begin and at the end of its part of run(): they fill cpu_ns and
 * off_cpu_ns. */
void experiment_lane_begin(struct experiment_lane *lane);
void experiment_lane_end(struct experiment_lane *lane);

struct experiment {
    const char *name; /* as in experiment_list.h */
    const char *what; /* one line; the words that it understands */
    /* Memory and calibration, untimed. *state is passed on. NULL, or a static sentence that says why not. May
     * be NULL. */
    const char *(*prepare)(const struct experiment_setup *setup, void **state);
    /* The timed part. NULL, or a static sentence. */
    const char *(*run)(const struct experiment_setup *setup, void *state, struct experiment_result *result);
    void (*release)(void *state); /* may be NULL */
};

/* ---- work for all experiments (work.c) ---- */

/* A chunk of pure computing that takes about `rounds` × 1 ns and cannot be optimised away or vectorised: each
 * step depends on the one before. Returns the new state; begin with any number. */
uint64_t work_compute(uint64_t state, int64_t rounds);

/* Rounds of work_compute() that take about `seconds` here and now on an undisturbed CPU: the fastest of many
 * short windows. */
int64_t work_calibrate(double seconds);

int64_t work_now_ns(void); /* CLOCK_MONOTONIC */
int64_t work_thread_cpu_ns(void);

#endif
