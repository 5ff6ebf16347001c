/* Threads that are not the team's are found, bound in the order of their ids, and read back. The unit is
 * included, and not linked: here, without OpenMP, the team is the test's own thread. */
#pragma GCC diagnostic ignored "-Wunknown-pragmas"
#include "harness/worker/binding.c"

#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

enum { HELPERS = 3, TEAM = 1 };

static pthread_t helpers[HELPERS];
static pid_t helper_ids[HELPERS];
static pthread_mutex_t hold = PTHREAD_MUTEX_INITIALIZER;
static sem_t started;
static char why[256];
static int others; /* threads that a sanitizer keeps: older than the helpers, so they come first */

static void *wait_for_the_end(void *id)
{
    *(pid_t *)id = gettid();
    sem_post(&started);
    pthread_mutex_lock(&hold);
    pthread_mutex_unlock(&hold);
    return NULL;
}

static void start_helper(pthread_t *helper, pid_t *id)
{
    if (pthread_create(helper, NULL, wait_for_the_end, id) != 0)
        abort();
    sem_wait(&started);
}

static cpu_set_t allowed; /* at the start, before anything here is bound */

static int start_helpers(void **state)
{
    (void)state;
    assert_int_equal(sched_setaffinity(0, sizeof allowed, &allowed), 0);
    pthread_mutex_lock(&hold);
    for (int h = 0; h < HELPERS; h++)
        start_helper(&helpers[h], &helper_ids[h]);
    return 0;
}

static int end_helpers(void **state)
{
    (void)state;
    pthread_mutex_unlock(&hold);
    for (int h = 0; h < HELPERS; h++)
        pthread_join(helpers[h], NULL);
    return 0;
}

/* The PUs that this process may use, the first two of them; the same one twice where there is no second. */
static void two_pus(int pus[2])
{
    int found = 0;
    for (int pu = 0; pu < CPU_SETSIZE && found < 2; pu++)
        if (CPU_ISSET((size_t)pu, &allowed))
            pus[found++] = pu;
    assert_true(found > 0);
    if (found == 1)
        pus[1] = pus[0];
}

static bool is_alone_on(pid_t thread, int pu)
{
    return look(thread, pu).mask_right;
}

static void unbound_strangers_are_counted(void **state)
{
    (void)state;
    int strangers = -1;
    assert_true(binding_bind_strangers(TEAM, NULL, &strangers, why, sizeof why));
    assert_int_equal(strangers, others + HELPERS);
}

/* pus of two for a team of which one thread exists: visit_strangers() takes both, as with a real team. */
static void strangers_are_bound_in_turn_and_read_back(void **state)
{
    (void)state;
    int pus[2], strangers = -1;
    two_pus(pus);
    assert_true(binding_bind_strangers(2, pus, &strangers, why, sizeof why));
    assert_int_equal(strangers, others + HELPERS);
    for (int h = 0; h < HELPERS; h++)
        assert_true(is_alone_on(helper_ids[h], pus[(1 + others + h) % 2]));
    assert_true(visit_strangers(2, pus, false, &strangers, why, sizeof why));
}

static void a_stranger_that_moved_is_named(void **state)
{
    (void)state;
    int pus[2], strangers = -1, seen, delivered;
    two_pus(pus);
    if (pus[0] == pus[1])
        skip(); /* nowhere to move */
    assert_true(binding_form_team(TEAM, pus, &seen, &delivered, why, sizeof why));
    assert_true(binding_bind_strangers(TEAM, pus, &strangers, why, sizeof why));
    assert_true(binding_read_back(TEAM, pus, &seen, &delivered, why, sizeof why));
    assert_int_equal(bind_thread(helper_ids[1], pus[1]), 0);
    assert_false(binding_read_back(TEAM, pus, &seen, &delivered, why, sizeof why));
    char name[64];
    snprintf(name, sizeof name, "thread %ld of a library should be on PU %d", (long)helper_ids[1], pus[0]);
    assert_non_null(strstr(why, name));
}

/* ThreadSanitizer starts threads with attributes of its own. */
#if defined(__has_feature)
#    if __has_feature(thread_sanitizer)
#        define WITHOUT_DEFAULT_MASK
#    endif
#endif
#if !defined(__GLIBC__) || defined(__SANITIZE_THREAD__)
#    define WITHOUT_DEFAULT_MASK
#endif

#ifndef WITHOUT_DEFAULT_MASK
static void a_thread_that_comes_later_keeps_off_the_callers_pu(void **state)
{
    (void)state;
    int pus[2], strangers;
    pid_t id;
    pthread_t late;
    two_pus(pus);
    assert_int_equal(bind_thread(0, pus[0]), 0);
    assert_true(binding_bind_strangers(2, pus, &strangers, why, sizeof why));
    start_helper(&late, &id);
    bool kept_off = is_alone_on(id, pus[1]);
    pthread_mutex_unlock(&hold);
    pthread_join(late, NULL);
    pthread_mutex_lock(&hold);
    assert_true(kept_off);
}
#endif

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(unbound_strangers_are_counted, start_helpers, end_helpers),
        cmocka_unit_test_setup_teardown(
            strangers_are_bound_in_turn_and_read_back, start_helpers, end_helpers),
        cmocka_unit_test_setup_teardown(a_stranger_that_moved_is_named, start_helpers, end_helpers),
#ifndef WITHOUT_DEFAULT_MASK
        cmocka_unit_test_setup_teardown(
            a_thread_that_comes_later_keeps_off_the_callers_pu, start_helpers, end_helpers),
#endif
    };
    if (sched_getaffinity(0, sizeof allowed, &allowed) != 0)
        return 77; /* more PUs than the fixed set holds */
    sem_init(&started, 0, 0);
    /* A sanitizer's thread comes with the first of ours. */
    start_helper(&helpers[0], &helper_ids[0]);
    pthread_join(helpers[0], NULL);
    if (!visit_strangers(TEAM, NULL, false, &others, why, sizeof why))
        return 1;
    return cmocka_run_group_tests(tests, NULL, NULL);
}
