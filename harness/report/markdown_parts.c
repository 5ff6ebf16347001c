/* Tables and lists in Markdown, from grids and sentences. Refuses to compute and to decide: it shows. */
#include "harness/report/markdown_parts.h"

#include "harness/report/grid.h"
#include "harness/report/markdown_plots.h"
#include "harness/report/printable.h"
#include "harness/report/why.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS = 12, WORD = 96 };

static void write_item(FILE *stream, const char *before, struct text *text)
{
    struct text shown = {0};
    printable_add_markdown(&shown, text->data);
    fprintf(stream, "%s%s\n", before, shown.data);
    text_free(&shown);
    text_free(text);
}

static void add_name(struct text *text, const struct cell *cell)
{
    text_add(text, "%s %s %s %s%s ×%d", cell->kernel, cell->variant, cell->type,
        cell->serial_base ? "serial" : cell->placement, strcmp(cell->scaling, "weak") == 0 ? " weak" : "",
        cell->threads);
}

static void seconds_word(char word[WORD], double seconds)
{
    char time[64];
    snprintf(word, WORD, "%s", isnan(seconds) ? "–" : text_seconds(seconds, time, sizeof time));
}

static void percent_word(char word[WORD], double fraction)
{
    if (isnan(fraction))
        snprintf(word, WORD, "–");
    else
        snprintf(word, WORD, "%.*f%%", fabs(fraction) < 0.1 ? 1 : 0, 100 * fraction);
}

static void ratio_word(char word[WORD], double ratio)
{
    if (isnan(ratio))
        snprintf(word, WORD, "–");
    else
        snprintf(word, WORD, "%.2f", ratio);
}

static void count_word(char word[WORD], bool known, size_t count)
{
    if (known)
        snprintf(word, WORD, "%zu", count);
    else
        snprintf(word, WORD, "–");
}

/* The name of a row, and then the words. */
static void add_row(struct grid *grid, const struct summary_row *row, char word[][WORD])
{
    const char *words[WORDS];
    struct text name = {0};
    add_name(&name, row->cell);
    words[0] = name.data;
    for (int c = 1; c < grid->columns; c++)
        words[c] = word[c];
    grid_add(grid, words);
    text_free(&name);
}

static void write_grid(FILE *stream, const char *title, struct grid *grid, const char *legend)
{
    if (grid->rows > 0) {
        fprintf(stream, "\n## %s\n\n", title);
        grid_write_markdown(stream, grid);
        fprintf(stream, "\n%s\n", legend);
    }
    grid_free(grid);
}

/* ---- why ---- */

void markdown_write_why(FILE *stream, const struct summary *summary)
{
    const struct summary_row *row;
    struct text text = {0};
    const char *before = "\n## Why it stops\n\n- ";
    for (int from = 0; (row = why_next(summary, &from)) != NULL; before = "- ") {
        why_add_line(&text, row);
        write_item(stream, before, &text);
    }
    if (!why_add_disturbed_run(&text, summary))
        return;
    write_item(stream, "\n## Disturbances\n\n", &text);
    before = "\n- ";
    for (int i = 0; i < summary->row_count; i++) {
        if (!why_is_disturbed(&summary->row[i]))
            continue;
        why_add_disturbance(&text, &summary->row[i]);
        write_item(stream, before, &text);
        before = "- ";
    }
}

/* ---- where the time goes ---- */

