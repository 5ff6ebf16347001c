/* Speedup and efficiency, sweep by sweep. Refuses to join what lies in different regions of the machine: a
 * blank line stands between them. */
#include "harness/report/plot_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* ---- what both pictures say of a sweep ---- */

static const struct row_laws *laws_of(const struct summary *summary, const struct plot_panel *panel)
{
    for (int i = 0; i < summary->laws_count; i++)
        if (summary->laws[i].first == panel->row)
            return &summary->laws[i];
    return NULL;
}

/* "n = 18–21, 95% intervals" */
static void add_note(struct text *note, const struct plot_panel *panel)
{
    size_t fewest = SIZE_MAX, most = 0;
    double level = NAN;
    for (int i = 0; i < panel->count; i++) {
        const struct row_estimate *estimate = &panel->row[i].estimate;
        if (!panel->row[i].verified)
            continue;
        fewest = estimate->processes < fewest ? estimate->processes : fewest;
        most = estimate->processes > most ? estimate->processes : most;
        level = fmin(level, estimate->level);
    }
    text_add(note, fewest == most ? "n = %zu" : "n = %zu–%zu", fewest, most);
    if (isnan(level))
        text_add(note, ", no intervals");
    else
        text_add(note, level < 0.95 ? ", intervals from %g%%" : ", %g%% intervals", 100 * level);
}

/* An en dash where none is drawn. */
static void add_law_words(struct text *words, const struct row_laws *laws)
{
    enum law law = LAW_AMDAHL;
    const struct law_fit *fit = laws_best(laws, &law);
    laws_add_words(words, law, fit);
    if (words->length == 0)
        text_add(words, "–");
}

/* Fields boundary_at and boundary; a blank line before a row that begins a region. */
struct boundary {
    double at;
    struct text name;
};

static void find_boundary(struct boundary *boundary, const struct plot_panel *panel, int i)
{
    *boundary = (struct boundary){.at = NAN};
    text_add(&boundary->name, "%s", "");
    if (i == 0)
        return;
    const struct cell *before = panel->row[i - 1].cell, *cell = panel->row[i].cell;
    plot_add_boundary(&boundary->name, before, cell);
    if (boundary->name.length > 0)
        boundary->at = sqrt((double)before->threads * cell->threads);
}

/* ---- speedup ---- */

/* The law holds for the teams that it was fitted to. */
static double law_at(const struct row_laws *laws, int threads)
{
    enum law law = LAW_AMDAHL;
    const struct law_fit *fit = laws_best(laws, &law);
    return fit != NULL && threads <= laws->last->cell->threads ? law_speedup(law, fit, threads) : NAN;
}

static void add_interval(struct text *tsv, const struct interval *interval)
{
    plot_add_number(tsv, interval->low);
    plot_add_number(tsv, interval->high);
}

static void add_speedup_row(struct text *tsv, const struct plot_panel *panel, const struct row_laws *laws,
    int i, const char *note, const char *law)
{
    static const struct interval none = {NAN, NAN, NAN};
    const struct summary_row *row = &panel->row[i];
    const struct row_estimate *estimate = &row->estimate;
    struct boundary boundary;
    find_boundary(&boundary, panel, i);
    if (boundary.name.length > 0)
        plot_end_line(tsv);
    plot_begin_line(tsv, panel->number, panel->title.data);
    plot_add_count(tsv, row->cell->threads);
    plot_add_number(tsv, row->verified ? estimate->speedup : NAN);
    add_interval(tsv, row->verified && row->base != row ? &estimate->speedup_interval : &none);
    plot_add_number(tsv, row->verified ? estimate->speedup_vs_serial : NAN);
    add_interval(tsv, row->verified ? &estimate->speedup_vs_serial_interval : &none);
    plot_add_count(tsv, row->cell->threads);
    plot_add_number(tsv, row->diagnosis.ideal);
    plot_add_number(tsv, law_at(laws, row->cell->threads));
    plot_add_number(tsv, boundary.at);
    plot_add_text(tsv, boundary.name.data, 48);
    plot_add_count(tsv, (long long)estimate->processes);
    plot_add_number(tsv, row->verified ? estimate->level : NAN);
    plot_add_text(tsv, note, 80);
    plot_add_text(tsv, law, 64);
    plot_end_line(tsv);
    text_free(&boundary.name);
}

