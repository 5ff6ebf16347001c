/* Folders are looked into once, never deeper. */
#include "harness/commands/compare_runs.h"

#include "harness/base/text.h"
#include "harness/store/run_record.h"

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

struct path_list {
    char **path;
    int count;
};

static void add_path(struct path_list *list, const char *path)
{
    list->path = memory_grow(list->path, (size_t)list->count + 2, sizeof *list->path);
    list->path[list->count++] = text_copy(path);
    list->path[list->count] = NULL;
}

static bool is_run(const char *folder)
{
    struct text path = {0};
    text_add(&path, "%s/run.json", folder);
    bool is = access(path.data, F_OK) == 0;
    text_free(&path);
    return is;
}

static enum status add_runs_in(const char *folder, struct path_list *list, struct error *error)
{
    struct dirent **entry;
    int before = list->count, found = scandir(folder, &entry, NULL, alphasort);
    if (found < 0)
        return error_set(error, STATUS_FAILED, "%s: %s; name a run directory, or a folder that holds some",
            folder, strerror(errno));
    for (int i = 0; i < found; i++) {
        struct text path = {0};
        text_add(&path, "%s/%s", folder, entry[i]->d_name);
        if (entry[i]->d_name[0] != '.' && is_run(path.data))
            add_path(list, path.data);
        text_free(&path);
        free(entry[i]);
    }
    free(entry);
    if (list->count > before)
        return STATUS_OK;
    return error_set(error, STATUS_FAILED,
        "%s: neither a run directory (it has no run.json) nor a folder that holds some", folder);
}

static enum status add_word(const char *word, struct path_list *list, struct error *error)
{
    enum status status = STATUS_OK;
    char *path = run_record_directory(word);
    if (is_run(path))
        add_path(list, path);
    else
        status = add_runs_in(path, list, error);
    free(path);
    return status;
}

/* A run on both sides, or twice on one, would pass for independent evidence. */
static enum status refuse_repeats(const struct path_list *list, struct error *error)
{
    struct stat *facts = memory_new((size_t)list->count, sizeof *facts);
    enum status status = STATUS_OK;
    for (int i = 0; i < list->count && status == STATUS_OK; i++) {
        if (stat(list->path[i], &facts[i]) != 0)
            status = error_set(error, STATUS_FAILED, "%s: %s", list->path[i], strerror(errno));
        for (int j = 0; j < i && status == STATUS_OK; j++)
            if (facts[i].st_dev == facts[j].st_dev && facts[i].st_ino == facts[j].st_ino)
                status = error_set(error, STATUS_USAGE, "%s: the same run as %s; name each run once",
                    list->path[i], list->path[j]);
    }
    free(facts);
    return status;
}

static void take_side(struct compare_runs *runs, int side, char **path, int count)
{
    runs->path[side] = memory_new((size_t)count + 1, sizeof(char *));
    for (int i = 0; i < count; i++)
        runs->path[side][i] = text_copy(path[i]);
    runs->count[side] = count;
}

enum status compare_runs_find(
    const char *const *words, int count, struct compare_runs *runs, struct error *error)
{
    struct path_list list = {0};
    int cut = -1;
    enum status status = STATUS_OK;
    for (int i = 0; i < count && status == STATUS_OK; i++) {
        if (strcmp(words[i], "vs") != 0)
            status = add_word(words[i], &list, error);
        else if (cut >= 0)
            status = error_set(error, STATUS_USAGE, "vs: stands twice; there are two sides, A… vs B…");
        else
            cut = list.count;
    }
    if (status == STATUS_OK)
        status = refuse_repeats(&list, error);
    if (status == STATUS_OK && cut < 0 && list.count > 1 && list.count % 2 != 0)
        status = error_set(error, STATUS_USAGE,
            "%d runs cannot be cut in halves; say where the sides part: A… vs B…", list.count);
    if (status == STATUS_OK && (cut == 0 || cut == list.count))
        status = error_set(error, STATUS_USAGE, "vs: no run stands %s it; name at least one on each side",
            cut == 0 ? "before" : "behind");
    if (status == STATUS_OK) {
        int first = cut >= 0 ? cut : list.count == 1 ? 1 : list.count / 2;
        *runs = (struct compare_runs){0};
        take_side(runs, 0, list.path, first);
        take_side(runs, 1, list.path + first, list.count - first);
    }
    text_split_free(list.path);
    return status;
}

void compare_runs_free(struct compare_runs *runs)
{
    for (int side = 0; side < 2; side++)
        text_split_free(runs->path[side]);
    *runs = (struct compare_runs){0};
}
