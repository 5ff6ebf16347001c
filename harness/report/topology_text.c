/* The machine for people: what may be used, drawn, with every limit, the ladder and the orders. */
#include "harness/base/text.h"
#include "harness/report/grid.h"
#include "harness/report/placement_drawing.h"
#include "harness/report/printable.h"
#include "harness/report/topology.h"
#include "harness/report/topology_drawing.h"

#include <stdlib.h>
#include <string.h>

static void write_heading(FILE *stream, const char *heading, bool color)
{
    fprintf(stream, "\n%s%s%s\n", color ? "\x1b[1m" : "", heading, color ? "\x1b[0m" : "");
}

static void add_row(struct grid *grid, const char *name, const char *value)
{
    const char *words[] = {name, value};
    grid_add(grid, words);
}

static void add_row_text(struct grid *grid, const char *name, struct text *value)
{
    add_row(grid, name, value->data);
    text_free(value);
}

static void write_rows(FILE *stream, struct grid *grid, int columns)
{
    grid_write_text(stream, grid, 2, columns);
    grid_free(grid);
}

/* "1 core", "2 cores". */
static void add_count(struct text *text, int count, const char *noun)
{
    text_add(text, "%s%d %s%s", text->length > 0 ? ", " : "", count, noun, count == 1 ? "" : "s");
}

static void write_title(FILE *stream, const struct machine *machine, bool color)
{
    struct text title = {0};
    printable_add(
        &title, machine->cpu_model[0] != '\0' ? machine->cpu_model : "Processor of unknown name", true);
    fprintf(stream, "%s%s%s", color ? "\x1b[1m" : "", title.data, color ? "\x1b[0m" : "");
    text_free(&title);
    if (machine->host[0] != '\0') {
        printable_add(&title, machine->host, true);
        fprintf(stream, ", host %s", title.data);
        text_free(&title);
    }
    fputc('\n', stream);
}

/* Cores of each part: "8 × 8 cores" if all are equal, else the list. */
static void add_parts(struct text *text, const int *cores, int count)
{
    bool equal = true;
    for (int i = 1; i < count; i++)
        equal &= cores[i] == cores[0];
    if (equal && count > 1)
        text_add(text, "%d × ", count);
    for (int i = 0; i < (equal ? 1 : count); i++)
        text_add(text, "%s%d", i > 0 ? " + " : "", cores[i]);
    text_add(text, count == 1 && cores[0] == 1 ? " core" : " cores");
}

static void add_caches(struct grid *grid, const struct topology *topology)
{
    struct text text = {0};
    for (int i = 0; i < topology->cache_count; i++) {
        const struct topology_cache *cache = &topology->cache[i];
        char size[32];
        text_add(&text, "%s", i > 0 ? "; " : "");
        if (cache->bytes > 0)
            text_add(&text, "L%d %d × %s", cache->level, cache->count,
                text_bytes((double)cache->bytes, size, sizeof size));
        else
            text_add(&text, "%d L%d of unknown size", cache->count, cache->level);
        if (cache->pus_sharing > 1)
            text_add(&text, " for %d PUs", cache->pus_sharing);
    }
    if (text.length == 0)
        text_add(&text, "not known");
    add_row_text(grid, "caches", &text);
}

static void add_kinds(struct grid *grid, const struct topology *topology)
{
    struct text text = {0};
    for (int i = topology->kind_count - 1; i >= 0; i--) {
        const struct topology_kind *kind = &topology->kind[i];
        add_count(&text, kind->pus, "PU");
        if (kind->efficiency >= 0)
            text_add(&text, " of rank %d", kind->efficiency);
    }
    if (topology->kind_count > 1) {
        text_add(&text, " (a higher rank is faster), in %d class%s of cores", topology->class_count,
            topology->class_count == 1 ? "" : "es");
        add_row_text(grid, "CPU kinds", &text);
    }
    text_free(&text);
}

static void write_summary(FILE *stream, const struct machine *machine, int columns)
{
    const struct topology *topology = &machine->topology;
    struct grid grid = {.columns = 2};
    struct text text = {0};
    add_row(&grid, "source", topology->source);
    if (topology->packages > 0)
        add_count(&text, topology->packages, "package");
    add_count(&text, topology->numa_nodes, "NUMA node");
    if (topology->cores > 0)
        add_count(&text, topology->cores, "core");
    add_count(&text, topology->pus, "PU");
    add_row_text(&grid, "the machine", &text);
    add_count(&text, topology->usable_cores, "core");
    add_count(&text, topology->usable_pus, "PU");
    if (topology->max_smt > 1)
        text_add(&text, ", up to %d PUs in a core", topology->max_smt);
    add_row_text(&grid, "usable", &text);
    if (machine->cpu_quota > 0) {
        text_add(&text, "%.4g CPUs at a time", machine->capacity);
        add_row_text(&grid, "capacity", &text);
    }
    add_parts(&text, topology->domain_cores, topology->domain_count);
    add_row_text(&grid, "memory domains", &text);
    if (topology->class_count > 1) {
        add_parts(&text, topology->class_cores, topology->class_count);
        text_add(&text, ", fastest first");
        add_row_text(&grid, "classes", &text);
    }
    add_kinds(&grid, topology);
    add_caches(&grid, topology);
    if (machine->memory_available_bytes >= 0) {
        char size[32];
        add_row(&grid, "memory available", text_bytes(machine->memory_available_bytes, size, sizeof size));
    }
    write_rows(stream, &grid, columns);
}

