/* report.html: one page that stands alone. It opens from a disk, loads nothing, and says everything without
 * its script. Refuses to compute: it shows what the summary has. */
#include "harness/report/html.h"
#include "harness/report/html_page.h"
#include "harness/report/markup.h"
#include "harness/report/topology_svg.h"

#include <stdio.h>

static void add_bar(struct text *page, const struct report *report)
{
    static const char *const links[][2] = {{"table", "Table"}, {"curves", "Curves"}, {"why", "Why it stops"},
        {"ladder", "Ladder"}, {"roofline", "Roofline"}, {"timeline", "Timeline"}, {"times", "Distribution"},
        {"environment", "Environment"}, {"rules", "Rules"}, {"again", "Again"}, {"data", "Data"}};
    text_add(page,
        "<a class=\"skip\" href=\"#main\">To the content</a>\n<header class=\"bar\"><div class=\"top\">\n"
        "<nav aria-label=\"Sections\">");
    for (size_t i = 0; i < sizeof links / sizeof *links; i++)
        text_add(page, "<a href=\"#%s\">%s</a>", links[i][0], links[i][1]);
    text_add(page, "</nav>\n");
    if (report->kernel_count > 1) {
        text_add(page, "<label data-live>Kernel <select id=\"kernel\"><option value=\"\">all</option>");
        for (int i = 0; i < report->kernel_count; i++) {
            text_add(page, "<option value=\"%d\">", i);
            markup_add(page, report->kernel[i]);
            text_add(page, "</option>");
        }
        text_add(page, "</select></label>\n");
    }
    text_add(page, "<button id=\"theme\" type=\"button\" data-live>Dark</button>\n</div></header>\n");
}

static void add_pictures(struct text *page, const struct report *report, const char *heading,
    const char *none, void (*add)(struct text *, const struct report *, const struct sweep *))
{
    text_add(page, "%s", heading);
    text_add(page, "<div class=\"pair\">\n");
    size_t before = page->length;
    for (int i = 0; i < report->headlines; i++)
        add(page, report, report->headline[i]);
    if (page->length == before)
        text_add(page, "<p>%s</p>\n", none);
    text_add(page, "</div>\n");
}

/* Nothing where the run's topology cannot be read. */
static void add_machine(struct text *page, const struct summary *summary)
{
    struct text picture = {0};
    if (topology_svg_add(&picture, summary)) {
        text_add(page, "<h2 id=\"machine\">The machine and its teams</h2>\n<figure><div class=\"scroll\">");
        text_add_bytes(page, picture.data, picture.length);
        text_add(page, "</div></figure>\n");
    }
    text_free(&picture);
}

bool html_write(FILE *stream, const struct summary *summary)
{
    struct report report;
    struct text page = {0}, title = {0};
    report_make(summary, &report);
    text_add(&title, "Speedup: %s", summary->record->id);
    html_page_open(&page, title.data);
    add_bar(&page, &report);
    text_add(&page, "<main id=\"main\">\n");
    html_add_first(&page, &report);
    html_add_tables(&page, &report);
    html_add_curves(&page, &report);
    html_add_why(&page, &report);
    html_add_ladders(&page, &report);
    html_add_roofline(&page, &report);
    add_pictures(&page, &report, "<h2 id=\"timeline\">Timeline of one iteration</h2>\n",
        "This run has no record of what each thread did.", html_add_timeline);
    add_pictures(&page, &report, "<h2 id=\"times\">How the times scatter</h2>\n", "No row has a time.",
        html_add_times);
    add_pictures(&page, &report, "<h3 id=\"drift\">Block by block</h3>\n",
        "Fewer than two blocks were measured.", html_add_drift);
    add_machine(&page, summary);
    html_add_environment(&page, summary);
    html_add_rules(&page, summary);
    html_add_again(&page, summary);
    text_add(&page, "</main>\n");
    html_page_close(&page);
    fwrite(page.data, 1, page.length, stream);
    report_free(&report);
    text_free(&title);
    text_free(&page);
    return ferror(stream) == 0;
}
