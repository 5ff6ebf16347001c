#include "harness/commands/measuring.h"

#include "harness/base/text.h"
#include "harness/commands/outcome.h"
#include "harness/commands/progress.h"

#include <unistd.h>

struct recording {
    struct run_directory *directory;
    struct progress progress;
};

static enum status record_line(void *context, const char *json_line, struct error *error)
{
    struct recording *recording = context;
    return run_directory_append(recording->directory, json_line, error);
}

static void show_progress(void *context, const struct supervisor_progress *now)
{
    struct recording *recording = context;
    progress_draw(&recording->progress, now);
}

enum status measuring_report_outcome(
    const void *context, const char *directory, bool as_interrupted, struct error *error)
{
    return outcome_report(directory, as_interrupted, context, error);
}

enum status measuring_run(struct run_directory *directory, const struct run_facts *facts,
    const struct supervisor_past *past, measuring_report *report, const void *context, enum status *measured,
    struct error *error)
{
    struct recording recording = {directory, progress_begin()};
    struct supervisor_sink sink = {record_line, show_progress, &recording};
    enum supervisor_end end;
    *measured =
        supervisor_run(facts->request, facts->plan, facts->machine, facts->workers, past, &sink, &end, error);
    progress_end(&recording.progress);
    struct error first = *error;
    enum status status = report(context, directory->path, *measured != STATUS_FAILED, error);
    /* What went wrong while measuring is the cause of whatever the report misses. */
    if (*measured != STATUS_OK && first.text[0] != '\0')
        *error = first;
    if (*measured == STATUS_INTERRUPTED || (*measured == STATUS_FAILED && status != STATUS_UNVERIFIED))
        status = *measured;
    return status;
}

char **inherited_variables(bool (*is_of_kind)(const char *variable))
{
    size_t count = 0;
    char **found = memory_new(1, sizeof *found);
    for (char **variable = environ; variable != NULL && *variable != NULL; variable++) {
        if (!is_of_kind(*variable))
            continue;
        found = memory_grow(found, count + 2, sizeof *found);
        found[count++] = *variable;
        found[count] = NULL;
    }
    return found;
}
