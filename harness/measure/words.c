#include "harness/measure/words.h"
#include "harness/base/text.h"
#include "harness/data/table.h"
#include "harness/machine/cgroup.h"
#include "harness/measure/plan_parts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void words_add(struct words *words, const char *format, ...)
{
    va_list arguments, again;
    va_start(arguments, format);
    va_copy(again, arguments);
    int length = vsnprintf(NULL, 0, format, arguments);
    char *word = memory_new((size_t)length + 1, 1);
    vsnprintf(word, (size_t)length + 1, format, again);
    va_end(again);
    va_end(arguments);
    words->word = memory_grow(words->word, words->count + 2, sizeof *words->word);
    words->word[words->count++] = word;
    words->word[words->count] = NULL;
}

/* "m=1,n=2" → "shape.m=1", "shape.n=2". */
static void add_list(struct words *words, const char *prefix, const char *list)
{
    size_t count;
    char **parts = text_split(list, ',', &count);
    for (size_t i = 0; i < count; i++)
        if (parts[i][0] != '\0')
            words_add(words, "%s.%s", prefix, parts[i]);
    text_split_free(parts);
}

void words_add_problem(struct words *words, const struct cell *cell, const struct machine *machine)
{
    words_add(words, "kernel=%s", cell->kernel);
    words_add(words, "variant=%s", cell->variant);
    words_add(words, "type=%s", cell->type);
    add_list(words, "shape", cell->shape);
    add_list(words, "set", cell->options);
    words_add(words, "threads=%d", cell->threads);
    words_add(words, "l1d_bytes=%lld", machine->l1d_bytes);
    words_add(words, "l2_bytes=%lld", machine->l2_bytes);
    words_add(words, "l3_bytes=%lld", machine->l3_bytes);
}

void words_add_table(struct words *words, const struct cell *cell, const struct data_table *data)
{
    if (strcmp(cell->size, "data") != 0)
        return;
    words_add(words, "data=%s", data->file);
    words_add(words, "data_offset=%lld", (long long)data->layout.offset_bytes);
    words_add(words, "data_bits=%d", data->layout.bits);
    words_add(words, "data_order=%s", data->layout.column_major ? "fortran" : "c");
    words_add(words, "data_bytes=%lld", (long long)data->file_stamp.bytes);
    words_add(words, "data_mtime_ns=%lld", (long long)data->file_stamp.mtime_ns);
}

/* What a worker takes (harness/worker/host.h). */
enum { THROTTLE_FILES_MAX = 16 };

/* Only a file with the count is of use: the group at the root has none in v2. */
static bool counts_throttling(const char *path)
{
    char *content = cgroup_read_file("", path);
    bool counts = content != NULL &&
                  (strstr(content, "throttled_usec ") != NULL || strstr(content, "throttled_time ") != NULL);
    free(content);
    return counts;
}

void words_add_throttle(struct words *words)
{
    struct cgroup group[CGROUPS_MAX];
    int groups = cgroup_find("", "cpu", group), files = 0;
    for (int g = 0; g < groups; g++) {
        struct text folder = {0}, path = {0};
        text_add(&folder, "%s%s", group[g].mount, group[g].path);
        size_t top = strlen(group[g].mount);
        for (char *slash = folder.data; slash != NULL && files < THROTTLE_FILES_MAX;) {
            text_free(&path);
            text_add(&path, "%s/cpu.stat", folder.data);
            if (counts_throttling(path.data)) {
                words_add(words, "throttle=%s", path.data);
                files++;
            }
            slash = strrchr(folder.data, '/');
            if (slash == NULL || (size_t)(slash - folder.data) < top)
                slash = NULL;
            else
                *slash = '\0';
        }
        text_free(&path);
        text_free(&folder);
        cgroup_free(&group[g]);
    }
}

void words_free(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->word[i]);
    free(words->word);
    *words = (struct words){0};
}