void plot_write_speedup(const struct plot_source *source, struct text *tsv)
{
    struct plot_panel panel = {0};
    while (plot_panel_next(source->summary, &panel)) {
        const struct row_laws *laws = laws_of(source->summary, &panel);
        struct text note = {0}, law = {0};
        add_note(&note, &panel);
        add_law_words(&law, laws);
        if (panel.number > 1)
            plot_end_line(tsv);
        for (int i = 0; i < panel.count; i++)
            add_speedup_row(tsv, &panel, laws, i, note.data, law.data);
        text_free(&note);
        text_free(&law);
    }
}

/* The curve of the law: smooth, from one thread to the largest team that it was fitted to. */
void plot_write_speedup_law(const struct plot_source *source, struct text *tsv)
{
    struct plot_panel panel = {0};
    while (plot_panel_next(source->summary, &panel)) {
        const struct row_laws *laws = laws_of(source->summary, &panel);
        bool any = false;
        for (int threads = 1; !isnan(law_at(laws, threads)); threads += 1 + threads / 16) {
            plot_begin_line(tsv, panel.number, panel.title.data);
            plot_add_count(tsv, threads);
            plot_add_number(tsv, law_at(laws, threads));
            plot_end_line(tsv);
            any = true;
        }
        if (any)
            plot_end_line(tsv);
    }
}

/* The raw points: block by block, one thread's time over this row's. */
void plot_write_speedup_blocks(const struct plot_source *source, struct text *tsv)
{
    const struct counted_processes *counted = &source->counted;
    struct plot_panel panel = {0};
    while (plot_panel_next(source->summary, &panel))
        for (int i = 0; i < panel.count; i++) {
            const struct summary_row *row = &panel.row[i];
            int id = row->cell->id;
            if (!row->verified || row->base == NULL || row->base == row)
                continue;
            size_t begin = counted->first[id], count = counted->first[id + 1] - begin;
            double *base = memory_new(count, sizeof *base);
            double scale = strcmp(row->cell->scaling, "weak") == 0 ? row->cell->threads : 1;
            counted_align(counted, id, row->base->cell->id, base);
            for (size_t b = 0; b < count; b++) {
                plot_begin_line(tsv, panel.number, panel.title.data);
                plot_add_count(tsv, row->cell->threads);
                plot_add_count(tsv, counted->process[begin + b]->block);
                plot_add_number(tsv, scale * base[b] / counted->seconds[begin + b]);
                plot_end_line(tsv);
            }
            free(base);
        }
}

/* ---- efficiency ---- */

void plot_write_efficiency(const struct plot_source *source, struct text *tsv)
{
    struct plot_panel panel = {0};
    while (plot_panel_next(source->summary, &panel)) {
        struct text note = {0};
        add_note(&note, &panel);
        if (panel.number > 1)
            plot_end_line(tsv);
        for (int i = 0; i < panel.count; i++) {
            const struct summary_row *row = &panel.row[i];
            const struct row_estimate *estimate = &row->estimate;
            bool is_base = row->base == row || !row->verified;
            struct boundary boundary;
            find_boundary(&boundary, &panel, i);
            if (boundary.name.length > 0)
                plot_end_line(tsv);
            plot_begin_line(tsv, panel.number, panel.title.data);
            plot_add_count(tsv, row->cell->threads);
            plot_add_number(tsv, row->verified ? estimate->efficiency : NAN);
            plot_add_number(tsv, is_base ? NAN : estimate->efficiency_low);
            plot_add_number(tsv, is_base ? NAN : estimate->efficiency_high);
            plot_add_number(
                tsv, row->verified && row->cell->cores > 0 ? estimate->speedup / row->cell->cores : NAN);
            plot_add_number(tsv, row->diagnosis.ideal / row->cell->threads);
            plot_add_number(tsv, boundary.at);
            plot_add_text(tsv, boundary.name.data, 48);
            plot_add_count(tsv, (long long)estimate->processes);
            plot_add_number(tsv, row->verified ? estimate->level : NAN);
            plot_add_text(tsv, note.data, 80);
            plot_end_line(tsv);
            text_free(&boundary.name);
        }
        text_free(&note);
    }
}

