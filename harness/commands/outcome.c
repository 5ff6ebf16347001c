/* Reads a run back and reports it. Knows nothing of how it was measured. */
#include "harness/commands/outcome.h"

#include "harness/report/summary.h"

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
static enum status content_status(int code, struct error *error)
{
    switch (code) {
    case STATUS_INTERRUPTED:
        return error_set(
            error, STATUS_INTERRUPTED, "the run was interrupted; the table holds what was measured");
    case STATUS_UNVERIFIED:
        return error_set(error, STATUS_UNVERIFIED,
            "a result failed its verification; such rows have no time, and their error says what was wrong");
    case STATUS_FAILED:
        return error_set(error, STATUS_FAILED,
            "at least one worker process failed; the flags and errors of the rows say which and why");
    default:
        return STATUS_OK;
    }
}

enum status outcome_report(
    const char *directory, bool as_interrupted, const struct output *output, struct error *error)
{
    struct run_record record;
    enum status status = run_record_read(directory, &record, error);
    if (status != STATUS_OK)
        return status;
    struct summary summary;
    struct error printing = {0}, writing = {0};
    summary_make(&record, &summary);
    enum status files = summary_write_files(&summary, &writing);
    enum status printed = output_status(write_summary(output, &summary), &printing);
    /* The files and the table say that the end is missing; whether that is an interruption is the caller's
     * to know. */
    record.interrupted = record.interrupted && as_interrupted;
    int code = summary_exit_code(&summary);
    status = content_status(code, error);
    if (printed != STATUS_OK || files != STATUS_OK) {
        *error = files != STATUS_OK ? writing : printing;
        status = code == STATUS_INTERRUPTED || code == STATUS_UNVERIFIED ? (enum status)code : STATUS_FAILED;
    }
    summary_free(&summary);
    run_record_free(&record);
    return status;
}
