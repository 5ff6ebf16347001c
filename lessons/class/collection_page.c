/* Shows what was collected. Each sentence is made from the numbers that stand above it. */
#include "lessons/class/collection_page.h"

#include "lessons/engine/run.h"
#include "lessons/show/prediction.h"
#include "lessons/show/reason.h"
#include "lessons/show/table.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The learners of one lesson: `count` of them from `first`. */
struct group {
    const struct collected_lesson *first;
    int count;
};

static const char *verdict_word(const char *name)
{
    for (enum verdict v = VERDICT_SUPPORTED; v <= VERDICT_NOT_DEMONSTRABLE; v++)
        if (strcmp(name, lesson_verdict_name(v)) == 0)
            return reason_verdict(v);
    return name;
}

static char *speak_answer(const struct collected_answer *answer, double value, char *buffer, size_t size)
{
    struct lesson_prediction asked = {.unit = answer->unit, .yes_no = answer->yes_no};
    if (!isfinite(value)) {
        snprintf(buffer, size, "–");
        return buffer;
    }
    return prediction_speak(&asked, value, buffer, size);
}

/* ---- machines and verdicts ---- */

static void add_machines(struct page *page, struct group group)
{
    struct table table =
        table_begin((const char *[]){_("learner"), _("CPUs"), _("cores"), _("gives"), _("verdict")}, 5);
    for (int i = 0; i < group.count; i++) {
        const struct collected_lesson *one = &group.first[i];
        char letter[8], cpus[16], cores[16], gives[40] = "–";
        snprintf(cpus, sizeof cpus, "%d", one->cpus);
        snprintf(cores, sizeof cores, "%d", one->cores);
        if (isfinite(one->capacity))
            speak_number(one->capacity, 2, gives, sizeof gives);
        table_add(&table,
            (const char *[]){collection_learner(one->learner, letter, sizeof letter),
                one->cpus > 0 ? cpus : "–", one->cores > 0 ? cores : "–", gives, verdict_word(one->verdict)});
    }
    table_end(&table, page);
}

/* ---- predictions against measurements ---- */

static const struct collected_answer *answer_named(const struct collected_lesson *one, const char *name)
{
    for (int i = 0; i < one->answers; i++)
        if (strcmp(one->answer[i].name, name) == 0)
            return &one->answer[i];
    return NULL;
}

static const char *prompt_of(const struct lesson *lesson, const char *key)
{
    for (int i = 0; i < lesson->predictions; i++)
        if (strcmp(lesson->prediction[i].key, key) == 0)
            return _(lesson->prediction[i].prompt);
    return key;
}

static void put(char *cell, int cells, double share, char mark)
{
    int at = (int)(fmin(fmax(share, 0), 1) * (cells - 1) + 0.5);
    cell[at] = cell[at] == '.' ? mark : '@';
}

/* One row a learner: o what was predicted, # what was measured, @ both. */
static void add_row(
    struct page *page, const struct collected_lesson *one, const struct collected_answer *answer, double most)
{
    enum { CELLS = 40 };
    char cell[CELLS + 1], letter[8], predicted[60], measured[60];
    memset(cell, '.', CELLS);
    cell[CELLS] = '\0';
    if (isfinite(answer->predicted))
        put(cell, CELLS, answer->predicted / most, 'o');
    if (isfinite(answer->measured))
        put(cell, CELLS, answer->measured / most, '#');
    struct text line = {0};
    text_add(&line, "  %-3s |%s| o %s  # %s", collection_learner(one->learner, letter, sizeof letter), cell,
        speak_answer(answer, answer->predicted, predicted, sizeof predicted),
        speak_answer(answer, answer->measured, measured, sizeof measured));
    page_add_words(page, INK_PLAIN, line.data);
    page_end_line(page);
    text_free(&line);
}

static double most_of(struct group group, const char *name)
{
    double most = 0;
    for (int i = 0; i < group.count; i++) {
        const struct collected_answer *answer = answer_named(&group.first[i], name);
        if (answer == NULL)
            continue;
        most = isfinite(answer->predicted) ? fmax(most, answer->predicted) : most;
        most = isfinite(answer->measured) ? fmax(most, answer->measured) : most;
    }
    return most > 0 ? most : 1;
}

