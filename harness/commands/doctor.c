/* The `doctor` command: what would spoil a measurement here. Looks, says, and changes nothing. */
#include "harness/machine/doctor.h"
#include "harness/commands/command_list.h"
#include "harness/commands/output.h"
#include "harness/commands/workers.h"
#include "harness/report/findings.h"

static bool write_findings(const struct output *output, const struct machine *machine)
{
    switch (output->format) {
    case OUTPUT_MARKDOWN:
        return findings_markdown_write(output->stream, machine);
    case OUTPUT_CSV:
        return findings_csv_write(output->stream, machine);
    case OUTPUT_JSON:
        return findings_json_write(output->stream, machine);
    case OUTPUT_TABLE:
        break;
    }
    return findings_text_write(output->stream, machine, output->color, output->columns);
}

static enum status doctor_run(const struct arguments *arguments, struct error *error)
{
    struct machine machine;
    struct worker_list workers = {0};
    enum status status = machine_discover(NULL, &machine, error);
    if (status != STATUS_OK)
        return status;
    status = workers_find(&workers, error);
    if (status == STATUS_OK) {
        const struct worker *worker = worker_list_best(&workers);
        struct output output = output_of(arguments);
        doctor_watch(arguments_number(arguments, "--watch"), &machine);
        if (worker != NULL)
            doctor_examine_build(worker->name, worker->flags, &machine);
        status = output_status(write_findings(&output, &machine), error);
    }
    worker_list_free(&workers);
    machine_free(&machine);
    return status;
}

static const struct option options[] = {
    {.group = "How long",
        .name = "--watch",
        .kind = OPTION_TIME,
        .argument = "TIME",
        .unit = "s, m or h",
        .standard = "1s",
        .high = 3600,
        .help = "Watch for this long what other programs do"},
};

static const char *const examples[] = {"acelera doctor", "acelera doctor --watch 10s --format json", NULL};

const struct command command_doctor = {
    .name = "doctor",
    .summary = "what on this machine would spoil a measurement, and the remedy; changes nothing",
    .examples = examples,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .prints_results = true,
    .run = doctor_run,
};
