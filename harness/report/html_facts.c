/* What belongs to a run beside its numbers: what went wrong, what was left out, the machine's state, the
 * twelve rules, and how to do it again. */
#include "harness/report/html.h"
#include "harness/report/html_page.h"
#include "harness/report/markup.h"
#include "harness/report/sentences.h"
#include "harness/store/anonymous.h"

#include <stdio.h>
#include <stdlib.h>

enum { LINES = 200 }; /* a list longer than this is read by programs */

/* Opens its heading and list with the first line. Lines beyond the bound are counted. */
struct list {
    struct text *page;
    const char *id, *title;
    int lines;
};

static void add_line(struct list *list, struct text *words)
{
    if (list->lines++ == 0)
        text_add(list->page, "<h3 id=\"%s\">%s</h3>\n<ul>\n", list->id, list->title);
    if (list->lines <= LINES)
        html_add_element(list->page, "li", "", words->data);
    text_free(words);
}

static void close_list(struct list *list)
{
    if (list->lines > LINES)
        text_add(list->page, "<li>and %d more, in summary.json</li>\n", list->lines - LINES);
    text_add(list->page, list->lines > 0 ? "</ul>\n" : "");
}

static void add_errors(struct text *page, const struct summary *summary)
{
    struct list list = {page, "errors", "Without a result", 0};
    for (int i = 0; i < summary->row_count + summary->ceiling_count; i++) {
        struct text text = {0};
        if (summary->row[i].error == NULL)
            continue;
        sentences_add_error(&text, &summary->row[i]);
        add_line(&list, &text);
    }
    close_list(&list);
}

static void add_skipped(struct text *page, const struct run_record *record)
{
    struct list list = {page, "skipped", "Not measured", 0};
    for (int i = 0; i < record->skipped_count;) {
        struct text text = {0};
        i = sentences_add_skipped(&text, record, i);
        add_line(&list, &text);
    }
    close_list(&list);
}

static void add_warnings(struct text *page, const struct run_record *record)
{
    struct list list = {page, "warnings", "Warnings", 0};
    for (int i = 0; i < record->warning_count; i++) {
        const struct warning_record *warning = &record->warning[i];
        struct text text = {0};
        text_add(&text, "%s%s%s", warning->message, warning->remedy[0] != '\0' ? "; " : "", warning->remedy);
        add_line(&list, &text);
    }
    close_list(&list);
}

static void add_findings(struct text *page, const struct run_record *record)
{
    struct list list = {page, "findings", "What may spoil measurements on this machine", 0};
    for (int i = 0; i < record->finding_count; i++) {
        struct text text = {0};
        if (sentences_add_finding(&text, &record->finding[i]))
            add_line(&list, &text);
    }
    close_list(&list);
    if (list.lines == 0 && record->finding_count > 0)
        text_add(page, "<p>Nothing was found that would spoil a measurement.</p>\n");
}

static void add_pair(struct text *page, const char *name, const char *value)
{
    text_add(page, "<tr>");
    html_add_element(page, "th", "scope=\"row\"", name);
    html_add_element(page, "td", "", value);
    text_add(page, "</tr>\n");
}

void html_add_environment(struct text *page, const struct summary *summary)
{
    const struct run_record *record = summary->record;
    char number[64];
    text_add(page, "<h2 id=\"environment\">Environment and warnings</h2>\n");
    add_errors(page, summary);
    add_warnings(page, record);
    add_findings(page, record);
    add_skipped(page, record);
    text_add(page, "<h3 id=\"facts\">Environment</h3>\n<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                   "aria-labelledby=\"facts\"><table>\n<thead><tr><th scope=\"col\">what</th>"
                   "<th scope=\"col\">here</th></tr></thead>\n<tbody>\n");
    add_pair(page, "host", record->host);
    add_pair(page, "CPU", record->cpu_model);
    snprintf(number, sizeof number, "%d packages, %d NUMA nodes, %d usable cores, %d usable PUs",
        record->packages, record->numa_nodes, record->usable_cores, record->usable_pus);
    add_pair(page, "machine", number);
    for (int i = 0; i < record->environment_count && i < LINES; i++)
        add_pair(page, record->environment[i].name, record->environment[i].value);
    text_add(page, "</tbody></table></div>\n");
}

