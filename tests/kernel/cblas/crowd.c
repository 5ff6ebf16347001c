/* A CBLAS with a thread of its own, which it starts when it is loaded and which sleeps: where it is bound is
 * what the test looks at. */
#include "tests/kernel/cblas/right.c"

#include <pthread.h>
#include <unistd.h>

static void *sleep_on(void *nothing)
{
    for (;;)
        pause();
    return nothing;
}

static __attribute__((constructor)) void start(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, sleep_on, NULL) == 0)
        pthread_detach(thread);
}
