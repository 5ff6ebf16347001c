/* Quotas and memory limits on the way from the group of this process to the root, and the memory that the
 * system has left. A limit of a control group is a row of `readers`. */
#include "harness/machine/limits.h"

#include "harness/base/text.h"
#include "harness/machine/cgroup.h"

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* v1 writes "no limit" as the largest number of pages. */
static const double UNLIMITED_BYTES = 0x1p60;
static const int64_t DEFAULT_PERIOD_US = 100000;

/* A folder of the walk to the root. */
struct folder {
    const char *root; /* of the recorded tree; not part of sources */
    const char *path;
};

static void limits_add(struct limits *limits, const char *what, const char *value, const char *source)
{
    limits->limit = memory_grow(limits->limit, (size_t)limits->limit_count + 1, sizeof *limits->limit);
    limits->limit[limits->limit_count++] = (struct machine_limit){
        .what = text_copy(what), .value = text_copy(value), .source = text_copy(source)};
}

static void set_smaller(double *smallest, double value)
{
    if (*smallest < 0 || value < *smallest)
        *smallest = value;
}

static char *folder_read(const struct folder *folder, const char *file, struct text *path)
{
    text_free(path);
    text_add(path, "%s/%s", folder->path, file);
    return cgroup_read_file(folder->root, path->data);
}

/* A file that holds one number; false for "max", nothing, and anything else. */
static bool folder_read_number(
    const struct folder *folder, const char *file, struct text *path, int64_t *value)
{
    char *content = folder_read(folder, file, path);
    bool number = content != NULL && text_to_int64(content, value);
    free(content);
    return number;
}

/* ---- CPU quota ---- */

static void add_quota(struct limits *limits, int64_t quota_us, int64_t period_us, const char *source)
{
    if (quota_us <= 0 || period_us <= 0)
        return;
    double cpus = (double)quota_us / (double)period_us;
    char value[64];
    snprintf(value, sizeof value, cpus == 1 ? "%.4g CPU" : "%.4g CPUs", cpus);
    limits_add(limits, "CPU quota", value, source);
    set_smaller(&limits->cpu_quota, cpus);
}

/* v2: "max 100000" or "150000 100000". */
static void read_quota_v2(const struct folder *folder, struct limits *limits)
{
    struct text path = {0};
    char *content = folder_read(folder, "cpu.max", &path);
    size_t count = 0;
    char **part = text_split(content != NULL ? content : "", ' ', &count);
    int64_t quota_us, period_us = DEFAULT_PERIOD_US;
    if (text_to_int64(part[0], &quota_us) && (count < 2 || text_to_int64(part[1], &period_us)))
        add_quota(limits, quota_us, period_us, path.data);
    text_split_free(part);
    free(content);
    text_free(&path);
}

static void read_quota_v1(const struct folder *folder, struct limits *limits)
{
    struct text path = {0};
    int64_t quota_us, period_us;
    if (folder_read_number(folder, "cpu.cfs_period_us", &path, &period_us) &&
        folder_read_number(folder, "cpu.cfs_quota_us", &path, &quota_us))
        add_quota(limits, quota_us, period_us, path.data);
    text_free(&path);
}

/* ---- memory ---- */

/* The value of a line "key 123" (with anything after the number), or 0. */
static double find_keyed_number(const char *content, const char *key)
{
    size_t length = strlen(key);
    for (const char *line = content; line != NULL && *line != '\0';) {
        if (strncmp(line, key, length) == 0 && strchr(" \t", line[length]) != NULL)
            return (double)strtoull(line + length, NULL, 10);
        line = strchr(line, '\n');
        line += line != NULL;
    }
    return 0;
}

/* What the group uses and would not give back under pressure: page cache that nobody reads is given back. */
static double read_used_bytes(const struct folder *folder, const char *usage_file, const char *cache_key)
{
    struct text path = {0};
    int64_t usage = 0;
    if (!folder_read_number(folder, usage_file, &path, &usage) || usage < 0)
        usage = 0;
    char *content = folder_read(folder, "memory.stat", &path);
    double cache = content != NULL ? find_keyed_number(content, cache_key) : 0;
    free(content);
    text_free(&path);
    return fmax((double)usage - cache, 0);
}