void html_add_rules(struct text *page, const struct summary *summary)
{
    struct rule rule[RULES];
    rules_make(summary, rule);
    text_add(page, "<h2 id=\"rules\">The twelve rules</h2>\n<p class=\"soft\">Hoefler &amp; Belli, "
                   "Scientific Benchmarking of "
                   "Parallel Computing Systems, SC15: how this run keeps them.</p>\n"
                   "<div class=\"scroll\" tabindex=\"0\" role=\"region\" "
                   "aria-labelledby=\"rules\"><table>\n<thead><tr><th scope=\"col\" class=\"n\">#</th><th "
                   "scope=\"col\">rule</th>"
                   "<th scope=\"col\">kept</th><th scope=\"col\">how</th><th scope=\"col\">in this "
                   "run</th></tr></thead>\n"
                   "<tbody>\n");
    for (int i = 0; i < RULES; i++) {
        text_add(page, "<tr><td class=\"n\">%d</td>", i + 1);
        html_add_element(page, "th", "scope=\"row\"", rule[i].rule);
        html_add_element(page, "td", rule[i].kept == RULE_NO ? "class=\"w no\"" : "class=\"w\"",
            rule_kept_name(rule[i].kept));
        html_add_element(page, "td", "", rule[i].how);
        html_add_element(page, "td", "", rule[i].evidence != NULL ? rule[i].evidence : "");
        text_add(page, "</tr>\n");
    }
    text_add(page, "</tbody></table></div>\n");
    rules_free(rule);
}

/* ---- again ---- */

enum { EMBEDDED_MAX = 700 * 1024 }; /* two of these, in base64, are the page's 2 MB */

/* The file itself, as a link that holds it: byte for byte what stands in the run directory. */
static void add_file(struct text *page, const struct summary *summary, const char *name, const char *type,
    bool (*writer)(FILE *, const struct summary *))
{
    char *data = NULL;
    size_t length = 0;
    FILE *memory = open_memstream(&data, &length);
    bool written = memory != NULL && writer(memory, summary);
    if (memory != NULL && fclose(memory) != 0)
        written = false;
    if (written && length <= EMBEDDED_MAX) {
        text_add(page, "<li><a download=\"%s\" href=\"data:%s;base64,", name, type);
        html_add_base64(page, data, length);
        text_add(page, "\">%s</a> (%zu kB, in this page)</li>\n", name, length / 1000 + 1);
    } else {
        text_add(page, "<li>%s stands beside this page (%zu kB: too large to be in it)</li>\n", name,
            length / 1000 + 1);
    }
    free(data);
}

void html_add_again(struct text *page, const struct summary *summary)
{
    const struct run_record *record = summary->record;
    struct text words = {0};
    text_add(page, "<h2 id=\"again\">Do it again</h2>\n<p>The same measurement:</p>\n");
    html_add_element(page, "pre", "id=\"command\"", record->command);
    text_add(&words, "with acelera %s; the seed of the data was %llu, that of the order of the cells %llu.",
        record->version, record->seed, record->order_seed);
    html_add_element(page, "p", "class=\"soft\"", words.data);
    text_add(page, "<p>Every table, picture and this page, from the recorded files alone:</p>\n");
    text_free(&words);
    text_add(&words, "acelera report %s", anonymous_place(record));
    html_add_element(page, "pre", "", words.data);
    text_free(&words);
    text_add(page, "<h2 id=\"data\">Data</h2>\n<ul class=\"no-print\">\n");
    add_file(page, summary, "summary.csv", "text/csv;charset=utf-8", csv_write);
    add_file(page, summary, "summary.json", "application/json", json_write);
    text_add(page, "</ul>\n<p class=\"soft\">Each single iteration is a line of samples.jsonl in the run "
                   "directory, where "
                   "summary.csv and summary.json stand too.</p>\n");
}
