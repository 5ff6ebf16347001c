/* Fields, names and panels for the writers of plot data. Refuses to know any single plot. */
#include "harness/report/plot_parts.h"

#include "harness/report/cell_order.h"
#include "harness/report/printable.h"
#include "harness/report/row_scatter.h"

#include <math.h>
#include <string.h>

enum { TITLE_COLUMNS = 64 };

/* ---- fields ---- */

static void begin_field(struct text *line)
{
    if (line->length > 0 && line->data[line->length - 1] != '\n')
        text_add(line, "\t");
}

static size_t code_point_bytes(const char *c)
{
    size_t bytes = 1;
    while (((unsigned char)c[bytes] & 0xc0) == 0x80)
        bytes++;
    return bytes;
}

void plot_add_text(struct text *line, const char *string, size_t columns)
{
    struct text printable = {0};
    printable_add(&printable, string != NULL ? string : "", true);
    begin_field(line);
    bool fits = printable.length == 0 || text_columns(printable.data) <= columns;
    const char *c = printable.data;
    for (size_t i = 0; c != NULL && *c != '\0' && (fits || i + 1 < columns); i++) {
        size_t bytes = code_point_bytes(c);
        if (*c == '"')
            text_add(line, "”");
        else
            text_add_bytes(line, c, bytes);
        c += bytes;
    }
    text_add(line, "%s", fits ? "" : "…");
    text_free(&printable);
}

void plot_add_number(struct text *line, double value)
{
    begin_field(line);
    if (isfinite(value))
        text_add(line, "%.9g", value);
    else
        text_add(line, "NaN");
}

void plot_add_count(struct text *line, long long value)
{
    begin_field(line);
    text_add(line, "%lld", value);
}

void plot_end_line(struct text *line)
{
    text_add(line, "\n");
}

void plot_end_panel(struct text *tsv)
{
    if (tsv->length > 0)
        text_add(tsv, "\n\n");
}

void plot_begin_line(struct text *line, int number, const char *title)
{
    plot_add_count(line, number);
    plot_add_text(line, title, TITLE_COLUMNS);
}

/* ---- words ---- */

void plot_add_row_name(struct text *text, const struct summary_row *row)
{
    const struct cell *cell = row->cell;
    text_add(text, "%s %s %s ", cell->kernel, cell->variant, cell->type);
    if (cell->serial_base)
        text_add(text, "serial");
    else
        text_add(text, "×%d %s", cell->threads, cell->placement);
}

void plot_add_percent(struct text *text, double fraction)
{
    double percent = 100 * fraction;
    text_add(text, "%.*f%%", fabs(percent) < 9.95 ? 1 : 0, percent);
}

/* Does any other row of the summary differ in this word? A title says only what tells panels apart. */
static bool differs(const struct summary *summary, const char *const *own, size_t offset)
{
    for (int i = 0; i < summary->row_count; i++) {
        const struct cell *cell = summary->row[i].cell;
        const char *const *other = (const char *const *)(const void *)((const char *)cell + offset);
        if (!cell->serial_base && strcmp(*own, *other) != 0)
            return true;
    }
    return false;
}

void plot_add_cell_title(struct text *title, const struct summary *summary, const struct cell *cell)
{
    static const size_t optional[] = {offsetof(struct cell, placement), offsetof(struct cell, size),
        offsetof(struct cell, scaling), offsetof(struct cell, worker), offsetof(struct cell, options)};
    if (cell->side[0] != '\0')
        text_add(title, "%s · ", cell->side);
    text_add(title, "%s %s %s", cell->kernel, cell->variant, cell->type);
    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++) {
        const char *const *word = (const char *const *)(const void *)((const char *)cell + optional[i]);
        /* Kernels have options of their own: those tell nothing apart unless the kernel is the same. */
        bool of_kernel = optional[i] == offsetof(struct cell, options);
        bool told = false;
        for (int r = 0; of_kernel && r < summary->row_count; r++)
            told = told || (strcmp(summary->row[r].cell->kernel, cell->kernel) == 0 &&
                               strcmp(summary->row[r].cell->options, cell->options) != 0);
        if (of_kernel ? told : differs(summary, word, optional[i]))
            text_add(title, " · %s", *word);
    }
}

