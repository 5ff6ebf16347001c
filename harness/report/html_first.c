/* The first screen: which machine, what was found on it, and the curves that show it. Each sentence is
 * computed from one row and says its interval. */
#include "harness/report/html.h"

#include "harness/report/html_page.h"
#include "harness/report/markup.h"
#include "harness/report/sentences.h"
#include "harness/report/why.h"

#include <math.h>
#include <string.h>

static void add_machine(struct text *page, const struct summary *summary)
{
    const struct run_record *record = summary->record;
    struct text machine = {0}, run = {0};
    text_add(page, "<h1>How much faster with more threads?</h1>\n");
    sentences_add_machine(&machine, record);
    html_add_element(page, "p", "class=\"meta machine\"", machine.data);
    sentences_add_run(&run, summary);
    text_add(&run, " · started %s · acelera %s", record->started, record->version);
    html_add_element(page, "p", "class=\"meta\"", run.data);
    text_free(&machine);
    text_free(&run);
}

/* "(95% interval 1.97–1.98)" */
static void add_interval(struct text *text, const struct interval *interval)
{
    char low[HTML_WORD], high[HTML_WORD];
    if (isnan(interval->low))
        text_add(text, "(no interval)");
    else
        text_add(text, "(%.3g%% interval %s–%s)", 100 * interval->level, word_ratio(interval->low, low),
            word_ratio(interval->high, high));
}

/* The team that the sentence is about: the fastest, or all threads where one alone is faster than any team.
 */
static const struct summary_row *told_row(const struct sweep *sweep)
{
    bool team = sweep->fastest != NULL && sweep->fastest->cell->threads > 1;
    return team ? sweep->fastest : sweep->largest;
}

/* "What limits 8 threads: bandwidth – 8 threads use 96% of …" */
static void add_limit(struct text *page, const struct summary_row *row)
{
    struct text words = {0};
    if (row->why == NULL)
        return;
    text_add(page, " <span class=\"limit\">What limits %d threads: <strong>%s</strong> – ",
        row->cell->threads, limit_name(row->diagnosis.limit));
    why_add_reason(&words, row);
    markup_add(page, words.data);
    text_add(page, "</span>");
    text_free(&words);
}

/* The rest of the sentence after the name and the figure. */
static void add_sentence(struct text *page, const struct sweep *sweep)
{
    const struct summary_row *row = told_row(sweep);
    const struct row_estimate *estimate = &row->estimate;
    char one[HTML_WORD], many[HTML_WORD];
    struct text level = {0}, rest = {0};
    bool weak = strcmp(row->cell->scaling, "weak") == 0;
    add_interval(&level, &estimate->speedup_interval);
    text_add(page,
        weak ? " does %s times the work of one thread with %d threads in the same time "
             : " is %s times as fast on %d threads as on one ",
        word_ratio(estimate->speedup, one), row->cell->threads);
    text_add(page, "<span class=\"level\">");
    markup_add(page, level.data);
    text_add(page, "</span>");
    if (row->base != NULL)
        text_add(&rest, ": %s instead of %s", word_seconds(estimate->median_s, many),
            word_seconds(row->base->estimate.median_s, one));
    if (sweep->largest != row)
        text_add(&rest, "; all %d threads reach %s", sweep->largest->cell->threads,
            word_ratio(sweep->largest->estimate.speedup, one));
    if (estimate->speedup_interval.low <= 1 && estimate->speedup_interval.high >= 1)
        text_add(&rest, "; the interval holds 1, so no difference is shown");
    text_add(&rest, ".");
    markup_add(page, rest.data);
    text_free(&level);
    text_free(&rest);
    add_limit(page, sweep->largest);
}

static void add_lone_time(struct text *page, const struct summary_row *row)
{
    char time[HTML_WORD], low[HTML_WORD], high[HTML_WORD];
    struct text words = {0};
    text_add(page, "<span class=\"figure\">");
    markup_add(page, word_seconds(row->estimate.median_s, time));
    text_add(page, "</span> <span class=\"name\">");
    row_add_name(&words, row);
    markup_add(page, words.data);
    text_add(page, "</span> ");
    text_free(&words);
    if (isnan(row->estimate.time.low))
        text_add(&words, "one process, so no interval");
    else
        text_add(&words, "%.3g%% interval %s–%s", 100 * row->estimate.time.level,
            word_seconds(row->estimate.time.low, low), word_seconds(row->estimate.time.high, high));
    text_add(&words, "; there is nothing to compare it with.");
    markup_add(page, words.data);
    text_free(&words);
}

static void add_headline(struct text *page, const struct sweep *sweep, int curve)
{
    const struct summary_row *row = told_row(sweep);
    char figure[HTML_WORD];
    text_add(page, "<li data-kernel=\"%d\">", sweep->kernel);
    if (row == NULL) {
        text_add(page, "<span class=\"name\">");
        markup_add(page, sweep->label);
        text_add(page, "</span> has no verified time.");
    } else if (row->cell->threads == 1 || isnan(row->estimate.speedup)) {
        add_lone_time(page, row);
    } else {
        text_add(page, "<span class=\"figure s%d\">%s×</span> <span class=\"name\">", curve,
            word_ratio(row->estimate.speedup, figure));
        markup_add(page, sweep->label);
        text_add(page, "</span>");
        add_sentence(page, sweep);
    }
    text_add(page, "</li>\n");
}

/* What a reader must know before believing anything. */
static void add_notices(struct text *page, const struct summary *summary)
{
    int without = 0;
    for (int i = 0; i < summary->row_count; i++)
        without += !summary->row[i].verified;
    if (summary->record->interrupted)
        html_add_element(page, "p", "class=\"notice\"",
            "This run was interrupted: the page shows what had been measured by then.");
    if (without == 0)
        return;
    text_add(page, "<p class=\"notice\">%d of %d rows %s no result; <a href=\"#errors\">why</a>.</p>\n",
        without, summary->row_count, without == 1 ? "has" : "have");
}

void html_add_first(struct text *page, const struct report *report)
{
    add_machine(page, report->summary);
    add_notices(page, report->summary);
    if (report->headlines == 0) {
        html_add_element(page, "p", "class=\"notice\"", "No row with threads was measured.");
        return;
    }
    text_add(page, "<div class=\"first\">\n<ol class=\"headline\">\n");
    for (int i = 0; i < report->headlines; i++)
        add_headline(page, report->headline[i], i);
    text_add(page, "</ol>\n");
    html_add_speedup(page, report, "speedup", report->headline, report->headlines);
    text_add(page, "</div>\n");
}
