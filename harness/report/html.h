/* The parts of report.html, in the order in which they stand there. Private to the page. */
#ifndef ACELERA_REPORT_HTML_H
#define ACELERA_REPORT_HTML_H

#include "harness/base/text.h"
#include "harness/report/row_verdict.h"
#include "harness/report/summary.h"

/* Rows that differ in threads only, without the serial one: a curve. */
struct sweep {
    const struct summary_row *row; /* in order of threads */
    int count;
    const struct summary_row *largest, *fastest; /* verified teams; NULL none has a time */
    const struct row_laws *laws;
    int kernel;  /* number of its kernel in this run */
    char *label; /* what tells it from the other curves of the page: "matmul", "matmul naive spread" */
};

struct report {
    const struct summary *summary;
    struct counted_processes counted;
    struct sweep *sweep;
    int sweep_count;
    const char **kernel; /* names, in order */
    int kernel_count;
    const struct sweep *headline[3]; /* the first screen is about these: of each kernel its fastest */
    int headlines;
};

void report_make(const struct summary *summary, struct report *report);
void report_free(struct report *report);
bool report_is_headline(const struct report *report, const struct sweep *sweep);

/* What stands between this rung and the one before it, in words ("2 threads a core"), NULL nothing: no line
 * joins two rungs across it. */
const char *sweep_boundary(const struct sweep *sweep, int rung, char words[48]);

/* "r7": names the row in tables and pictures alike. */
const char *row_mark(const struct summary *summary, const struct summary_row *row, char mark[16]);
/* "matmul packed f32 ×2 spread" */
void row_add_name(struct text *text, const struct summary_row *row);

/* Number words; unknown is an en dash. */
enum { HTML_WORD = 64 };
const char *word_seconds(double seconds, char word[HTML_WORD]);
const char *word_ratio(double ratio, char word[HTML_WORD]);
const char *word_percent(double fraction, char word[HTML_WORD]);

/* Pictures. Each is a <figure>, or nothing where there is nothing to be drawn. */
enum { SPEEDUP_CURVES = 6 };
void html_add_speedup(struct text *page, const struct report *report, const char *id,
    const struct sweep *const *sweep, int count);
/* The curve as it is and as a share of full speed. `number` is its place in the first screen, whose colour it
 * has. */
void html_add_curve(struct text *page, const struct report *report, const struct sweep *sweep, int number);
void html_add_losses(struct text *page, const struct report *report, const struct sweep *sweep);
/* What the bars mean, once for all of them. */
void html_add_loss_key(struct text *page);
void html_add_timeline(struct text *page, const struct report *report, const struct sweep *sweep);
void html_add_times(struct text *page, const struct report *report, const struct sweep *sweep);
void html_add_drift(struct text *page, const struct report *report, const struct sweep *sweep);
/* `first`: any row of the ladder. */
void html_add_rungs(
    struct text *page, const struct report *report, const struct summary_row *first, int number);

/* Sections. */
void html_add_first(struct text *page, const struct report *report);
void html_add_curves(struct text *page, const struct report *report);
void html_add_roofline(struct text *page, const struct report *report);
void html_add_laws(struct text *page, const struct report *report);
void html_add_tables(struct text *page, const struct report *report);
void html_add_why(struct text *page, const struct report *report);
void html_add_ladders(struct text *page, const struct report *report);
void html_add_environment(struct text *page, const struct summary *summary);
void html_add_rules(struct text *page, const struct summary *summary);
void html_add_again(struct text *page, const struct summary *summary);

#endif
