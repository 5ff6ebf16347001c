#include "harness/base/text.h"
#include "harness/measure/plan_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { COUNTS_MAX = 4096 }; /* points of one sweep: nobody waits for more */

static enum status refuse(struct error *error, const char *spec, const char *part, int most)
{
    if (most == 1)
        return error_set(error, STATUS_USAGE,
            "--threads %.100s: '%.100s' is not a thread count; there is one PU, so 1 is the only one (more "
            "threads than PUs: --placement one-pu or unbound)",
            spec, part);
    return error_set(error, STATUS_USAGE,
        "--threads %.100s: '%.100s' is not a thread count from 1 to %d; allowed are ladder, a list (1,%d) or "
        "a range (1..%d); more threads than PUs: --placement one-pu or unbound",
        spec, part, most, most, most);
}

static bool parse_count(const char *text, int most, int *threads)
{
    int64_t value;
    if (!text_to_int64(text, &value) || value < 1 || value > most)
        return false;
    *threads = (int)value;
    return true;
}

static int compare_points(const void *a, const void *b)
{
    return ((const struct ladder_point *)a)->threads - ((const struct ladder_point *)b)->threads;
}

static void add_point(struct ladder_point **points, int *count, int threads, const char *reason)
{
    *points = memory_grow(*points, (size_t)*count + 1, sizeof **points);
    struct ladder_point *point = &(*points)[(*count)++];
    *point = (struct ladder_point){.threads = threads, .boundary = true};
    snprintf(point->reason, sizeof point->reason, "%s", reason);
}

/* "A..B" */
static enum status take_range(
    const char *spec, int most, struct ladder_point **points, int *count, struct error *error)
{
    int first = 0, last = 0;
    const char *dots = strstr(spec, "..");
    char *begin = text_copy(spec);
    begin[dots - spec] = '\0';
    enum status status = STATUS_OK;
    if (!parse_count(begin, most, &first))
        status = refuse(error, spec, begin, most);
    else if (!parse_count(dots + 2, most, &last))
        status = refuse(error, spec, dots + 2, most);
    else if (last < first)
        status = error_set(error, STATUS_USAGE, "--threads %s: the range ends before it begins", spec);
    else if (last - first >= COUNTS_MAX)
        status = error_set(
            error, STATUS_USAGE, "--threads %s: more than %d points in one sweep", spec, COUNTS_MAX);
    for (int t = first; status == STATUS_OK && t <= last; t++)
        add_point(points, count, t, "asked for");
    free(begin);
    return status;
}

static enum status take_list(
    const char *spec, int most, struct ladder_point **points, int *count, struct error *error)
{
    enum status status = STATUS_OK;
    size_t part_count;
    char **parts = text_split(spec, ',', &part_count);
    for (size_t i = 0; i < part_count && status == STATUS_OK; i++) {
        int threads = 0;
        if (!parse_count(parts[i], most, &threads) || part_count > COUNTS_MAX)
            status = refuse(error, spec, parts[i], most);
        for (int p = 0; p < *count && status == STATUS_OK; p++)
            if ((*points)[p].threads == threads)
                status = error_set(error, STATUS_USAGE, "--threads %s: %d is given twice", spec, threads);
        if (status == STATUS_OK)
            add_point(points, count, threads, "asked for");
    }
    text_split_free(parts);
    return status;
}

enum status plan_threads(const char *spec, const struct topology *topology, int most,
    struct ladder_point **points, int *count, struct error *error)
{
    struct ladder_point *found = NULL;
    int found_count = 0;
    enum status status = STATUS_OK;
    if (strcmp(spec, "ladder") == 0)
        topology_ladder(topology, &found, &found_count);
    else if (strstr(spec, "..") != NULL)
        status = take_range(spec, most, &found, &found_count, error);
    else
        status = take_list(spec, most, &found, &found_count, error);
    if (status != STATUS_OK) {
        free(found);
        return status;
    }
    bool has_one = false;
    for (int p = 0; p < found_count; p++)
        has_one = has_one || found[p].threads == 1;
    if (!has_one)
        add_point(&found, &found_count, 1, "base of every speedup");
    qsort(found, (size_t)found_count, sizeof *found, compare_points);
    *points = found;
    *count = found_count;
    return STATUS_OK;
}
