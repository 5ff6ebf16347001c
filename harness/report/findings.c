/* The doctor's findings: what spoils a measurement first, with effect and remedy; what is fine in one line.
 * Refuses to judge. */
#include "harness/report/findings.h"

#include "harness/base/text.h"
#include "harness/report/grid.h"
#include "harness/report/printable.h"
#include "harness/store/machine_json.h"

static int count_of(const struct machine *machine, enum finding_severity severity)
{
    int count = 0;
    for (int i = 0; i < machine->finding_count; i++)
        count += machine->finding[i].severity == severity;
    return count;
}

static void add_line(struct grid *grid, const char *word, const char *line)
{
    const char *words[] = {word, line};
    if (line[0] != '\0')
        grid_add(grid, words);
}

/* Everything of one severity, three lines each. */
static void write_severity(FILE *stream, const struct machine *machine, enum finding_severity severity,
    const char *heading, int columns)
{
    if (count_of(machine, severity) == 0)
        return;
    fprintf(stream, "\n%s\n", heading);
    struct grid grid = {.columns = 2};
    for (int i = 0; i < machine->finding_count; i++) {
        const struct machine_finding *finding = &machine->finding[i];
        if (finding->severity != severity)
            continue;
        add_line(&grid, finding->id, finding->found);
        add_line(&grid, "  effect", finding->effect);
        add_line(&grid, "  remedy", finding->remedy);
    }
    grid_write_text(stream, &grid, 2, columns);
    grid_free(&grid);
}

static void write_fine(FILE *stream, const struct machine *machine, int columns)
{
    struct text names = {0}, line = {0};
    for (int i = 0; i < machine->finding_count; i++)
        if (machine->finding[i].severity == FINDING_FINE)
            text_add(&names, "%s%s", names.length > 0 ? ", " : "", machine->finding[i].id);
    if (names.length > 0) {
        printable_add_wrapped(&line, names.data, 2, 2, (size_t)columns);
        fprintf(stream, "\nFine\n  %s", line.data);
    }
    text_free(&line);
    text_free(&names);
}

bool findings_text_write(FILE *stream, const struct machine *machine, bool color, int columns)
{
    const char *strong = color ? "\x1b[1m" : "", *plain = color ? "\x1b[0m" : "";
    int warnings = count_of(machine, FINDING_WARNING);
    if (warnings == 0)
        fprintf(stream, "%sNothing was found that would spoil a measurement.%s\n", strong, plain);
    else
        fprintf(stream, "%s%d thing%s would spoil a measurement.%s\n", strong, warnings,
            warnings == 1 ? "" : "s", plain);
    write_severity(stream, machine, FINDING_WARNING, "Spoils measurements", columns);
    write_severity(stream, machine, FINDING_INFORMATION, "Good to know", columns);
    write_severity(stream, machine, FINDING_UNKNOWN, "Cannot be known here", columns);
    write_fine(stream, machine, columns);
    return ferror(stream) == 0;
}

static struct grid all_rows(const struct machine *machine)
{
    static const char *const headings[] = {"id", "severity", "found", "effect", "remedy"};
    struct grid grid = {.heading = headings, .columns = sizeof headings / sizeof headings[0]};
    for (int i = 0; i < machine->finding_count; i++) {
        const struct machine_finding *finding = &machine->finding[i];
        const char *words[] = {finding->id, finding_severity_name(finding->severity), finding->found,
            finding->effect, finding->remedy};
        grid_add(&grid, words);
    }
    return grid;
}

bool findings_markdown_write(FILE *stream, const struct machine *machine)
{
    struct grid grid = all_rows(machine);
    grid_write_markdown(stream, &grid);
    grid_free(&grid);
    return ferror(stream) == 0;
}

bool findings_csv_write(FILE *stream, const struct machine *machine)
{
    struct grid grid = all_rows(machine);
    grid_write_csv(stream, &grid);
    grid_free(&grid);
    return ferror(stream) == 0;
}

bool findings_json_write(FILE *stream, const struct machine *machine)
{
    struct json_builder json = {0};
    json_build_open(&json, NULL, '{', true);
    json_build_string(&json, "schema", "acelera/doctor/1");
    json_build_string(&json, "host", machine->host);
    json_build_string(&json, "cpu_model", machine->cpu_model[0] != '\0' ? machine->cpu_model : NULL);
    json_build_integer(&json, "warnings", count_of(machine, FINDING_WARNING));
    machine_json_findings(&json, machine);
    json_build_close(&json);
    fwrite(json.text.data, 1, json.text.length, stream);
    text_free(&json.text);
    return ferror(stream) == 0;
}
