/* What stands beside the time of one iteration: how long each thread of the team was busy, how long it wanted
 * a CPU and had none, and what the operating system counted meanwhile. Everything is read outside the timed
 * region. Refuses to judge: whether an iteration was disturbed is for those who have all of them. */
#ifndef ACELERA_SENTINELS_H
#define ACELERA_SENTINELS_H

#include "harness/worker/host.h"
#include "kernels/kernel.h"

#include <stdbool.h>
#include <stddef.h>

#include <sys/types.h>

/* Of one timed region, all its calls of run() together. Unknown is NaN, or −1 for a count. */
struct sentinel_reading {
    double busy_max_s, busy_mean_s;
    double on_cpu_max_s, on_cpu_mean_s; /* busy, less the time without a CPU */
    double off_cpu_s;                   /* of the thread that wanted a CPU in vain for longest */
    double cpu_s;                       /* of the whole process */
    struct host_reading host;
    long involuntary_switches, minor_faults; /* of the whole process */
    long migrations;                         /* of the whole team */
};

/* One thread of the team. */
struct sentinel_thread {
    pid_t id;
    clockid_t clock;    /* its CPU time; −1 is none */
    int wait_fd;        /* its schedstat; −1: waiting is not counted here */
    int move_fd;        /* its sched, of unbound threads only; −1 not there */
    int64_t without_ns; /* had no CPU, counted from anywhere; −1 unknown */
    double off_cpu_s;   /* in the last region; NaN unknown */
};

struct sentinels {
    struct sentinel_thread *thread; /* of the team, or where others compute of the whole process */
    int watched;                    /* of them */
    int threads;                    /* of the team; 0: others than it compute */
    bool bound, spinning;
    double cpu_s; /* these four as sentinels_begin() found them */
    long involuntary_switches, minor_faults, migrations;
    struct host host;
};

/* Forms the team once more to learn its threads, which are those of every later region of that size. own: the
 * team computes; else it is others, threads of a library: how long they are busy is unknown. pus:
 * where the threads are bound, NULL nowhere. spinning: they wait without sleeping. False if memory runs out;
 * what this machine does not count becomes unknown. */
bool sentinels_open(struct sentinels *sentinels, int threads, bool own, const int *pus, bool spinning,
    const char *const *throttle_paths, int throttle_count);
/* Where others than the team compute: watches every thread that the process has by now. What does not work
 * out stays unknown. */
void sentinels_watch_others(struct sentinels *sentinels);
void sentinels_close(struct sentinels *sentinels);

/* Right before and right after a timed region. lanes: its stamps. */
void sentinels_begin(struct sentinels *sentinels);
void sentinels_end(struct sentinels *sentinels, const struct kernel_lane *lanes, int64_t region_ns,
    struct sentinel_reading *reading);

/* The busy time of a thread, less the time without a CPU in the last region; NaN unknown. */
double sentinels_on_cpu_s(const struct sentinel_thread *thread, double busy_s, double region_s);

/* Whether the team still has the threads that were watched; the first that is another goes into *stranger. */
bool sentinels_same_team(const struct sentinels *sentinels, int *stranger);

#endif
