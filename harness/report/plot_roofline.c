/* The roofline as plot data: what was measured of arithmetic and memory over what each variant reaches. */
#include "harness/report/plot_parts.h"
#include "harness/report/roofline.h"

#include <math.h>
#include <string.h>

void plot_write_roofline(const struct plot_source *source, struct text *tsv)
{
    struct roofline spots;
    roofline_find(source->summary, &spots);
    for (int i = 0; i < spots.count; i++) {
        const struct roof_spot *spot = &spots.spot[i];
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
    double peak = roof_peak(row), bandwidth = roof_bandwidth(row);
    double ridge = fmin(fmax(peak / bandwidth, left), right);
    double at[3] = {left, isnan(peak / bandwidth) ? left : ridge, right};
    struct text name = {0};
    if (isnan(peak) && isnan(bandwidth))
        return;
    roof_describe(row, &name);
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

void plot_write_roofline_roofs(const struct plot_source *source, struct text *tsv)
{
    struct roofline spots;
    roofline_find(source->summary, &spots);
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
        const struct summary_row *one = roofline_roof(source->summary, type, false);
        const struct summary_row *most = roofline_roof(source->summary, type, true);
        if (most != NULL && most->cell->threads > 1)
            add_roof(tsv, spots.spot[i].panel, most, true, left / 4, right * 40);
        if (one != NULL)
            add_roof(tsv, spots.spot[i].panel, one, false, left / 4, right * 40);
    }
}

void plot_caption_roofline(const struct plot_source *source, struct text *title, struct text *caption)
{
    struct roofline spots;
    roofline_find(source->summary, &spots);
    const struct summary_row *best = spots.best;
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
        "kernel stand on one line, and one that skips work, or does some in a narrower type, may stand above "
        "the roof. Percentages are of its own ceiling, measured in the same blocks.");
    if (spots.left_out > 0)
        text_add(caption, " %d more sweeps are left out.", spots.left_out);
}
