/* The laws of scaling that fit, with their parameters, or why none does. Refuses to show a law outside the
 * teams that it was fitted to. */
#include "harness/report/html.h"
#include "harness/report/html_page.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { LAWS_SHOWN = 60 };

static void add_share(struct text *text, double value, const struct interval *interval, bool percent)
{
    double scale = percent ? 100 : 1;
    text_add(text, "%.2g%s", scale * value, percent ? "%" : "");
    if (isfinite(interval->low))
        text_add(text, " (%.2g–%.2g)", scale * interval->low, scale * interval->high);
}

static void add_words(struct text *page, const char *attributes, struct text *words)
{
    html_add_element(page, "td", attributes, words->data != NULL ? words->data : "");
    text_free(words);
}

static void add_fit(struct text *page, const struct law_fit *fit, enum law law)
{
    static const char *const names[] = {"Amdahl", "Gustafson", "USL"};
    struct text words = {0};
    html_add_element(page, "td", "class=\"w\"", names[law]);
    add_share(&words, fit->serial, &fit->serial_interval, true);
    add_words(page, "class=\"n\"", &words);
    if (law == LAW_USL)
        add_share(&words, fit->coherency, &fit->coherency_interval, false);
    else
        text_add(&words, "–");
    add_words(page, "class=\"n\"", &words);
    text_add(&words, "%.1f%%", 100 * expm1(fit->worst_residual));
    add_words(page, "class=\"n\"", &words);
    if (isnan(fit->peak_threads))
        text_add(&words, "–");
    else
        text_add(&words, "%.0f threads", fit->peak_threads);
    add_words(page, "class=\"n\"", &words);
}

/* A law of the other scaling is no reason worth telling. */
static const char *reason_of(const struct row_laws *laws)
{
    if (laws->why_none != NULL)
        return laws->why_none;
    bool weak = strcmp(laws->first->cell->scaling, "weak") == 0;
    const char *why = laws->fit[weak ? LAW_GUSTAFSON : LAW_AMDAHL][0].why_not;
    return why != NULL ? why : "no law fits";
}

static bool has_fit(const struct row_laws *laws)
{
    enum law law;
    return laws_best(laws, &law) != NULL;
}

static void add_sweep(struct text *page, const struct report *report, const struct sweep *sweep)
{
    const struct row_laws *laws = sweep->laws;
    char mark[16], teams[48];
    snprintf(teams, sizeof teams, "%d, up to %d", laws->points, laws->last->cell->threads);
    for (int i = 0; i < 3; i++) {
        static const enum law order[] = {LAW_AMDAHL, LAW_USL, LAW_GUSTAFSON};
        const struct law_fit *fit = &laws->fit[order[i]][0];
        if (!fit->fitted)
            continue;
        text_add(page, "<tr class=\"law\" data-kernel=\"%d\" data-row=\"%s\">", sweep->kernel,
            row_mark(report->summary, laws->last, mark));
        html_add_element(page, "th", "scope=\"row\"", sweep->label);
        html_add_element(page, "td", "class=\"n\"", teams);
        add_fit(page, fit, order[i]);
        text_add(page, "</tr>\n");
    }
}

static void add_table(struct text *page, const struct report *report, int shown)
{
    text_add(page,
        "<p class=\"soft\">Fitted to the logarithms of the times, over teams with one thread a core and one "
        "kind of "
        "cores; σ is the serial share, κ the cost of coherency, each with its bootstrapped 95%% interval "
        "where there "
        "are 12 blocks. Residual: the worst of the points. Beyond the last team no law is drawn.</p>\n"
        "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-labelledby=\"laws\"><table>\n<thead><tr>"
        "<th scope=\"col\">curve</th><th scope=\"col\" class=\"n\">teams</th><th scope=\"col\">law</th>"
        "<th scope=\"col\" class=\"n\">σ</th><th scope=\"col\" class=\"n\">κ</th>"
        "<th scope=\"col\" class=\"n\">residual</th><th scope=\"col\" class=\"n\">fastest "
        "at</th></tr></thead>\n"
        "<tbody>\n");
    for (int i = 0; i < shown; i++)
        if (has_fit(report->sweep[i].laws))
            add_sweep(page, report, &report->sweep[i]);
    text_add(page, "</tbody></table></div>\n");
}

/* Each reason once, with the curves that it holds for. */
static void add_without(struct text *page, const struct report *report, int shown, bool all)
{
    for (int i = 0; i < shown; i++) {
        const char *why = reason_of(report->sweep[i].laws);
        struct text words = {0};
        bool told = has_fit(report->sweep[i].laws), every = all;
        for (int b = 0; b < i && !told; b++)
            told = !has_fit(report->sweep[b].laws) && strcmp(reason_of(report->sweep[b].laws), why) == 0;
        if (told)
            continue;
        for (int s = 0; s < shown; s++)
            every = every && strcmp(reason_of(report->sweep[s].laws), why) == 0;
        if (every)
            text_add(&words, "No law is fitted to any curve");
        for (int s = i, named = 0; !every && s < shown; s++)
            if (!has_fit(report->sweep[s].laws) && strcmp(reason_of(report->sweep[s].laws), why) == 0)
                text_add(&words, "%s%s", named++ > 0 ? ", " : "No law is fitted to ", report->sweep[s].label);
        text_add(&words, ": %s.", why);
        html_add_element(page, "p", "", words.data);
        text_free(&words);
    }
}

void html_add_laws(struct text *page, const struct report *report)
{
    int shown = report->sweep_count < LAWS_SHOWN ? report->sweep_count : LAWS_SHOWN, fits = 0;
    if (shown == 0)
        return;
    text_add(page, "<h3 id=\"laws\">Fitted laws</h3>\n");
    for (int i = 0; i < shown; i++)
        fits += has_fit(report->sweep[i].laws);
    if (fits > 0)
        add_table(page, report, shown);
    add_without(page, report, shown, fits == 0);
    if (report->sweep_count > shown)
        text_add(page, "<p class=\"soft\">The laws of %d more curves are in summary.json.</p>\n",
            report->sweep_count - shown);
}