/* ---- panels ---- */

static bool same_panel(const struct cell *a, const struct cell *b)
{
    return !b->serial_base && cell_same_table(a, b) && strcmp(a->placement, b->placement) == 0;
}

void plot_panel_free(struct plot_panel *panel)
{
    text_free(&panel->title);
}

/* The next sweep from `row` on that has a verified time. False where there is none. */
static bool next_sweep(const struct summary *summary, const struct summary_row *row, struct plot_panel *panel)
{
    const struct summary_row *end = summary->row + summary->row_count;
    while (row < end) {
        struct plot_panel next = {.row = row};
        if (row->cell->serial_base) {
            row++;
            continue;
        }
        for (; row < end && same_panel(next.row->cell, row->cell); row++, next.count++)
            if (row->verified)
                next.largest = row;
        if (next.largest == NULL)
            continue;
        *panel = next;
        return true;
    }
    return false;
}

/* Does the sweep have a panel? Where there are too many, each kernel gets the same number of them. */
static bool has_panel(const struct summary *summary, const struct plot_panel *sweep)
{
    struct plot_panel other;
    int sweeps = 0, kernels = 0, faster = 0;
    const char *kernel = NULL; /* rows of a kernel stand together */
    for (const struct summary_row *row = summary->row; next_sweep(summary, row, &other);
         row = other.row + other.count, sweeps++) {
        double seconds = other.largest->estimate.median_s, own = sweep->largest->estimate.median_s;
        if (kernel == NULL || strcmp(kernel, other.row->cell->kernel) != 0)
            kernels++;
        kernel = other.row->cell->kernel;
        faster += strcmp(kernel, sweep->row->cell->kernel) == 0 &&
                  (seconds < own || (seconds == own && other.row < sweep->row));
    }
    int most = kernels > 0 && PLOT_PANELS_MAX > kernels ? PLOT_PANELS_MAX / kernels : 1;
    return sweeps <= PLOT_PANELS_MAX || faster < most;
}

bool plot_panel_next(const struct summary *summary, struct plot_panel *panel)
{
    const struct summary_row *row = panel->row != NULL ? panel->row + panel->count : summary->row;
    struct plot_panel next;
    plot_panel_free(panel);
    for (; (panel->all || panel->number < PLOT_PANELS_MAX) && next_sweep(summary, row, &next);
         row = next.row + next.count) {
        if (!panel->all && !has_panel(summary, &next))
            continue;
        next.all = panel->all;
        next.number = panel->number + 1;
        plot_add_cell_title(&next.title, summary, next.row->cell);
        *panel = next;
        return true;
    }
    return false;
}

static bool is_crowded(const struct cell *cell)
{
    int pus = cell_distinct_pus(cell);
    return pus > 0 && cell->threads > pus;
}

void plot_add_boundary(struct text *text, const struct cell *before, const struct cell *cell)
{
    size_t length = text->length;
    text_add(text, "%s", "");
    bool crowded = is_crowded(cell), was_crowded = is_crowded(before);
    if (crowded && !was_crowded)
        text_add(text, ", more threads than PUs");
    else if (!crowded && cell->sharing > before->sharing && before->sharing > 0)
        text_add(text, cell->sharing == 2 ? ", SMT" : ", %d threads a core", cell->sharing);
    if (cell->classes != before->classes && before->classes > 0)
        text_add(text, ", %d kinds of cores", cell->classes);
    if (cell->domains != before->domains && before->domains > 0)
        text_add(text, ", %d NUMA node%s", cell->domains, cell->domains == 1 ? "" : "s");
    if (cell->beyond_quota && !before->beyond_quota)
        text_add(text, ", beyond the quota");
    if (text->length > length) { /* without the first comma */
        memmove(text->data + length, text->data + length + 2, text->length - length - 1);
        text->length -= 2;
    }
}
