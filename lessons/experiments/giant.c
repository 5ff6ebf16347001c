#include "lessons/experiments/giant.h"

#include <errno.h>
#include <time.h>

bool giant_make(struct giant *giant, double interval_s)
{
    pthread_condattr_t attributes;
    *giant = (struct giant){.last_holder = -1, .interval_ns = (int64_t)(1e9 * interval_s)};
    if (pthread_condattr_init(&attributes) != 0)
        return false;
    bool good = pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0 &&
                pthread_mutex_init(&giant->mutex, NULL) == 0 &&
                pthread_cond_init(&giant->freed, &attributes) == 0 &&
                pthread_cond_init(&giant->taken, &attributes) == 0;
    pthread_condattr_destroy(&attributes);
    return good;
}

void giant_destroy(struct giant *giant)
{
    pthread_cond_destroy(&giant->freed);
    pthread_cond_destroy(&giant->taken);
    pthread_mutex_destroy(&giant->mutex);
}

static struct timespec after(int64_t ns)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    ns += t.tv_nsec;
    t.tv_sec += ns / 1000000000;
    t.tv_nsec = ns % 1000000000;
    return t;
}

bool giant_take(struct giant *giant, int thread)
{
    bool waited = false;
    pthread_mutex_lock(&giant->mutex);
    while (giant->held) {
        waited = true;
        int64_t before = giant->handed_over;
        struct timespec end = after(giant->interval_ns);
        int outcome = 0;
        while (giant->held && outcome != ETIMEDOUT)
            outcome = pthread_cond_timedwait(&giant->freed, &giant->mutex, &end);
        if (giant->held && giant->handed_over == before)
            atomic_store_explicit(&giant->wanted, true, memory_order_relaxed);
    }
    giant->held = true;
    giant->handed_over += giant->last_holder >= 0 && giant->last_holder != thread;
    giant->last_holder = thread;
    atomic_store_explicit(&giant->wanted, false, memory_order_relaxed);
    pthread_cond_signal(&giant->taken);
    pthread_mutex_unlock(&giant->mutex);
    return waited;
}

void giant_release(struct giant *giant)
{
    pthread_mutex_lock(&giant->mutex);
    giant->held = false;
    pthread_cond_signal(&giant->freed);
    /* Whoever asked takes it before we can ask again. */
    while (giant_is_wanted(giant))
        pthread_cond_wait(&giant->taken, &giant->mutex);
    pthread_mutex_unlock(&giant->mutex);
}
