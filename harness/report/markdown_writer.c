/* speedup.md: the same tables as GitHub-flavoured Markdown. Texts from outside are escaped, so that a name
 * cannot become a heading, a link or a tag. Refuses to compute and to decide: it shows. */
#include "harness/report/ladder.h"
#include "harness/report/markdown_parts.h"
#include "harness/report/markdown_plots.h"
#include "harness/report/printable.h"
#include "harness/report/section.h"
#include "harness/report/sentences.h"

#include <string.h>

static void write_escaped(FILE *stream, const char *before, const char *words, const char *after)
{
    struct text shown = {0};
    printable_add_markdown(&shown, words);
    fprintf(stream, "%s%s%s", before, shown.data, after);
    text_free(&shown);
}

static void write_sentence(FILE *stream, const char *before, struct text *text, const char *after)
{
    write_escaped(stream, before, text->data, after);
    text_free(text);
}

/* Two lines of heading become one: "effi-" and "ciency" are "efficiency", "time" and "ms" are "time ms". */
static void write_heading(FILE *stream, const char *first, const char *second)
{
    size_t length = strlen(first);
    bool hyphen = length > 0 && first[length - 1] == '-' && second[0] != '\0';
    fprintf(stream, " %.*s%s%s |", (int)(hyphen ? length - 1 : length), first,
        hyphen || length == 0 || second[0] == '\0' ? "" : " ", second);
}

static void write_section(FILE *stream, const struct section *section)
{
    char first[SECTION_COLUMNS][SECTION_WORD], second[SECTION_COLUMNS][SECTION_WORD];
    struct text title = {0}, bases = {0};
    section_add_title(&title, section);
    section_add_bases(&bases, section);
    write_sentence(stream, "\n## ", &title, "\n\n");
    write_sentence(stream, "", &bases, "\n\n|");
    section_headings(section, first, second);
    for (int c = 0; c < SECTION_COLUMNS; c++)
        write_heading(stream, first[c], second[c]);
    fputs("\n|", stream);
    for (int c = 0; c < SECTION_COLUMNS; c++)
        fputs(c == SECTION_WHERE || c == SECTION_LIMIT || c == SECTION_VERIFIED ? ":---|" : "---:|", stream);
    for (int i = 0; i < section->count; i++) {
        section_words(section, &section->row[i], first);
        fputs("\n|", stream);
        for (int c = 0; c < SECTION_COLUMNS; c++)
            write_escaped(stream, " ", first[c], " |");
    }
    fputs("\n", stream);
}

static void write_ladders(FILE *stream, const struct summary *summary)
{
    struct ladder ladder;
    bool any = false;
    for (int from = 0; ladder_next(summary, &from, true, &ladder); any = true) {
        write_escaped(stream, "\n## ", ladder.title.data, "\n\n");
        grid_write_markdown(stream, &ladder.grid);
        ladder_free(&ladder);
    }
    if (any)
        write_escaped(stream, "\n", ladder_legend, "\n");
}

static void write_notes(FILE *stream, const struct summary *summary)
{
    const char *before = "\n- ";
    for (int i = 0; i < SENTENCES_NOTES; i++) {
        const char *note = sentences_note(summary, i);
        if (note == NULL)
            continue;
        write_escaped(stream, before, note, "\n");
        before = "- ";
    }
}

static void write_errors(FILE *stream, const struct summary *summary)
{
    const char *before = "\n## Without a result\n\n- ";
    for (int i = 0; i < summary->row_count + summary->ceiling_count; i++) {
        struct text text = {0};
        if (summary->row[i].error == NULL)
            continue;
        sentences_add_error(&text, &summary->row[i]);
        write_sentence(stream, before, &text, "\n");
        before = "- ";
    }
}

static void write_skipped(FILE *stream, const struct run_record *record)
{
    fputs(record->skipped_count > 0 ? "\n## Skipped\n\n" : "", stream);
    for (int i = 0; i < record->skipped_count;) {
        struct text text = {0};
        i = sentences_add_skipped(&text, record, i);
        write_sentence(stream, "- ", &text, "\n");
    }
}

static void write_warnings(FILE *stream, const struct run_record *record)
{
    fputs(record->warning_count > 0 ? "\n## Warnings\n\n" : "", stream);
    for (int i = 0; i < record->warning_count; i++) {
        const struct warning_record *warning = &record->warning[i];
        write_escaped(stream, "- ", warning->message, warning->remedy[0] != '\0' ? "; " : "");
        write_escaped(stream, "", warning->remedy, "\n");
    }
}

static void write_quantile(FILE *stream, const struct summary *summary)
{
    bool any = false;
    for (int i = 0; i < summary->row_count; i++) {
        struct text title = {0}, text = {0};
        if (!sentences_add_quantile(&text, summary->record, &summary->row[i]))
            continue;
        if (!any) {
            sentences_add_quantile_title(&title, summary->record);
            write_sentence(stream, "\n## ", &title, "\n\n");
        }
        any = true;
        write_sentence(stream, "- ", &text, "\n");
    }
}

static void write_findings(FILE *stream, const struct run_record *record)
{
    const char *before = "\n## What may spoil measurements on this machine\n\n- ";
    for (int i = 0; i < record->finding_count; i++) {
        struct text text = {0};
        if (!sentences_add_finding(&text, &record->finding[i]))
            continue;
        write_sentence(stream, before, &text, "\n");
        before = "- ";
    }
}

bool markdown_write(FILE *stream, const struct summary *summary)
{
    const struct run_record *record = summary->record;
    struct section section = {0};
    struct text machine = {0}, run = {0};
    sentences_add_machine(&machine, record);
    sentences_add_run(&run, summary);
    write_escaped(stream, "# Speedup: ", record->id, "\n\n");
    write_sentence(stream, "", &machine, "\n\n");
    write_sentence(stream, "", &run, "\n\n");
    write_escaped(stream, "Started ", record->started, ", ");
    write_escaped(stream, "acelera ", record->version, ": ");
    write_escaped(stream, "", record->command, "\n");
    markdown_write_plot(stream, summary, "speedup");
    while (section_next(summary, &section))
        write_section(stream, &section);
    write_ladders(stream, summary);
    write_notes(stream, summary);
    markdown_write_plot(stream, summary, "efficiency");
    markdown_write_plot(stream, summary, "ladder");
    markdown_write_plot(stream, summary, "roofline");
    markdown_write_why(stream, summary);
    write_quantile(stream, summary);
    write_errors(stream, summary);
    write_skipped(stream, record);
    write_warnings(stream, record);
    write_findings(stream, record);
    markdown_write_parts(stream, summary);
    markdown_write_topology(stream, summary);
    markdown_write_rules(stream, summary);
    fputs("\n## How to read it\n\n", stream);
    for (int i = 0; i < SENTENCES_HOW_TO_READ; i++)
        if (sentences_how_to_read(summary, i) != NULL)
            write_escaped(stream, "- ", sentences_how_to_read(summary, i), "\n");
    return ferror(stream) == 0;
}
