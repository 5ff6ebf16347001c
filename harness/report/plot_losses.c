/* Where the time of each row goes, and how far each rung of a ladder is from its ceiling. Refuses to show a
 * part that is unavailable: it is a gap, and in the rest. */
#include "harness/report/cell_order.h"
#include "harness/report/plot_parts.h"

#include <math.h>
#include <string.h>

/* ---- waterfall ---- */

/* Parts stand on each other from 0 up, gains from 0 down; so the whole less the gains is the measured time.
 */
static void add_parts(
    struct text *tsv, int number, const struct plot_panel *panel, int position, const struct summary_row *row)
{
    const struct waterfall *waterfall = &row->diagnosis.waterfall;
    double up = 0, down = 0, whole = row->estimate.median_s;
    for (int part = 0; part < WATERFALL_PARTS; part++) {
        double seconds = waterfall->status[part] != PART_UNAVAILABLE ? waterfall->seconds[part] : NAN;
        double *end = seconds < 0 ? &down : &up;
        plot_begin_line(tsv, number, panel->title.data);
        plot_add_count(tsv, position);
        plot_add_count(tsv, row->cell->threads);
        plot_add_count(tsv, part);
        plot_add_text(tsv, waterfall_part_name((enum waterfall_part)part), 16);
        plot_add_text(tsv, waterfall_status_name(waterfall->status[part]), 16);
        plot_add_number(tsv, isnan(seconds) ? NAN : *end / whole);
        *end += isnan(seconds) ? 0 : seconds;
        plot_add_number(tsv, isnan(seconds) ? NAN : *end / whole);
        plot_add_number(tsv, seconds);
        plot_end_line(tsv);
    }
}

void plot_write_waterfall(const struct plot_source *source, struct text *tsv)
{
    struct plot_panel panel = {0};
    int number = 0;
    while (plot_panel_next(source->summary, &panel)) {
        int position = 0;
        for (int i = 0; i < panel.count; i++) {
            if (!panel.row[i].verified || !panel.row[i].diagnosis.has_waterfall)
                continue;
            if (position++ == 0) {
                plot_end_panel(tsv);
                number++;
            }
            add_parts(tsv, number, &panel, position, &panel.row[i]);
        }
    }
}

void plot_caption_waterfall(const struct plot_source *source, struct text *title, struct text *caption)
{
    const struct summary_row *worst = NULL;
    int part_of_worst = 0;
    double share = 0;
    struct plot_panel panel = {0};
    while (plot_panel_next(source->summary, &panel)) {
        const struct waterfall *waterfall = &panel.largest->diagnosis.waterfall;
        for (int part = PART_CLOCK; panel.largest->diagnosis.has_waterfall && part < WATERFALL_PARTS;
             part++) {
            double own = waterfall->seconds[part] / panel.largest->estimate.median_s;
            if (waterfall->status[part] != PART_UNAVAILABLE && own > share) {
                worst = panel.largest;
                part_of_worst = part;
                share = own;
            }
        }
    }
    if (worst != NULL) {
        text_add(title, "The largest loss of a largest team: ");
        plot_add_percent(title, share);
        text_add(title, " of the time of %s %s ×%d, %s", worst->cell->kernel, worst->cell->variant,
            worst->cell->threads,
            part_of_worst == PART_REST ? "which nothing measured explains"
                                       : waterfall_part_name((enum waterfall_part)part_of_worst));
    } else {
        text_add(title, "No largest team loses time to anything that was measured");
    }
    text_add(caption, "In parts of each row's own time, from the time of one thread ÷ threads (linear) up in "
                      "the order of the "
                      "legend. What is below zero is a gain. A part that is missing was unavailable here, "
                      "and is in the rest.");
}

/* ---- ladder ---- */

static int most_threads(const struct summary *summary, const struct cell *first)
{
    int most = 1;
    for (int i = 0; i < summary->row_count; i++)
        if (cell_same_ladder(first, summary->row[i].cell) && summary->row[i].verified &&
            summary->row[i].cell->threads > most)
            most = summary->row[i].cell->threads;
    return most;
}