static void read_memory(const struct folder *folder, const char *limit_file, const char *usage_file,
    const char *cache_key, struct limits *limits)
{
    struct text path = {0};
    int64_t bytes;
    if (folder_read_number(folder, limit_file, &path, &bytes) && bytes >= 0 &&
        (double)bytes < UNLIMITED_BYTES) {
        double left = fmax((double)bytes - read_used_bytes(folder, usage_file, cache_key), 0);
        char limit_text[32], left_text[32], value[96];
        snprintf(value, sizeof value, "%s, %s left", text_bytes((double)bytes, limit_text, sizeof limit_text),
            text_bytes(left, left_text, sizeof left_text));
        limits_add(limits, "memory limit", value, path.data);
        set_smaller(&limits->memory_available_bytes, left);
    }
    text_free(&path);
}

static void read_memory_v2(const struct folder *folder, struct limits *limits)
{
    read_memory(folder, "memory.max", "memory.current", "inactive_file", limits);
    read_memory(folder, "memory.high", "memory.current", "inactive_file", limits);
}

static void read_memory_v1(const struct folder *folder, struct limits *limits)
{
    read_memory(folder, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file", limits);
}

static void read_available_memory(const char *root, struct limits *limits)
{
    char *content = cgroup_read_file(root, "/proc/meminfo");
    double bytes = content != NULL ? 1024 * find_keyed_number(content, "MemAvailable:") : 0;
    free(content);
    if (bytes <= 0)
        return;
    char value[32];
    limits_add(
        limits, "available memory", text_bytes(bytes, value, sizeof value), "MemAvailable in /proc/meminfo");
    set_smaller(&limits->memory_available_bytes, bytes);
}

/* `ulimit -v`, which every worker inherits: "Max address space  SOFT  HARD  bytes"; "unlimited" is no number.
 */
static void read_address_space(const char *root, struct limits *limits)
{
    char *content = cgroup_read_file(root, "/proc/self/limits");
    double bytes = content != NULL ? find_keyed_number(content, "Max address space") : 0;
    free(content);
    if (bytes <= 0)
        return;
    char value[32];
    limits_add(
        limits, "address space", text_bytes(bytes, value, sizeof value), "ulimit -v, in /proc/self/limits");
    set_smaller(&limits->memory_available_bytes, bytes);
}

/* ---- the walk ---- */

static const struct {
    const char *controller;
    bool v2;
    void (*read)(const struct folder *folder, struct limits *limits);
} readers[] = {
    {"cpu", false, read_quota_v1},
    {"cpu", true, read_quota_v2},
    {"memory", false, read_memory_v1},
    {"memory", true, read_memory_v2},
};

/* Reads the folder of the group and of each visible ancestor. */
static void walk_to_root(const char *root, const struct cgroup *group, struct limits *limits,
    void (*read)(const struct folder *, struct limits *))
{
    struct text path = {0};
    text_add(&path, "%s%s", group->mount, group->path);
    size_t top = strlen(group->mount);
    for (;;) {
        read(&(struct folder){.root = root, .path = path.data}, limits);
        char *slash = strrchr(path.data, '/');
        if (slash == NULL || (size_t)(slash - path.data) < top)
            break;
        *slash = '\0';
    }
    text_free(&path);
}

void limits_read(const char *root, struct limits *limits)
{
    *limits = (struct limits){.cpu_quota = -1, .memory_available_bytes = -1};
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++) {
        struct cgroup group[CGROUPS_MAX];
        int count = cgroup_find(root, readers[i].controller, group);
        for (int g = 0; g < count; g++) {
            if (group[g].v2 == readers[i].v2)
                walk_to_root(root, &group[g], limits, readers[i].read);
            cgroup_free(&group[g]);
        }
    }
    read_available_memory(root, limits);
    read_address_space(root, limits);
}

void limits_free(struct limits *limits)
{
    for (int i = 0; i < limits->limit_count; i++) {
        free(limits->limit[i].what);
        free(limits->limit[i].value);
        free(limits->limit[i].source);
    }
    free(limits->limit);
    *limits = (struct limits){0};
}