static void write_waterfalls(FILE *stream, const struct summary *summary)
{
    static const char *const heading[] = {"row", "time", "linear", "clock", "bandwidth", "fork-join",
        "imbalance", "off-CPU", "rest", "ideal speedup", "speedup", "limit"};
    struct grid grid = {.heading = heading, .columns = 12};
    for (int i = 0; i < summary->row_count; i++) {
        const struct summary_row *row = &summary->row[i];
        const struct row_diagnosis *diagnosis = &row->diagnosis;
        char word[WORDS][WORD];
        if (!diagnosis->has_waterfall)
            continue;
        seconds_word(word[1], row->estimate.median_s);
        for (int part = 0; part < WATERFALL_PARTS; part++)
            percent_word(word[2 + part], diagnosis->waterfall.status[part] == PART_UNAVAILABLE
                                             ? NAN
                                             : diagnosis->waterfall.seconds[part] / row->estimate.median_s);
        ratio_word(word[9], diagnosis->ideal);
        ratio_word(word[10], row->estimate.speedup);
        snprintf(word[11], WORD, "%s", limit_name(diagnosis->limit));
        add_row(&grid, row, word);
    }
    write_grid(stream, "Where the time goes", &grid,
        "In parts of the row's time, which they add up to. linear: the time of one thread divided by the "
        "threads (weak\nscaling: that time). imbalance and off-CPU are measured; clock, bandwidth and "
        "fork-join "
        "are estimated from what\nthe ceilings measured; –: unavailable here, and so in the rest. A negative "
        "part is a gain. ideal speedup: what\nthese PUs are worth together, by their measured rates.");
}

/* ---- how times scatter ---- */

static void write_scatter(FILE *stream, const struct summary *summary)
{
    static const char *const heading[] = {"row", "iterations", "min", "quartiles", "max", "far out",
        "between processes", "within", "drift", "marked", "without them"};
    struct grid grid = {.heading = heading, .columns = 11};
    for (int i = 0; i < summary->row_count; i++) {
        const struct summary_row *row = &summary->row[i];
        const struct row_scatter *scatter = &row->scatter;
        char word[WORDS][WORD], low[WORD], high[WORD];
        if (!row->verified)
            continue;
        count_word(word[1], true, row->samples);
        seconds_word(word[2], scatter->min_s);
        seconds_word(low, scatter->lower_s);
        seconds_word(high, scatter->upper_s);
        snprintf(word[3], WORD, "%.40s–%.40s", low, high);
        seconds_word(word[4], scatter->max_s);
        count_word(word[5], true, scatter->far_out);
        percent_word(word[6], scatter->variance.between);
        percent_word(word[7], scatter->variance.within);
        percent_word(word[8], scatter->over_blocks.p_value < 0.01 ? scatter->over_blocks.change : NAN);
        count_word(word[9], row->marks.known > 0, row->marks.marked);
        seconds_word(word[10], row->marks.unmarked_s);
        add_row(&grid, row, word);
    }
    write_grid(stream, "How the times scatter", &grid,
        "All timed iterations; none is dropped. far out: beyond Tukey's fences. between processes, within: "
        "relative standard\ndeviations. drift: change from the first block to the last, where its p-value is "
        "below 0.01. "
        "marked: "
        "a thread had no CPU for over\n1% of the time; without them: the median of the others.");
}

/* ---- laws ---- */

static void add_fit(struct text *text, const char *name, const struct law_fit *fit)
{
    text_add(text, "; %s: ", name);
    if (!fit->fitted) {
        text_add(text, "%s", fit->why_not);
        return;
    }
    text_add(text, "serial %.1f%%", 100 * fit->serial);
    if (!isnan(fit->serial_interval.low))
        text_add(text, " (%.1f–%.1f%%)", 100 * fit->serial_interval.low, 100 * fit->serial_interval.high);
    if (!isnan(fit->coherency))
        text_add(text, ", coherency %.2g", fit->coherency);
    if (!isnan(fit->peak_threads))
        text_add(text, ", greatest at %.0f threads", fit->peak_threads);
    text_add(text, ", at most %.1f%% off", 100 * fit->worst_residual);
}

