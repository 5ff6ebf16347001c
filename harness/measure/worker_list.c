#include "harness/measure/worker_list.h"
#include "harness/base/text.h"
#include "harness/measure/child.h"
#include "harness/measure/child_environment.h"
#include "harness/measure/protocol.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/wait.h>
#include <unistd.h>

const char *const size_class_names[SIZE_CLASSES] = {"tiny", "small", "medium", "large", "huge"};

static const char prefix[] = "acelera-worker-";
static const char lessons_worker[] = "acelera-worker-lessons"; /* holds experiments, no kernels of its own */
static const double answer_within_s = 10;

/* ---- asking one worker ---- */

/* Runs a worker with `words` after its path and collects its stdout. `answer` is the caller's to free. */
static enum status ask(const char *path, const char *const *words, char **answer, struct error *error)
{
    size_t count = 0;
    while (words[count] != NULL)
        count++;
    char **arguments = memory_new(count + 2, sizeof *arguments);
    arguments[0] = text_copy(path);
    for (size_t i = 0; i < count; i++)
        arguments[i + 1] = text_copy(words[i]);
    char **environment = environment_for_team(1, ENVIRONMENT_ACTIVE);
    struct text text = {0};
    struct child child;
    enum status status = child_start(arguments, environment, &child, error);
    if (status == STATUS_OK) {
        enum child_event event;
        char *line;
        double deadline_s = child_now_s() + answer_within_s;
        while ((event = child_next_line(&child, deadline_s, &line)) == CHILD_LINE) {
            text_add(&text, "%s\n", line);
            free(line);
        }
        int ended = child_finish(&child, event != CHILD_END);
        if (event == CHILD_LATE)
            status = error_set(error, STATUS_FAILED, "%s did not answer within %g s", path, answer_within_s);
        else if (event == CHILD_INTERRUPT)
            status = error_set(error, STATUS_INTERRUPTED, "interrupted");
        else if (!WIFEXITED(ended) || WEXITSTATUS(ended) != 0) {
            bool usage = WIFEXITED(ended) && WEXITSTATUS(ended) == STATUS_USAGE;
            char why[sizeof child.complaint];
            child_explain_end(&child, ended, why, sizeof why);
            status = error_set(error, usage ? STATUS_USAGE : STATUS_FAILED, "%s", why);
        }
    }
    if (status == STATUS_OK) {
        text_add(&text, "%s", "");
        *answer = text.data;
    } else {
        text_free(&text);
    }
    environment_free(environment);
    for (size_t i = 0; i <= count; i++)
        free(arguments[i]);
    free(arguments);
    return status;
}

enum status worker_cost_of(
    const struct worker *worker, const char *const *fields, struct worker_cost *cost, struct error *error)
{
    size_t count = 0;
    while (fields[count] != NULL)
        count++;
    const char **words = memory_new(count + 2, sizeof *words);
    words[0] = "--cost";
    memcpy(words + 1, fields, count * sizeof *words);
    char *answer = NULL;
    enum status status = ask(worker->path, words, &answer, error);
    if (status == STATUS_OK)
        status = protocol_parse_cost(answer, cost, error);
    free(answer);
    free(words);
    return status;
}

/* ---- finding them ---- */

