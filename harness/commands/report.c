/* The `report` command: regenerates everything derived from a run directory. Measures nothing, and asks
 * nothing of the machine it runs on. */
#include "harness/commands/command_list.h"
#include "harness/commands/outcome.h"
#include "harness/commands/run_options.h"

#include <stdio.h>

#define OUTPUT "Output"

/* clang-format off */
static const struct option options[] = {
    {OUTPUT, "--anonymous", OPTION_FLAG, .help = "No host name, DMI string, path or command line in the tables, pictures and pages that "
        "are written anew. run.json, topology.xml and samples.jsonl are never changed, and may hold them: hand on the rest alone, or "
        "measure with 'acelera run --anonymous'"},
};
/* clang-format on */

/* Nobody should hand in the whole folder for having read the option's name. */
static void say_what_stays(void)
{
    fputs("acelera report: the raw files (run.json, topology.xml, samples.jsonl; compare.json and data.npy "
          "where there are) "
          "were not changed and may hold names: hand on the others alone\n",
        stderr);
}

static enum status report_run(const struct arguments *arguments, struct error *error)
{
    struct output output = output_of(arguments);
    if (plotting_of(arguments, &output.plots, error) != STATUS_OK)
        return STATUS_USAGE;
    output.unnamed = arguments_given(arguments, "--anonymous");
    enum status status = outcome_report(arguments->operand, true, &output, error);
    if (output.unnamed)
        say_what_stays();
    return status;
}

static const char *const examples[] = {"acelera report results/host-20260101T120000Z",
    "acelera report results/host-20260101T120000Z --plots svg,pdf",
    "acelera report results/host-20260101T120000Z --anonymous", NULL};
static const char *const as_in_run[] = {"--plots", NULL};

const struct command command_report = {
    .name = "report",
    .summary = "regenerate the tables and plots of a run directory, and print the speedup table; exits as "
               "the run did",
    .examples = examples,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .lent = run_options,
    .lent_names = as_in_run,
    .operand = "RUN",
    .operand_help = "a run directory: run.json and samples.jsonl are read, the rest is written anew",
    .operand_required = true,
    .prints_results = true,
    .run = report_run,
};
