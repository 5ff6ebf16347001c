/* Finds the curves of a run and decides which of them the first screen is about. Refuses to show anything. */
#include "harness/report/html.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void find_teams(struct sweep *sweep)
{
    for (int i = 0; i < sweep->count; i++) {
        const struct summary_row *row = &sweep->row[i];
        if (!row->verified)
            continue;
        sweep->largest = row;
        if (sweep->fastest == NULL || row->estimate.speedup > sweep->fastest->estimate.speedup ||
            (isnan(sweep->fastest->estimate.speedup) && !isnan(row->estimate.speedup)))
            sweep->fastest = row;
    }
}

static int kernel_number(struct report *report, const char *name)
{
    for (int i = 0; i < report->kernel_count; i++)
        if (strcmp(report->kernel[i], name) == 0)
            return i;
    report->kernel[report->kernel_count] = name;
    return report->kernel_count++;
}

/* The laws of a summary stand for its curves, one each, in the order of the rows. */
static void find_sweeps(struct report *report)
{
    const struct summary *summary = report->summary;
    const struct summary_row *end = summary->row + summary->row_count;
    report->sweep = memory_new((size_t)summary->laws_count, sizeof *report->sweep);
    report->kernel = memory_new((size_t)summary->laws_count, sizeof *report->kernel);
    for (int i = 0; i < summary->laws_count; i++) {
        struct sweep *sweep = &report->sweep[i];
        const struct summary_row *next = i + 1 < summary->laws_count ? summary->laws[i + 1].first : end;
        *sweep = (struct sweep){.row = summary->laws[i].first, .laws = &summary->laws[i]};
        while (sweep->row + sweep->count < next && !sweep->row[sweep->count].cell->serial_base)
            sweep->count++;
        sweep->kernel = kernel_number(report, sweep->row->cell->kernel);
        find_teams(sweep);
    }
    report->sweep_count = summary->laws_count;
}

enum { WORDS_OF_A_CELL = 8 };

static const char *cell_word(const struct cell *cell, int i)
{
    const char *const words[WORDS_OF_A_CELL] = {cell->variant, cell->type, cell->size, cell->options,
        cell->scaling, cell->placement, cell->worker, cell->side};
    return words[i];
}

static void make_label(const struct report *report, struct sweep *sweep)
{
    const struct cell *cell = sweep->row->cell;
    struct text label = {0};
    text_add(&label, "%s", cell->kernel);
    for (int word = 0; word < WORDS_OF_A_CELL; word++) {
        bool differs = false;
        for (int i = 0; i < report->sweep_count && !differs; i++) {
            const struct sweep *other = &report->sweep[i];
            differs = other->kernel == sweep->kernel &&
                      strcmp(cell_word(other->row->cell, word), cell_word(cell, word)) != 0;
        }
        if (differs && cell_word(cell, word)[0] != '\0')
            text_add(&label, " %s", cell_word(cell, word));
    }
    sweep->label = label.data;
}

/* The same problem, solved in another way. */
static bool is_rival(const struct sweep *a, const struct sweep *b)
{
    const struct cell *x = a->row->cell, *y = b->row->cell;
    return a->kernel == b->kernel && strcmp(x->type, y->type) == 0 && strcmp(x->size, y->size) == 0 &&
           strcmp(x->options, y->options) == 0 && strcmp(x->scaling, y->scaling) == 0;
}

static double best_time(const struct sweep *sweep)
{
    return sweep->fastest != NULL ? sweep->fastest->estimate.median_s : INFINITY;
}

bool report_is_headline(const struct report *report, const struct sweep *sweep)
{
    for (int i = 0; i < report->headlines; i++)
        if (report->headline[i] == sweep)
            return true;
    return false;
}

/* Of each kernel the fastest way to solve its first problem; room that is left goes to the other curves, in
 * order. */
static void choose_headlines(struct report *report)
{
    const int most = sizeof report->headline / sizeof *report->headline;
    for (int kernel = 0; kernel < report->kernel_count && report->headlines < most; kernel++) {
        const struct sweep *best = NULL;
        for (int i = 0; i < report->sweep_count; i++) {
            const struct sweep *sweep = &report->sweep[i];
            if (sweep->kernel == kernel &&
                (best == NULL || (is_rival(best, sweep) && best_time(sweep) < best_time(best))))
                best = sweep;
        }
        report->headline[report->headlines++] = best;
    }
    for (int i = 0; i < report->sweep_count && report->headlines < most; i++)
        if (report->sweep[i].fastest != NULL && !report_is_headline(report, &report->sweep[i]))
            report->headline[report->headlines++] = &report->sweep[i];
}

void report_make(const struct summary *summary, struct report *report)
{
    *report = (struct report){.summary = summary};
    counted_make(summary->record, &report->counted);
    find_sweeps(report);
    for (int i = 0; i < report->sweep_count; i++)
        make_label(report, &report->sweep[i]);
    choose_headlines(report);
}

void report_free(struct report *report)
{
    for (int i = 0; i < report->sweep_count; i++)
        free(report->sweep[i].label);
    counted_free(&report->counted);
    free(report->sweep);
    free(report->kernel);
    *report = (struct report){0};
}

const char *sweep_boundary(const struct sweep *sweep, int rung, char words[48])
{
    const struct cell *cell = sweep->row[rung].cell, *before = rung > 0 ? sweep->row[rung - 1].cell : cell;
    if (cell->sharing != before->sharing)
        snprintf(words, 48, "%d threads a core", cell->sharing);
    else if (cell->classes != before->classes)
        snprintf(words, 48, "%d kinds of cores", cell->classes);
    else if (cell->domains != before->domains)
        snprintf(words, 48, "%d memory domains", cell->domains);
    else if (cell->beyond_quota != before->beyond_quota)
        snprintf(words, 48, "beyond the CPU quota");
    else
        return NULL;
    return words;
}

/* ---- words ---- */

const char *row_mark(const struct summary *summary, const struct summary_row *row, char mark[16])
{
    snprintf(mark, 16, "r%d", (int)(row - summary->row));
    return mark;
}

void row_add_name(struct text *text, const struct summary_row *row)
{
    const struct cell *cell = row->cell;
    text_add(text, "%s %s %s ×%d %s", cell->kernel, cell->variant, cell->type, cell->threads,
        cell->serial_base ? "serial" : cell->placement);
}

const char *word_seconds(double seconds, char word[HTML_WORD])
{
    if (isnan(seconds))
        snprintf(word, HTML_WORD, "–");
    else
        text_seconds(seconds, word, HTML_WORD);
    return word;
}

const char *word_ratio(double ratio, char word[HTML_WORD])
{
    if (isnan(ratio))
        snprintf(word, HTML_WORD, "–");
    else
        snprintf(word, HTML_WORD, "%.*f", ratio >= 100 ? 0 : ratio >= 10 ? 1 : 2, ratio);
    return word;
}

const char *word_percent(double fraction, char word[HTML_WORD])
{
    if (isnan(fraction))
        snprintf(word, HTML_WORD, "–");
    else
        snprintf(word, HTML_WORD, "%.*f%%", fabs(fraction) < 0.0995 ? 1 : 0, 100 * fraction);
    return word;
}
