/* Runs a lesson's measuring: which CPUs are free, then rounds of its conditions in random order, until there
 * are enough or the time is up; then statistics and verdict. Prints nothing. */
#ifndef ACELERA_LESSON_RUN_H
#define ACELERA_LESSON_RUN_H

#include "harness/base/status.h"
#include "lessons/lesson.h"

struct lesson_run {
    struct machine machine; /* a copy on loan whose topology.spread is `order` */
    int *order;             /* busy CPUs last */
    struct classroom room;
    struct lesson_plan plan;
    struct observations observations;
    struct lesson_outcome outcome; /* points into what stands above it: a run is not copied */
    char failure[300];             /* why trials failed, if so many did that there is no verdict; "" */
};

/* What is known before anything is measured. `machine` must outlive the room. */
struct classroom classroom_of(const struct machine *machine, double seconds);

/* worker: path of acelera-worker-lessons. progress: called before each trial with a share 0…1; may be NULL.
 * Failed trials make a lesson inconclusive, with the reason; STATUS_INTERRUPTED after Ctrl-C, with no process
 * left behind; STATUS_FAILED only if the worker cannot be started at all. Free with lesson_run_free() in any
 * case. */
enum status lesson_measure(const struct lesson *lesson, const struct machine *machine, const char *worker,
    double seconds, void (*progress)(void *context, double share), void *context, struct lesson_run *run,
    struct error *error);
void lesson_run_free(struct lesson_run *run);

/* Statistics and verdict of a run whose outcome.lesson, room, plan, observations and failure are filled in:
 * for lesson_measure(), and for tests with observations that they made up. */
void lesson_judge(struct lesson_run *run);

/* The path of the lessons' worker: beside the program, in ../libexec/acelera, or in $ACELERA_WORKER_PATH. */
enum status lesson_worker_find(char **path, struct error *error);

extern const struct lesson *const lesson_list[]; /* NULL-terminated, in the order of the catalogue */
const struct lesson *lesson_named(const char *name);

#endif
