/* What others do to the whole process: a control group that uses up its CPU quota, a hypervisor that runs
 * something else. Sums since some reading, of which differences are taken. Refuses to look for its files: the
 * harness knows the groups. */
#ifndef ACELERA_HOST_H
#define ACELERA_HOST_H

#include <stdbool.h>
#include <stdint.h>

enum { HOST_GROUPS_MAX = 16 };

/* NaN unknown. */
struct host_reading {
    double throttled_s; /* the most of one group; the kernel adds up its PUs, so it may exceed the time */
    double steal_s;     /* the most of one PU of the team */
};

struct host_group {
    int fd; /* its cpu.stat; −1 cannot be read */
    int64_t before_ns, first_ns;
};

struct host {
    struct host_group group[HOST_GROUPS_MAX];
    int groups;
    int stat_fd;       /* /proc/stat; −1 unknown */
    int pu_room;       /* highest PU of the team + 1; 0: it has no PUs of its own */
    int64_t *steal;    /* three times pu_room ticks: now, at the last reading, at the first; −1 unknown */
    bool *wanted;      /* for each PU: the team is on it */
    char *text;        /* room for the lines of all PUs */
    int64_t last_ns;   /* when steal was last read */
    int64_t unread_ns; /* timed since */
    double tick_s;
};

/* pus: of the team, `threads` of them; NULL unbound. paths: cpu.stat of every group on the way to the root,
 * HOST_GROUPS_MAX at most. False if memory runs out. */
bool host_open(struct host *host, const int *pus, int threads, const char *const *paths, int count);
void host_close(struct host *host);

/* Where host_total() counts from. */
void host_start(struct host *host);
void host_total(struct host *host, struct host_reading *total);

/* Right before and right after a timed region. Steal comes in ticks of 10 ms, so it is read once that much
 * was timed since the last reading; the region then gets its share of what was stolen since. */
void host_begin(struct host *host);
void host_end(struct host *host, int64_t region_ns, struct host_reading *reading);

#endif
