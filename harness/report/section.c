/* Cuts the rows into sections and puts them in words. Refuses to lay anything out. */
#include "harness/report/section.h"

#include "harness/report/cell_order.h"
#include "harness/report/sentences.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static void choose_unit(struct section *section)
{
    static const struct {
        double seconds;
        const char *name;
    } units[] = {{1, "s"}, {1e-3, "ms"}, {1e-6, "µs"}, {1e-9, "ns"}};
    double longest = 0;
    size_t i = 0;
    for (int r = 0; r < section->count; r++)
        longest = fmax(longest, section->row[r].estimate.median_s); /* fmax leaves NaN out */
    while (i + 1 < sizeof units / sizeof *units && longest < units[i].seconds)
        i++;
    section->unit_s = units[i].seconds;
    section->unit = units[i].name;
}

bool section_next(const struct summary *summary, struct section *section)
{
    const struct summary_row *begin = section->row != NULL ? section->row + section->count : summary->row;
    const struct summary_row *end = summary->row + summary->row_count, *row = begin;
    if (begin == end)
        return false;
    *section = (struct section){.row = begin, .main = begin, .nominal = true};
    for (; row < end && cell_same_table(section->main->cell, row->cell); row++) {
        if (section->main->cell->serial_base)
            section->main = row;
        section->nominal = section->nominal && !(row->estimate.level < 0.95);
        section->count++;
    }
    choose_unit(section);
    return true;
}

const char *section_cache(const struct section *section)
{
    int in = 0, out = 0;
    for (int i = 0; i < section->count; i++) {
        const struct cell *cell = section->row[i].cell;
        in += cell->cache_known && cell->in_cache;
        out += cell->cache_known && !cell->in_cache;
    }
    if (in + out < section->count)
        return "";
    return out == 0 ? " · in cache" : in == 0 ? " · out of cache" : " · partly in cache";
}

void section_add_problem(struct text *text, const struct section *section)
{
    const struct cell *cell = section->main->cell, *last = section->row[section->count - 1].cell;
    text_add(text, "%s · %s", cell->size, cell->shape);
    if (strcmp(cell->shape, last->shape) != 0)
        text_add(text, " at %d to %s at %d", cell->threads, last->shape, last->threads);
    if (strcmp(cell->size, "auto") == 0)
        text_add(text, " · not comparable with other machines");
    if (cell->options[0] != '\0')
        text_add(text, " · %s", cell->options);
    text_add(text, " · %s", cell->worker);
    if (strcmp(cell->scaling, "strong") != 0)
        text_add(text, " · %s scaling", cell->scaling);
}

void section_add_title(struct text *text, const struct section *section)
{
    const struct cell *cell = section->main->cell;
    if (cell->side[0] != '\0')
        text_add(text, "%s · ", cell->side);
    text_add(text, "%s %s %s · ", cell->kernel, cell->variant, cell->type);
    section_add_problem(text, section);
    text_add(text, "%s", section_cache(section));
}

void section_add_bases(struct text *text, const struct section *section)
{
    const struct summary_row *base = section->main->base, *serial = section->main->serial;
    char time[64];
    size_t fewest = SIZE_MAX, most = 0;
    for (int i = 0; i < section->count; i++) {
        size_t processes = section->row[i].estimate.processes;
        fewest = section->row[i].verified && processes < fewest ? processes : fewest;
        most = section->row[i].verified && processes > most ? processes : most;
    }
    if (base == NULL)
        text_add(text, "base: no verified time at one thread");
    else
        text_add(text, "base: one thread (%s) %s", base->cell->serial_base ? "serial" : base->cell->placement,
            text_seconds(base->estimate.median_s, time, sizeof time));
    if (serial == NULL)
        text_add(text, " · no verified serial time");
    else
        text_add(text, " · serial: %s of %s %s", serial->cell->variant, serial->cell->worker,
            text_seconds(serial->estimate.median_s, time, sizeof time));
    if (most > 0 && fewest == most)
        text_add(text, " · %zu process%s a row", most, most == 1 ? "" : "es");
    else if (most > 0)
        text_add(text, " · %zu–%zu processes a row", fewest, most);
    const char *note = section->row[section->count - 1].note;
    if (note != NULL)
        text_add(text, " · by %s", note);
}

