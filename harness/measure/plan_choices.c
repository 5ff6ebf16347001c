/* Which placements, scalings and workers a request means. Refuses what this machine and these workers do not
 * have; plans nothing. */
#include "harness/base/text.h"
#include "harness/measure/plan_parts.h"

#include <stdlib.h>
#include <string.h>

static const char *const placement_names[] = {"spread", "compact", "packed", "one-pu", "unbound"};
enum { PLACEMENTS = sizeof placement_names / sizeof placement_names[0] };

enum status plan_check_placements(const struct plan_request *request, bool *crowded, struct error *error)
{
    enum status status = plan_refuse_repeats(error, "--placement", request->placements);
    *crowded = true;
    for (size_t i = 0; request->placements[i] != NULL && status == STATUS_OK; i++) {
        const char *word = request->placements[i];
        int p = 0;
        while (p < PLACEMENTS && strcmp(word, placement_names[p]) != 0)
            p++;
        if (p == PLACEMENTS)
            status = plan_refuse_name(error, "--placement", word, placement_names, PLACEMENTS);
        *crowded = *crowded && (strcmp(word, "one-pu") == 0 || strcmp(word, "unbound") == 0);
    }
    return status;
}

enum status plan_check_scalings(const struct plan_request *request, struct error *error)
{
    static const char *const names[] = {"strong", "weak"};
    enum status status = plan_refuse_repeats(error, "--scaling", request->scalings);
    for (char **word = request->scalings; *word != NULL && status == STATUS_OK; word++)
        if (strcmp(*word, names[0]) != 0 && strcmp(*word, names[1]) != 0)
            status = plan_refuse_name(error, "--scaling", *word, names, sizeof names / sizeof *names);
    return status;
}

static enum status add_worker(struct planner *planner, const char *name)
{
    const struct worker *worker = worker_list_named(planner->workers, name);
    if (worker == NULL) {
        const char **names = memory_new((size_t)planner->workers->count, sizeof *names);
        for (int i = 0; i < planner->workers->count; i++)
            names[i] = planner->workers->worker[i].name;
        enum status status =
            plan_refuse_name(planner->error, "--worker", name, names, (size_t)planner->workers->count);
        free(names);
        return status;
    }
    if (!worker->runnable)
        return error_set(planner->error, STATUS_USAGE,
            "--worker %s: this CPU lacks %s; 'acelera list' shows what it can run", name, worker->missing);
    planner->worker[planner->worker_count++] = worker;
    return STATUS_OK;
}

enum status plan_choose_workers(struct planner *planner)
{
    const struct plan_request *request = planner->request;
    size_t named = 0;
    while (request->workers[named] != NULL)
        named++;
    planner->worker = memory_new(named + 1, sizeof *planner->worker);
    enum status status = plan_refuse_repeats(planner->error, "--worker", request->workers);
    for (size_t i = 0; i < named && status == STATUS_OK; i++)
        status = add_worker(planner, request->workers[i]);
    if (status != STATUS_OK || named > 0)
        return status;
    planner->worker[0] = worker_list_best(planner->workers);
    planner->worker_count = 1;
    if (planner->worker[0] == NULL)
        return error_set(
            planner->error, STATUS_FAILED, "no worker in %s can run on this CPU", planner->workers->searched);
    return STATUS_OK;
}

static bool word_in(const char *word, char *const *words, int count)
{
    for (int i = 0; i < count; i++)
        if (strcmp(words[i], word) == 0)
            return true;
    return false;
}

enum status plan_check_workers(const struct planner *planner)
{
    char *const *types = planner->request->types;
    enum status status = plan_refuse_repeats(planner->error, "--type", types);
    for (int k = 0; k < planner->kernel_count && status == STATUS_OK; k++) {
        const struct worker_kernel *kernel = planner->kernel[k].kernel;
        for (size_t t = 0; types[t] != NULL && status == STATUS_OK; t++)
            if (!word_in(types[t], kernel->types, kernel->type_count))
                status = plan_refuse_name(planner->error, "--type", types[t],
                    (const char *const *)kernel->types, (size_t)kernel->type_count);
        for (int w = 1; w < planner->worker_count && status == STATUS_OK; w++)
            if (worker_kernel_named(planner->worker[w], kernel->name) == NULL)
                status = error_set(planner->error, STATUS_USAGE, "--worker %s: has no kernel %s",
                    planner->worker[w]->name, kernel->name);
    }
    return status;
}
