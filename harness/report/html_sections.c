/* The sections of the page that put pictures and sentences under a heading: curves, reasons, ladders. */
#include "harness/report/html.h"
#include "harness/report/html_page.h"
#include "harness/report/ladder.h"
#include "harness/report/markup.h"
#include "harness/report/why.h"

#include <stdio.h>
#include <string.h>

enum { KERNELS_DRAWN = 12, LADDERS_DRAWN = 12 };

/* Of many curves of one kernel the fastest are drawn. */
static bool is_drawn(const struct report *report, const struct sweep *sweep)
{
    int faster = 0;
    if (sweep->fastest == NULL)
        return false;
    for (int i = 0; i < report->sweep_count; i++) {
        const struct sweep *other = &report->sweep[i];
        faster +=
            other->kernel == sweep->kernel && other->fastest != NULL &&
            (other->fastest->estimate.median_s < sweep->fastest->estimate.median_s ||
                (other->fastest->estimate.median_s == sweep->fastest->estimate.median_s && other < sweep));
    }
    return faster < SPEEDUP_CURVES;
}

/* All curves of a kernel over each other, where there are more than the first screen has. */
static void add_rivals(struct text *page, const struct report *report, int kernel)
{
    const struct sweep *sweep[SPEEDUP_CURVES];
    int count = 0, others = 0;
    char id[32];
    for (int i = 0; i < report->sweep_count; i++) {
        if (report->sweep[i].kernel != kernel)
            continue;
        if (is_drawn(report, &report->sweep[i]))
            sweep[count++] = &report->sweep[i];
        else
            others++;
    }
    if (count + others < 2 || count == 0)
        return;
    snprintf(id, sizeof id, "curves-%d", kernel);
    text_add(page, "<div data-kernel=\"%d\">\n", kernel);
    struct text heading = {0};
    text_add(&heading, "All curves of %s", report->kernel[kernel]);
    html_add_element(page, "h3", "", heading.data);
    text_free(&heading);
    html_add_speedup(page, report, id, sweep, count);
    if (others > 0)
        text_add(page, "<p class=\"soft\">%d more of it %s in the table only.</p>\n", others,
            others == 1 ? "is" : "are");
    text_add(page, "</div>\n");
}

void html_add_curves(struct text *page, const struct report *report)
{
    text_add(page, "<h2 id=\"curves\">Speedup and efficiency</h2>\n");
    size_t before = page->length;
    for (int i = 0; i < report->headlines; i++)
        html_add_curve(page, report, report->headline[i], i);
    if (page->length == before)
        text_add(page, "<p>No team of two or more threads has a verified time.</p>\n");
    text_add(page, "<div class=\"pair\">\n");
    for (int kernel = 0; kernel < report->kernel_count && kernel < KERNELS_DRAWN; kernel++)
        if (report->sweep_count > report->headlines)
            add_rivals(page, report, kernel);
    text_add(page, "</div>\n");
    html_add_laws(page, report);
}

static int kernel_of_row(const struct report *report, const struct summary_row *row)
{
    for (int i = 0; i < report->kernel_count; i++)
        if (strcmp(report->kernel[i], row->cell->kernel) == 0)
            return i;
    return -1;
}

static void add_reason(struct text *page, const struct report *report, const struct summary_row *row)
{
    const struct cell *cell = row->cell;
    char mark[16], speedup[HTML_WORD];
    struct text words = {0};
    text_add(page, "<tr class=\"why\" data-kernel=\"%d\" data-row=\"%s\">", kernel_of_row(report, row),
        row_mark(report->summary, row, mark));
    text_add(&words, "%s %s %s %s", cell->kernel, cell->variant, cell->type,
        cell->serial_base ? "serial" : cell->placement);
    html_add_element(page, "th", "scope=\"row\"", words.data);
    text_free(&words);
    text_add(page, "<td class=\"n\">%d</td>", cell->threads);
    html_add_element(page, "td", "class=\"n main\"", word_ratio(row->estimate.speedup, speedup));
    html_add_element(page, "td", "class=\"w\"", limit_name(row->diagnosis.limit));
    why_add_reason(&words, row);
    html_add_element(page, "td", "", words.data);
    text_add(page, "</tr>\n");
    text_free(&words);
}

