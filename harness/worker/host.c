/* Every file is opened once and read with pread(), a fraction of a microsecond for a group, some for
 * /proc/stat, which grows with the machine. */
#include "harness/worker/host.h"

#include <fcntl.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { PU_LINE_BYTES = 160, GROUP_BYTES = 2048, STEAL_COLUMN = 8 };

static int64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* ---- groups ---- */

/* How long the group was held back: in microseconds (v2) or nanoseconds (v1). −1 unknown. */
static int64_t throttled_ns(int fd)
{
    static const struct {
        const char *key;
        int64_t unit_ns;
    } keys[] = {{"throttled_usec ", 1000}, {"throttled_time ", 1}};
    char text[GROUP_BYTES + 1];
    ssize_t length = fd >= 0 ? pread(fd, text, GROUP_BYTES, 0) : -1;
    if (length <= 0)
        return -1;
    text[length] = '\0';
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
        const char *at = strstr(text, keys[k].key);
        if (at != NULL && (at == text || at[-1] == '\n'))
            return keys[k].unit_ns * strtoll(at + strlen(keys[k].key), NULL, 10);
    }
    return -1;
}

/* Since the region began, or since the first reading; the most of one group. */
static double throttled_since(const struct host *host, bool first)
{
    double most_s = NAN;
    for (int g = 0; g < host->groups; g++) {
        int64_t before_ns = first ? host->group[g].first_ns : host->group[g].before_ns;
        int64_t after_ns = throttled_ns(host->group[g].fd);
        if (before_ns < 0 || after_ns < before_ns)
            continue;
        most_s = fmax(most_s, 1e-9 * (double)(after_ns - before_ns));
    }
    return most_s;
}

/* ---- steal ---- */

/* Ticks stolen from each wanted PU: the eighth number of its line "cpu7 …". */
static void read_steal(const struct host *host, int64_t *ticks)
{
    size_t room = (size_t)(host->pu_room + 1) * PU_LINE_BYTES;
    ssize_t length = host->stat_fd >= 0 ? pread(host->stat_fd, host->text, room - 1, 0) : -1;
    for (int pu = 0; pu < host->pu_room; pu++)
        ticks[pu] = -1;
    host->text[length > 0 ? length : 0] = '\0';
    for (const char *line = strchr(host->text, '\n'); line != NULL; line = strchr(line + 1, '\n')) {
        if (strncmp(line, "\ncpu", 4) != 0)
            return;
        char *at;
        long pu = strtol(line + 4, &at, 10);
        if (at == line + 4 || pu < 0 || pu >= host->pu_room || !host->wanted[pu])
            continue;
        long long value = -1;
        for (int column = 0; column < STEAL_COLUMN; column++) {
            char *end;
            value = strtoll(at, &end, 10);
            if (end == at || *end == '\n')
                value = -1;
            at = end;
        }
        ticks[pu] = value;
    }
}

/* The most of one PU between two readings; NaN as soon as one is unknown. */
static double stolen_s(const struct host *host, const int64_t *before, const int64_t *after)
{
    int64_t most = -1;
    for (int pu = 0; pu < host->pu_room; pu++) {
        if (!host->wanted[pu])
            continue;
        if (before[pu] < 0 || after[pu] < before[pu])
            return NAN;
        int64_t ticks = after[pu] - before[pu];
        most = ticks > most ? ticks : most;
    }
    return most < 0 ? NAN : host->tick_s * (double)most;
}

static double steal_of_region(struct host *host, int64_t region_ns)
{
    int64_t *now = host->steal, *last = host->steal + host->pu_room;
    host->unread_ns += region_ns;
    if (host->pu_room == 0 || (double)host->unread_ns < 1e9 * host->tick_s)
        return NAN;
    read_steal(host, now);
    int64_t read_ns = now_ns();
    double share = (double)region_ns / (double)(read_ns - host->last_ns);
    double steal_s = share * stolen_s(host, last, now);
    memcpy(last, now, (size_t)host->pu_room * sizeof *now);
    host->last_ns = read_ns;
    host->unread_ns = 0;
    return steal_s;
}

/* ---- the whole ---- */

bool host_open(struct host *host, const int *pus, int threads, const char *const *paths, int count)
{
    long ticks = sysconf(_SC_CLK_TCK);
    *host = (struct host){.stat_fd = -1, .tick_s = ticks > 0 ? 1 / (double)ticks : 0.01};
    for (int g = 0; g < count && g < HOST_GROUPS_MAX; g++)
        host->group[host->groups++] = (struct host_group){
            .fd = open(paths[g], O_RDONLY | O_CLOEXEC | O_NONBLOCK), .before_ns = -1, .first_ns = -1};
    for (int t = 0; pus != NULL && t < threads; t++)
        host->pu_room = pus[t] >= host->pu_room ? pus[t] + 1 : host->pu_room;
    if (host->pu_room > 0) {
        size_t room = (size_t)host->pu_room;
        host->stat_fd = open("/proc/stat", O_RDONLY | O_CLOEXEC);
        host->steal = calloc(3 * room, sizeof *host->steal);
        host->wanted = calloc(room, sizeof *host->wanted);
        host->text = calloc(room + 1, PU_LINE_BYTES);
        if (host->steal == NULL || host->wanted == NULL || host->text == NULL) {
            host_close(host);
            return false;
        }
        for (int t = 0; t < threads; t++)
            host->wanted[pus[t]] = true;
    }
    host_start(host);
    return true;
}

void host_close(struct host *host)
{
    for (int g = 0; g < host->groups; g++)
        if (host->group[g].fd >= 0)
            close(host->group[g].fd);
    if (host->pu_room > 0 && host->stat_fd >= 0)
        close(host->stat_fd);
    free(host->steal);
    free(host->wanted);
    free(host->text);
    *host = (struct host){.stat_fd = -1};
}

void host_start(struct host *host)
{
    size_t room = (size_t)host->pu_room;
    for (int g = 0; g < host->groups; g++)
        host->group[g].first_ns = throttled_ns(host->group[g].fd);
    host->unread_ns = 0;
    host->last_ns = now_ns();
    if (room == 0)
        return;
    read_steal(host, host->steal + room);
    memcpy(host->steal + 2 * room, host->steal + room, room * sizeof *host->steal);
}

void host_total(struct host *host, struct host_reading *total)
{
    *total = (struct host_reading){.throttled_s = throttled_since(host, true), .steal_s = NAN};
    if (host->pu_room == 0)
        return;
    read_steal(host, host->steal);
    total->steal_s = stolen_s(host, host->steal + 2 * (size_t)host->pu_room, host->steal);
}

void host_begin(struct host *host)
{
    for (int g = 0; g < host->groups; g++)
        host->group[g].before_ns = throttled_ns(host->group[g].fd);
}

void host_end(struct host *host, int64_t region_ns, struct host_reading *reading)
{
    reading->throttled_s = throttled_since(host, false);
    reading->steal_s = steal_of_region(host, region_ns);
}