/* A row that begins a ladder of several variants whose work has a rate. */
static bool begins_ladder(const struct summary *summary, int first)
{
    const struct cell *cell = summary->row[first].cell;
    bool several = false;
    if (cell->serial_base || cell->rate == RATE_NONE)
        return false;
    for (int i = 0; i < first; i++)
        if (cell_same_ladder(cell, summary->row[i].cell))
            return false;
    for (int i = first + 1; i < summary->row_count && !several; i++)
        several = cell_same_ladder(cell, summary->row[i].cell) &&
                  strcmp(cell->variant, summary->row[i].cell->variant) != 0;
    return several;
}

/* The next row that begins a ladder, from *from on; −1 none. */
static int next_ladder(const struct summary *summary, int *from)
{
    while (*from < summary->row_count)
        if (begins_ladder(summary, (*from)++))
            return *from - 1;
    return -1;
}

static void add_ladder_title(struct text *title, const struct summary *summary, const struct cell *cell)
{
    struct cell kernel = *cell;
    kernel.variant = (char *)(cell->side[0] != '\0' ? cell->side : "variants");
    plot_add_cell_title(title, summary, &kernel);
}

static void add_ladder(struct text *tsv, const struct summary *summary, int first, int number)
{
    const struct cell *cell = summary->row[first].cell;
    int most = most_threads(summary, cell), position = 0;
    const char *variant = NULL;
    struct text title = {0};
    add_ladder_title(&title, summary, cell);
    plot_end_panel(tsv);
    for (int i = first; i < summary->row_count; i++) {
        const struct summary_row *row = &summary->row[i];
        if (!cell_same_ladder(cell, row->cell))
            continue;
        position += variant == NULL || strcmp(variant, row->cell->variant) != 0;
        variant = row->cell->variant;
        if (!row->verified || (row->cell->threads != 1 && row->cell->threads != most))
            continue;
        plot_begin_line(tsv, number, title.data);
        plot_add_count(tsv, position);
        plot_add_text(tsv, variant, 20);
        plot_add_count(tsv, row->cell->threads);
        plot_add_count(tsv, row->cell->threads == most && most > 1);
        plot_add_number(tsv, row->estimate.rate / 1e9);
        plot_add_text(tsv, cell_rate_unit(cell->rate), 12);
        plot_add_number(tsv, row->ceiling / 1e9);
        plot_add_number(tsv, row->estimate.rate / row->ceiling);
        plot_end_line(tsv);
    }
    text_free(&title);
}

void plot_write_ladder(const struct plot_source *source, struct text *tsv)
{
    int from = 0, number = 0;
    for (int first; number < PLOT_PANELS_MAX && (first = next_ladder(source->summary, &from)) >= 0;)
        add_ladder(tsv, source->summary, first, ++number);
}

void plot_caption_ladder(const struct plot_source *source, struct text *title, struct text *caption)
{
    const struct summary *summary = source->summary;
    const struct summary_row *low = NULL, *high = NULL;
    double gain = 0;
    int from = 0;
    for (int first; (first = next_ladder(summary, &from)) >= 0;) {
        const struct cell *cell = summary->row[first].cell;
        const struct summary_row *slow = NULL, *fast = NULL;
        int most = most_threads(summary, cell);
        for (int i = first; i < summary->row_count; i++) {
            const struct summary_row *row = &summary->row[i];
            if (!row->verified || row->cell->threads != most || !cell_same_ladder(cell, row->cell))
                continue;
            slow = slow == NULL || row->estimate.rate < slow->estimate.rate ? row : slow;
            fast = fast == NULL || row->estimate.rate > fast->estimate.rate ? row : fast;
        }
        if (slow != NULL && fast->estimate.rate / slow->estimate.rate > gain) {
            gain = fast->estimate.rate / slow->estimate.rate;
            low = slow;
            high = fast;
        }
    }
    if (low != NULL)
        text_add(title, "The variant decides by a factor of up to %.3g: %s %s against %s, on %d thread%s",
            gain, high->cell->kernel, high->cell->variant, low->cell->variant, high->cell->threads,
            high->cell->threads == 1 ? "" : "s");
    else
        text_add(title, "No two variants have a verified time at the same threads");
    text_add(caption,
        "Rate of each variant with one thread and with the most, and the ceiling measured for the same "
        "team. A variant that may skip work has no ceiling.");
}
