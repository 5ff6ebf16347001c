/* The `run` command: the journey from the machine to the table, station by station. Each station is another
 * folder's; this file only hands things from one to the next, and keeps what was measured when one fails. */
#include "harness/base/text.h"
#include "harness/commands/command_list.h"
#include "harness/commands/outcome.h"
#include "harness/commands/output.h"
#include "harness/commands/progress.h"
#include "harness/commands/run_options.h"
#include "harness/commands/workers.h"
#include "harness/machine/machine.h"
#include "harness/measure/child.h"
#include "harness/measure/child_environment.h"
#include "harness/measure/plan.h"
#include "harness/measure/supervisor.h"
#include "harness/report/plan.h"
#include "harness/store/run_directory.h"

#include <stdlib.h>
#include <unistd.h>

/* ---- where a measurement's lines go ---- */

struct recording {
    struct run_directory directory;
    struct progress progress;
};

static enum status record_line(void *context, const char *json_line, struct error *error)
{
    struct recording *recording = context;
    return run_directory_append(&recording->directory, json_line, error);
}

static void show_progress(void *context, const struct supervisor_progress *now)
{
    struct recording *recording = context;
    progress_draw(&recording->progress, now);
}

/* "NAME=VALUE" of every inherited variable that steers an OpenMP runtime; entries are not owned. */
static char **inherited_openmp_variables(void)
{
    size_t count = 0;
    char **found = memory_new(1, sizeof *found);
    for (char **variable = environ; variable != NULL && *variable != NULL; variable++) {
        if (!environment_is_openmp(*variable))
            continue;
        found = memory_grow(found, count + 2, sizeof *found);
        found[count++] = *variable;
        found[count] = NULL;
    }
    return found;
}

/* ---- measuring ---- */

static enum status measure(
    const struct arguments *arguments, const struct run_facts *facts, struct error *error)
{
    const char *parent = arguments_text(arguments, "--out");
    struct output output = output_of(arguments);
    struct recording recording = {0};
    /* A run that was begun is reported, however often and at whatever moment it is interrupted. */
    interrupt_catch();
    enum status status = run_directory_create(parent, facts, &recording.directory, error);
    if (status != STATUS_OK)
        return status;
    recording.progress = progress_begin();
    struct supervisor_sink sink = {record_line, show_progress, &recording};
    enum supervisor_end end;
    status = supervisor_run(facts->request, facts->plan, facts->machine, facts->workers, &sink, &end, error);
    progress_end(&recording.progress);
    struct error first = *error;
    enum status measured = status;
    status = outcome_report(recording.directory.path, measured != STATUS_FAILED, &output, error);
    /* What went wrong while measuring is the cause of whatever the report misses. */
    if (measured != STATUS_OK && first.text[0] != '\0')
        *error = first;
    if (measured == STATUS_INTERRUPTED || (measured == STATUS_FAILED && status != STATUS_UNVERIFIED))
        status = measured;
    run_directory_close(&recording.directory);
    return status;
}

static bool write_plan(const struct output *output, const struct plan_view *view)
{
    switch (output->format) {
    case OUTPUT_MARKDOWN:
        return plan_markdown_write(output->stream, view);
    case OUTPUT_CSV:
        return plan_csv_write(output->stream, view);
    case OUTPUT_JSON:
        return plan_json_write(output->stream, view);
    case OUTPUT_TABLE:
        break;
    }
    return plan_text_write(output->stream, view, output->columns);
}

static enum status show_plan(
    const struct arguments *arguments, const struct run_facts *facts, struct error *error)
{
    const struct plan *plan = facts->plan;
    const struct plan_request *request = facts->request;
    struct plan_view view = {
        .topology = &facts->machine->topology,
        .point = plan->point,
        .point_count = plan->point_count,
        .cell = plan->cell,
        .cell_count = plan->cell_count,
        .skipped = plan->skipped,
        .skipped_count = plan->skipped_count,
        .comparable = plan->comparable,
        .budget_s = request->budget_s,
        .precision = request->precision,
        .blocks = request->blocks,
        .seed = request->seed,
        .order_seed = request->order_seed,
    };
    struct output output = output_of(arguments);
    return output_status(write_plan(&output, &view), error);
}

/* ---- the command ---- */

static enum status run_run(const struct arguments *arguments, struct error *error)
{
    struct plan_request request = {0};
    struct machine machine = {0};
    struct worker_list workers = {0};
    struct plan plan = {0};
    const char *topology = arguments_text(arguments, "--topology");
    char *command = command_line_of(arguments);
    char **cleared = inherited_openmp_variables();
    struct run_facts facts = {&request, &plan, &machine, &workers, command, ACELERA_VERSION, cleared};

    enum status status = request_make(arguments, &request, error);
    if (status != STATUS_OK)
        goto cleanup;
    status = machine_discover(topology, &machine, error);
    if (status != STATUS_OK)
        goto cleanup;
    status = workers_find(&workers, error);
    if (status != STATUS_OK)
        goto cleanup;
    status = plan_make(&request, &machine, &workers, &plan, error);
    if (status != STATUS_OK)
        goto cleanup;
    if (topology != NULL || arguments_given(arguments, "--dry-run"))
        status = show_plan(arguments, &facts, error);
    else
        status = measure(arguments, &facts, error);
cleanup:
    plan_free(&plan);
    worker_list_free(&workers);
    machine_free(&machine);
    request_free(&request);
    free(cleared);
    free(command);
    return status;
}

static const char *const examples[] = {
    "acelera run",
    "acelera run --kernel matmul --variants all --budget 5m",
    "acelera run --kernel matmul --shape n=1000 --threads 1,2,4 --format json",
    "acelera run --topology 'pack:2 core:8 pu:2'",
    NULL,
};

const struct command command_run = {
    .name = "run",
    .summary = "measure kernels at every useful number of threads, and print the speedup table",
    .examples = examples,
    .options = run_options,
    .option_count = RUN_OPTION_COUNT,
    .prints_results = true,
    .run = run_run,
};
