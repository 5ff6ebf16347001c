/* Starts one worker for each problem whose result is to be kept, and passes on what it says. */
#include "harness/measure/saving.h"
#include "harness/base/text.h"
#include "harness/measure/child.h"
#include "harness/measure/child_environment.h"
#include "harness/measure/plan_parts.h"
#include "harness/measure/words.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <sys/wait.h>
#include <unistd.h>

static const double patience_s = 60;
static const double slowest_rate = 5e7; /* operations or bytes a second, writing included */

/* ---- one worker ---- */

static void make_words(const struct plan_request *request, const struct cell *cell,
    const struct machine *machine, const char *path, const char *folder, struct words *words)
{
    words_add(words, "%s", path);
    words_add(words, "--save");
    words_add_problem(words, cell, machine);
    words_add_table(words, cell, request->data);
    words_add(words, "seed=%llu", (unsigned long long)request->seed);
    words_add(words, "parent=%ld", (long)getpid());
    words_add(words, "save=%s", folder);
}

static enum status explain_end(const struct cell *cell, enum child_event event, int ended,
    const struct child *child, struct error *error)
{
    char label[200];
    cell_label(cell, label, sizeof label);
    if (event == CHILD_INTERRUPT)
        return error_set(error, STATUS_INTERRUPTED, "interrupted while results were saved");
    if (event == CHILD_LATE)
        return error_set(error, STATUS_FAILED, "--save: %s did not finish in time (see --timeout)", label);
    if (WIFSIGNALED(ended))
        return error_set(error, STATUS_FAILED, "--save: %s was ended by signal %d (%s)", label,
            WTERMSIG(ended), strsignal(WTERMSIG(ended)));
    if (WEXITSTATUS(ended) == 0)
        return STATUS_OK;
    return error_set(error, WEXITSTATUS(ended) == STATUS_UNVERIFIED ? STATUS_UNVERIFIED : STATUS_FAILED,
        "--save: %s", child->complaint_length > 0 ? child->complaint : label);
}

static enum status save_cell(const struct cell *cell, double timeout_s, const struct words *words,
    void (*hear)(void *context, const char *line), void *context, struct error *error)
{
    /* Nothing is timed, and threads are not bound: waiting is passive. */
    char **environment = environment_for_team(cell->threads, ENVIRONMENT_PASSIVE);
    struct child child;
    enum status status = child_start(words->word, environment, &child, error);
    environment_free(environment);
    if (status != STATUS_OK)
        return status;
    double deadline_s = child_now_s() + timeout_s;
    enum child_event event;
    char *line;
    while ((event = child_next_line(&child, deadline_s, &line)) == CHILD_LINE) {
        hear(context, line);
        free(line);
    }
    int ended = child_finish(&child, event != CHILD_END);
    return explain_end(cell, event, ended, &child, error);
}

/* ---- which ones ---- */

static bool is_workload(const struct worker_list *workers, const struct cell *cell)
{
    const struct worker_kernel *kernel =
        worker_kernel_named(worker_list_named(workers, cell->worker), cell->kernel);
    return !cell->is_reference && kernel != NULL && !kernel->is_ceiling;
}

/* The serial base is a row of its own right only where nothing else was asked for. */
static bool is_serial_only(const struct plan *plan, const struct worker_list *workers)
{
    for (int c = 0; c < plan->cell_count; c++)
        if (is_workload(workers, &plan->cell[c]) && !plan->cell[c].serial_base)
            return false;
    return true;
}

static bool is_same_problem(const struct cell *a, const struct cell *b)
{
    return strcmp(a->kernel, b->kernel) == 0 && strcmp(a->variant, b->variant) == 0 &&
           strcmp(a->type, b->type) == 0;
}

/* The last cell of each problem, which has the most threads: the result is the same for every team. */
static bool is_to_be_saved(const struct plan *plan, const struct worker_list *workers, int id)
{
    bool serial_only = is_serial_only(plan, workers);
    const struct cell *cell = &plan->cell[id];
    if (!is_workload(workers, cell) || (cell->serial_base && !serial_only))
        return false;
    for (int later = id + 1; later < plan->cell_count; later++)
        if (is_same_problem(cell, &plan->cell[later]) && (!plan->cell[later].serial_base || serial_only))
            return false;
    return true;
}

enum status saving_run(const struct plan_request *request, const struct plan *plan,
    const struct machine *machine, const struct worker_list *workers, const char *folder,
    void (*hear)(void *context, const char *line), void *context, struct error *error)
{
    enum status status = STATUS_OK;
    for (int c = 0; c < plan->cell_count && status == STATUS_OK; c++) {
        const struct cell *cell = &plan->cell[c];
        if (!is_to_be_saved(plan, workers, c))
            continue;
        struct words words = {0};
        double work = fmax(fmax(cell->flop, cell->bytes), cell->memory_bytes);
        double timeout_s = request->timeout_s > 0 ? request->timeout_s : patience_s + work / slowest_rate;
        make_words(request, cell, machine, worker_list_named(workers, cell->worker)->path, folder, &words);
        status = save_cell(cell, timeout_s, &words, hear, context, error);
        words_free(&words);
    }
    return status;
}