static void worker_free(struct worker *worker)
{
    for (int k = 0; k < worker->kernel_count; k++) {
        struct worker_kernel *kernel = &worker->kernel[k];
        for (int t = 0; t < kernel->type_count; t++)
            free(kernel->types[t]);
        for (int d = 0; d < kernel->dimension_count; d++) {
            free(kernel->dimension[d].key);
            free(kernel->dimension[d].meaning);
            free(kernel->dimension[d].same_as);
        }
        for (int o = 0; o < kernel->option_count; o++) {
            for (int c = 0; c < kernel->option[o].choice_count; c++)
                free(kernel->option[o].choices[c]);
            free(kernel->option[o].choices);
            free(kernel->option[o].key);
            free(kernel->option[o].meaning);
        }
        for (int v = 0; v < kernel->variant_count; v++) {
            free(kernel->variant[v].name);
            free(kernel->variant[v].what);
            free(kernel->variant[v].why);
        }
        free(kernel->types);
        free(kernel->table_rows);
        free(kernel->table_columns);
        free(kernel->dimension);
        free(kernel->option);
        free(kernel->variant);
        free(kernel->name);
        free(kernel->summary);
    }
    free(worker->kernel);
    free(worker->path);
    free(worker->name);
    free(worker->level);
    free(worker->runtime);
    free(worker->compiler);
    free(worker->flags);
    free(worker->openmp);
    free(worker->missing);
}

static void add_worker(struct worker_list *list, struct text *searched, const char *folder, const char *file)
{
    static const char *const describe[] = {"--describe", NULL};
    struct error error = {{0}};
    struct text path = {0};
    char *answer = NULL;
    if (worker_list_named(list, file + sizeof prefix - 1) != NULL)
        return; /* a folder that was searched earlier has it */
    text_add(&path, "%s/%s", folder, file);
    struct worker worker = {.path = path.data, .name = text_copy(file + sizeof prefix - 1)};
    enum status status = ask(worker.path, describe, &answer, &error);
    if (status == STATUS_OK)
        status = protocol_parse_description(answer, &worker, &error);
    free(answer);
    if (status != STATUS_OK) {
        text_add(searched, " (%s left out: %s)", file, error.text);
        struct text left_out = {0};
        text_add(&left_out, "%s/%s: %s", folder, file, error.text);
        list->left_out =
            memory_grow(list->left_out, (size_t)list->left_out_count + 1, sizeof *list->left_out);
        list->left_out[list->left_out_count++] = left_out.data;
        worker_free(&worker);
        return;
    }
    list->worker = memory_grow(list->worker, (size_t)list->count + 1, sizeof *list->worker);
    list->worker[list->count++] = worker;
}

/* The folders where workers may be, first ones first. NULL-terminated, text_split_free(). */
static char **list_folders(void)
{
    const char *path = getenv("ACELERA_WORKER_PATH");
    struct text folders = {0};
    size_t count;
    char self[4096];
    text_add(&folders, "%s", path != NULL ? path : "");
    ssize_t length = readlink("/proc/self/exe", self, sizeof self - 1);
    char *slash = length > 0 ? memrchr(self, '/', (size_t)length) : NULL;
    if (slash != NULL) {
        *slash = '\0';
        text_add(&folders, ":%s:%s/" ACELERA_WORKERS_FROM_PROGRAM, self, self);
    }
    char **split = text_split(folders.data, ':', &count);
    text_free(&folders);
    return split;
}

static void search_folder(struct worker_list *list, struct text *searched, const char *folder)
{
    text_add(searched, "%s%s", searched->length > 0 ? ", " : "", folder);
    DIR *directory = opendir(folder);
    if (directory == NULL)
        return;
    for (struct dirent *entry; (entry = readdir(directory)) != NULL;)
        if (strncmp(entry->d_name, prefix, sizeof prefix - 1) == 0 &&
            strcmp(entry->d_name, lessons_worker) != 0)
            add_worker(list, searched, folder, entry->d_name);
    closedir(directory);
}

enum status worker_program_find(const char *file, char **path, struct error *error)
{
    struct text searched = {0}, found = {0};
    char **folder = list_folders();
    for (size_t i = 0; folder[i] != NULL && found.length == 0; i++) {
        if (folder[i][0] == '\0')
            continue;
        text_add(&searched, "%s%s", searched.length > 0 ? ", " : "", folder[i]);
        text_add(&found, "%s/%s", folder[i], file);
        if (access(found.data, X_OK) != 0)
            text_free(&found);
    }
    text_split_free(folder);
    enum status status = STATUS_OK;
    if (found.length == 0)
        status = error_set(error, STATUS_FAILED,
            "%s not found: build it, or name its folder in ACELERA_WORKER_PATH; searched: %s", file,
            searched.length > 0 ? searched.data : "any folder");
    else
        *path = found.data;
    text_free(&searched);
    return status;
}

