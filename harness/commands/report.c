/* The `report` command: regenerates everything derived from a run directory. Measures nothing, and asks
 * nothing of the machine it runs on. */
#include "harness/commands/command_list.h"
#include "harness/commands/outcome.h"
#include "harness/commands/run_options.h"

static enum status report_run(const struct arguments *arguments, struct error *error)
{
    struct output output = output_of(arguments);
    if (plotting_of(arguments, &output.plots, error) != STATUS_OK)
        return STATUS_USAGE;
    return outcome_report(arguments->operand, true, &output, error);
}

static const char *const examples[] = {"acelera report results/host-20260101T120000Z",
    "acelera report results/host-20260101T120000Z --plots svg,pdf", NULL};
static const char *const as_in_run[] = {"--plots", NULL};

const struct command command_report = {
    .name = "report",
    .summary = "regenerate the tables and plots of a run directory, and print the speedup table; exits as "
               "the run did",
    .examples = examples,
    .lent = run_options,
    .lent_names = as_in_run,
    .operand = "RUN",
    .operand_help = "a run directory: run.json and samples.jsonl are read, the rest is written anew",
    .operand_required = true,
    .prints_results = true,
    .run = report_run,
};
