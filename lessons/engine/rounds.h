/* Rounds: in each, every condition once, in an order drawn anew. The first round warms up and is dropped. */
#ifndef ACELERA_LESSON_ROUNDS_H
#define ACELERA_LESSON_ROUNDS_H

#include "harness/base/status.h"
#include "lessons/lesson.h"

struct rounds_order {
    const char *worker;
    const struct classroom *room;
    const struct lesson_plan *plan;
    bool capacity; /* measured in every round too */
    /* Do the rounds so far lack what a few more could give? Asked when the time is up; NULL: never. Must not
     * look at what speaks for a claim or against it. */
    bool (*lacking)(void *context, const struct observations *all);
    void *lacking_context;
    void (*progress)(void *context, double share);
    void *context;
};

struct rounds_result {
    struct observations observations;
    double capacity[ROUNDS_MAX]; /* of each round; NaN not measured */
    double seconds;              /* that all of it took */
    char failure[300];           /* why it was given up: a condition fails again and again; "" it was not */
};

/* At least VERDICT_ROUNDS rounds, and as many more as fit into the room's seconds (those, and half of them
 * again, where rounds are lacking), ROUNDS_MAX at most. Gives up, with what there is, when a condition has
 * failed three times, three trials failed in a row, or the time is up three times over. Statuses as
 * trial_run(). Free the observations in any case. */
enum status rounds_run(const struct rounds_order *order, struct rounds_result *result, struct error *error);

#endif
