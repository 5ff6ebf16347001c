/* Draws the flat table of PUs as nested runs. Each level of the nesting is a field of the PU; consecutive
 * runs that look the same inside are drawn once, so that 384 PUs take a few lines. */
#include "harness/report/topology_drawing.h"

#include "harness/report/printable.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LEVELS_MAX = 3, LINES_MAX = 64, CORE_PUS_SHOWN = 8, COLUMNS_MIN = 60 };

enum level { LEVEL_PACKAGE, LEVEL_DOMAIN, LEVEL_CACHE };

struct drawing {
    struct text *text;
    const struct topology *topology;
    enum level level[LEVELS_MAX]; /* from the outside in */
    int levels;
    size_t columns;
    int lines, skipped_pus;
};

/* Runs of the table of PUs, [begin, end). */
struct run {
    int begin, end;
};

static int level_value(const struct topology_pu *pu, enum level level)
{
    return level == LEVEL_PACKAGE ? pu->package : level == LEVEL_DOMAIN ? pu->domain : pu->llc;
}

/* How often the field changes along the table. */
static int count_runs(const struct topology *topology, enum level level)
{
    int runs = 1;
    for (int i = 1; i < topology->usable_pus; i++)
        runs += level_value(&topology->pu[i], level) != level_value(&topology->pu[i - 1], level);
    return runs;
}

/* Memory domains may hold packages or lie in them; the coarser is drawn outside. */
static void drawing_choose_levels(struct drawing *drawing)
{
    const struct topology *topology = drawing->topology;
    bool packages = topology->packages > 0;
    bool domain_outside = count_runs(topology, LEVEL_DOMAIN) < count_runs(topology, LEVEL_PACKAGE);
    if (packages && !domain_outside)
        drawing->level[drawing->levels++] = LEVEL_PACKAGE;
    drawing->level[drawing->levels++] = LEVEL_DOMAIN;
    if (packages && domain_outside)
        drawing->level[drawing->levels++] = LEVEL_PACKAGE;
    if (topology->llc_count > 0)
        drawing->level[drawing->levels++] = LEVEL_CACHE;
}

/* The run that starts at `begin`: same value in this level. */
static struct run run_at(const struct drawing *drawing, int begin, int end, int level)
{
    const struct topology_pu *pu = drawing->topology->pu;
    struct run run = {begin, begin + 1};
    while (run.end < end &&
           level_value(&pu[run.end], drawing->level[level]) == level_value(&pu[begin], drawing->level[level]))
        run.end++;
    return run;
}

/* Level and size of the last cache as one number. */
static long long run_size(const struct drawing *drawing, const struct topology_pu *pu)
{
    const struct topology *topology = drawing->topology;
    return pu->llc < 0 ? -1 : topology->llc[pu->llc].bytes * 8 + topology->llc[pu->llc].level;
}

/* Whether two runs differ in nothing but numbers. */
static bool runs_alike(const struct drawing *drawing, struct run a, struct run b, int level)
{
    if (a.end - a.begin != b.end - b.begin)
        return false;
    for (int i = 0; i < a.end - a.begin; i++) {
        const struct topology_pu *p = &drawing->topology->pu[a.begin + i],
                                 *q = &drawing->topology->pu[b.begin + i];
        if (p->smt != q->smt || p->class != q->class || run_size(drawing, p) != run_size(drawing, q))
            return false;
        for (int inner = level + 1; i > 0 && inner < drawing->levels; inner++) {
            enum level field = drawing->level[inner];
            if ((level_value(p, field) == level_value(p - 1, field)) !=
                (level_value(q, field) == level_value(q - 1, field)))
                return false;
        }
    }
    return true;
}

/* ---- cores ---- */

static void add_core(struct text *text, const struct topology_pu *pu, int pus)
{
    static const char brackets[3][2] = {{'[', ']'}, {'(', ')'}, {'{', '}'}};
    const char *bracket = brackets[pu->class < 2 ? pu->class : 2];
    text_add(text, "%c", bracket[0]);
    for (int i = 0; i < pus; i++) {
        if (pus > CORE_PUS_SHOWN && i == CORE_PUS_SHOWN - 1) {
            text_add(text, " …");
            i = pus - 1;
        }
        text_add(text, "%s%d", i > 0 ? " " : "", pu[i].os_index);
    }
    text_add(text, "%c", bracket[1]);
}

static int core_end(const struct topology *topology, int begin)
{
    int end = begin + 1;
    while (end < topology->usable_pus && topology->pu[end].core == topology->pu[begin].core)
        end++;
    return end;
}

static void add_every_core(struct text *text, const struct topology *topology, struct run run)
{
    for (int i = run.begin, next; i < run.end; i = next) {
        next = core_end(topology, i);
        text_add(text, i > run.begin ? " " : "");
        add_core(text, &topology->pu[i], next - i);
    }
}

