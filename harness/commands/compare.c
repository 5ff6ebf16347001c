/* The `compare` command: is B slower than A? Of runs that are there, or measured inside one run. */
#include "harness/commands/command_list.h"
#include "harness/commands/compare_live.h"
#include "harness/commands/run_options.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#define COMPARING "Comparing"

/* clang-format off */
static const struct option options[] = {
    {COMPARING, "--live", OPTION_FLAG, .help = "Measure the two sides inside one run, in pairs, in random order: the design "
        "whose verdicts need no other run. A side is a worker's name, or KEY=VALUE[,KEY=VALUE…] with KEY one of "
        "worker, placement, type, variant (KERNEL:VARIANT), or KERNEL.KEY as in --set. The options below are for it"},
    {COMPARING, "--delta", OPTION_PERCENT, "P%", .unit = "%", .low = 0, .high = 50, .otherwise = "1% with --live, else 2%",
        .help = "The effect that is worth a word: within it, two times are equivalent"},
    {COMPARING, "--precision", OPTION_PERCENT, "P%", .unit = "%", .standard = "2%", .low = 0, .high = 50,
        .help = "With --live: stop when the 95 % interval of every median is within ±P, and every ratio is known so well "
                "that a verdict must follow, whichever"},
};
/* clang-format on */

static const char *const of_run[] = {"--kernel", "--variants", "--size", "--shape", "--data", "--set",
    "--type", "--scaling", "--seed", "--threads", "--placement", "--worker", "--budget", "--blocks",
    "--quantile", "--warm", "--timeout", "--order-seed", "--out", NULL};

/* Runs that are there have their options; one that is given would do nothing. */
static enum status refuse_options_of_run(const struct arguments *arguments, struct error *error)
{
    const char *given = arguments_given(arguments, "--precision") ? "--precision" : NULL;
    for (size_t i = 0; of_run[i] != NULL && given == NULL; i++)
        given = arguments_given(arguments, of_run[i]) ? of_run[i] : NULL;
    if (given == NULL)
        return STATUS_OK;
    return error_set(error, STATUS_USAGE,
        "%s: is for what is measured; give --live and two sides with it, or leave it out", given);
}

static enum status compare_run(const struct arguments *arguments, struct error *error)
{
    struct compare_wish wish = {output_of(arguments), arguments_number(arguments, "--delta")};
    struct compare_runs runs;
    if (arguments_given(arguments, "--live"))
        return compare_live(arguments, &wish, error);
    enum status status = refuse_options_of_run(arguments, error);
    if (status == STATUS_OK)
        status = compare_runs_find(arguments->operands, arguments->operand_count, &runs, error);
    if (status != STATUS_OK)
        return status;
    status = compare_outcome(&runs, &wish, error);
    compare_runs_free(&runs);
    return status;
}

static const char *const examples[] = {
    "acelera compare --live x86-64-v3-gomp x86-64-v3-omp --kernel matmul",
    "acelera compare --live placement=spread placement=compact --size large --budget 5m",
    "acelera compare --live variant=matmul:naive variant=matmul:packed --kernel matmul --size tiny",
    "acelera compare before/* vs after/*",
    "acelera compare results/HOST-TIME-1 results/HOST-TIME-2",
    NULL,
};

const struct command command_compare = {
    .name = "compare",
    .summary = "is B slower than A? row by row, with intervals; exits with 4 where a row is slower",
    .examples = examples,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .lent = run_options,
    .lent_names = of_run,
    .operand = "RUN",
    .operand_help =
        "run directories, or folders that hold some: A… vs B…, or an even number, cut in halves; one "
        "run of --live alone is compared again. With --live: two sides, A B",
    .operand_required = true,
    .operand_repeats = true,
    .prints_results = true,
    .run = compare_run,
};
