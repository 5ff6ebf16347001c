/* The `topology` command: the machine as it may be used. Discovers and prints; changes nothing. */
#include "harness/report/topology.h"
#include "harness/report/topology_svg.h"
#include "harness/store/file_write.h"

#include <stdlib.h>

#include "harness/commands/command_list.h"
#include "harness/commands/output.h"
#include "harness/machine/machine.h"

static bool write_topology(
    const struct output *output, const struct machine *machine, char *const *placements)
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
    return topology_text_write(output->stream, machine, placements, output->color, output->columns);
}

static enum status write_picture(
    const char *path, const struct topology *topology, char *const *placements, struct error *error)
{
    char *data = NULL;
    size_t length = 0;
    enum status status = STATUS_FAILED;
    FILE *memory = open_memstream(&data, &length);
    bool written = memory != NULL && topology_svg_write_machine(memory, topology, placements);
    if (memory != NULL && fclose(memory) == 0 && written)
        status = file_write_whole(path, data, length, error);
    else
        error_set(error, STATUS_FAILED, "%s: out of memory", path);
    free(data);
    return status;
}

static enum status topology_run(const struct arguments *arguments, struct error *error)
{
    struct machine machine;
    enum status status = machine_discover(arguments_text(arguments, "--topology"), &machine, error);
    if (status != STATUS_OK)
        return status;
    struct output output = output_of(arguments);
    char **chosen = arguments_list(arguments, "--placement");
    status = output_status(write_topology(&output, &machine, chosen), error);
    if (status == STATUS_OK && arguments_given(arguments, "--svg"))
        status = write_picture(arguments_text(arguments, "--svg"), &machine.topology, chosen, error);
    text_split_free(chosen);
    machine_free(&machine);
    return status;
}

static const char *const placements[] = {"spread", "compact", "packed", NULL};

static const struct option options[] = {
    {.group = "Which machine",
        .name = "--topology",
        .kind = OPTION_TEXT,
        .argument = "FILE",
        .otherwise = "this machine",
        .help = "Another machine: an existing path is an hwloc XML file, anything else a synthetic string"},
    {.group = "What is drawn",
        .name = "--placement",
        .kind = OPTION_LIST,
        .argument = "NAME,…",
        .standard = "spread",
        .choices = placements,
        .help = "Which threads each core gets in a team of this placement, for every point of the ladder"},
    {.group = "What is drawn",
        .name = "--svg",
        .kind = OPTION_TEXT,
        .argument = "FILE",
        .otherwise = "no picture",
        .help = "Also write the machine and its teams as a picture"},
};

static const char *const examples[] = {"acelera topology",
    "acelera topology --topology 'pack:2 core:8 pu:2' --format json",
    "acelera topology --placement spread,packed --svg machine.svg", NULL};

const struct command command_topology = {
    .name = "topology",
    .summary = "the machine as it may be used: cores, caches, limits and their sources, the thread ladder",
    .examples = examples,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .prints_results = true,
    .run = topology_run,
};
