/* The sections of a lesson. Holds no text of any lesson. */
#include "lessons/show/lesson_page.h"

#include "lessons/show/picture_text.h"
#include "lessons/show/reason.h"
#include "lessons/show/table.h"

#include <math.h>
#include <stdio.h>

static enum ink ink_of(enum verdict verdict)
{
    return verdict == VERDICT_SUPPORTED ? INK_GOOD : verdict == VERDICT_CONTRADICTED ? INK_BAD : INK_UNSURE;
}

static void add_section(struct page *page, const char *heading, const char *words)
{
    if (words == NULL || words[0] == '\0')
        return;
    page_add_heading(page, 2, heading);
    page_add_paragraphs(page, words);
}

void lesson_page_add_title(struct page *page, const struct lesson *lesson)
{
    struct text title = {0};
    if (lesson->number >= 0)
        text_add(&title, _("Lesson %d"), lesson->number);
    else
        text_add(&title, "%s", _("Bonus lesson"));
    text_add(&title, " (%s): %s", lesson->name, _(lesson->title));
    page_add_heading(page, 1, title.data);
    text_free(&title);
}

void lesson_page_add_question(struct page *page, const struct lesson *lesson)
{
    add_section(page, _("First"), _(lesson->background));
    add_section(page, _("The question"), _(lesson->question));
}

void lesson_page_add_prediction(
    struct page *page, const struct lesson *lesson, const struct prediction *prediction)
{
    if (!prediction->made || lesson->predictions == 0)
        return;
    page_add_heading(page, 2, _("Your prediction, locked before anything runs"));
    struct table table = table_begin((const char *[]){_("asked"), _("you")}, 2);
    for (int i = 0; i < lesson->predictions; i++) {
        char value[60];
        prediction_speak(&lesson->prediction[i], prediction->value[i], value, sizeof value);
        table_add(&table, (const char *[]){_(lesson->prediction[i].prompt), value});
    }
    table_end(&table, page);
}

void lesson_page_add_pictures(struct page *page, const struct pictures *pictures)
{
    if (pictures->count == 0)
        return;
    page_add_heading(page, 2, _("What happened"));
    for (int i = 0; i < pictures->count; i++)
        picture_text_add(page, &pictures->picture[i]);
}

static const char *mark_of(const struct lesson_run *run, int rule)
{
    enum verdict verdict = run->outcome.statistic[rule].verdict;
    const struct capacity *capacity = &run->room.capacity;
    double needed = run->outcome.lesson->capacity_needed;
    if (run->outcome.lesson->rule[rule].needs_capacity && needed > 0 && !(capacity->median >= needed))
        return " "; /* not judged */
    return verdict == VERDICT_SUPPORTED ? "+" : verdict == VERDICT_CONTRADICTED ? "–" : "?";
}

static void add_rules(struct page *page, const struct lesson_run *run)
{
    const struct lesson *lesson = run->outcome.lesson;
    if (run->plan.not_demonstrable[0] != '\0')
        return;
    page_add_gap(page);
    for (int r = 0; r < lesson->rules; r++) {
        struct text line = {0};
        if (run->plan.left_out[r])
            continue;
        text_add(&line, "%s%s: ",
            lesson->rule[r].control        ? _("control: ")
            : lesson->rule[r].precondition ? _("needed first: ")
                                           : "",
            _(lesson->rule[r].statement));
        reason_add_figures(&line, &lesson->rule[r], &run->outcome.statistic[r]);
        text_add(&line, "; ");
        reason_add_thresholds(&line, &lesson->rule[r]);
        struct text mark = {0};
        text_add(&mark, page->markdown ? "- [%s]" : "[%s]", mark_of(run, r));
        page_add_item(page, mark.data, line.data);
        text_free(&mark);
        text_free(&line);
    }
}

