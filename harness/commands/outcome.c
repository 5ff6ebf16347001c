/* Reads a run back and reports it. Knows nothing of how it was measured. */
#include "harness/commands/outcome.h"

#include "harness/commands/plotting.h"
#include "harness/commands/run_options.h"
#include "harness/report/plot_data.h"
#include "harness/report/summary.h"

#include <stdlib.h>

static bool write_summary(const struct output *output, const struct summary *summary)
{
    switch (output->format) {
    case OUTPUT_MARKDOWN:
        return markdown_write(output->stream, summary);
    case OUTPUT_CSV:
        return csv_write(output->stream, summary);
    case OUTPUT_JSON:
        return json_write(output->stream, summary);
    case OUTPUT_TABLE:
        break;
    }
    struct table_style style = {output->color, output->unicode, output->columns};
    return table_write(output->stream, summary, &style);
}

/* The line for what the run holds; a failure to write what was derived from it is told first. */
static enum status content_status(int code, const char *directory, struct error *error)
{
    char *word = quoted_word(directory);
    enum status status = (enum status)code;
    switch (code) {
    case STATUS_INTERRUPTED:
        error_set(error, status,
            "the run was interrupted; the table holds what was measured; carry on with: acelera resume %s",
            word);
        break;
    case STATUS_UNVERIFIED:
        error_set(error, status,
            "a result failed its verification; such rows have no time, and their error says what was wrong");
        break;
    case STATUS_FAILED:
        error_set(error, status,
            "at least one worker process failed; the flags and errors of the rows say which and why");
        break;
    default:
        status = STATUS_OK;
    }
    free(word);
    return status;
}

/* The plots first: the files say which of them there are. */
static enum status write_files(
    const struct summary *summary, const struct output *output, struct error *error)
{
    bool drawn[PLOT_PICTURES];
    enum status status = plot_data_write_files(summary, drawn, error);
    if (status == STATUS_OK && output != NULL)
        plotting_draw(&output->plots, summary->record->directory, drawn);
    struct error why;
    if (summary_write_files(summary, &why) != STATUS_OK) {
        *error = why;
        status = STATUS_FAILED;
    }
    return status;
}

enum status outcome_report(
    const char *directory, bool as_interrupted, const struct output *output, struct error *error)
{
    struct run_record record;
    enum status status = output != NULL && output->unnamed
                             ? run_record_read_unnamed(directory, &record, error)
                             : run_record_read(directory, &record, error);
    if (status != STATUS_OK)
        return status;
    struct summary summary;
    struct error printing = {0}, writing = {0};
    summary_make(&record, &summary);
    enum status files = write_files(&summary, output, &writing);
    enum status printed =
        output != NULL ? output_status(write_summary(output, &summary), &printing) : STATUS_OK;
    /* The files and the table say that the end is missing; whether that is an interruption is the caller's
     * to know. */
    record.interrupted = record.interrupted && as_interrupted;
    int code = summary_exit_code(&summary);
    status = content_status(code, directory, error);
    if (printed != STATUS_OK || files != STATUS_OK) {
        *error = files != STATUS_OK ? writing : printing;
        status = code == STATUS_INTERRUPTED || code == STATUS_UNVERIFIED ? (enum status)code : STATUS_FAILED;
    }
    summary_free(&summary);
    run_record_free(&record);
    return status;
}
