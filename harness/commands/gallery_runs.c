/* A folder of results, and a folder of such folders: one from each laptop. Links to folders are not followed
 * below the word that was typed, so that a ring of them has an end. */
#include "harness/commands/gallery_runs.h"

#include "harness/base/text.h"
#include "harness/store/run_record.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

enum { LEVELS = 3 };

struct found {
    char **path;
    int count;
};

static char *path_in(const char *folder, const char *name)
{
    struct text path = {0};
    text_add(&path, "%s/%s", folder, name);
    return path.data;
}

static bool is_run(const char *folder)
{
    char *path = path_in(folder, "run.json");
    bool is = access(path, F_OK) == 0;
    free(path);
    return is;
}

static bool is_folder(const char *path)
{
    struct stat facts;
    return lstat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

static void add_found(struct found *found, const char *path)
{
    found->path = memory_grow(found->path, (size_t)found->count + 2, sizeof *found->path);
    found->path[found->count++] = text_copy(path);
    found->path[found->count] = NULL;
}

/* False with errno, if the folder cannot be read. */
static bool look_into(const char *folder, int levels, struct found *found)
{
    struct dirent **entry;
    if (is_run(folder)) {
        add_found(found, folder);
        return true;
    }
    int count = scandir(folder, &entry, NULL, alphasort);
    if (count < 0)
        return false;
    for (int i = 0; i < count; i++) {
        char *path = path_in(folder, entry[i]->d_name);
        if (levels > 0 && entry[i]->d_name[0] != '.' && is_folder(path))
            look_into(path, levels - 1, found);
        free(path);
        free(entry[i]);
    }
    free(entry);
    return true;
}

enum status gallery_runs_find(
    const char *const *words, int count, char ***paths, int *path_count, struct error *error)
{
    struct found found = {0};
    enum status status = STATUS_OK;
    for (int i = 0; i < count && status == STATUS_OK; i++) {
        char *word = run_record_directory(words[i]);
        int before = found.count;
        if (!look_into(word, LEVELS, &found))
            status = error_set(error, STATUS_USAGE, "%s: %s; name run directories, or folders that hold some",
                words[i], strerror(errno));
        else if (found.count == before)
            status = error_set(error, STATUS_USAGE,
                "%s: no run directory (one with a run.json) in it, nor in its folders; measure one with: "
                "acelera run --out %s",
                words[i], words[i]);
        free(word);
    }
    if (status != STATUS_OK) {
        text_split_free(found.path);
        return status;
    }
    *paths = found.path;
    *path_count = found.count;
    return STATUS_OK;
}
