/* What stands beside a time is what happened: waiting for a CPU, throttling, steal. The units are included,
 * and not linked: here, without OpenMP, the team is the test's own thread. */
#pragma GCC diagnostic ignored "-Wunknown-pragmas"
#include "harness/worker/host.c"
#include "harness/worker/sentinels.c"

#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>

#include <cmocka.h>

static char scratch[2][64];

static int make_files(void **state)
{
    (void)state;
    for (int f = 0; f < 2; f++) {
        strcpy(scratch[f], "/tmp/acelera-test-XXXXXX");
        int fd = mkstemp(scratch[f]);
        if (fd < 0)
            return -1;
        close(fd);
    }
    return 0;
}

static int remove_files(void **state)
{
    (void)state;
    return unlink(scratch[0]) + unlink(scratch[1]);
}

static void set_file(int f, const char *content)
{
    FILE *file = fopen(scratch[f], "w");
    assert_non_null(file);
    assert_true(fputs(content, file) >= 0);
    fclose(file);
}

/* ---- threads ---- */

static void busy_and_on_cpu_time_come_from_stamps_and_waiting(void **state)
{
    (void)state;
    struct sentinel_thread thread[3] = {{.off_cpu_s = 0}, {.off_cpu_s = 0.5}, {.off_cpu_s = 0.25}};
    struct sentinels sentinels = {.thread = thread, .threads = 3};
    struct kernel_lane *lanes = aligned_alloc(_Alignof(struct kernel_lane), 3 * sizeof *lanes);
    struct sentinel_reading reading;
    assert_non_null(lanes);
    lanes[0].busy_ns = 600000000;
    lanes[1].busy_ns = 1000000000;
    lanes[2].busy_ns = 800000000;
    read_team(&sentinels, lanes, 1, &reading);
    assert_true(fabs(reading.busy_max_s - 1) < 1e-9 && fabs(reading.busy_mean_s - 0.8) < 1e-9);
    /* 0.6 · 1, 1 · 0.5 (the others wait for it: all of its half second is missing), 0.8 · 0.75 */
    assert_true(fabs(reading.on_cpu_max_s - 0.6) < 1e-9);
    assert_true(fabs(reading.on_cpu_mean_s - (0.6 + 0.5 + 0.6) / 3) < 1e-9);
    assert_true(fabs(reading.off_cpu_s - 0.5) < 1e-9);
    thread[0].off_cpu_s = NAN; /* one that is unknown makes the team unknown, whatever comes after it */
    read_team(&sentinels, lanes, 1, &reading);
    assert_true(isnan(reading.on_cpu_max_s) && isnan(reading.on_cpu_mean_s) && isnan(reading.off_cpu_s));
    assert_true(fabs(reading.busy_max_s - 1) < 1e-9);
    free(lanes);
}

static void no_more_than_the_region_is_off_cpu(void **state)
{
    (void)state;
    assert_true(off_cpu_s(0, 3000000000, 2) == 2);
    assert_true(off_cpu_s(1000000000, 1500000000, 2) == 0.5);
    assert_true(isnan(off_cpu_s(-1, 5, 2)) && isnan(off_cpu_s(5, -1, 2)) && isnan(off_cpu_s(5, 4, 2)));
}

static void waiting_that_is_not_counted_is_unknown(void **state)
{
    (void)state;
    int fd = open(scratch[0], O_RDONLY | O_CLOEXEC);
    set_file(0, "5000 700 3\n");
    assert_int_equal(waited_ns(fd), 700);
    set_file(0, "0 0 0\n"); /* a kernel without the counts */
    assert_int_equal(waited_ns(fd), -1);
    set_file(0, "");
    assert_int_equal(waited_ns(fd), -1);
    assert_int_equal(waited_ns(-1), -1);
    close(fd);
    struct sentinel_thread thread = {.wait_fd = -1, .clock = CLOCK_THREAD_CPUTIME_ID};
    assert_int_equal(without_cpu_ns(&thread, false), -1);
    assert_true(without_cpu_ns(&thread, true) > 0); /* this thread was not always there */
}

static atomic_bool over;
static cpu_set_t allowed;

static void *compete(void *pu)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET((size_t) * (int *)pu, &set);
    sched_setaffinity(0, sizeof set, &set);
    while (!atomic_load(&over)) {
    }
    return NULL;
}

/* Until the calling thread had so much processor time and lost its PU to another thread: a span of the wall
 * clock would do on an idle machine only. */