/* Better workers first; see the header. The level's name decides between levels of one architecture: they
 * were named so that a later one sorts higher. */
static int worker_rank(const struct worker *worker)
{
    int runtime = strcmp(worker->runtime, "gomp") == 0 ? 0 : strcmp(worker->runtime, "omp") == 0 ? 1 : 2;
    return (worker->runnable ? 0 : 100) + (strcmp(worker->level, "native") == 0 ? 10 : 0) + runtime;
}

static int compare_workers(const void *a, const void *b)
{
    const struct worker *left = a, *right = b;
    int native = (worker_rank(left) / 10) - (worker_rank(right) / 10);
    if (native != 0)
        return native;
    int level = strcmp(right->level, left->level);
    return level != 0 ? level : worker_rank(left) - worker_rank(right);
}

enum status worker_list_find(struct worker_list *list, struct error *error)
{
    struct worker_list found = {0};
    struct text searched = {0};
    char **folder = list_folders();
    for (size_t i = 0; folder[i] != NULL; i++)
        if (folder[i][0] != '\0')
            search_folder(&found, &searched, folder[i]);
    text_split_free(folder);
    if (found.count == 0) {
        error_set(error, STATUS_FAILED,
            "no worker (acelera-worker-*) found: build them, or name their folder in ACELERA_WORKER_PATH; "
            "searched: %s",
            searched.length > 0 ? searched.data : "any folder");
        text_free(&searched);
        worker_list_free(&found);
        return STATUS_FAILED;
    }
    qsort(found.worker, (size_t)found.count, sizeof *found.worker, compare_workers);
    found.searched = searched.data;
    *list = found;
    return STATUS_OK;
}

void worker_list_free(struct worker_list *list)
{
    for (int i = 0; i < list->count; i++)
        worker_free(&list->worker[i]);
    free(list->worker);
    for (int i = 0; i < list->left_out_count; i++)
        free(list->left_out[i]);
    free(list->left_out);
    free(list->searched);
    *list = (struct worker_list){0};
}

/* ---- looking them up ---- */

const struct worker *worker_list_named(const struct worker_list *list, const char *name)
{
    for (int i = 0; i < list->count; i++)
        if (strcmp(list->worker[i].name, name) == 0)
            return &list->worker[i];
    return NULL;
}

const struct worker *worker_list_best(const struct worker_list *list)
{
    for (int i = 0; i < list->count; i++)
        if (list->worker[i].runnable && strcmp(list->worker[i].runtime, "serial") != 0)
            return &list->worker[i];
    return NULL;
}

/* The name without its runtime, "x86-64-v3-": not the level, because a folder of other workers (the tests')
 * has the same levels under other names. */
static size_t name_stem(const struct worker *worker)
{
    const char *dash = strrchr(worker->name, '-');
    return dash != NULL ? (size_t)(dash - worker->name) + 1 : strlen(worker->name);
}

const struct worker *worker_list_serial_of(const struct worker_list *list, const struct worker *worker)
{
    for (int i = 0; i < list->count; i++) {
        const struct worker *other = &list->worker[i];
        if (strcmp(other->runtime, "serial") == 0 && name_stem(other) == name_stem(worker) &&
            strncmp(other->name, worker->name, name_stem(worker)) == 0)
            return other;
    }
    return NULL;
}

const struct worker_kernel *worker_kernel_named(const struct worker *worker, const char *name)
{
    for (int k = 0; k < worker->kernel_count; k++)
        if (strcmp(worker->kernel[k].name, name) == 0)
            return &worker->kernel[k];
    return NULL;
}