void lesson_page_add_verdict(struct page *page, const struct lesson_run *run)
{
    enum verdict verdict = run->outcome.verdict;
    page_add_heading(page, 2, _("The claim, and what this run says of it"));
    page_add_paragraphs(page, _(run->outcome.lesson->claim));
    page_add_gap(page);
    struct text line = {0};
    text_add(&line, page->markdown ? "%s: **%s**, %s" : "%s: %s, %s", _("Verdict"), reason_verdict(verdict),
        verdict == VERDICT_NOT_DEMONSTRABLE ? _("in this run") : _("here, in this run"));
    page_add_line(page, ink_of(verdict), line.data);
    text_free(&line);
    if (verdict == VERDICT_NOT_DEMONSTRABLE || run->failure[0] != '\0') {
        page_add_gap(page);
        reason_add(&line, run);
        page_add_paragraphs(page, line.data);
        text_free(&line);
    }
    add_rules(page, run);
}

void lesson_page_add_comparison(
    struct page *page, const struct lesson_run *run, const struct prediction *prediction)
{
    const struct lesson *lesson = run->outcome.lesson;
    bool any = false;
    for (int i = 0; i < lesson->predictions; i++)
        any = any || isfinite(prediction_measured(&run->outcome, i));
    if (lesson->predictions == 0 || !any)
        return;
    page_add_heading(
        page, 2, prediction->made ? _("Prediction beside measurement") : _("What was asked, and measured"));
    struct table table = prediction->made ? table_begin((const char *[]){_("asked"), _("you"), _("here")}, 3)
                                          : table_begin((const char *[]){_("asked"), _("here")}, 2);
    for (int i = 0; i < lesson->predictions; i++) {
        char predicted[60] = "–", measured[60];
        const char *prompt = _(lesson->prediction[i].prompt);
        if (prediction->made && isfinite(prediction->value[i]))
            prediction_speak(&lesson->prediction[i], prediction->value[i], predicted, sizeof predicted);
        prediction_speak(
            &lesson->prediction[i], prediction_measured(&run->outcome, i), measured, sizeof measured);
        table_add(&table, prediction->made ? (const char *[]){prompt, predicted, measured}
                                           : (const char *[]){prompt, measured});
    }
    table_end(&table, page);
}

void lesson_page_add_explanation(struct page *page, const struct lesson_run *run)
{
    struct text words = {0};
    run->outcome.lesson->explain(&run->outcome, &words);
    add_section(page, _("Why"), words.data);
    text_free(&words);
}

void lesson_page_add_key_points(struct page *page, const struct lesson *lesson)
{
    if (lesson->key_point[0] == NULL)
        return;
    page_add_heading(page, 2, _("Key points"));
    for (int i = 0; i < LESSON_KEY_POINTS_MAX && lesson->key_point[i] != NULL; i++)
        page_add_item(page, "•", _(lesson->key_point[i]));
}

void lesson_page_add_answer(struct page *page, const struct lesson *lesson)
{
    struct text line = {0};
    text_add(&line, _("Answer: %c."), 'a' + lesson->quiz.answer);
    text_add(&line, " %s", _(lesson->quiz.why));
    page_add_gap(page);
    page_add_paragraphs(page, line.data);
    text_free(&line);
}

void lesson_page_add_quiz(struct page *page, const struct lesson *lesson, bool with_answer)
{
    if (lesson->quiz.question == NULL || lesson->quiz.question[0] == '\0')
        return;
    add_section(page, _("A question to end with"), _(lesson->quiz.question));
    page_add_gap(page);
    for (int i = 0; i < LESSON_CHOICES_MAX && lesson->quiz.choice[i] != NULL; i++) {
        char mark[8];
        snprintf(mark, sizeof mark, page->markdown ? "- %c)" : "%c)", 'a' + i);
        page_add_item(page, mark, _(lesson->quiz.choice[i]));
    }
    if (with_answer)
        lesson_page_add_answer(page, lesson);
}

void lesson_page_add_hint(struct page *page, const struct lesson *lesson)
{
    add_section(page, _("Hint"), lesson->hint != NULL ? _(lesson->hint) : "");
}

void lesson_page_add_solution(struct page *page, const struct lesson *lesson)
{
    add_section(page, _("Solution"), lesson->solution != NULL ? _(lesson->solution) : "");
}
