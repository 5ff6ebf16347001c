/* The speedup tables of the page: one for each problem, so that its variants can be sorted among each other,
 * in the words of the other formats but with the same number of decimals down a column, so that the digits
 * stand under each other. */
#include "harness/report/html.h"
#include "harness/report/html_page.h"
#include "harness/report/markup.h"
#include "harness/report/section.h"
#include "harness/report/sentences.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* How each column is shown, and the number that it is sorted by. */
struct column_look {
    const char *class;
    bool head; /* names the row */
};

static const struct column_look looks[SECTION_COLUMNS] = {
    [SECTION_THREADS] = {"n", true},
    [SECTION_WHERE] = {"w", false},
    [SECTION_TIME] = {"n", false},
    [SECTION_TIME_INTERVAL] = {"n ci", false},
    [SECTION_SPEEDUP] = {"n main", false},
    [SECTION_SPEEDUP_INTERVAL] = {"n ci", false},
    [SECTION_VS_SERIAL] = {"n", false},
    [SECTION_EFFICIENCY] = {"n", false},
    [SECTION_RATE] = {"n", false},
    [SECTION_CEILING] = {"n", false},
    [SECTION_LIMIT] = {"w", false},
    [SECTION_VERIFIED] = {"w", false},
};

static double value_of(const struct summary_row *row, int column)
{
    const struct row_estimate *estimate = &row->estimate;
    switch (column) {
    case SECTION_THREADS:
        return row->cell->threads;
    case SECTION_TIME:
    case SECTION_TIME_INTERVAL:
        return estimate->median_s;
    case SECTION_SPEEDUP:
    case SECTION_SPEEDUP_INTERVAL:
        return estimate->speedup;
    case SECTION_VS_SERIAL:
        return estimate->speedup_vs_serial;
    case SECTION_EFFICIENCY:
        return estimate->efficiency;
    case SECTION_RATE:
        return estimate->rate;
    case SECTION_CEILING:
        return estimate->rate / row->ceiling;
    default:
        return NAN;
    }
}

/* Decimals that show three digits of the smallest value, and no more than four decimals. */
static int decimals_for(double smallest)
{
    int decimals = smallest > 0 && isfinite(smallest) ? 2 - (int)floor(log10(smallest)) : 0;
    return decimals < 0 ? 0 : decimals > 4 ? 4 : decimals;
}

struct decimals {
    int time, rate;
};

/* Sections of one problem: they differ in the variant. */
struct table {
    const struct section **section;
    int count;
    struct section look; /* the first, with the unit and the level of all */
    struct decimals decimals;
};

static void find_decimals(struct table *table)
{
    double time = INFINITY, rate = INFINITY;
    for (int s = 0; s < table->count; s++)
        for (int i = 0; i < table->section[s]->count; i++) {
            const struct row_estimate *estimate = &table->section[s]->row[i].estimate;
            time = fmin(time, estimate->median_s / table->look.unit_s);
            rate = fmin(rate, estimate->rate / 1e9);
        }
    table->decimals = (struct decimals){decimals_for(time), decimals_for(rate)};
}

static void fixed_word(char word[SECTION_WORD], double value, int decimals, const char *unit)
{
    if (isnan(value))
        snprintf(word, SECTION_WORD, "–");
    else if (fabs(value) >= 1e9)
        snprintf(word, SECTION_WORD, "%.2e%s", value, unit);
    else
        snprintf(word, SECTION_WORD, "%.*f%s", decimals, value, unit);
}

static void fixed_interval(char word[SECTION_WORD], double low, double high, int decimals)
{
    char from[SECTION_WORD], to[SECTION_WORD];
    fixed_word(from, low, decimals, "");
    fixed_word(to, high, decimals, "");
    if (isnan(low) || isnan(high))
        snprintf(word, SECTION_WORD, "–");
    else
        snprintf(word, SECTION_WORD, "%.20s–%.20s", from, to);
}

