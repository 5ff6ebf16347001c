/* The gallery as one page, and its files. Plain HTML with pictures inside: nothing is fetched and nothing
 * runs; hovering is done by the style sheet. What comes from a run passes through markup_add(). */
#include "harness/report/gallery_chart.h"
#include "harness/report/gallery_style.h"
#include "harness/report/gallery_words.h"
#include "harness/report/markup.h"
#include "harness/store/file_write.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Problems beside each other in the table of limits; each has its own table too. */
enum { LIMIT_COLUMNS = 6 };

static void add_element(struct text *page, const char *open, const char *words, const char *close)
{
    text_add(page, "%s", open);
    markup_add(page, words);
    text_add(page, "%s", close);
}

/* ---- machines ---- */

static bool is_number(enum gallery_column column)
{
    return column == GALLERY_CORES || column == GALLERY_PUS || column == GALLERY_QUOTA ||
           column == GALLERY_CLOCK;
}

static void add_name(struct text *page, int machine, const char *label)
{
    text_add(page, "<tr data-row=\"m%d\"><td class=\"name\">", machine);
    gallery_chart_add_sign(page, machine);
    add_element(page, "", label, "</td>");
}

static void add_machines(struct text *page, const struct gallery *gallery)
{
    text_add(page, "<section id=\"machines\"><h2>Machines</h2>\n<div class=\"scroll\"><table><thead><tr>");
    for (enum gallery_column c = 0; c < GALLERY_COLUMNS; c++)
        text_add(
            page, "<th scope=\"col\"%s>%s</th>", is_number(c) ? " class=\"n\"" : "", gallery_headings[c]);
    text_add(page, "</tr></thead><tbody>\n");
    for (int i = 0; i < gallery->machine_count; i++) {
        add_name(page, i, gallery->machine[i]->label);
        for (enum gallery_column c = GALLERY_CPU; c < GALLERY_COLUMNS; c++) {
            char *word = gallery_word(gallery, i, c);
            add_element(page, is_number(c) ? "<td class=\"n\">" : "<td>", word, "</td>");
            free(word);
        }
        text_add(page, "</tr>\n");
    }
    text_add(page, "</tbody></table></div>\n<p class=\"soft\">cores, PUs, quota: what the run was allowed to "
                   "use. GHz: the "
                   "highest clock of any row, measured right after its timed region. virtual: a hypervisor "
                   "is there. – is "
                   "unknown.</p></section>\n");
}

/* ---- who is limited by what ---- */

static const struct gallery_curve *curve_of_machine(const struct gallery_panel *panel, int machine)
{
    for (int c = 0; c < panel->curve_count; c++)
        if (panel->curve[c].machine == machine)
            return &panel->curve[c];
    return NULL;
}

static void add_limit_cell(struct text *page, const struct gallery_curve *curve)
{
    char speedup[24];
    if (curve == NULL)
        text_add(page, "<td>–</td>");
    else if (curve->largest == NULL)
        text_add(page, "<td>no verified result</td>");
    else
        text_add(page, "<td class=\"limit\">%s <span class=\"soft\">(%s× with %d)</span></td>",
            limit_name(curve->largest->diagnosis.limit),
            gallery_number(speedup, sizeof speedup, 2, curve->largest->estimate.speedup),
            curve->largest->cell->threads);
}

static void add_limits(struct text *page, const struct gallery *gallery)
{
    int columns = gallery->shown_count < LIMIT_COLUMNS ? gallery->shown_count : LIMIT_COLUMNS;
    if (columns == 0) {
        text_add(page,
            "<p id=\"limits\">No run here has a row with threads: there is nothing to lay over each "
            "other.</p>\n");
        return;
    }
    text_add(page,
        "<section id=\"limits\"><h2>Who is limited by what</h2>\n"
        "<p class=\"soft\">At the largest team of each machine: what keeps it from being faster, and "
        "its speedup.</p><div class=\"scroll\"><table><thead><tr><th scope=\"col\">machine</th>");
    for (int p = 0; p < columns; p++)
        add_element(page, "<th scope=\"col\">", gallery->panel[p].name, "</th>");
    text_add(page, "</tr></thead><tbody>\n");
    for (int i = 0; i < gallery->machine_count; i++) {
        add_name(page, i, gallery->machine[i]->label);
        for (int p = 0; p < columns; p++)
            add_limit_cell(page, curve_of_machine(&gallery->panel[p], i));
        text_add(page, "</tr>\n");
    }
    text_add(page, "</tbody></table></div></section>\n");
}

/* ---- panels ---- */