static void spin_and_be_preempted(long cpu_ns)
{
    struct rusage usage;
    struct timespec cpu;
    getrusage(RUSAGE_THREAD, &usage);
    long switches = usage.ru_nivcsw;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
    int64_t end_ns = (int64_t)cpu.tv_sec * 1000000000 + cpu.tv_nsec + cpu_ns;
    do {
        getrusage(RUSAGE_THREAD, &usage);
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &cpu);
    } while ((int64_t)cpu.tv_sec * 1000000000 + cpu.tv_nsec < end_ns || usage.ru_nivcsw == switches);
}

/* Two threads that never sleep share one PU: each has to wait, by either way of telling. */
static void competitor_on_the_same_pu_is_seen(void **state)
{
    (void)state;
    pthread_t competitor;
    int pu = 0;
    cpu_set_t set;
    assert_int_equal(sched_getaffinity(0, sizeof allowed, &allowed), 0);
    while (!CPU_ISSET((size_t)pu, &allowed))
        pu++;
    CPU_ZERO(&set);
    CPU_SET((size_t)pu, &set);
    assert_int_equal(sched_setaffinity(0, sizeof set, &set), 0);
    atomic_store(&over, false);
    assert_int_equal(pthread_create(&competitor, NULL, compete, &pu), 0);
    for (int way = 0; way < 2; way++) {
        struct sentinels sentinels;
        struct sentinel_reading reading;
        struct kernel_lane lane = {.busy_ns = 0};
        assert_true(sentinels_open(&sentinels, 1, true, &pu, true, NULL, 0));
        if (way == 1 && sentinels.thread[0].wait_fd >= 0) {
            close(sentinels.thread[0].wait_fd);
            sentinels.thread[0].wait_fd = -1;
        }
        sentinels_begin(&sentinels);
        int64_t begin_ns = kernel_now_ns();
        lane_begin(&lane);
        spin_and_be_preempted(100000000);
        lane_end(&lane);
        int64_t region_ns = kernel_now_ns() - begin_ns;
        sentinels_end(&sentinels, &lane, region_ns, &reading);
        assert_true(reading.off_cpu_s > 0 && reading.off_cpu_s <= 1e-9 * (double)region_ns);
        assert_true(reading.on_cpu_max_s > 0 && reading.on_cpu_max_s < reading.busy_max_s);
        assert_int_equal(reading.migrations, 0);
        int other;
        assert_true(sentinels_same_team(&sentinels, &other));
        sentinels.thread[0].id++;
        assert_false(sentinels_same_team(&sentinels, &other));
        assert_int_equal(other, 0);
        sentinels_close(&sentinels);
    }
    /* Who computes need not be in the team: then how long one waited is known, and no more. */
    struct sentinels library;
    struct sentinel_reading reading;
    assert_true(sentinels_open(&library, 1, false, &pu, true, NULL, 0));
    sentinels_watch_others(&library);
    assert_int_equal(library.watched, 2);
    bool counted = library.thread[0].wait_fd >= 0;
    sentinels_begin(&library);
    int64_t begin_ns = kernel_now_ns();
    spin_and_be_preempted(100000000);
    int64_t region_ns = kernel_now_ns() - begin_ns;
    sentinels_end(&library, NULL, region_ns, &reading);
    assert_true(isnan(reading.busy_max_s) && isnan(reading.on_cpu_max_s));
    assert_true(counted ? reading.off_cpu_s > 0 && reading.off_cpu_s <= 1e-9 * (double)region_ns
                        : isnan(reading.off_cpu_s));
    sentinels_close(&library);
    atomic_store(&over, true);
    pthread_join(competitor, NULL);
    assert_int_equal(sched_setaffinity(0, sizeof allowed, &allowed), 0);
}

static void threads_of_a_library_are_unknown_until_they_are_watched(void **state)
{
    (void)state;
    struct sentinels sentinels;
    struct sentinel_reading reading;
    assert_true(sentinels_open(&sentinels, 1, false, NULL, true, NULL, 0));
    sentinels_begin(&sentinels);
    sentinels_end(&sentinels, NULL, 1000, &reading);
    assert_true(isnan(reading.busy_max_s) && isnan(reading.on_cpu_mean_s) && isnan(reading.off_cpu_s));
    assert_true(reading.migrations == -1 && reading.cpu_s >= 0 && isnan(reading.host.steal_s));
    sentinels_close(&sentinels);
}

static void migrations_are_counted_where_the_kernel_tells(void **state)
{
    (void)state;
    int fd = open(scratch[0], O_RDONLY | O_CLOEXEC);
    set_file(0, "x (1, #threads: 1)\nse.nr_migrations        :        12\nother : 5\n");
    assert_int_equal(moves_of(fd), 12);
    set_file(0, "x (1, #threads: 1)\n");
    assert_int_equal(moves_of(fd), -1);
    close(fd);
}

/* ---- the host ---- */

