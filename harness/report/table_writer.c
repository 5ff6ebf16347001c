/* The speedup table for a terminal: what was run where, one table a section, then marks, errors and what was
 * left out, and how to read it. Fits the width asked for. Refuses to compute and to decide: it shows. */
#include "harness/report/ladder.h"
#include "harness/report/printable.h"
#include "harness/report/section.h"
#include "harness/report/sentences.h"
#include "harness/report/why.h"

#include <string.h>

/* The escapes of ECMA-48 that are used; all end with `plain`. */
static const char bold[] = "\033[1m", dim[] = "\033[2m", red[] = "\033[1;31m", green[] = "\033[32m",
                  yellow[] = "\033[33m", plain[] = "\033[0m";

/* As many disturbed rows as the table names one by one. */
enum { DISTURBED_ROWS = 5 };

struct page {
    FILE *stream;
    const struct table_style *style;
};

/* Anything that did not come from this file is made printable here, and nowhere else. */
static void write_styled(
    const struct page *page, const char *escape, const char *words, size_t at, size_t indent)
{
    struct text shown = {0}, wrapped = {0};
    printable_add(&shown, words, page->style->unicode);
    size_t columns = page->style->columns > 20 ? (size_t)page->style->columns : 20;
    printable_add_wrapped(&wrapped, shown.data, at, indent, columns);
    bool colored = page->style->color && escape != NULL;
    fprintf(
        page->stream, "%*s%s%s%s", (int)at, "", colored ? escape : "", wrapped.data, colored ? plain : "");
    text_free(&shown);
    text_free(&wrapped);
}

static void write_sentence(
    const struct page *page, const char *escape, struct text *text, size_t at, size_t indent)
{
    write_styled(page, escape, text->data, at, indent);
    text_free(text);
}

/* ---- one table ---- */

struct layout {
    size_t width[SECTION_COLUMNS]; /* 0: left out */
    size_t gutter;
};

/* What can be missed first when the terminal is narrow. */
static const enum section_column dispensable[] = {SECTION_SPEEDUP_INTERVAL, SECTION_LIMIT, SECTION_VS_SERIAL,
    SECTION_EFFICIENCY, SECTION_RATE, SECTION_CEILING, SECTION_TIME_INTERVAL, SECTION_WHERE};

static size_t layout_width(const struct layout *layout)
{
    size_t total = 0;
    for (int c = 0; c < SECTION_COLUMNS; c++)
        total += layout->width[c] > 0 ? layout->width[c] + (total > 0 ? layout->gutter : 0) : 0;
    return total;
}

static void widen(struct layout *layout, char words[SECTION_COLUMNS][SECTION_WORD])
{
    for (int c = 0; c < SECTION_COLUMNS; c++) {
        size_t columns = text_columns(words[c]);
        layout->width[c] = columns > layout->width[c] ? columns : layout->width[c];
    }
}

static struct layout layout_fit(const struct section *section, int columns)
{
    struct layout layout = {.gutter = 2};
    char first[SECTION_COLUMNS][SECTION_WORD], second[SECTION_COLUMNS][SECTION_WORD];
    section_headings(section, first, second);
    widen(&layout, first);
    widen(&layout, second);
    for (int i = 0; i < section->count; i++) {
        section_words(section, &section->row[i], first);
        widen(&layout, first);
    }
    size_t room = columns > 20 ? (size_t)columns : 20;
    if (layout_width(&layout) > room)
        layout.gutter = 1;
    for (size_t i = 0; i < sizeof dispensable / sizeof *dispensable && layout_width(&layout) > room; i++)
        layout.width[dispensable[i]] = 0;
    return layout;
}

static const char *word_escape(enum section_column column, const char *word)
{
    if (column == SECTION_VERIFIED)
        return strncmp(word, "yes", 3) == 0 ? green : strncmp(word, "FAILED", 6) == 0 ? red : dim;
    return column == SECTION_SPEEDUP ? bold : NULL;
}

