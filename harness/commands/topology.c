/* The `topology` command: the machine as it may be used. Discovers and prints; changes nothing. */
#include "harness/report/topology.h"

#include "harness/commands/command_list.h"
#include "harness/commands/output.h"
#include "harness/machine/machine.h"

static bool write_topology(const struct output *output, const struct machine *machine)
{
    switch (output->format) {
    case OUTPUT_MARKDOWN:
        return topology_markdown_write(output->stream, machine);
    case OUTPUT_CSV:
        return topology_csv_write(output->stream, machine);
    case OUTPUT_JSON:
        return topology_json_write(output->stream, machine);
    case OUTPUT_TABLE:
        break;
    }
    return topology_text_write(output->stream, machine, output->color, output->columns);
}

static enum status topology_run(const struct arguments *arguments, struct error *error)
{
    struct machine machine;
    enum status status = machine_discover(arguments_text(arguments, "--topology"), &machine, error);
    if (status != STATUS_OK)
        return status;
    struct output output = output_of(arguments);
    status = output_status(write_topology(&output, &machine), error);
    machine_free(&machine);
    return status;
}

static const struct option options[] = {
    {.group = "Which machine",
        .name = "--topology",
        .kind = OPTION_TEXT,
        .argument = "FILE",
        .otherwise = "this machine",
        .help = "Another machine: an existing path is an hwloc XML file, anything else a synthetic string"},
};

static const char *const examples[] = {
    "acelera topology", "acelera topology --topology 'pack:2 core:8 pu:2' --format json", NULL};

const struct command command_topology = {
    .name = "topology",
    .summary = "the machine as it may be used: cores, caches, limits and their sources, the thread ladder",
    .examples = examples,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .prints_results = true,
    .run = topology_run,
};