/* The serial fraction falls as the speedup rises, so the ends of its interval are those of the speedup. */
static void add_karp_flatt(struct text *text, const struct summary_row *row)
{
    const struct interval *speedup = &row->estimate.speedup_interval;
    int threads = row->cell->threads;
    text_add(text, "; Karp–Flatt at %d: %.1f%%", threads, 100 * row->estimate.karp_flatt);
    if (!isnan(speedup->low))
        text_add(text, " (%.1f%% to %.1f%%)", 100 * karp_flatt_fraction(speedup->high, threads),
            100 * karp_flatt_fraction(speedup->low, threads));
    if (row->estimate.karp_flatt > 1)
        text_add(text, ", which is no serial share: the team is slower than one thread");
}

static void write_laws(FILE *stream, const struct summary *summary)
{
    static const char *const raw[] = {"Amdahl", "Gustafson", "USL"}, *const adjusted[] = {
                                                                         "Amdahl, for the clock",
                                                                         "Gustafson, for the clock",
                                                                         "USL, for the clock"};
    const char *before = "\n## Laws of scaling\n\n- ";
    for (int i = 0; i < summary->laws_count; i++, before = "- ") {
        const struct row_laws *laws = &summary->laws[i];
        const struct cell *cell = laws->first->cell;
        bool weak = strcmp(cell->scaling, "weak") == 0;
        struct text text = {0};
        text_add(&text, "%s %s %s %s, %d thread count%s in one region", cell->kernel, cell->variant,
            cell->type, cell->placement, laws->points, laws->points == 1 ? "" : "s");
        if (laws->last != NULL && !isnan(laws->last->estimate.karp_flatt))
            add_karp_flatt(&text, laws->last);
        if (laws->why_none != NULL)
            text_add(&text, "; no law: %s", laws->why_none);
        for (enum law law = LAW_AMDAHL; laws->why_none == NULL && law <= LAW_USL; law++) {
            if ((law == LAW_GUSTAFSON) != weak)
                continue;
            add_fit(&text, raw[law], &laws->fit[law][0]);
            if (laws->fit[law][1].fitted)
                add_fit(&text, adjusted[law], &laws->fit[law][1]);
        }
        write_item(stream, before, &text);
    }
}

/* ---- the run ---- */

static void write_run(FILE *stream, const struct summary *summary)
{
    double low = INFINITY, high = -INFINITY;
    struct text text = {0};
    if (isnan(summary->timed_share))
        text_add(&text, "How much of the run was timed is not known.");
    else
        text_add(&text, "Timed iterations are %.0f%% of the run's time.", 100 * summary->timed_share);
    for (int i = 0; i < summary->block_clock_count; i++) {
        low = fmin(low, summary->block_clock[i].relative);
        high = fmax(high, summary->block_clock[i].relative);
    }
    if (low <= high)
        text_add(&text, " From block to block the clock was between %+.1f%% and %+.1f%% of its median.",
            100 * (low - 1), 100 * (high - 1));
    write_item(stream, "\n", &text);
}

void markdown_write_parts(FILE *stream, const struct summary *summary)
{
    write_waterfalls(stream, summary);
    markdown_write_plot(stream, summary, "waterfall");
    markdown_write_plot(stream, summary, "timeline");
    write_scatter(stream, summary);
    markdown_write_plot(stream, summary, "times");
    markdown_write_plot(stream, summary, "drift");
    write_run(stream, summary);
    write_laws(stream, summary);
}

void markdown_write_rules(FILE *stream, const struct summary *summary)
{
    static const char *const heading[] = {"#", "rule", "kept", "how", "in this run"};
    struct grid grid = {.heading = heading, .columns = 5};
    struct rule rule[RULES];
    rules_make(summary, rule);
    for (int i = 0; i < RULES; i++) {
        char number[16];
        snprintf(number, sizeof number, "%d", i + 1);
        grid_add(&grid, (const char *const[]){number, rule[i].rule, rule_kept_name(rule[i].kept), rule[i].how,
                            rule[i].evidence});
    }
    write_grid(stream, "The twelve rules", &grid,
        "Hoefler & Belli, Scientific Benchmarking of Parallel Computing Systems, SC15.");
    rules_free(rule);
}
