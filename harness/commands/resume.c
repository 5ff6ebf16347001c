/* The `resume` command: carries on an interrupted run. The plan, the order of cells and the seeds are those
 * that were recorded; nothing is planned anew, and nothing that was measured is measured again. */
#include "harness/base/text.h"
#include "harness/commands/command_list.h"
#include "harness/commands/compare_live.h"
#include "harness/commands/measuring.h"
#include "harness/commands/resume_checks.h"
#include "harness/commands/workers.h"
#include "harness/data/table.h"
#include "harness/measure/child.h"
#include "harness/measure/child_environment.h"
#include "harness/measure/protocol.h"
#include "harness/report/compare.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

/* ---- what was recorded, in the words of the planner and the supervisor ---- */

/* What the supervisor asks a request for: the plan is made. */
static struct plan_request request_of(
    const struct run_record *record, const struct run_origin *origin, const struct data_table *table)
{
    return (struct plan_request){.data = origin->data_path != NULL ? table : NULL,
        .precision = record->precision,
        .delta = record->delta,
        .budget_s = record->budget_s,
        .warm_s = origin->warm_s,
        .blocks = origin->blocks,
        .timeout_s = origin->timeout_s,
        .seed = record->seed,
        .order_seed = record->order_seed};
}

static struct plan plan_of(const struct run_record *record, const struct run_origin *origin)
{
    return (struct plan){.cell = record->cell,
        .cell_count = record->cell_count,
        .point = origin->point,
        .point_count = origin->point_count,
        .comparable = origin->comparable};
}

static int by_block(const void *left, const void *right)
{
    const struct process_record *a = *(const struct process_record *const *)left;
    const struct process_record *b = *(const struct process_record *const *)right;
    if (a->block != b->block)
        return a->block < b->block ? -1 : 1;
    return (a > b) - (a < b); /* in the order of the record */
}

static struct past_process past_process_of(const struct process_record *process)
{
    return (struct past_process){.cell = process->cell,
        .block = process->block,
        .done = process->done,
        .unverified = process->check_failed,
        .seconds = process->seconds,
        .samples = process->samples,
        .repeat = process->repeat > 0 ? process->repeat : 1,
        .wall_s = process->wall_s};
}

/* `past->process` is the caller's to free. STATUS_FAILED for blocks that no run can have had. */
static enum status past_of(const struct run_record *record, const struct run_origin *origin,
    struct supervisor_past *past, struct error *error)
{
    const struct process_record **ended =
        memory_new(record->process_count + 1, sizeof(struct process_record *));
    struct past_process *processes = memory_new(record->process_count + 1, sizeof *processes);
    size_t count = 0;
    double spent_s = 0;
    for (size_t i = 0; i < record->process_count; i++) {
        const struct process_record *process = &record->process[i];
        if (process->ended && !process->interrupted)
            ended[count++] = process;
        if (process->ended && isfinite(process->wall_s))
            spent_s += process->wall_s;
    }
    qsort(ended, count, sizeof *ended, by_block);
    for (size_t i = 0; i < count; i++)
        processes[i] = past_process_of(ended[i]);
    free(ended);
    /* Each block has a process at least: a larger number would be waited for in vain. */
    if (record->block_count > 0 && (size_t)record->block_count > record->process_count) {
        free(processes);
        return error_set(error, STATUS_FAILED,
            "%.200s/samples.jsonl: speaks of block %d after %zu processes: the file was edited; begin a new "
            "run",
            record->directory, record->block_count, record->process_count);
    }
    *past = (struct supervisor_past){.process = processes,
        .process_count = count,
        .next_process = origin->next_process,
        .elapsed_s = spent_s,
        .iterations = origin->iterations,
        .dropped = record->dropped,
        .blocks_planned = origin->blocks_planned,
        .over_budget = record->over_budget};
    return STATUS_OK;
}

/* ---- going on ---- */

static enum status refuse_complete(const struct run_record *record, struct error *error)
{
    if (record->interrupted)
        return STATUS_OK;
    return error_set(error, STATUS_FAILED,
        "%.200s: nothing to resume; the run is complete (it ended by '%.40s'); see it with 'acelera report "
        "%.200s'",
        record->directory, record->end_reason, record->directory);
}