static void add_reasons(struct text *page, const struct report *report)
{
    const struct summary *summary = report->summary;
    const struct summary_row *row;
    struct text text = {0};
    text_add(page,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"why\"><table class=\"sorts\" "
        "aria-labelledby=\"why\">\n<thead><tr><th scope=\"col\">curve</th><th scope=\"col\" "
        "class=\"n\">threads</th>"
        "<th scope=\"col\" class=\"n\">speedup</th><th scope=\"col\">limit</th><th scope=\"col\">what was "
        "measured"
        "</th></tr></thead>\n<tbody>\n");
    for (int from = 0; (row = why_next(summary, &from)) != NULL;)
        add_reason(page, report, row);
    text_add(page, "</tbody></table></div>\n");
    if (!why_add_disturbed_run(&text, summary))
        return;
    html_add_element(page, "p", "class=\"notice\"", text.data);
    text_free(&text);
    text_add(page, "<ul>\n");
    for (int i = 0; i < summary->row_count; i++) {
        if (!why_is_disturbed(&summary->row[i]))
            continue;
        why_add_disturbance(&text, &summary->row[i]);
        html_add_element(page, "li", "", text.data);
        text_free(&text);
    }
    text_add(page, "</ul>\n");
}

void html_add_why(struct text *page, const struct report *report)
{
    text_add(page, "<h2 id=\"why\">Why it stops</h2>\n");
    add_reasons(page, report);
    struct text losses = {0};
    for (int i = 0; i < report->headlines; i++)
        html_add_losses(&losses, report, report->headline[i]);
    if (losses.length > 0) {
        html_add_loss_key(page);
        text_add(page, "<div class=\"pair\">\n");
        text_add_bytes(page, losses.data, losses.length);
        text_add(page, "</div>\n");
    }
    text_free(&losses);
}

static void add_grid(struct text *page, const struct grid *grid, int number)
{
    text_add(page,
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
        "aria-labelledby=\"rungs-%d\"><table>\n<thead><tr>",
        number);
    for (int c = 0; c < grid->columns; c++) {
        text_add(page, "<th scope=\"col\"%s>", c > 0 ? " class=\"n\"" : "");
        markup_add(page, grid->heading[c]);
        text_add(page, "</th>");
    }
    text_add(page, "</tr></thead>\n<tbody>\n");
    for (int r = 0; r < grid->rows; r++) {
        text_add(page, "<tr>");
        for (int c = 0; c < grid->columns; c++) {
            text_add(page, c > 0 ? "<td class=\"n\">" : "<th scope=\"row\" class=\"w\">");
            markup_add(page, grid->word[r * grid->columns + c]);
            text_add(page, c > 0 ? "</td>" : "</th>");
        }
        text_add(page, "</tr>\n");
    }
    text_add(page, "</tbody></table></div>\n");
}

void html_add_ladders(struct text *page, const struct report *report)
{
    struct ladder ladder;
    int drawn = 0, from = 0;
    text_add(page, "<h2 id=\"ladder\">The ladder of variants</h2>\n");
    for (; drawn < LADDERS_DRAWN && ladder_next(report->summary, &from, true, &ladder); drawn++) {
        const struct summary_row *first = &report->summary->row[from - 1];
        text_add(page, "<div data-kernel=\"%d\">\n", kernel_of_row(report, first));
        char id[32];
        snprintf(id, sizeof id, "id=\"rungs-%d\"", drawn);
        html_add_element(page, "h3", id, ladder.title.data);
        text_add(page, "<div class=\"rungs\">\n");
        html_add_rungs(page, report, first, drawn);
        add_grid(page, &ladder.grid, drawn);
        text_add(page, "</div>\n</div>\n");
        ladder_free(&ladder);
    }
    if (drawn > 0)
        html_add_element(page, "p", "class=\"soft\"", ladder_legend);
    else
        text_add(page,
            "<p>One variant of each kernel was measured. <code>acelera run --variants all</code> measures "
            "them all, the naive one first, and this section shows what each step gains.</p>\n");
}