static void write_words(const struct page *page, const struct layout *layout,
    char words[SECTION_COLUMNS][SECTION_WORD], bool heading)
{
    struct text line = {0};
    size_t blanks = 0; /* not written until something follows */
    for (enum section_column c = 0; c < SECTION_COLUMNS; c++) {
        struct text shown = {0};
        if (layout->width[c] == 0)
            continue;
        printable_add(&shown, words[c], page->style->unicode);
        size_t pad = layout->width[c] - text_columns(shown.data);
        bool left = c == SECTION_WHERE || c == SECTION_LIMIT || c == SECTION_VERIFIED;
        const char *escape = !page->style->color ? NULL : heading ? bold : word_escape(c, words[c]);
        blanks += left ? 0 : pad;
        if (shown.length > 0) {
            text_add(
                &line, "%*s%s%s%s", (int)blanks, "", escape ? escape : "", shown.data, escape ? plain : "");
            blanks = 0;
        }
        blanks += (left ? pad : 0) + layout->gutter;
        text_free(&shown);
    }
    fprintf(page->stream, "%s\n", line.data);
    text_free(&line);
}

static void write_section(const struct page *page, const struct section *section)
{
    char first[SECTION_COLUMNS][SECTION_WORD], second[SECTION_COLUMNS][SECTION_WORD];
    struct text title = {0}, bases = {0};
    struct layout layout = layout_fit(section, page->style->columns);
    section_add_title(&title, section);
    section_add_bases(&bases, section);
    fputs("\n", page->stream);
    write_sentence(page, bold, &title, 0, 2);
    write_sentence(page, dim, &bases, 0, 2);
    section_headings(section, first, second);
    write_words(page, &layout, first, true);
    write_words(page, &layout, second, true);
    for (int i = 0; i < section->count; i++) {
        section_words(section, &section->row[i], first);
        write_words(page, &layout, first, false);
    }
}

static void write_ladders(const struct page *page, const struct summary *summary)
{
    struct ladder ladder;
    bool any = false;
    for (int from = 0; ladder_next(summary, &from, page->style->columns >= 100, &ladder); any = true) {
        fputs("\n", page->stream);
        write_styled(page, bold, ladder.title.data, 0, 2);
        grid_write_text(page->stream, &ladder.grid, 0, page->style->columns);
        ladder_free(&ladder);
    }
    if (any)
        write_styled(page, dim, ladder_legend, 0, 2);
}

/* ---- what stands below ---- */

static void write_why(const struct page *page, const struct summary *summary)
{
    const struct summary_row *row;
    bool any = false;
    for (int from = 0; (row = why_next(summary, &from)) != NULL; any = true) {
        struct text text = {0};
        if (!any)
            fputs("\nWhy it stops:\n", page->stream);
        why_add_line(&text, row);
        write_sentence(page, NULL, &text, 2, 4);
    }
}

/* The first few rows; all of them are in speedup.md. */
static void write_disturbances(const struct page *page, const struct summary *summary)
{
    struct text text = {0};
    int shown = 0;
    if (!why_add_disturbed_run(&text, summary))
        return;
    fputs("\n", page->stream);
    write_sentence(page, yellow, &text, 0, 2);
    for (int i = 0; i < summary->row_count && shown < DISTURBED_ROWS; i++) {
        if (!why_is_disturbed(&summary->row[i]))
            continue;
        why_add_disturbance(&text, &summary->row[i]);
        write_sentence(page, NULL, &text, 2, 4);
        shown++;
    }
}

static void write_notes(const struct page *page, const struct summary *summary)
{
    bool any = false;
    for (int i = 0; i < SENTENCES_NOTES; i++) {
        const char *note = sentences_note(summary, i);
        if (note == NULL)
            continue;
        fputs(any ? "" : "\n", page->stream);
        any = true;
        write_styled(page, yellow, note, 0, 3);
    }
}