static void add_legend(struct text *page, const struct gallery *gallery, const struct gallery_panel *panel)
{
    int last = -1;
    text_add(page, "<ul class=\"legend\" aria-label=\"machines\">");
    for (int c = 0; c < panel->curve_count; c++) {
        if (panel->curve[c].machine == last)
            continue;
        last = panel->curve[c].machine;
        text_add(page, "<li data-row=\"m%d\">", last);
        gallery_chart_add_sign(page, last);
        add_element(page, "", gallery->machine[last]->label, "</li>");
    }
    text_add(page, "</ul>\n");
}

static void add_number_cell(struct text *page, int decimals, double value, const char *unit)
{
    char word[40];
    gallery_number(word, sizeof word, decimals, value);
    text_add(page, "<td class=\"n\">%s%s</td>", word, isfinite(value) ? unit : "");
}

static void add_row(struct text *page, const struct gallery *gallery, const struct gallery_panel *panel,
    const struct gallery_curve *curve)
{
    const struct summary_row *row = curve->largest;
    char *label = gallery_curve_label(gallery, panel, curve), time[32];
    add_name(page, curve->machine, label);
    free(label);
    if (row == NULL) {
        text_add(page, "<td colspan=\"8\">no verified result</td></tr>\n");
        return;
    }
    const struct row_estimate *estimate = &row->estimate;
    text_add(page, "<td class=\"n\">%d</td><td class=\"n\">%s</td>", row->cell->threads,
        text_seconds(estimate->median_s, time, sizeof time));
    add_number_cell(page, 2, estimate->speedup, "");
    if (isfinite(estimate->speedup_interval.low))
        text_add(page, "<td>%.2f–%.2f</td>", estimate->speedup_interval.low, estimate->speedup_interval.high);
    else
        text_add(page, "<td>–</td>");
    add_number_cell(page, 0, 100 * estimate->efficiency, " %");
    add_number_cell(page, 0, curve->cores != NULL ? 100 * curve->cores->estimate.efficiency : NAN, " %");
    text_add(page, "<td class=\"limit\">%s</td>", limit_name(row->diagnosis.limit));
    char *why = row->why != NULL ? gallery_words(gallery, curve->machine, row->why) : text_copy("–");
    add_element(page, "<td class=\"why\">", why, "</td></tr>\n");
    free(why);
}

static void add_panel(struct text *page, const struct gallery *gallery, int p)
{
    const struct gallery_panel *panel = &gallery->panel[p];
    struct text finding = {0};
    gallery_add_finding(&finding, gallery, panel);
    text_add(page, "<section id=\"panel-%d\">", p);
    add_element(page, "<h2>", panel->name, "</h2>\n");
    add_element(page, "<p>Speedup at the largest team: ", finding.data, "</p>\n");
    add_element(page, "<p class=\"soft\">", panel->details, "</p>\n");
    text_free(&finding);
    add_legend(page, gallery, panel);
    text_add(page, "<div class=\"charts\"><div class=\"wide\">");
    if (gallery_chart_has(panel, GALLERY_SPEEDUP))
        gallery_chart_add(page, gallery, p, GALLERY_SPEEDUP, true);
    else
        text_add(page, "<p>No machine has a verified speedup: there is no curve to draw.</p>");
    text_add(page, "</div>\n<div class=\"beside\">");
    for (enum gallery_value value = GALLERY_TIME; value <= GALLERY_RATE; value++)
        if (gallery_chart_has(panel, value))
            gallery_chart_add(page, gallery, p, value, false);
    text_add(page, "</div></div><details><summary>The largest team of each machine</summary><div "
                   "class=\"scroll\"><table>"
                   "<thead><tr><th scope=\"col\">machine</th><th scope=\"col\" class=\"n\">threads</th>"
                   "<th scope=\"col\" class=\"n\">time</th><th scope=\"col\" class=\"n\">speedup</th>"
                   "<th scope=\"col\">interval</th><th scope=\"col\" class=\"n\">efficiency</th>"
                   "<th scope=\"col\" class=\"n\">at all cores</th><th scope=\"col\">limit</th>"
                   "<th scope=\"col\">why</th></tr></thead><tbody>\n");
    for (int c = 0; c < panel->curve_count; c++)
        add_row(page, gallery, panel, &panel->curve[c]);
    text_add(page, "</tbody></table></div></details></section>\n");
}

static void add_unshown(struct text *page, const struct gallery *gallery)
{
    if (gallery->shown_count == gallery->panel_count)
        return;
    text_add(page, "<section id=\"others\"><h2>Also measured</h2><p>On fewer than half of the machines, or "
                   "one problem too many for a page; every row of them is in gallery.csv.</p><ul>\n");
    for (int p = gallery->shown_count; p < gallery->panel_count; p++) {
        add_element(page, "<li>", gallery->panel[p].name, "");
        text_add(page, ", on %d: <span class=\"soft\">", gallery->panel[p].machine_count);
        add_element(page, "", gallery->panel[p].details, "</span></li>\n");
    }
    text_add(page, "</ul></section>\n");
}

