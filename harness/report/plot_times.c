/* How the times of each row scatter, and how they go from block to block. Refuses to hide a marked iteration:
 * of many, a fixed sample is drawn, but every marked one up to a bound of its own. */
#include "harness/report/plot_parts.h"
#include "harness/report/row_scatter.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Of all points of a picture, and of one row at least. */
enum { POINTS_MAX = 6000, ROW_POINTS_MIN = 20, ROW_POINTS_MAX = 400 };

/* Serial base first, if the sweep has one under its heading; then the sweep. */
static const struct summary_row *row_at(const struct plot_panel *panel, int position)
{
    const struct summary_row *serial = panel->row->serial;
    bool own = serial != NULL && strcmp(serial->cell->variant, panel->row->cell->variant) == 0;
    if (position == 0)
        return own ? serial : NULL;
    return position <= panel->count ? &panel->row[position - 1] : NULL;
}

static size_t rows_drawn(const struct summary *summary)
{
    struct plot_panel panel = {0};
    size_t rows = 0;
    while (plot_panel_next(summary, &panel))
        rows += (size_t)panel.count + 1;
    return rows;
}

static size_t points_per_row(const struct summary *summary)
{
    size_t rows = rows_drawn(summary), points = rows > 0 ? POINTS_MAX / rows : ROW_POINTS_MAX;
    return points < ROW_POINTS_MIN ? ROW_POINTS_MIN : points > ROW_POINTS_MAX ? ROW_POINTS_MAX : points;
}

/* ---- points ---- */

struct row_points {
    const struct plot_panel *panel;
    int position;
    const struct summary_row *row;
    double level;                        /* quiet level; NaN where nothing can be marked */
    size_t step, marked_step, at, marks; /* every step-th is drawn */
};

static void add_point(struct text *tsv, struct row_points *points, double seconds, bool marked)
{
    size_t *count = marked ? &points->marks : &points->at;
    size_t step = marked ? points->marked_step : points->step;
    if ((*count)++ % step != 0)
        return;
    plot_begin_line(tsv, points->panel->number, points->panel->title.data);
    plot_add_count(tsv, points->position);
    plot_add_number(
        tsv, (double)(points->at + points->marks) / ((double)points->row->samples + 1)); /* 0 … 1 */
    plot_add_number(tsv, seconds / points->row->estimate.median_s);
    plot_add_count(tsv, marked);
    plot_end_line(tsv);
}

static void add_points(const struct plot_source *source, struct text *tsv, struct row_points *points)
{
    const struct counted_processes *counted = &source->counted;
    int id = points->row->cell->id;
    for (size_t p = counted->first[id]; p < counted->first[id + 1]; p++) {
        const struct process_record *process = counted->process[p];
        for (size_t i = 0; i < process->samples; i++) {
            bool marked = !isnan(points->level) && process_sample_is_marked(process, i, points->level);
            add_point(tsv, points, process->seconds[i], marked);
        }
    }
}

void plot_write_times(const struct plot_source *source, struct text *tsv)
{
    const struct summary *summary = source->summary;
    size_t most = points_per_row(summary);
    struct plot_panel panel = {0};
    while (plot_panel_next(summary, &panel))
        for (int position = 0; position <= panel.count; position++) {
            const struct summary_row *row = row_at(&panel, position);
            if (row == NULL || !row->verified)
                continue;
            bool judged = row->marks.known > 0;
            struct row_points points = {.panel = &panel,
                .position = position,
                .row = row,
                .level = judged ? process_quiet_level(source->counted.pilot[row->cell->id]) : NAN,
                .step = 1 + (row->samples - row->marks.marked) / (most + 1),
                .marked_step = 1 + row->marks.marked / (most + 1)};
            add_points(source, tsv, &points);
        }
}

/* ---- quartiles ---- */

void plot_write_times_quartiles(const struct plot_source *source, struct text *tsv)
{
    struct plot_panel panel = {0};
    while (plot_panel_next(source->summary, &panel)) {
        plot_end_panel(tsv);
        for (int position = 0; position <= panel.count; position++) {
            const struct summary_row *row = row_at(&panel, position);
            char label[32] = "serial", time[64] = "–";
            if (row == NULL)
                continue;
            const struct row_scatter *scatter = &row->scatter;
            double median_s = row->verified ? row->estimate.median_s : NAN;
            if (position > 0)
                snprintf(label, sizeof label, "%d", row->cell->threads);
            plot_begin_line(tsv, panel.number, panel.title.data);
            plot_add_count(tsv, position);
            plot_add_text(tsv, label, 16);
            plot_add_text(tsv, row->verified ? text_seconds(median_s, time, sizeof time) : time, 16);
            plot_add_number(tsv, scatter->lower_s / median_s);
            plot_add_number(tsv, row->verified ? 1 : NAN);
            plot_add_number(tsv, scatter->upper_s / median_s);
            plot_add_number(tsv, scatter->min_s / median_s);
            plot_add_number(tsv, scatter->max_s / median_s);
            plot_add_count(tsv, (long long)row->samples);
            plot_add_number(tsv, row->marks.known > 0 ? (double)row->marks.marked : NAN);
            plot_end_line(tsv);
        }
    }
}

