/* The `run` command: the journey from the machine to the table, station by station. Each station is another
 * folder's; this file only hands things from one to the next, and keeps what was measured when one fails. */
#include "harness/commands/command_list.h"
#include "harness/commands/measuring.h"
#include "harness/commands/output.h"
#include "harness/commands/run_options.h"
#include "harness/commands/scene.h"
#include "harness/measure/child.h"
#include "harness/measure/saving.h"
#include "harness/report/plan.h"

#include <errno.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

/* ---- results that are kept ---- */

/* Before anything is measured: a folder that cannot be written should not be found out afterwards. */
static enum status make_save_folder(const char *folder, struct error *error)
{
    struct stat facts;
    if (folder == NULL)
        return STATUS_OK;
    if (mkdir(folder, 0777) != 0 && errno != EEXIST)
        return error_set(error, STATUS_FAILED, "--save %.300s: cannot make this folder: %s; choose another",
            folder, strerror(errno));
    if (stat(folder, &facts) != 0 || !S_ISDIR(facts.st_mode))
        return error_set(
            error, STATUS_FAILED, "--save %.300s: a file of that name is in the way; name a folder", folder);
    if (access(folder, W_OK | X_OK) != 0)
        return error_set(error, STATUS_FAILED, "--save %.300s: cannot write there: %s; choose another folder",
            folder, strerror(errno));
    return STATUS_OK;
}

static void show_line(void *context, const char *line)
{
    fprintf(context, "saved: %s\n", line);
}

/* What was measured stays the result; a failure here is told where there is none to tell yet. */
static enum status save_results(
    const struct run_facts *facts, const char *folder, const struct output *output, struct error *error)
{
    /* Beside a format for programs, standard output stays what that format says. */
    FILE *stream = output->format == OUTPUT_TABLE ? output->stream : stderr;
    enum status status = saving_run(
        facts->request, facts->plan, facts->machine, facts->workers, folder, show_line, stream, error);
    struct error printing;
    if (output_status(ferror(stream) == 0, &printing) != STATUS_OK && status == STATUS_OK) {
        *error = printing;
        status = STATUS_FAILED;
    }
    return status;
}

/* ---- measuring ---- */

/* Of two statuses the one that tells more: interrupted, then a wrong result, then any failure. */
static bool outranks(enum status status, enum status other)
{
    static const enum status order[] = {STATUS_INTERRUPTED, STATUS_UNVERIFIED, STATUS_FAILED, STATUS_OK};
    size_t i = 0;
    while (order[i] != other && order[i] != status)
        i++;
    return order[i] == status && status != other;
}

static enum status measure(const struct arguments *arguments, const struct run_facts *facts,
    struct data_table *table, struct error *error)
{
    const char *parent = arguments_text(arguments, "--out");
    const char *save = arguments_text(arguments, "--save");
    struct output output = output_of(arguments);
    struct run_directory directory;
    if (plotting_of(arguments, &output.plots, error) != STATUS_OK)
        return STATUS_USAGE;
    if (make_save_folder(save, error) != STATUS_OK)
        return STATUS_FAILED;
    /* A run that was begun is reported, however often and at whatever moment it is interrupted. */
    interrupt_catch();
    enum status measured, status = run_directory_create(parent, facts, &directory, error);
    if (status != STATUS_OK)
        return status;
    status = data_table_convert(table, directory.path, error);
    if (status != STATUS_OK) {
        run_directory_close(&directory);
        return status;
    }
    status = measuring_run(&directory, facts, NULL, measuring_report_outcome, &output, &measured, error);
    if (save != NULL && measured == STATUS_OK) {
        struct error why;
        enum status saved = save_results(facts, save, &output, &why);
        if (outranks(saved, status)) {
            *error = why;
            status = saved;
        }
    }
    run_directory_close(&directory);
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
    struct scene scene;
    struct plan plan = {0};
    const char *topology = arguments_text(arguments, "--topology");
    enum status status = scene_set(arguments, topology, &scene, error);
    if (status != STATUS_OK)
        return status;
    status = plan_make(&scene.request, &scene.machine, &scene.workers, &plan, error);
    struct run_facts facts = scene_facts(&scene, &plan);
    facts.anonymous = arguments_given(arguments, "--anonymous");
    if (status == STATUS_OK && (topology != NULL || arguments_given(arguments, "--dry-run"))) {
        status = show_plan(arguments, &facts, error);
    } else if (status == STATUS_OK) {
        scene_examine(&scene, &plan);
        status = measure(arguments, &facts, &scene.table, error);
    }
    plan_free(&plan);
    scene_free(&scene);
    return status;
}

static const char *const examples[] = {
    "acelera run",
    "acelera run --kernel matmul --variants all --budget 5m",
    "acelera run --kernel matmul --shape n=1000 --threads 1,2,4 --format json",
    "acelera run --data points.csv --kernel kmeans --shape k=8 --save found",
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