/* ---- the page ---- */

static void add_head(struct text *page, const struct gallery *gallery)
{
    struct text count = {0};
    gallery_add_count(&count, gallery);
    text_add(page, "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n"
                   "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                   "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
                   "'unsafe-inline'\">\n");
    add_element(page, "<title>acelera gallery: ", count.data, "</title>\n<style>");
    text_add(page, "%s", gallery_style);
    /* Hovering a machine anywhere brings out its curves everywhere. */
    for (int i = 0; i < gallery->machine_count; i++)
        text_add(page, "body:has([data-row=m%d]:hover) g.curve[data-row]:not([data-row=m%d]){opacity:.12}\n",
            i, i);
    text_add(page, "</style></head>\n<body>\n<header><h1>How far more threads carry</h1>\n");
    add_element(page, "<p>", count.data, ", measured by acelera.</p>\n<ul class=\"findings\">\n");
    text_free(&count);
    for (int p = 0; p < gallery->shown_count && p < LIMIT_COLUMNS; p++) {
        struct text finding = {0};
        gallery_add_finding(&finding, gallery, &gallery->panel[p]);
        text_add(page, "<li><a href=\"#panel-%d\">", p);
        add_element(page, "<b>", gallery->panel[p].name, "</b></a>: ");
        add_element(page, "", finding.data, "</li>\n");
        text_free(&finding);
    }
    text_add(page,
        "</ul>\n<nav><a href=\"#limits\">Who is limited by what</a> · <a "
        "href=\"#machines\">Machines</a> · <a href=\"#reading\">How to read this</a></nav></header>\n"
        "<main>\n");
}

/* As a link that holds its file, so that it can be saved without a network and without a script. */
static void add_rows(struct text *page, const char *rows)
{
    text_add(page, "<p><a download=\"gallery.csv\" href=\"data:text/csv;charset=utf-8,");
    for (const char *at = rows; *at != '\0'; at++) {
        bool plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') ||
                     strchr("-._,;", *at) != NULL;
        if (plain)
            text_add_bytes(page, at, 1);
        else
            text_add(page, "%%%02X", (unsigned char)*at);
    }
    text_add(page, "\">gallery.csv</a>: every row of every machine, with its interval.</p>\n");
}

static void add_foot(struct text *page, const struct gallery *gallery, const char *rows)
{
    text_add(page,
        "<section id=\"reading\"><h2>How to read this</h2>\n<p>A curve is one run on one machine. Speedup is "
        "the "
        "time of one thread over the time of the team, paired block by block on the same machine; curves of "
        "different machines show how each scales, and only the times and rates show which is faster. Bars "
        "are "
        "intervals, drawn for up to six curves; the number at each point is in its tooltip. A line ends "
        "where "
        "SMT, another kind of core or another memory domain begins. Nothing is averaged: other sizes, data, "
        "options or placements are panels of their own.</p>\n");
    add_rows(page, rows);
    for (int i = 0; i < gallery->left_out_count && !gallery->anonymous; i++)
        add_element(page, "<p class=\"soft\">Left out: ", gallery->left_out[i].reason, "</p>\n");
    text_add(page, "</section>\n</main>\n</body></html>\n");
}

static char *page_make(const struct gallery *gallery, const char *rows)
{
    struct text page = {0};
    add_head(&page, gallery);
    for (int p = 0; p < gallery->shown_count; p++)
        add_panel(&page, gallery, p);
    add_unshown(&page, gallery);
    add_limits(&page, gallery);
    add_machines(&page, gallery);
    add_foot(&page, gallery, rows);
    return page.data;
}

static enum status write_file(
    const char *folder, const char *name, const char *data, size_t length, struct error *error)
{
    struct text path = {0};
    text_add(&path, "%s/%s", folder, name);
    enum status status = file_write_whole(path.data, data, length, error);
    text_free(&path);
    return status;
}

enum status gallery_write_files(const struct gallery *gallery, const char *folder, struct error *error)
{
    char *rows = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&rows, &length);
    bool written = memory != NULL && gallery_rows_write(memory, gallery);
    written = memory != NULL && fclose(memory) == 0 && written;
    if (!written) {
        free(rows);
        return error_set(error, STATUS_FAILED, "%s/gallery.csv: out of memory", folder);
    }
    char *page = page_make(gallery, rows);
    enum status status = folder_make_all(folder, error);
    if (status == STATUS_OK)
        status = write_file(folder, "gallery.csv", rows, length, error);
    if (status == STATUS_OK)
        status = write_file(folder, "gallery.html", page, strlen(page), error);
    free(page);
    free(rows);
    return status;
}