static void write_drawing(FILE *stream, const struct topology *topology, bool color, int columns)
{
    struct text text = {0};
    write_heading(stream, "Usable PUs: [ ] is a core, ×N means N alike of which the first is drawn", color);
    topology_draw(&text, topology, columns);
    fputs(text.data, stream);
    text_free(&text);
    if (topology->class_count == 2)
        fputs("  [ ] fast class, ( ) slow class\n", stream);
    else if (topology->class_count > 2)
        fputs("  [ ] fastest class, ( ) second class, { } slower classes\n", stream);
}

static void write_limits(FILE *stream, const struct machine *machine, bool color, int columns)
{
    static const char *const headings[] = {"limit", "value", "source"};
    struct grid grid = {.heading = headings, .columns = 3};
    for (int i = 0; i < machine->limit_count; i++) {
        const char *words[] = {machine->limit[i].what, machine->limit[i].value, machine->limit[i].source};
        grid_add(&grid, words);
    }
    if (machine->limit_count > 0)
        write_heading(stream, "Limits, the smallest wins", color);
    write_rows(stream, &grid, columns);
}

static void write_ladder(FILE *stream, const struct machine *machine, bool color, int columns)
{
    static const char *const headings[] = {"threads", "why"};
    struct grid grid = {.heading = headings, .columns = 2};
    struct ladder_point *point;
    int count;
    topology_ladder(&machine->topology, &point, &count);
    for (int i = 0; i < count; i++) {
        struct text why = {0};
        char threads[16];
        snprintf(threads, sizeof threads, "%d", point[i].threads);
        bool beyond = machine->cpu_quota > 0 && point[i].threads > machine->cpu_quota;
        text_add(&why, "%s%s", point[i].reason, beyond ? "; beyond the CPU quota" : "");
        add_row(&grid, threads, why.data);
        text_free(&why);
    }
    free(point);
    write_heading(stream, "Thread ladder", color);
    write_rows(stream, &grid, columns);
}

static void write_orders(FILE *stream, const struct topology *topology, bool color, int columns)
{
    const struct {
        const char *name;
        const int *order;
    } orders[] = {{"spread", topology->spread}, {"compact", topology->compact}, {"packed", topology->packed}};
    struct grid grid = {.columns = 2};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        struct text text = {0};
        topology_add_ranges(&text, orders[i].order, topology->usable_pus, 2 * (size_t)columns);
        add_row_text(&grid, orders[i].name, &text);
    }
    write_heading(stream, "Orders: N threads take the first N PUs", color);
    write_rows(stream, &grid, columns);
}

static void write_environment(FILE *stream, const struct machine *machine, bool color, int columns)
{
    struct grid grid = {.columns = 2};
    for (int i = 0; i < machine->fact_count; i++)
        add_row(&grid, machine->fact[i].name, machine->fact[i].value);
    if (machine->fact_count > 0)
        write_heading(stream, "Environment", color);
    write_rows(stream, &grid, columns);
    struct grid warnings = {.columns = 2};
    for (int i = 0; i < machine->warning_count; i++) {
        struct text text = {0};
        text_add(&text, "%s. Remedy: %s", machine->warning[i].message, machine->warning[i].remedy);
        add_row_text(&warnings, machine->warning[i].id, &text);
    }
    if (machine->warning_count > 0)
        write_heading(stream, "Warnings", color);
    write_rows(stream, &warnings, columns);
}

static void write_placement(
    FILE *stream, const struct topology *topology, const char *placement, bool color, int columns)
{
    struct text heading = {0}, drawing = {0};
    text_add(&heading, "Threads of each team, %s", placement);
    placement_draw(&drawing, topology, placement, columns);
    write_heading(stream, heading.data, color);
    fputs(drawing.data, stream);
    text_free(&heading);
    text_free(&drawing);
}

bool topology_text_write(
    FILE *stream, const struct machine *machine, char *const *placements, bool color, int columns)
{
    write_title(stream, machine, color);
    write_summary(stream, machine, columns);
    write_drawing(stream, &machine->topology, color, columns);
    write_limits(stream, machine, color, columns);
    write_ladder(stream, machine, color, columns);
    for (; *placements != NULL; placements++)
        write_placement(stream, &machine->topology, *placements, color, columns);
    write_orders(stream, &machine->topology, color, columns);
    write_environment(stream, machine, color, columns);
    return ferror(stream) == 0;
}
