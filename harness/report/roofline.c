/* Points, names and roofs of the roofline. Refuses a roof that was not measured in the same run. */
#include "harness/report/roofline.h"

#include "harness/report/plot_parts.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of the picture: how much of its width and height a label takes. */
static const double label_width = 0.19, label_height = 0.045;

static int by_place(const void *left, const void *right)
{
    const struct roof_spot *a = left, *b = right;
    if (a->panel != b->panel)
        return a->panel < b->panel ? -1 : 1;
    return (a->gflops > b->gflops) - (a->gflops < b->gflops);
}

/* Element types have roofs of their own: 1 f32, 2 anything else. */
static int panel_of(const struct cell *cell)
{
    return strcmp(cell->type, "f32") == 0 ? 1 : 2;
}

/* The axes, without room for names that were pushed up. */
static void find_axes(struct roofline *spots)
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
    spots->left = left / 4;
    spots->right = right * 40;
    spots->low = low / 3;
    spots->high = high * 2.5;
}

/* A name stands where there is more room before the next column of points: on the right, if that is the same.
 */
static int side_of(const struct roofline *spots, const struct roof_spot *spot, double width)
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
static bool covers(const struct roof_spot *a, const struct roof_spot *b, double width)
{
    double from = log(a->intensity) - (a->side < 0 ? width : 0),
           other = log(b->intensity) - (b->side < 0 ? width : 0);
    return a->panel == b->panel && fabs(from - other) < width;
}

/* Names stand beside their points, pushed up where they would cover each other. What is pushed up wants a
 * longer axis, on which a name takes a larger step. */
static void place_labels(struct roofline *spots)
{
    enum { ROUNDS = 12 };
    double width = label_width * log(spots->right / spots->left);
    for (int i = 0; i < spots->count; i++)
        spots->spot[i].side = side_of(spots, &spots->spot[i], width);
    for (int round = 0; round < ROUNDS; round++) {
        double step = exp(label_height * log(spots->high / spots->low)), highest = 0;
        for (int i = 0; i < spots->count; i++) {
            struct roof_spot *spot = &spots->spot[i];
            spot->label_at = spot->gflops;
            for (int b = 0; b < i; b++)
                if (covers(spot, &spots->spot[b], width))
                    spot->label_at = fmax(spot->label_at, spots->spot[b].label_at * step);
            highest = fmax(highest, spot->label_at);
        }
        if (highest * 1.2 <= spots->high)
            return;
        spots->high = highest * 1.2;
    }
}

/* One point for each variant: its largest team. */
void roofline_find(const struct summary *summary, struct roofline *spots)
{
    struct plot_panel panel = {.all = true};
    int all = 0;
    while (plot_panel_next(summary, &panel))
        all += panel.largest->cell->flop > 0 && panel.largest->cell->bytes > 0;
    panel = (struct plot_panel){.all = all <= ROOFLINE_SPOTS}; /* too many names cover each other */
    *spots = (struct roofline){0};
    while (plot_panel_next(summary, &panel)) {
        const struct cell *cell = panel.largest->cell;
        struct roof_spot spot = {.row = panel.largest,
            .panel = panel_of(cell),
            .intensity = cell->flop / cell->bytes,
            .gflops = cell->flop / panel.largest->estimate.median_s / 1e9};
        if (!(cell->flop > 0) || !(cell->bytes > 0))
            continue;
        if (spots->count < ROOFLINE_SPOTS)
            spots->spot[spots->count++] = spot;
    }
    spots->left_out = all - spots->count;
    qsort(spots->spot, (size_t)spots->count, sizeof spots->spot[0], by_place);
    bool only_other = spots->count > 0 && spots->spot[0].panel == 2;
    for (int i = 0; i < spots->count; i++)
        spots->spot[i].panel -= only_other;
    find_axes(spots);
    place_labels(spots);
    for (int i = 0; i < spots->count; i++) {
        const struct summary_row *row = spots->spot[i].row;
        if (!isnan(row->ceiling) &&
            (spots->best == NULL ||
                row->estimate.rate / row->ceiling > spots->best->estimate.rate / spots->best->ceiling))
            spots->best = row;
    }
}

/* ---- roofs ---- */

/* The row whose ceilings are the roofs: of these threads, with both if there is one. */
const struct summary_row *roofline_roof(const struct summary *summary, const char *type, bool most)
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

double roof_peak(const struct summary_row *roof)
{
    return roof->diagnosis.arithmetic != NULL ? roof->diagnosis.arithmetic->estimate.rate : NAN;
}

double roof_bandwidth(const struct summary_row *roof)
{
    return roof->diagnosis.memory != NULL ? roof->diagnosis.memory->estimate.rate : NAN;
}

void roof_describe(const struct summary_row *roof, struct text *text)
{
    const struct summary_row *arithmetic = roof->diagnosis.arithmetic;
    text_add(text, "%d thread%s", roof->cell->threads, roof->cell->threads == 1 ? "" : "s");
    if (!isnan(roof_peak(roof)))
        text_add(text, ", %.4g GFLOP/s", roof_peak(roof) / 1e9);
    if (arithmetic != NULL && strcmp(arithmetic->cell->type, roof->cell->type) != 0)
        text_add(text, " in %s", arithmetic->cell->type);
    if (!isnan(roof_bandwidth(roof)))
        text_add(text, ", %.4g GB/s", roof_bandwidth(roof) / 1e9);
}