void section_headings(const struct section *section, char first[SECTION_COLUMNS][SECTION_WORD],
    char second[SECTION_COLUMNS][SECTION_WORD])
{
    const char *unit = cell_rate_unit(section->main->cell->rate);
    const char *level = section->nominal ? "95%" : "";
    const char *const upper[] = {
        "threads", "where", "time", level, "speedup", level, "vs", "effi-", "rate", "of", "limit", "veri-"};
    const char *const lower[] = {"", "", section->unit, "interval", "", "interval", "serial", "ciency",
        unit != NULL ? unit : "", "ceiling", "", "fied"};
    for (int i = 0; i < SECTION_COLUMNS; i++) {
        snprintf(first[i], SECTION_WORD, "%s", upper[i]);
        snprintf(second[i], SECTION_WORD, "%s", lower[i]);
    }
}

/* Four significant digits where they fit; few characters whatever the value. */
static void number_word(char *word, double value, double fine)
{
    int decimals = value >= 1000 ? 0 : value >= 100 ? 1 : value >= 10 ? 2 : value >= 1 ? 3 : 4;
    decimals = decimals > fine ? (int)fine : decimals;
    if (isnan(value))
        snprintf(word, SECTION_WORD, "–");
    else if (value >= 1e6 || (value > 0 && value < 0.5 * pow(10, -fine)))
        snprintf(word, SECTION_WORD, "%.1e", value);
    else
        snprintf(word, SECTION_WORD, "%.*f", decimals, value);
}

static void interval_word(char *word, double low, double high, double fine)
{
    char from[SECTION_WORD], to[SECTION_WORD];
    number_word(from, low, fine);
    number_word(to, high, fine);
    if (isnan(low) || isnan(high))
        snprintf(word, SECTION_WORD, "–");
    else
        snprintf(word, SECTION_WORD, "%.20s–%.20s", from, to);
}

static void percent_word(char *word, double fraction)
{
    char percent[SECTION_WORD];
    number_word(percent, 100 * fraction, 1);
    snprintf(word, SECTION_WORD, "%.20s%s", percent, isnan(fraction) ? "" : "%");
}

static void verdict_word(char *word, const struct summary_row *row)
{
    char letters[8] = "";
    sentences_letters(row, letters);
    const char *verdict = row->verified ? "yes" : row->refuted ? "FAILED" : "–";
    snprintf(word, SECTION_WORD, "%s%s%s", verdict, letters[0] != '\0' ? " " : "", letters);
}

void section_words(
    const struct section *section, const struct summary_row *row, char word[SECTION_COLUMNS][SECTION_WORD])
{
    const struct row_estimate *estimate = &row->estimate;
    const double unit = section->unit_s;
    snprintf(word[SECTION_THREADS], SECTION_WORD, "%d", row->cell->threads);
    snprintf(
        word[SECTION_WHERE], SECTION_WORD, "%.9s", row->cell->serial_base ? "serial" : row->cell->placement);
    number_word(word[SECTION_TIME], estimate->median_s / unit, 4);
    interval_word(word[SECTION_TIME_INTERVAL], estimate->time.low / unit, estimate->time.high / unit, 4);
    number_word(word[SECTION_SPEEDUP], estimate->speedup, 2);
    interval_word(
        word[SECTION_SPEEDUP_INTERVAL], estimate->speedup_interval.low, estimate->speedup_interval.high, 2);
    if (row->base == row)
        snprintf(word[SECTION_SPEEDUP_INTERVAL], SECTION_WORD, "base");
    number_word(word[SECTION_VS_SERIAL], estimate->speedup_vs_serial, 2);
    percent_word(word[SECTION_EFFICIENCY], estimate->efficiency);
    number_word(word[SECTION_RATE], estimate->rate / 1e9, 4);
    percent_word(word[SECTION_CEILING], estimate->rate / row->ceiling);
    snprintf(word[SECTION_LIMIT], SECTION_WORD, "%s", row->verified ? limit_name(row->diagnosis.limit) : "–");
    verdict_word(word[SECTION_VERIFIED], row);
}