/* The same table as before; the copy that workers read of a CSV is made again, for it may not be whole. */
static enum status open_table(const struct run_record *record, const struct run_origin *origin,
    struct data_table *table, struct error *error)
{
    char digest[24];
    if (origin->data_path == NULL)
        return STATUS_OK;
    struct error why;
    if (data_table_open(origin->data_path, table, &why) != STATUS_OK)
        return error_set(error, STATUS_FAILED,
            "%.200s: the run needs its table: %.500s; resume it where it began, or begin a new run",
            record->directory, why.text);
    snprintf(digest, sizeof digest, "%016llx", (unsigned long long)table->scan.digest);
    if (strcmp(digest, origin->data_digest) != 0)
        return error_set(error, STATUS_FAILED,
            "%.200s: --data %.200s holds other bytes than when the run began; bring them back, or begin a "
            "new "
            "run",
            record->directory, origin->data_path);
    struct text copy = {0};
    text_add(&copy, "%s/data.npy", record->directory);
    if (table->is_csv)
        unlink(copy.data);
    text_free(&copy);
    return data_table_convert(table, record->directory, error);
}

static enum status mark_resumed(
    struct run_directory *directory, const struct supervisor_past *past, struct error *error)
{
    enum status status = run_directory_cut_torn_line(directory, error);
    if (status != STATUS_OK)
        return status;
    char *line = protocol_resume(ACELERA_VERSION, past->elapsed_s);
    status = run_directory_append(directory, line, error);
    free(line);
    return status;
}

static enum status go_on(const struct arguments *arguments, struct run_directory *directory,
    const struct run_record *record, const struct run_origin *origin, const struct machine *machine,
    const struct worker_list *workers, struct error *error)
{
    struct data_table table = {0};
    struct supervisor_past past = {0};
    struct plan plan = plan_of(record, origin);
    struct plan_request request = request_of(record, origin, &table);
    struct run_facts facts = {.request = &request, .plan = &plan, .machine = machine, .workers = workers};
    struct output output = output_of(arguments);
    const struct compare_wish wish = {.output = output};
    bool live = compared_run_is_live(record);
    output.plots = (struct plotting){PLOTTING_SVG, arguments->command->name};
    enum status measured, status = past_of(record, origin, &past, error);
    if (status == STATUS_OK)
        status = open_table(record, origin, &table, error);
    interrupt_catch();
    if (status == STATUS_OK)
        status = mark_resumed(directory, &past, error);
    if (status == STATUS_OK)
        status =
            measuring_run(directory, &facts, &past, live ? compare_live_report : measuring_report_outcome,
                live ? (const void *)&wish : &output, &measured, error);
    free((void *)past.process);
    data_table_free(&table);
    return status;
}

/* ---- the command ---- */

static enum status resume_run(const struct arguments *arguments, struct error *error)
{
    struct run_directory directory = {.samples_fd = -1};
    struct run_record record = {0};
    struct run_origin origin = {0};
    struct machine machine = {0};
    struct worker_list workers = {0};
    char *path = run_record_directory(arguments->operand);
    char **kept = inherited_variables(environment_is_blas);
    /* The lock comes first: what is read before it could be out of date. */
    enum status status = run_directory_open(path, &directory, error);
    if (status == STATUS_OK)
        status = run_record_read(path, &record, error);
    if (status == STATUS_OK)
        status = refuse_complete(&record, error);
    if (status == STATUS_OK)
        status = resume_check_program(&record, error);
    if (status == STATUS_OK)
        status = run_origin_read(&record, &origin, error);
    if (status == STATUS_OK)
        status = machine_discover(NULL, &machine, error);
    if (status == STATUS_OK)
        status = resume_check_machine(&record, &origin, &machine, error);
    if (status == STATUS_OK)
        status = workers_find(&workers, error);
    if (status == STATUS_OK)
        status = resume_check_workers(&record, &origin, &workers, error);
    if (status == STATUS_OK)
        status = resume_check_variables(&record, &origin, kept, error);
    if (status == STATUS_OK)
        status = go_on(arguments, &directory, &record, &origin, &machine, &workers, error);
    run_directory_close(&directory);
    run_record_free(&record);
    run_origin_free(&origin);
    machine_free(&machine);
    worker_list_free(&workers);
    free(kept);
    free(path);
    return status;
}

static const char *const examples[] = {"acelera resume results/host-20260101T120000Z", NULL};

const struct command command_resume = {
    .name = "resume",
    .summary = "carry on an interrupted run: measure what it lacks, and print its table",
    .examples = examples,
    .operand = "RUN",
    .operand_help =
        "the run directory of a run that was interrupted, or its run.json; on the machine where it began",
    .operand_required = true,
    .prints_results = true,
    .run = resume_run,
};
