/* The roofline (Williams, Waterman & Patterson, CACM 52(4), 2009): what was measured of arithmetic and memory
 * over what each variant reaches. Refuses to draw a roof that was not measured in the same run. */
#include "harness/report/plot_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { VARIANTS_MAX = 24 };
/* Of the picture: how much of its width and height a label takes. */
static const double label_width = 0.19, label_height = 0.045;

struct spot {
    const struct summary_row *row;
    int panel;
    double intensity, gflops, label_at;
    int side; /* of the point where its name stands: 1 right, −1 left */
};

struct spots {
    struct spot spot[VARIANTS_MAX];
    int count, left_out;
};

static int by_place(const void *left, const void *right)
{
    const struct spot *a = left, *b = right;
    if (a->panel != b->panel)
        return a->panel < b->panel ? -1 : 1;
    return (a->gflops > b->gflops) - (a->gflops < b->gflops);
}

/* Element types have roofs of their own: 1 f32, 2 anything else. */
static int panel_of(const struct cell *cell)
{
    return strcmp(cell->type, "f32") == 0 ? 1 : 2;
}

/* The width of the picture, and what a step of a label is on its scale: the axes that plots/roofline.gp makes
 * of these points. */
static void measure(const struct spots *spots, double *wide, double *step)
{
    double left = INFINITY, right = 0, low = INFINITY, high = 0;
    for (int i = 0; i < spots->count; i++) {
        const struct row_diagnosis *diagnosis = &spots->spot[i].row->diagnosis;
        double roof = diagnosis->arithmetic != NULL ? diagnosis->arithmetic->estimate.rate / 1e9 : 0;
        left = fmin(left, spots->spot[i].intensity);
        right = fmax(right, spots->spot[i].intensity);
        low = fmin(low, spots->spot[i].gflops);
        high = fmax(high, fmax(roof, spots->spot[i].gflops));
    }
    *wide = log(right * 40 / (left / 4));
    *step = exp(label_height * log(high * 2.5 / (low / 3)));
}

/* A name stands where there is more room before the next column of points: on the right, if that is the same.
 */
static int side_of(const struct spots *spots, const struct spot *spot, double width)
{
    double left = width, right = width;
    for (int i = 0; i < spots->count; i++) {
        double away = log(spots->spot[i].intensity / spot->intensity);
        if (spots->spot[i].panel != spot->panel || fabs(away) < 0.02)
            continue;
        right = away > 0 ? fmin(right, away) : right;
        left = away < 0 ? fmin(left, -away) : left;
    }
    return left > right ? -1 : 1;
}

/* Do names that stand at the same height cover each other? */
static bool covers(const struct spot *a, const struct spot *b, double width)
{
    double from = log(a->intensity) - (a->side < 0 ? width : 0),
           other = log(b->intensity) - (b->side < 0 ? width : 0);
    return a->panel == b->panel && fabs(from - other) < width;
}

/* Names stand beside their points, pushed up where they would cover each other. */
static void place_labels(struct spots *spots)
{
    double wide, step;
    measure(spots, &wide, &step);
    for (int i = 0; i < spots->count; i++)
        spots->spot[i].side = side_of(spots, &spots->spot[i], label_width * wide);
    for (int i = 0; i < spots->count; i++) {
        struct spot *spot = &spots->spot[i];
        spot->label_at = spot->gflops;
        for (int b = 0; b < i; b++)
            if (covers(spot, &spots->spot[b], label_width * wide))
                spot->label_at = fmax(spot->label_at, spots->spot[b].label_at * step);
    }
}

/* One point for each variant: its largest team. */
static void find_spots(const struct summary *summary, struct spots *spots)
{
    struct plot_panel panel = {.all = true};
    *spots = (struct spots){0};
    while (plot_panel_next(summary, &panel)) {
        const struct cell *cell = panel.largest->cell;
        struct spot spot = {.row = panel.largest,
            .panel = panel_of(cell),
            .intensity = cell->flop / cell->bytes,
            .gflops = cell->flop / panel.largest->estimate.median_s / 1e9};
        if (!(cell->flop > 0) || !(cell->bytes > 0))
            continue;
        if (spots->count == VARIANTS_MAX)
            spots->left_out++;
        else
            spots->spot[spots->count++] = spot;
    }
    qsort(spots->spot, (size_t)spots->count, sizeof spots->spot[0], by_place);
    bool only_other = spots->count > 0 && spots->spot[0].panel == 2;
    for (int i = 0; i < spots->count; i++)
        spots->spot[i].panel -= only_other;
    place_labels(spots);
}

void plot_write_roofline(const struct plot_source *source, struct text *tsv)
{
    struct spots spots;
    find_spots(source->summary, &spots);
    for (int i = 0; i < spots.count; i++) {
        const struct spot *spot = &spots.spot[i];
        const struct cell *cell = spot->row->cell;
        struct text name = {0};
        text_add(&name, "%s %s ×%d", cell->kernel, cell->variant, cell->threads);
        plot_begin_line(tsv, spot->panel, cell->type);
        plot_add_text(tsv, name.data, 32);
        plot_add_count(tsv, cell->threads);
        plot_add_number(tsv, spot->intensity);
        plot_add_number(tsv, spot->gflops);
        plot_add_number(tsv, spot->row->estimate.rate / spot->row->ceiling);
        plot_add_number(tsv, spot->label_at);
        plot_add_count(tsv, spot->side);
        plot_end_line(tsv);
        text_free(&name);
    }
}