/* "3 of 5 predictions were within a quarter of what was measured." */
static void add_score(struct page *page, struct group group, const char *name)
{
    int both = 0, near = 0;
    bool yes_no = false;
    for (int i = 0; i < group.count; i++) {
        const struct collected_answer *answer = answer_named(&group.first[i], name);
        if (answer == NULL || !isfinite(answer->predicted) || !isfinite(answer->measured))
            continue;
        yes_no = answer->yes_no;
        both++;
        near += yes_no ? (answer->predicted >= 0.5) == (answer->measured >= 0.5)
                       : fabs(answer->predicted - answer->measured) <= 0.25 * fabs(answer->measured);
    }
    if (both == 0)
        return;
    struct text line = {0};
    text_add(&line,
        yes_no ? _("%d of %d predictions were what was measured.")
               : _("%d of %d predictions were within a quarter of what was measured."),
        near, both);
    page_add_note(page, line.data);
    text_free(&line);
}

static void add_answers(struct page *page, const struct lesson *lesson, struct group group)
{
    for (int p = 0; p < lesson->predictions; p++) {
        const char *name = lesson->prediction[p].key;
        bool any = false;
        for (int i = 0; i < group.count; i++)
            any = any || answer_named(&group.first[i], name) != NULL;
        if (!any)
            continue;
        page_add_gap(page);
        page_add_line(page, INK_BOLD, prompt_of(lesson, name));
        page_fence(page);
        double most = most_of(group, name);
        for (int i = 0; i < group.count; i++)
            if (answer_named(&group.first[i], name) != NULL)
                add_row(page, &group.first[i], answer_named(&group.first[i], name), most);
        page_fence(page);
        add_score(page, group, name);
    }
}

/* ---- the lesson's own statistic ---- */

static const struct lesson_rule *rule_of(const struct lesson *lesson, const char *name)
{
    for (int r = 0; r < lesson->rules; r++)
        if (strcmp(lesson->rule[r].name, name) == 0)
            return &lesson->rule[r];
    return NULL;
}

static void add_measures(struct page *page, const struct lesson *lesson, struct group group)
{
    const struct lesson_rule *rule = rule_of(lesson, group.first[0].measure);
    if (rule == NULL)
        return;
    page_add_gap(page);
    page_add_line(page, INK_BOLD, _(rule->statement));
    struct table table = table_begin((const char *[]){_("learner"), _("median"), _("interval (99 %)")}, 3);
    for (int i = 0; i < group.count; i++) {
        const struct collected_lesson *one = &group.first[i];
        char letter[8], median[60] = "–", low[60], high[60];
        struct text interval = {0};
        if (isfinite(one->measured))
            prediction_speak_value(one->measured, rule->unit, median, sizeof median);
        if (isfinite(one->measured_low) && isfinite(one->measured_high))
            text_add(&interval, "%s–%s",
                prediction_speak_value(one->measured_low, rule->unit, low, sizeof low),
                prediction_speak_value(one->measured_high, rule->unit, high, sizeof high));
        table_add(&table, (const char *[]){collection_learner(one->learner, letter, sizeof letter), median,
                              interval.data != NULL ? interval.data : "–"});
        text_free(&interval);
    }
    table_end(&table, page);
}

/* ---- why they differ ---- */

static void add_causes_of(struct text *line, const struct collected_lesson *one)
{
    static const double whole = 0.9; /* of the CPUs that are counted */
    char gives[40], quota[40];
    if (one->cpus == 1)
        text_add(line, "%s%s", line->length > 0 ? "; " : "", _("one CPU only"));
    if (isfinite(one->quota))
        text_add(line, _("%sa CPU quota of %s"), line->length > 0 ? "; " : "",
            speak_number(one->quota, 2, quota, sizeof quota));
    if (one->cpus > 1 && isfinite(one->capacity) && one->capacity < whole * one->cpus)
        text_add(line,
            _("%sof %d CPUs it got the work of %s: other programs, a quota, or hardware threads that share a "
              "core"),
            line->length > 0 ? "; " : "", one->cpus, speak_number(one->capacity, 2, gives, sizeof gives));
    if (one->virtual_cpus)
        text_add(line, "%s%s", line->length > 0 ? "; " : "", _("virtual CPUs"));
    if (one->on_battery)
        text_add(line, "%s%s", line->length > 0 ? "; " : "", _("on battery"));
}

