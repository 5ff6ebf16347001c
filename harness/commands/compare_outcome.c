/* The end of every comparison. */
#include "harness/commands/compare_outcome.h"

#include "harness/base/text.h"
#include "harness/report/compare.h"

#include <stdlib.h>

static enum status read_run(
    const char *path, enum cell_side side, struct compared_run *run, struct error *error)
{
    struct run_record record;
    enum status status = run_record_read(path, &record, error);
    if (status == STATUS_OK)
        compared_run_make(run, side, &record);
    return status;
}

static enum status refuse_single(const struct compared_run *run, struct error *error)
{
    if (compared_run_is_live(&run->record))
        return STATUS_OK;
    return error_set(error, STATUS_USAGE,
        "%s: one run alone, and not of 'compare --live', has nothing to be compared with; name two runs",
        run->record.directory);
}

static bool write_comparison(const struct output *output, const struct comparison *comparison)
{
    const struct table_style style = {output->color, output->unicode, output->columns};
    switch (output->format) {
    case OUTPUT_MARKDOWN:
        return compare_markdown_write(output->stream, comparison);
    case OUTPUT_CSV:
        compare_notes_write(stderr, comparison);
        return compare_csv_write(output->stream, comparison);
    case OUTPUT_JSON:
        return compare_json_write(output->stream, comparison);
    case OUTPUT_TABLE:
        break;
    }
    return compare_table_write(output->stream, comparison, &style);
}

/* The line for what was found; slower rows need none: they are the result. */
static enum status content_status(const struct comparison *comparison, struct error *error)
{
    enum status status = (enum status)comparison_exit_code(comparison);
    if (status == STATUS_UNVERIFIED)
        return error_set(error, status,
            "a result failed its verification, and that row was refused; its reason says what was wrong");
    if (status == STATUS_FAILED)
        return error_set(error, status, "nothing could be compared; the reasons are with the refused rows");
    return status;
}

static enum status report(
    const struct compared_run *run, int count, const struct compare_wish *wish, struct error *error)
{
    struct comparison comparison;
    struct error failure = {0};
    double recorded = run[0].record.delta > 0 ? run[0].record.delta : COMPARE_DELTA_LIVE;
    double delta = wish->delta > 0 ? wish->delta : count == 1 ? recorded : COMPARE_DELTA_OF_RUNS;
    comparison_make(run, count, delta, &comparison);
    enum status written = STATUS_OK;
    if (comparison.live)
        written = compare_write_file(&comparison, run[0].record.directory, &failure);
    enum status printed = output_status(write_comparison(&wish->output, &comparison), &failure);
    enum status status = content_status(&comparison, error);
    if ((written != STATUS_OK || printed != STATUS_OK) && status != STATUS_UNVERIFIED) {
        *error = failure;
        status = STATUS_FAILED;
    }
    comparison_free(&comparison);
    return status;
}

enum status compare_outcome(
    const struct compare_runs *runs, const struct compare_wish *wish, struct error *error)
{
    int count = 0;
    enum status status = STATUS_OK;
    struct compared_run *run = memory_new((size_t)(runs->count[0] + runs->count[1]), sizeof *run);
    for (enum cell_side side = SIDE_A; side < CELL_SIDES; side++)
        for (int i = 0; i < runs->count[side] && status == STATUS_OK; i++) {
            status = read_run(runs->path[side][i], side, &run[count], error);
            count += status == STATUS_OK ? 1 : 0;
        }
    if (status == STATUS_OK && count == 1)
        status = refuse_single(&run[0], error);
    if (status == STATUS_OK)
        status = report(run, count, wish, error);
    for (int i = 0; i < count; i++)
        compared_run_free(&run[i]);
    free(run);
    return status;
}
