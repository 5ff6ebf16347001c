/* The `list` command: what the installed workers hold, as they describe it. Holds no list of its own. */
#include "harness/report/list.h"
#include "harness/base/text.h"
#include "harness/commands/command_list.h"
#include "harness/commands/output.h"
#include "harness/commands/workers.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

/* Entries and the words that they point to where nobody else owns them. */
struct collection {
    struct list_entry *entry;
    char **owned;
    int count;
};

/* `value` is taken over; NULL: "". */
static void add(struct collection *list, struct list_entry entry, char *value)
{
    size_t count = (size_t)list->count + 1;
    list->entry = memory_grow(list->entry, count, sizeof *list->entry);
    list->owned = memory_grow(list->owned, count, sizeof *list->owned);
    entry.value = value != NULL ? value : "";
    list->entry[list->count] = entry;
    list->owned[list->count] = value;
    list->count++;
}

static void collection_free(struct collection *list)
{
    for (int i = 0; i < list->count; i++)
        free(list->owned[i]);
    free(list->owned);
    free(list->entry);
}

static char *join_words(char *const *words, int count)
{
    struct text text = {0};
    text_add(&text, "%s", "");
    for (int i = 0; i < count; i++)
        text_add(&text, "%s%s", i > 0 ? " " : "", words[i]);
    return text.data;
}

static void add_sizes(struct collection *list, const struct worker_kernel *kernel, const char *standard)
{
    for (int size = 0; size < SIZE_CLASSES; size++) {
        struct text shape = {0};
        for (int i = 0; i < kernel->dimension_count; i++)
            text_add(&shape, "%s%s=%" PRId64, i > 0 ? "," : "", kernel->dimension[i].key,
                kernel->dimension[i].by_size[size]);
        const char *name = size_class_names[size];
        add(list,
            (struct list_entry){.kind = LIST_SIZE,
                .kernel = kernel->name,
                .name = name,
                .meaning = "",
                .why = "",
                .chosen = strcmp(name, standard) == 0},
            shape.data);
    }
}

static void add_kernel(struct collection *list, const struct worker_kernel *kernel, const char *size)
{
    add(list,
        (struct list_entry){.kind = LIST_KERNEL,
            .kernel = kernel->name,
            .name = kernel->name,
            .meaning = kernel->summary,
            .why = cell_rate_unit(kernel->rate) != NULL ? cell_rate_unit(kernel->rate) : ""},
        join_words(kernel->types, kernel->type_count));
    for (int i = 0; i < kernel->variant_count; i++) {
        const struct worker_variant *variant = &kernel->variant[i];
        add(list,
            (struct list_entry){.kind = LIST_VARIANT,
                .kernel = kernel->name,
                .name = variant->name,
                .meaning = variant->what,
                .why = variant->why,
                .chosen = variant->is_default},
            NULL);
    }
    add_sizes(list, kernel, size);
    for (int i = 0; i < kernel->dimension_count; i++)
        add(list,
            (struct list_entry){.kind = LIST_DIMENSION,
                .kernel = kernel->name,
                .name = kernel->dimension[i].key,
                .meaning = kernel->dimension[i].meaning,
                .why = ""},
            NULL);
    for (int i = 0; i < kernel->option_count; i++)
        add(list,
            (struct list_entry){.kind = LIST_OPTION,
                .kernel = kernel->name,
                .name = kernel->option[i].key,
                .meaning = kernel->option[i].meaning,
                .why = ""},
            join_words(kernel->option[i].choices, kernel->option[i].choice_count));
}

static void add_placements(struct collection *list)
{
    static const struct {
        const char *name, *meaning;
    } placements[] = {
        {"spread",
            "one thread a core, far apart: packages, memory domains and caches in turn; siblings last"},
        {"compact", "one thread a core, neighbours first; siblings after all cores"},
        {"packed", "every PU of a core before the next core"},
        {"one-pu", "all threads on one PU: concurrency without parallelism"},
        {"unbound", "wherever the operating system puts them"},
    };
    for (size_t i = 0; i < sizeof placements / sizeof placements[0]; i++)
        add(list,
            (struct list_entry){.kind = LIST_PLACEMENT,
                .kernel = "",
                .name = placements[i].name,
                .meaning = placements[i].meaning,
                .why = "",
                .chosen = i == 0},
            NULL);
}

static void add_workers(struct collection *list, const struct worker_list *workers)
{
    for (int i = 0; i < workers->count; i++) {
        const struct worker *worker = &workers->worker[i];
        bool parallel = worker->openmp[0] != '\0';
        struct text build = {0};
        text_add(&build, "%s, %s%s", worker->compiler, parallel ? "OpenMP " : "no OpenMP", worker->openmp);
        add(list,
            (struct list_entry){.kind = LIST_WORKER,
                .kernel = "",
                .name = worker->name,
                .meaning = "",
                .why = worker->missing,
                .chosen = worker->runnable},
            build.data);
    }
}

static enum status kernel_unknown(const struct worker *worker, const char *name, struct error *error)
{
    const char **names = memory_new((size_t)worker->kernel_count + 1, sizeof *names);
    for (int i = 0; i < worker->kernel_count; i++)
        names[i] = worker->kernel[i].name;
    char fault[256];
    enum status status = error_set(error, STATUS_USAGE, "%.100s: unknown kernel, %s", name,
        choices_describe(name, names, fault, sizeof fault));
    free(names);
    return status;
}

static bool write_list(const struct output *output, const struct collection *list)
{
    switch (output->format) {
    case OUTPUT_MARKDOWN:
        return list_markdown_write(output->stream, list->entry, list->count);
    case OUTPUT_CSV:
        return list_csv_write(output->stream, list->entry, list->count);
    case OUTPUT_JSON:
        return list_json_write(output->stream, list->entry, list->count);
    case OUTPUT_TABLE:
        break;
    }
    return list_text_write(output->stream, list->entry, list->count, output->columns);
}

static enum status list_run(const struct arguments *arguments, struct error *error)
{
    struct worker_list workers;
    struct collection list = {0};
    enum status status = workers_find(&workers, error);
    if (status != STATUS_OK)
        return status;
    const char *name = arguments->operand;
    const struct worker *worker = worker_list_best(&workers);
    if (worker == NULL)
        worker = &workers.worker[0]; /* none runs here; what they hold can be listed all the same */
    if (name != NULL && worker_kernel_named(worker, name) == NULL) {
        status = kernel_unknown(worker, name, error);
        goto cleanup;
    }
    for (int i = 0; i < worker->kernel_count; i++)
        if (name == NULL || strcmp(worker->kernel[i].name, name) == 0)
            add_kernel(&list, &worker->kernel[i], "medium");
    if (name == NULL) {
        add_placements(&list);
        add_workers(&list, &workers);
    }
    struct output output = output_of(arguments);
    status = output_status(write_list(&output, &list), error);
cleanup:
    collection_free(&list);
    worker_list_free(&workers);
    return status;
}

static const char *const examples[] = {
    "acelera list                     kernels, placements and workers", "acelera list matmul", NULL};

const struct command command_list_kernels = {
    .name = "list",
    .summary = "kernels with their variants, sizes and options; placements; workers",
    .examples = examples,
    .operand = "KERNEL",
    .operand_help = "only this kernel",
    .prints_results = true,
    .run = list_run,
};