static void align_words(const struct section *section, const struct summary_row *row,
    struct decimals decimals, char word[SECTION_COLUMNS][SECTION_WORD])
{
    const struct row_estimate *estimate = &row->estimate;
    const double unit = section->unit_s;
    fixed_word(word[SECTION_TIME], estimate->median_s / unit, decimals.time, "");
    fixed_interval(
        word[SECTION_TIME_INTERVAL], estimate->time.low / unit, estimate->time.high / unit, decimals.time);
    fixed_word(word[SECTION_EFFICIENCY], 100 * estimate->efficiency, 1, "%");
    fixed_word(word[SECTION_RATE], estimate->rate / 1e9, decimals.rate, "");
    fixed_word(word[SECTION_CEILING], 100 * estimate->rate / row->ceiling, 1, "%");
}

/* Two lines of heading become one: "effi-" and "ciency" are "efficiency". */
static void add_heading(struct text *page, const char *first, const char *second, const char *class)
{
    size_t length = strlen(first);
    bool hyphen = length > 0 && first[length - 1] == '-' && second[0] != '\0';
    text_add(page, "<th scope=\"col\" class=\"%s\">", class);
    text_add(page, "%.*s%s", (int)(hyphen ? length - 1 : length), first,
        hyphen || length == 0 || second[0] == '\0' ? "" : " ");
    markup_add(page, second);
    text_add(page, "</th>");
}

/* `begins`: the first row of its variant. */
static void add_row(struct text *page, const struct summary *summary, const struct table *table,
    const struct summary_row *row, bool begins)
{
    char word[SECTION_COLUMNS][SECTION_WORD], mark[16];
    bool variants = table->count > 1;
    section_words(&table->look, row, word);
    align_words(&table->look, row, table->decimals, word);
    text_add(page, "<tr data-row=\"%s\"%s>", row_mark(summary, row, mark),
        variants && begins ? " class=\"begins\"" : "");
    if (variants) {
        text_add(page, "<th scope=\"row\" class=\"w\">");
        markup_add(page, row->cell->variant);
        text_add(page, "</th>");
    }
    for (int c = 0; c < SECTION_COLUMNS; c++) {
        double value = value_of(row, c);
        bool head = looks[c].head && !variants;
        const char *tag = head ? "th" : "td";
        text_add(page, "<%s%s class=\"%s", tag, head ? " scope=\"row\"" : "", looks[c].class);
        if (c == SECTION_VERIFIED)
            text_add(page, row->verified ? " yes" : " no");
        text_add(page, "\"");
        if (!isnan(value))
            text_add(page, " data-value=\"%.6g\"", value);
        text_add(page, ">");
        markup_add(page, word[c]);
        text_add(page, "</%s>", tag);
    }
    text_add(page, "</tr>\n");
}

static int kernel_of(const struct report *report, const struct section *section)
{
    for (int i = 0; i < report->kernel_count; i++)
        if (strcmp(report->kernel[i], section->main->cell->kernel) == 0)
            return i;
    return -1; /* measured without OpenMP only */
}

static bool same_problem(const struct section *a, const struct section *b)
{
    const struct cell *x = a->main->cell, *y = b->main->cell;
    return strcmp(x->kernel, y->kernel) == 0 && strcmp(x->type, y->type) == 0 &&
           strcmp(x->size, y->size) == 0 && strcmp(x->options, y->options) == 0 &&
           strcmp(x->scaling, y->scaling) == 0 && strcmp(x->worker, y->worker) == 0 &&
           strcmp(x->side, y->side) == 0;
}

static void add_title(struct text *title, const struct table *table)
{
    const struct section *first = table->section[0];
    const struct cell *cell = first->main->cell;
    if (table->count == 1) {
        section_add_title(title, first);
        return;
    }
    if (cell->side[0] != '\0')
        text_add(title, "%s · ", cell->side);
    text_add(title, "%s %s · ", cell->kernel, cell->type);
    section_add_problem(title, first);
    bool same = true;
    for (int i = 1; i < table->count; i++)
        same = same && strcmp(section_cache(table->section[i]), section_cache(first)) == 0;
    text_add(title, "%s", same ? section_cache(first) : "");
}

