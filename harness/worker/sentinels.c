/* The kernel counts for each thread how long it was ready to run and had to wait (the second number of its
 * schedstat): preempted by others, throttled by a quota, or woken and not yet there. Where it does not count,
 * the time of a thread that never sleeps is all it had less its CPU time. Reading another thread's file costs
 * a fraction of a microsecond and does not disturb it. */
#include "harness/worker/sentinels.h"
#include "kernels/team.h"

#include <dirent.h>
#include <fcntl.h>
#include <math.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/resource.h>
#include <unistd.h>

/* ---- one thread ---- */

/* A file of a thread of this process, opened so that the initial thread can read it later. */
static int open_of(pid_t id, const char *name)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/self/task/%ld/%s", (long)id, name);
    return open(path, O_RDONLY | O_CLOEXEC);
}

/* "RAN WAITED TIMES", in nanoseconds; −1 where the kernel does not count: then it has never seen the thread
 * start. */
static int64_t waited_ns(int fd)
{
    char text[128];
    unsigned long long ran, waited, times;
    ssize_t length = fd >= 0 ? pread(fd, text, sizeof text - 1, 0) : -1;
    text[length > 0 ? length : 0] = '\0';
    if (sscanf(text, "%llu %llu %llu", &ran, &waited, &times) != 3 || times == 0)
        return -1;
    return (int64_t)waited;
}

static int64_t without_cpu_ns(const struct sentinel_thread *thread, bool spinning)
{
    struct timespec cpu;
    if (thread->wait_fd >= 0)
        return waited_ns(thread->wait_fd);
    if (!spinning || clock_gettime(thread->clock, &cpu) != 0)
        return -1;
    return kernel_now_ns() - ((int64_t)cpu.tv_sec * 1000000000 + cpu.tv_nsec);
}

/* A thread that waited at the first reading and went on waiting brings the time before the region along, so
 * no more than the region counts. */
static double off_cpu_s(int64_t before_ns, int64_t after_ns, double region_s)
{
    if (before_ns < 0 || after_ns < before_ns)
        return NAN;
    return fmin(1e-9 * (double)(after_ns - before_ns), region_s);
}

/* The thread as it is watched from now on. */
static struct sentinel_thread watch(pid_t id)
{
    struct sentinel_thread thread = {
        .id = id, .clock = -1, .wait_fd = open_of(id, "schedstat"), .move_fd = -1};
    if (thread.wait_fd >= 0 && waited_ns(thread.wait_fd) < 0) {
        close(thread.wait_fd);
        thread.wait_fd = -1;
    }
    return thread;
}

/* How often the thread went to another PU. −1 unknown. */
static long moves_of(int fd)
{
    char text[4096];
    ssize_t length = fd >= 0 ? pread(fd, text, sizeof text - 1, 0) : -1;
    text[length > 0 ? length : 0] = '\0';
    const char *at = strstr(text, "nr_migrations");
    at = at != NULL ? strchr(at, ':') : NULL;
    return at != NULL ? strtol(at + 1, NULL, 10) : -1;
}

/* ---- the team ---- */

bool sentinels_open(struct sentinels *sentinels, int threads, bool own, const int *pus, bool spinning,
    const char *const *throttle_paths, int throttle_count)
{
    *sentinels = (struct sentinels){.bound = pus != NULL, .spinning = spinning};
    if (!host_open(&sentinels->host, pus, threads, throttle_paths, throttle_count))
        return false;
    if (!own)
        return true;
    struct sentinel_thread *thread = calloc((size_t)threads, sizeof *thread);
    if (thread == NULL) {
        host_close(&sentinels->host);
        return false;
    }
#pragma omp parallel num_threads(threads)
    {
        struct sentinel_thread *self = &thread[team_rank()];
        *self = watch(gettid());
        if (pthread_getcpuclockid(pthread_self(), &self->clock) != 0)
            self->clock = -1;
        if (pus == NULL)
            self->move_fd = open_of(self->id, "sched");
    }
    sentinels->thread = thread;
    sentinels->watched = sentinels->threads = threads;
    return true;
}

void sentinels_watch_others(struct sentinels *sentinels)
{
    DIR *tasks = opendir("/proc/self/task");
    for (const struct dirent *entry; tasks != NULL && (entry = readdir(tasks)) != NULL;) {
        pid_t id = (pid_t)strtol(entry->d_name, NULL, 10);
        size_t count = (size_t)sentinels->watched + 1;
        struct sentinel_thread *grown = id > 0 ? realloc(sentinels->thread, count * sizeof *grown) : NULL;
        if (grown == NULL)
            continue;
        sentinels->thread = grown;
        grown[sentinels->watched++] = watch(id);
    }
    if (tasks != NULL)
        closedir(tasks);
}

void sentinels_close(struct sentinels *sentinels)
{
    for (int t = 0; t < sentinels->watched; t++) {
        if (sentinels->thread[t].wait_fd >= 0)
            close(sentinels->thread[t].wait_fd);
        if (sentinels->thread[t].move_fd >= 0)
            close(sentinels->thread[t].move_fd);
    }
    free(sentinels->thread);
    host_close(&sentinels->host);
    *sentinels = (struct sentinels){.thread = NULL};
}