static void throttling_of_the_worst_group_counts(void **state)
{
    (void)state;
    const char *const paths[] = {scratch[0], scratch[1], "/nowhere/cpu.stat"};
    struct host host;
    struct host_reading reading;
    set_file(0, "nr_throttled 1\nthrottled_usec 500000\n");
    set_file(1, "nr_throttled 1\nthrottled_time 1000000000\n");
    assert_true(host_open(&host, NULL, 1, paths, 3));
    host_start(&host);
    set_file(0, "nr_throttled 2\nthrottled_usec 600000\n");
    host_begin(&host);
    set_file(0, "nr_throttled 2\nthrottled_usec 750000\n");
    set_file(1, "nr_throttled 2\nthrottled_time 1100000000\n");
    host_end(&host, 1000, &reading);
    assert_true(fabs(reading.throttled_s - 0.15) < 1e-9 && isnan(reading.steal_s));
    host_total(&host, &reading);
    assert_true(fabs(reading.throttled_s - 0.25) < 1e-9);
    host_close(&host);
}

static void groups_without_the_count_are_unknown(void **state)
{
    (void)state;
    const char *const paths[] = {scratch[0]};
    struct host host;
    struct host_reading reading;
    set_file(0, "usage_usec 5\nnot_throttled_usec 7\n");
    assert_true(host_open(&host, NULL, 1, paths, 1));
    host_begin(&host);
    host_end(&host, 1000, &reading);
    assert_true(isnan(reading.throttled_s));
    host_close(&host);
}

static const char stat_before[] = "cpu  1 1 1 1 1 1 1 900 0 0\ncpu0 1 1 1 1 1 1 1 100 0 0\n"
                                  "cpu1 1 1 1 1 1 1 1 500 0 0\ncpu12 1 1 1 1 1 1 1 300 0 0\nintr 5\ncpu1 9\n";
static const char stat_after[] = "cpu  1 1 1 1 1 1 1 999 0 0\ncpu0 1 1 1 1 1 1 1 100 0 0\n"
                                 "cpu1 1 1 1 1 1 1 1 900 0 0\ncpu12 1 1 1 1 1 1 1 340 0 0\nintr 5\ncpu1 9\n";

/* Of the PUs 0 and 12 the second lost 40 ticks; PU 1 is not the team's. */
static void steal_is_of_the_worst_pu_of_the_team(void **state)
{
    (void)state;
    const int pus[] = {12, 0};
    struct host host;
    struct host_reading reading;
    set_file(0, stat_before);
    assert_true(host_open(&host, pus, 2, NULL, 0));
    close(host.stat_fd);
    host.stat_fd = open(scratch[0], O_RDONLY | O_CLOEXEC);
    host_start(&host);
    set_file(0, stat_after);
    host_end(&host, 1000000, &reading); /* too short a time to ask */
    assert_true(isnan(reading.steal_s));
    int64_t ticks = 40;
    host.last_ns -= 1000000000; /* the last reading was a second ago or more; half a second is this region */
    int64_t last_ns = host.last_ns;
    host_end(&host, 500000000, &reading);
    double share = 500000000 / (double)(host.last_ns - last_ns);
    assert_true(share > 0 && share <= 0.5);
    assert_true(fabs(reading.steal_s - share * host.tick_s * (double)ticks) < 1e-9);
    host_end(&host, 500000000, &reading); /* nothing since */
    assert_true(reading.steal_s == 0);
    host_total(&host, &reading);
    assert_true(fabs(reading.steal_s - host.tick_s * (double)ticks) < 1e-9);
    set_file(0, "cpu  1 1 1 1 1 1 1 999 0 0\ncpu0 1 1 1 1 1 1 1 100 0 0\n"); /* PU 12 went offline */
    host_total(&host, &reading);
    assert_true(isnan(reading.steal_s));
    set_file(0, "cpu  1 1\ncpu0 1 1\ncpu12 1 1 1\n"); /* a kernel from before steal was counted */
    host_total(&host, &reading);
    assert_true(isnan(reading.steal_s));
    host_close(&host);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(busy_and_on_cpu_time_come_from_stamps_and_waiting),
        cmocka_unit_test(no_more_than_the_region_is_off_cpu),
        cmocka_unit_test(waiting_that_is_not_counted_is_unknown),
        cmocka_unit_test(competitor_on_the_same_pu_is_seen),
        cmocka_unit_test(threads_of_a_library_are_unknown_until_they_are_watched),
        cmocka_unit_test(migrations_are_counted_where_the_kernel_tells),
        cmocka_unit_test(throttling_of_the_worst_group_counts),
        cmocka_unit_test(groups_without_the_count_are_unknown),
        cmocka_unit_test(steal_is_of_the_worst_pu_of_the_team),
    };
    return cmocka_run_group_tests(tests, make_files, remove_files);
}