static void write_errors(const struct page *page, const struct summary *summary)
{
    bool any = false;
    for (int i = 0; i < summary->row_count + summary->ceiling_count; i++) {
        struct text text = {0};
        if (summary->row[i].error == NULL)
            continue;
        if (!any) {
            fputs("\n", page->stream);
            write_styled(page, red, "Without a result:", 0, 0);
        }
        any = true;
        sentences_add_error(&text, &summary->row[i]);
        write_sentence(page, NULL, &text, 2, 4);
    }
}

static void write_skipped(const struct page *page, const struct run_record *record)
{
    if (record->skipped_count > 0)
        fputs("\nSkipped:\n", page->stream);
    for (int i = 0; i < record->skipped_count;) {
        struct text text = {0};
        i = sentences_add_skipped(&text, record, i);
        write_sentence(page, NULL, &text, 2, 4);
    }
}

static void write_warnings(const struct page *page, const struct run_record *record)
{
    if (record->warning_count > 0)
        fputs("\n", page->stream);
    for (int i = 0; i < record->warning_count; i++) {
        const struct warning_record *warning = &record->warning[i];
        struct text text = {0};
        text_add(&text, "warning: %s%s%s", warning->message, warning->remedy[0] != '\0' ? "; " : "",
            warning->remedy);
        write_sentence(page, yellow, &text, 0, 2);
    }
}

static void write_quantile(const struct page *page, const struct summary *summary)
{
    bool any = false;
    for (int i = 0; i < summary->row_count; i++) {
        struct text title = {0}, text = {0};
        if (!sentences_add_quantile(&text, summary->record, &summary->row[i]))
            continue;
        if (!any) {
            fputs("\n", page->stream);
            sentences_add_quantile_title(&title, summary->record);
            write_sentence(page, NULL, &title, 0, 2);
        }
        any = true;
        write_sentence(page, NULL, &text, 2, 4);
    }
}

/* Their names; what they do and how to mend them is in speedup.md. */
static void write_findings(const struct page *page, const struct run_record *record)
{
    struct text names = {0};
    for (int i = 0; i < record->finding_count; i++)
        if (strcmp(record->finding[i].severity, "warning") == 0)
            text_add(&names, "%s%s",
                names.length > 0 ? ", " : "May spoil measurements here (acelera doctor): ",
                record->finding[i].id);
    if (names.length == 0)
        return;
    fputs("\n", page->stream);
    write_sentence(page, yellow, &names, 0, 2);
}

static void write_how_to_read(const struct page *page, const struct summary *summary)
{
    fputs("\n", page->stream);
    for (int i = 0; i < SENTENCES_HOW_TO_READ; i++)
        if (sentences_how_to_read(summary, i) != NULL)
            write_styled(page, dim, sentences_how_to_read(summary, i), 0, 2);
}

bool table_write(FILE *stream, const struct summary *summary, const struct table_style *style)
{
    const struct run_record *record = summary->record;
    struct page page = {stream, style};
    struct section section = {0};
    struct text machine = {0}, run = {0}, files = {0};
    sentences_add_machine(&machine, record);
    sentences_add_run(&run, summary);
    write_sentence(&page, bold, &machine, 0, 2);
    write_sentence(&page, record->interrupted ? yellow : NULL, &run, 0, 2);
    while (section_next(summary, &section))
        write_section(&page, &section);
    write_ladders(&page, summary);
    write_why(&page, summary);
    write_disturbances(&page, summary);
    write_quantile(&page, summary);
    write_notes(&page, summary);
    write_errors(&page, summary);
    write_skipped(&page, record);
    write_warnings(&page, record);
    write_findings(&page, record);
    write_how_to_read(&page, summary);
    /* A path stays whole, whatever its length: it is there to be copied. */
    printable_add(&files, record->directory, style->unicode);
    fprintf(stream, "\nresults: %s\n", files.data);
    text_free(&files);
    return ferror(stream) == 0;
}