static long moves_of_team(const struct sentinels *sentinels)
{
    long sum = sentinels->threads == 0 ? -1 : 0;
    if (sentinels->bound)
        return sum; /* each thread has one PU, and is read back on it */
    for (int t = 0; t < sentinels->threads && sum >= 0; t++) {
        long moves = moves_of(sentinels->thread[t].move_fd);
        sum = moves < 0 ? -1 : sum + moves;
    }
    return sum;
}

/* CPU time from its own clock: rusage counts in clock ticks here and there. */
static double process_cpu_s(void)
{
    struct timespec cpu;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &cpu);
    return (double)cpu.tv_sec + 1e-9 * (double)cpu.tv_nsec;
}

void sentinels_begin(struct sentinels *sentinels)
{
    struct rusage usage;
    sentinels->migrations = moves_of_team(sentinels);
    host_begin(&sentinels->host);
    for (int t = 0; t < sentinels->watched; t++)
        sentinels->thread[t].without_ns = without_cpu_ns(&sentinels->thread[t], sentinels->spinning);
    getrusage(RUSAGE_SELF, &usage);
    sentinels->involuntary_switches = usage.ru_nivcsw;
    sentinels->minor_faults = usage.ru_minflt;
    sentinels->cpu_s = process_cpu_s();
}

/* Where in the region a thread had no CPU is not known. If it was anywhere alike, busy and waiting lost the
 * same share. That is exact for a thread for which the others wait, and lies for each between the two bounds:
 * all of it was lost while busy (busy − off), and none of it that fits beside (min(busy, region − off)). */
double sentinels_on_cpu_s(const struct sentinel_thread *thread, double busy_s, double region_s)
{
    return busy_s * (1 - thread->off_cpu_s / region_s);
}

/* The longest of the threads that are known: one of a library may have ended. NaN where none is. */
static double longest_off_cpu_s(const struct sentinels *sentinels)
{
    double longest_s = NAN;
    for (int t = 0; t < sentinels->watched; t++)
        longest_s = fmax(longest_s, sentinels->thread[t].off_cpu_s);
    return longest_s;
}

static void read_team(struct sentinels *sentinels, const struct kernel_lane *lanes, double region_s,
    struct sentinel_reading *reading)
{
    double threads = (double)sentinels->threads;
    if (sentinels->threads == 0) {
        reading->busy_max_s = reading->busy_mean_s = NAN;
        reading->on_cpu_max_s = reading->on_cpu_mean_s = NAN;
        reading->off_cpu_s = longest_off_cpu_s(sentinels);
        return;
    }
    reading->busy_max_s = reading->busy_mean_s = 0;
    reading->on_cpu_max_s = reading->on_cpu_mean_s = reading->off_cpu_s = 0;
    for (int t = 0; t < sentinels->threads; t++) {
        double busy_s = 1e-9 * (double)lanes[t].busy_ns;
        double on_cpu_s = sentinels_on_cpu_s(&sentinels->thread[t], busy_s, region_s);
        double off_s = sentinels->thread[t].off_cpu_s;
        reading->busy_max_s = fmax(reading->busy_max_s, busy_s);
        reading->busy_mean_s += busy_s / threads;
        reading->on_cpu_mean_s += on_cpu_s / threads;
        /* Of a team with an unknown thread the longest is unknown; fmax() would forget a NaN. */
        reading->on_cpu_max_s = isnan(on_cpu_s)                    ? NAN
                                : reading->on_cpu_max_s < on_cpu_s ? on_cpu_s
                                                                   : reading->on_cpu_max_s;
        reading->off_cpu_s = isnan(off_s) ? NAN : reading->off_cpu_s < off_s ? off_s : reading->off_cpu_s;
    }
}

void sentinels_end(struct sentinels *sentinels, const struct kernel_lane *lanes, int64_t region_ns,
    struct sentinel_reading *reading)
{
    struct rusage usage;
    double region_s = 1e-9 * (double)(region_ns > 0 ? region_ns : 1);
    reading->cpu_s = process_cpu_s() - sentinels->cpu_s;
    getrusage(RUSAGE_SELF, &usage);
    for (int t = 0; t < sentinels->watched; t++) {
        struct sentinel_thread *thread = &sentinels->thread[t];
        thread->off_cpu_s =
            off_cpu_s(thread->without_ns, without_cpu_ns(thread, sentinels->spinning), region_s);
    }
    host_end(&sentinels->host, region_ns, &reading->host);
    long moves = moves_of_team(sentinels);
    reading->migrations = moves < 0 || sentinels->migrations < 0 ? -1 : moves - sentinels->migrations;
    reading->involuntary_switches = usage.ru_nivcsw - sentinels->involuntary_switches;
    reading->minor_faults = usage.ru_minflt - sentinels->minor_faults;
    read_team(sentinels, lanes, region_s, reading);
}

bool sentinels_same_team(const struct sentinels *sentinels, int *stranger)
{
    int first = sentinels->threads;
#pragma omp parallel num_threads(sentinels->threads > 0 ? sentinels->threads : 1)
    {
        int rank = team_rank();
        if (rank < sentinels->threads && sentinels->thread[rank].id != gettid()) {
#pragma omp critical
            first = rank < first ? rank : first;
        }
    }
    *stranger = first;
    return first == sentinels->threads;
}
