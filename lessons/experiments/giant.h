/* One lock for everything, held while computing and handed over when another thread has waited long enough:
 * the rule of CPython's global interpreter lock. A thread that finds it taken waits for one interval, then
 * asks for it; the holder notices between two pieces of work, lets go, and waits until somebody else has it.
 */
#ifndef ACELERA_GIANT_H
#define ACELERA_GIANT_H

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct giant {
    pthread_mutex_t mutex; /* guards what follows */
    pthread_cond_t freed, taken;
    bool held;
    int last_holder; /* −1 nobody yet */
    int64_t handed_over, interval_ns;
    atomic_bool wanted; /* read without the mutex */
};

/* False: out of resources. */
bool giant_make(struct giant *giant, double interval_s);
void giant_destroy(struct giant *giant);

/* True if it had to wait. */
bool giant_take(struct giant *giant, int thread);
void giant_release(struct giant *giant);

/* For the holder, between two pieces of work: has somebody waited long enough? */
static inline bool giant_is_wanted(struct giant *giant)
{
    return atomic_load_explicit(&giant->wanted, memory_order_relaxed);
}

#endif