/* Cores of one class in a row as "[0] … [7] ×8". */
static void add_some_cores(struct text *text, const struct topology *topology, struct run run)
{
    const struct topology_pu *pu = topology->pu;
    for (int first = run.begin, next; first < run.end; first = next) {
        int last = first, cores = 0;
        for (next = first; next < run.end && pu[next].class == pu[first].class; cores++) {
            last = next;
            next = core_end(topology, next);
        }
        text_add(text, first > run.begin ? "  " : "");
        add_core(text, &pu[first], core_end(topology, first) - first);
        if (cores > 2)
            text_add(text, " …");
        if (cores > 1) {
            text_add(text, " ");
            add_core(text, &pu[last], core_end(topology, last) - last);
            text_add(text, " ×%d", cores);
        }
    }
}

/* ---- lines ---- */

static void add_label(struct text *text, const struct drawing *drawing, struct run run, int level, int alike)
{
    const struct topology *topology = drawing->topology;
    const struct topology_pu *pu = &topology->pu[run.begin];
    char size[32];
    switch (drawing->level[level]) {
    case LEVEL_PACKAGE:
        text_add(
            text, pu->package < topology->packages ? "package %d" : "outside every package", pu->package);
        break;
    case LEVEL_DOMAIN:
        text_add(text, "memory domain %d", pu->domain);
        break;
    case LEVEL_CACHE:
        if (pu->llc < 0)
            text_add(text, "no cache known");
        else if (topology->llc[pu->llc].bytes == 0)
            text_add(text, "L%d", topology->llc[pu->llc].level);
        else
            text_add(text, "L%d %s", topology->llc[pu->llc].level,
                text_bytes((double)topology->llc[pu->llc].bytes, size, sizeof size));
        break;
    }
    if (alike > 1)
        text_add(text, " ×%d", alike);
}

/* Ends a line that begins with a label by the cores of the run: beside it, else below it, else not all. */
static void add_cores_line(struct drawing *drawing, struct text *line, struct run run)
{
    struct text cores = {0};
    size_t label = text_columns(line->data), indent = strspn(line->data, " ");
    add_every_core(&cores, drawing->topology, run);
    size_t width = text_columns(cores.data);
    if (label + 2 + width <= drawing->columns) {
        text_add(drawing->text, "%s  %s\n", line->data, cores.data);
    } else if (indent + 2 + width <= drawing->columns) {
        text_add(drawing->text, "%s\n%*s%s\n", line->data, (int)indent + 2, "", cores.data);
        drawing->lines++;
    } else {
        text_free(&cores);
        add_some_cores(&cores, drawing->topology, run);
        text_add(drawing->text, "%s  ", line->data);
        printable_add_wrapped(drawing->text, cores.data, label + 2, indent + 2, drawing->columns);
    }
    drawing->lines++;
    text_free(&cores);
}

/* Draws [begin, end) from this level inwards. A level that does not divide it and has an inner one shares the
 * inner one's line. */
static void draw_runs(struct drawing *drawing, struct text *label, int begin, int end, int level, int depth)
{
    for (int i = begin; i < end;) {
        struct run run = run_at(drawing, i, end, level);
        int alike = 0;
        for (; i < end; alike++) {
            struct run next = run_at(drawing, i, end, level);
            if (!runs_alike(drawing, run, next, level))
                break;
            i = next.end;
        }
        if (drawing->lines >= LINES_MAX) {
            drawing->skipped_pus += end - run.begin;
            return;
        }
        struct text line = {0};
        text_add(&line, "%s", label != NULL ? label->data : "");
        if (label == NULL)
            text_add(&line, "%*s", 2 + 2 * depth, "");
        else
            text_add(&line, ", ");
        add_label(&line, drawing, run, level, alike);
        label = NULL;
        if (level + 1 >= LEVELS_MAX || level + 1 == drawing->levels) {
            add_cores_line(drawing, &line, run);
        } else if (run_at(drawing, run.begin, run.end, level + 1).end == run.end) {
            draw_runs(drawing, &line, run.begin, run.end, level + 1, depth);
        } else {
            text_add(drawing->text, "%s\n", line.data);
            drawing->lines++;
            draw_runs(drawing, NULL, run.begin, run.end, level + 1, depth + 1);
        }
        text_free(&line);
    }
}

void topology_draw(struct text *text, const struct topology *topology, int columns)
{
    struct drawing drawing = {.text = text,
        .topology = topology,
        .columns = (size_t)(columns > COLUMNS_MIN ? columns : COLUMNS_MIN)};
    drawing_choose_levels(&drawing);
    draw_runs(&drawing, NULL, 0, topology->usable_pus, 0, 0);
    if (drawing.skipped_pus > 0)
        text_add(text, "  … and %d PUs more\n", drawing.skipped_pus);
}

void topology_add_ranges(struct text *text, const int *number, int count, size_t columns)
{
    size_t start = text->length;
    for (int i = 0, next; i < count; i = next) {
        next = i + 1;
        while (next < count && number[next] == number[next - 1] + 1)
            next++;
        if (next - i < 3)
            next = i + 1;
        if (text->length - start > columns) {
            text_add(text, " … (%d in all)", count);
            return;
        }
        text_add(text, "%s%d", i > 0 ? " " : "", number[i]);
        if (next - i > 1)
            text_add(text, "–%d", number[next - 1]);
    }
}