static void add_bases(struct text *bases, const struct table *table)
{
    const struct summary_row *serial = table->section[0]->main->serial;
    char time[HTML_WORD];
    if (table->count == 1) {
        section_add_bases(bases, table->section[0]);
        return;
    }
    text_add(bases, "base: one thread of the same variant");
    if (serial == NULL)
        text_add(bases, " · no verified serial time");
    else
        text_add(bases, " · serial: %s of %s %s", serial->cell->variant, serial->cell->worker,
            word_seconds(serial->estimate.median_s, time));
    for (int i = 0; i < table->count; i++) {
        const struct summary_row *last = &table->section[i]->row[table->section[i]->count - 1];
        if (last->note != NULL)
            text_add(bases, " · %s by %s", last->cell->variant, last->note);
    }
}

static void add_headings(struct text *page, const struct table *table)
{
    char first[SECTION_COLUMNS][SECTION_WORD], second[SECTION_COLUMNS][SECTION_WORD];
    section_headings(&table->look, first, second);
    text_add(page, "<thead><tr>");
    if (table->count > 1)
        add_heading(page, "variant", "", "w");
    for (int c = 0; c < SECTION_COLUMNS; c++)
        add_heading(page, first[c], second[c], looks[c].class);
    text_add(page, "</tr></thead>\n<tbody>\n");
}

static void add_table(struct text *page, const struct report *report, struct table *table, int number)
{
    struct text title = {0}, bases = {0};
    table->look = *table->section[0];
    for (int i = 1; i < table->count; i++) {
        const struct section *section = table->section[i];
        if (section->unit_s > table->look.unit_s) {
            table->look.unit_s = section->unit_s;
            table->look.unit = section->unit;
        }
        table->look.nominal = table->look.nominal && section->nominal;
    }
    find_decimals(table);
    add_title(&title, table);
    add_bases(&bases, table);
    text_add(page, "<section class=\"rows\" data-kernel=\"%d\">\n<h3 id=\"table-%d\">",
        kernel_of(report, table->section[0]), number);
    markup_add(page, title.data);
    text_add(page, "</h3>\n");
    html_add_element(page, "p", "class=\"meta\"", bases.data);
    text_add(page,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"table-%d\">"
        "<table class=\"sorts\" aria-labelledby=\"table-%d\">\n",
        number, number);
    add_headings(page, table);
    for (int s = 0; s < table->count; s++)
        for (int i = 0; i < table->section[s]->count; i++)
            add_row(page, report->summary, table, &table->section[s]->row[i], i == 0 && s > 0);
    text_add(page, "</tbody></table></div></section>\n");
    text_free(&title);
    text_free(&bases);
}

static void add_notes(struct text *page, const struct summary *summary)
{
    bool any = false;
    for (int i = 0; i < SENTENCES_NOTES; i++) {
        const char *note = sentences_note(summary, i);
        if (note == NULL)
            continue;
        text_add(page, any ? "" : "<ul class=\"soft\">\n");
        html_add_element(page, "li", "", note);
        any = true;
    }
    text_add(page, any ? "</ul>\n" : "");
    text_add(page, "<details><summary>How to read the columns</summary><ul>\n");
    for (int i = 0; i < SENTENCES_HOW_TO_READ; i++)
        if (sentences_how_to_read(summary, i) != NULL)
            html_add_element(page, "li", "", sentences_how_to_read(summary, i));
    text_add(page, "</ul></details>\n");
}

void html_add_tables(struct text *page, const struct report *report)
{
    const int rows = report->summary->row_count;
    struct section *section = memory_new((size_t)rows + 1, sizeof *section);
    struct table table = {.section = memory_new((size_t)rows + 1, sizeof *table.section)};
    int sections = 0, number = 0;
    text_add(page,
        "<h2 id=\"table\">Times and speedups</h2>\n"
        "<p data-live class=\"no-print\"><label>Rows with the words <input id=\"filter\" type=\"search\" "
        "placeholder=\"e.g. packed spread\"></label> <span id=\"found\" role=\"status\"></span></p>\n");
    for (struct section next = {0}; section_next(report->summary, &next);)
        section[sections++] = next;
    for (int i = 0; i < sections; i++) {
        bool shown = false;
        for (int b = 0; b < i && !shown; b++)
            shown = same_problem(&section[b], &section[i]);
        table.count = 0;
        for (int s = i; s < sections && !shown; s++)
            if (same_problem(&section[i], &section[s]))
                table.section[table.count++] = &section[s];
        if (!shown)
            add_table(page, report, &table, number++);
    }
    free(table.section);
    free(section);
    add_notes(page, report->summary);
}