/* ---- captions ---- */

/* The sweeps whose largest team scales least and most. */
struct extremes {
    int count;
    const struct summary_row *least, *most;
};

static struct extremes find_extremes(const struct summary *summary)
{
    struct extremes extremes = {0};
    struct plot_panel panel = {0};
    while (plot_panel_next(summary, &panel)) {
        const struct summary_row *row = panel.largest;
        if (row->cell->threads < 2 || isnan(row->estimate.speedup))
            continue;
        extremes.count++;
        if (extremes.least == NULL || row->estimate.efficiency < extremes.least->estimate.efficiency)
            extremes.least = row;
        if (extremes.most == NULL || row->estimate.efficiency > extremes.most->estimate.efficiency)
            extremes.most = row;
    }
    return extremes;
}

/* Three figures. */
static int decimals(double value)
{
    return value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
}

/* "1.95 (1.94–2.02) in matmul packed on 8 threads" */
static void add_speedup_words(struct text *title, const struct summary_row *row)
{
    const struct row_estimate *estimate = &row->estimate;
    const struct interval *interval = &estimate->speedup_interval;
    text_add(title, "%.*f", decimals(estimate->speedup), estimate->speedup);
    if (isfinite(interval->low))
        text_add(title, " (%.*f–%.*f)", decimals(interval->low), interval->low, decimals(interval->high),
            interval->high);
    text_add(title, " in %s %s on %d threads", row->cell->kernel, row->cell->variant, row->cell->threads);
}

static const char *const no_teams = "No sweep has a verified time of more than one thread";

void plot_caption_speedup(const struct plot_source *source, struct text *title, struct text *caption)
{
    struct extremes extremes = find_extremes(source->summary);
    if (extremes.count == 0) {
        text_add(title, "%s", no_teams);
    } else {
        text_add(title, extremes.count == 1 ? "Speedup over one thread: " : "Speedup over one thread: from ");
        add_speedup_words(title, extremes.least);
    }
    if (extremes.count > 1) {
        text_add(title, " to ");
        add_speedup_words(title, extremes.most);
    }
    text_add(caption,
        "Point: median of the ratios paired by block, with its interval; small points: each block. Dotted: "
        "one "
        "times the threads. Machine's ideal: the measured rates of these PUs together. No line is joined "
        "across SMT, NUMA nodes, kinds of cores or the quota. An interval that leaves the picture goes on.");
}

static void add_share_words(struct text *title, const char *before, const struct summary_row *row)
{
    text_add(title, "%s", before);
    plot_add_percent(title, row->estimate.efficiency);
    text_add(title, " in %s %s on %d threads", row->cell->kernel, row->cell->variant, row->cell->threads);
}

void plot_caption_efficiency(const struct plot_source *source, struct text *title, struct text *caption)
{
    struct extremes extremes = find_extremes(source->summary);
    if (extremes.count == 0)
        text_add(title, "%s", no_teams);
    else
        add_share_words(title, "Of its full share each thread does ", extremes.most);
    if (extremes.count > 1)
        add_share_words(title, ", and ", extremes.least);
    text_add(caption,
        "Efficiency: speedup ÷ threads (per PU), and ÷ cores of the team (per core), with the "
        "interval of the first. Dashed: what the machine allows, by the measured rates of its PUs.");
}