static void add_causes(struct page *page, struct group group)
{
    int most = 0, least = group.first[0].cpus;
    for (int i = 0; i < group.count; i++) {
        most = group.first[i].cpus > most ? group.first[i].cpus : most;
        least = group.first[i].cpus < least ? group.first[i].cpus : least;
    }
    page_add_gap(page);
    page_add_line(page, INK_BOLD, _("Why the results differ"));
    struct text line = {0};
    if (most != least) {
        text_add(&line, _("from %d to %d CPUs"), least, most);
        page_add_item(page, "•", line.data);
        text_free(&line);
    }
    bool any = most != least;
    for (int i = 0; i < group.count; i++) {
        char letter[8];
        struct text causes = {0};
        add_causes_of(&causes, &group.first[i]);
        if (causes.length > 0) {
            text_add(&line, "%s: %s", collection_learner(group.first[i].learner, letter, sizeof letter),
                causes.data);
            page_add_item(page, "•", line.data);
            text_free(&line);
            any = true;
        }
        text_free(&causes);
    }
    if (!any)
        page_add_paragraphs(page, _("Nothing in the evidence tells these machines apart."));
}

void collection_page_add(struct page *page, const struct collection *collection)
{
    struct text line = {0};
    page_add_heading(page, 1, _("The class, side by side"));
    text_add(&line, _("%d learners; letters follow the order of the files and say nothing else."),
        collection->learners);
    page_add_paragraphs(page, line.data);
    text_free(&line);
    for (int i = 0, end; i < collection->lessons; i = end) {
        const struct lesson *lesson = lesson_named(collection->lesson[i].lesson);
        for (end = i; end < collection->lessons && strcmp(collection->lesson[end].lesson, lesson->name) == 0;
             end++)
            continue;
        struct group group = {&collection->lesson[i], end - i};
        text_add(&line, "%s: %s", lesson->name, _(lesson->title));
        page_add_heading(page, 2, line.data);
        text_free(&line);
        add_machines(page, group);
        add_answers(page, lesson, group);
        add_measures(page, lesson, group);
        add_causes(page, group);
    }
}

void collection_json_build(struct json_builder *json, const struct collection *collection)
{
    json_build_open(json, NULL, '{', true);
    json_build_string(json, "schema", "acelera/class/1");
    json_build_integer(json, "learners", collection->learners);
    json_build_integer(json, "left_out", collection->left_out);
    json_build_integer(json, "repeated", collection->repeated);
    json_build_open(json, "results", '[', true);
    for (int i = 0; i < collection->lessons; i++) {
        const struct collected_lesson *one = &collection->lesson[i];
        char letter[8];
        json_build_open(json, NULL, '{', false);
        json_build_string(json, "learner", collection_learner(one->learner, letter, sizeof letter));
        json_build_string(json, "lesson", one->lesson);
        json_build_string(json, "verdict", one->verdict);
        json_build_integer(json, "cpus", one->cpus);
        json_build_integer(json, "cores", one->cores);
        json_build_number(json, "cpu_quota", one->quota);
        json_build_number(json, "capacity", one->capacity);
        json_build_bool(json, "virtual_cpus", one->virtual_cpus);
        json_build_bool(json, "on_battery", one->on_battery);
        json_build_string(json, "measure", one->measure);
        json_build_number(json, "median", one->measured);
        json_build_open(json, "answers", '[', false);
        for (int a = 0; a < one->answers; a++) {
            json_build_open(json, NULL, '{', false);
            json_build_string(json, "name", one->answer[a].name);
            json_build_number(json, "predicted", one->answer[a].predicted);
            json_build_number(json, "measured", one->answer[a].measured);
            json_build_close(json);
        }
        json_build_close(json);
        json_build_close(json);
    }
    json_build_close(json);
    json_build_close(json);
}
