/* Reads /proc/stat and /proc/PID/stat. Refuses to judge: the doctor does. */
#include "harness/machine/watch.h"

#include "harness/base/text.h"
#include "harness/machine/cgroup.h"

#include <ctype.h>
#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* cpuN user nice system idle iowait irq softirq steal: guests' time is in user's already. */
static void read_pus(const char *root, struct watch_reading *reading)
{
    char *content = cgroup_read_file(root, "/proc/stat");
    for (char *line = content; line != NULL; line = strchr(line, '\n')) {
        line += line != content;
        int index, last = 0;
        unsigned long long t[8] = {0};
        if (sscanf(line, "cpu%d%n", &index, &last) != 1 || index < 0 ||
            sscanf(line + last, "%llu %llu %llu %llu %llu %llu %llu %llu", &t[0], &t[1], &t[2], &t[3], &t[4],
                &t[5], &t[6], &t[7]) < 4)
            continue;
        reading->pu = memory_grow(reading->pu, reading->pu_count + 1, sizeof *reading->pu);
        reading->pu[reading->pu_count++] = (struct watch_pu){
            .os_index = index,
            .busy = t[0] + t[1] + t[2] + t[5] + t[6],
            .idle = t[3] + t[4],
            .steal = t[7],
        };
    }
    free(content);
}

/* "PID (any name) S …": the name may hold brackets, so it ends at the last one. utime is the twelfth field
 * after it, stime the thirteenth. */
static void read_process(const char *root, const char *pid, struct watch_reading *reading)
{
    char path[64];
    struct watch_process process = {.pid = atol(pid)};
    snprintf(path, sizeof path, "/proc/%.20s/stat", pid);
    char *content = cgroup_read_file(root, path);
    char *begin = content != NULL ? strchr(content, '(') : NULL;
    char *end = begin != NULL ? strrchr(begin, ')') : NULL;
    unsigned long long user, system;
    if (end != NULL &&
        sscanf(end + 1, " %*c %*d %*d %*d %*d %*d %*u %*u %*u %*u %*u %llu %llu", &user, &system) == 2) {
        process.ticks = user + system;
        snprintf(process.name, sizeof process.name, "%.*s", (int)(end - begin - 1), begin + 1);
        for (char *c = process.name; *c != '\0'; c++)
            if (!isprint((unsigned char)*c))
                *c = '?';
        reading->process =
            memory_grow(reading->process, reading->process_count + 1, sizeof *reading->process);
        reading->process[reading->process_count++] = process;
    }
    free(content);
}

void watch_read(const char *root, struct watch_reading *reading)
{
    struct text folder = {0};
    *reading = (struct watch_reading){0};
    read_pus(root, reading);
    text_add(&folder, "%s/proc", root);
    DIR *processes = opendir(folder.data);
    for (struct dirent *entry; processes != NULL && (entry = readdir(processes)) != NULL;)
        if (strspn(entry->d_name, "0123456789") == strlen(entry->d_name))
            read_process(root, entry->d_name, reading);
    if (processes != NULL)
        closedir(processes);
    text_free(&folder);
}

void watch_free(struct watch_reading *reading)
{
    free(reading->pu);
    free(reading->process);
    *reading = (struct watch_reading){0};
}

static const struct watch_pu *pu_of(const struct watch_reading *reading, int os_index)
{
    for (size_t i = 0; reading != NULL && i < reading->pu_count; i++)
        if (reading->pu[i].os_index == os_index)
            return &reading->pu[i];
    return NULL;
}

/* Counters may run backwards (a PU that was off in between): then nothing is known of it. */
static double gained(unsigned long long before, unsigned long long after)
{
    return after >= before ? (double)(after - before) : NAN;
}

struct watch_shares watch_shares_of(
    const struct watch_reading *before, const struct watch_reading *after, int os_index)
{
    static const struct watch_pu boot = {0};
    double busy = 0, steal = 0, idle = 0;
    for (size_t i = 0; i < after->pu_count; i++) {
        const struct watch_pu *now = &after->pu[i];
        const struct watch_pu *then = before != NULL ? pu_of(before, now->os_index) : &boot;
        if (then == NULL || (os_index >= 0 && now->os_index != os_index))
            continue;
        busy += gained(then->busy, now->busy);
        steal += gained(then->steal, now->steal);
        idle += gained(then->idle, now->idle);
    }
    double all = busy + steal + idle;
    return all > 0 ? (struct watch_shares){busy / all, steal / all} : (struct watch_shares){NAN, NAN};
}

static const struct watch_process *process_of(const struct watch_reading *reading, long pid)
{
    for (size_t i = 0; i < reading->process_count; i++)
        if (reading->process[i].pid == pid)
            return &reading->process[i];
    return NULL;
}

const struct watch_process *watch_busiest(
    const struct watch_reading *before, const struct watch_reading *after, double *cpus)
{
    const struct watch_process *busiest = NULL;
    unsigned long long most = 0;
    double all = 0;
    for (size_t i = 0; i < after->process_count; i++) {
        const struct watch_process *now = &after->process[i];
        const struct watch_process *then = process_of(before, now->pid);
        unsigned long long ticks = now->ticks - (then != NULL && then->ticks <= now->ticks ? then->ticks : 0);
        if (now->pid == (long)getpid() || ticks <= most)
            continue;
        most = ticks;
        busiest = now;
    }
    for (size_t i = 0; i < after->pu_count; i++) {
        const struct watch_pu *then = pu_of(before, after->pu[i].os_index);
        if (then != NULL)
            all += gained(then->busy + then->idle + then->steal,
                after->pu[i].busy + after->pu[i].idle + after->pu[i].steal);
    }
    *cpus = all > 0 ? (double)most * (double)after->pu_count / all : NAN;
    return busiest;
}