/* ---- roofs ---- */

/* From the left edge up the slope of memory, along the flat of arithmetic to the right edge. */
static void add_roof(
    struct text *tsv, int panel, const struct summary_row *row, bool most, double left, double right)
{
    const struct row_diagnosis *diagnosis = &row->diagnosis;
    double peak = diagnosis->arithmetic != NULL ? diagnosis->arithmetic->estimate.rate : NAN;
    double bandwidth = diagnosis->memory != NULL ? diagnosis->memory->estimate.rate : NAN;
    double ridge = fmin(fmax(peak / bandwidth, left), right);
    double at[3] = {left, isnan(peak / bandwidth) ? left : ridge, right};
    struct text name = {0};
    if (isnan(peak) && isnan(bandwidth))
        return;
    text_add(&name, "%d thread%s", row->cell->threads, row->cell->threads == 1 ? "" : "s");
    if (!isnan(peak))
        text_add(&name, ", %.4g GFLOP/s", peak / 1e9);
    if (!isnan(bandwidth))
        text_add(&name, ", %.4g GB/s", bandwidth / 1e9);
    for (int i = 0; i < 3; i++) {
        plot_begin_line(tsv, panel, row->cell->type);
        plot_add_text(tsv, name.data, 48);
        plot_add_count(tsv, row->cell->threads);
        plot_add_count(tsv, most);
        plot_add_number(tsv, at[i]);
        plot_add_number(tsv, fmin(peak, bandwidth * at[i]) / 1e9);
        plot_end_line(tsv);
    }
    plot_end_line(tsv);
    text_free(&name);
}

/* The row whose ceilings are the roofs: of these threads, with both if there is one. */
static const struct summary_row *roof_row(const struct summary *summary, const char *type, bool most)
{
    const struct summary_row *best = NULL;
    for (int i = 0; i < summary->row_count; i++) {
        const struct summary_row *row = &summary->row[i];
        const struct row_diagnosis *own = &row->diagnosis;
        int worth = (own->arithmetic != NULL) + (own->memory != NULL);
        int best_worth =
            best == NULL ? 0 : (best->diagnosis.arithmetic != NULL) + (best->diagnosis.memory != NULL);
        if (strcmp(row->cell->type, type) != 0 || row->cell->serial_base || worth == 0 ||
            (!most && row->cell->threads != 1))
            continue;
        if (best == NULL || worth > best_worth ||
            (worth == best_worth && row->cell->threads > best->cell->threads))
            best = row;
    }
    return best;
}

void plot_write_roofline_roofs(const struct plot_source *source, struct text *tsv)
{
    struct spots spots;
    find_spots(source->summary, &spots);
    for (int i = 0; i < spots.count; i++) {
        if (i > 0 && spots.spot[i].panel == spots.spot[i - 1].panel)
            continue;
        double left = INFINITY, right = 0;
        for (int s = 0; s < spots.count; s++)
            if (spots.spot[s].panel == spots.spot[i].panel) {
                left = fmin(left, spots.spot[s].intensity);
                right = fmax(right, spots.spot[s].intensity);
            }
        const char *type = spots.spot[i].row->cell->type;
        const struct summary_row *one = roof_row(source->summary, type, false);
        const struct summary_row *most = roof_row(source->summary, type, true);
        if (most != NULL && most->cell->threads > 1)
            add_roof(tsv, spots.spot[i].panel, most, true, left / 4, right * 40);
        if (one != NULL)
            add_roof(tsv, spots.spot[i].panel, one, false, left / 4, right * 40);
    }
}

void plot_caption_roofline(const struct plot_source *source, struct text *title, struct text *caption)
{
    const struct summary_row *best = NULL;
    struct spots spots;
    find_spots(source->summary, &spots);
    for (int i = 0; i < spots.count; i++) {
        const struct summary_row *row = spots.spot[i].row;
        if (!isnan(row->ceiling) &&
            (best == NULL || row->estimate.rate / row->ceiling > best->estimate.rate / best->ceiling))
            best = row;
    }
    if (best != NULL) {
        text_add(
            title, "%s %s comes nearest to its measured roof: ", best->cell->kernel, best->cell->variant);
        plot_add_percent(title, best->estimate.rate / best->ceiling);
        text_add(title, " of it on %d thread%s", best->cell->threads, best->cell->threads == 1 ? "" : "s");
    } else {
        text_add(title, "No roof was measured over these variants");
    }
    text_add(caption,
        "Work and compulsory traffic are the problem's, whatever a variant does: so all variants of a "
        "kernel stand on one line, and one that skips work may stand above the roof. Percentages are of the "
        "roof, which "
        "is a ceiling measured in the same blocks.");
    if (spots.left_out > 0)
        text_add(caption, " %d more sweeps are left out.", spots.left_out);
}