void plot_caption_times(const struct plot_source *source, struct text *title, struct text *caption)
{
    const struct summary *summary = source->summary;
    const struct summary_row *widest = NULL;
    size_t iterations = 0, known = 0, marked = 0;
    double width = 0;
    struct plot_panel panel = {0};
    while (plot_panel_next(summary, &panel))
        for (int i = 0; i < panel.count; i++) {
            const struct summary_row *row = &panel.row[i];
            double own = (row->scatter.upper_s - row->scatter.lower_s) / row->estimate.median_s;
            iterations += row->verified ? row->samples : 0;
            known += row->marks.known;
            marked += row->marks.marked;
            if (row->verified && own > width) {
                width = own;
                widest = row;
            }
        }
    if (widest != NULL) {
        text_add(title, "The middle half of the times is at most ");
        plot_add_percent(title, width);
        text_add(
            title, " wide (%s %s ×%d); ", widest->cell->kernel, widest->cell->variant, widest->cell->threads);
    }
    if (known > 0)
        text_add(title, "%zu of %zu iterations were disturbed", marked, known);
    else
        text_add(title, "whether one of the %zu iterations was disturbed is not known", iterations);
    text_add(caption,
        "Each point: one timed iteration over the median of its row, in the order of measuring from left to "
        "right. Triangles: a thread had no CPU for over 1%% of the time. What lies far beyond the boxes "
        "(quartiles of all "
        "iterations) stands on the edge.");
    if (iterations > POINTS_MAX)
        text_add(caption, " A fixed sample of the points is drawn; nothing was dropped from the numbers.");
}

/* ---- block by block ---- */

enum series { SERIES_ONE, SERIES_MOST, SERIES_OTHER, SERIES_CLOCK };

static void add_blocks(const struct plot_source *source, struct text *tsv, const struct plot_panel *panel,
    const struct summary_row *row, enum series series)
{
    const struct counted_processes *counted = &source->counted;
    int id = row->cell->id;
    char name[32];
    snprintf(name, sizeof name, "%d thread%s", row->cell->threads, row->cell->threads == 1 ? "" : "s");
    for (size_t p = counted->first[id]; p < counted->first[id + 1]; p++) {
        plot_begin_line(tsv, panel->number, panel->title.data);
        plot_add_count(tsv, series);
        plot_add_text(tsv, name, 24);
        plot_add_count(tsv, counted->process[p]->block);
        plot_add_number(tsv, counted->seconds[p] / row->estimate.median_s);
        plot_end_line(tsv);
    }
    plot_end_line(tsv);
}

void plot_write_drift(const struct plot_source *source, struct text *tsv)
{
    const struct summary *summary = source->summary;
    struct plot_panel panel = {0};
    while (plot_panel_next(summary, &panel)) {
        for (int i = 0; i < panel.count; i++) {
            const struct summary_row *row = &panel.row[i];
            bool largest = row == panel.largest && row->cell->threads > 1;
            if (row->verified)
                add_blocks(source, tsv, &panel, row,
                    largest                   ? SERIES_MOST
                    : row->cell->threads == 1 ? SERIES_ONE
                                              : SERIES_OTHER);
        }
        for (int i = 0; i < summary->block_clock_count; i++) {
            plot_begin_line(tsv, panel.number, panel.title.data);
            plot_add_count(tsv, SERIES_CLOCK);
            plot_add_text(tsv, "clock of all rows", 24);
            plot_add_count(tsv, summary->block_clock[i].block);
            plot_add_number(tsv, summary->block_clock[i].relative);
            plot_end_line(tsv);
        }
        if (summary->block_clock_count > 0)
            plot_end_line(tsv);
    }
}

void plot_caption_drift(const struct plot_source *source, struct text *title, struct text *caption)
{
    static const double surprising = 0.01;
    const struct summary_row *worst = NULL;
    int judged = 0;
    struct plot_panel panel = {0};
    while (plot_panel_next(source->summary, &panel))
        for (int i = 0; i < panel.count; i++) {
            const struct trend *trend = &panel.row[i].scatter.over_blocks;
            judged += panel.row[i].verified && !isnan(trend->p_value);
            if (panel.row[i].verified && trend->p_value < surprising &&
                (worst == NULL || fabs(trend->change) > fabs(worst->scatter.over_blocks.change)))
                worst = &panel.row[i];
        }
    if (worst != NULL) {
        double change = worst->scatter.over_blocks.change;
        plot_add_row_name(title, worst);
        text_add(title, " became ");
        plot_add_percent(title, fabs(change));
        text_add(title, " %s from the first block to the last (p = %.2g)", change > 0 ? "slower" : "faster",
            worst->scatter.over_blocks.p_value);
    } else if (judged > 0) {
        text_add(
            title, "No row shows a drift from the first block to the last (p < 0.01 in none of %d)", judged);
    } else {
        text_add(title, "Too few blocks to tell a drift from chance");
    }
    text_add(caption, "Each point: the median of one process over that of its row, block by block. "
                      "Clock: median over the rows of their clock in a block over their own median.");
}
