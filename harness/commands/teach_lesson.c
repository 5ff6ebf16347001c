/* The protocol of a lesson: question, prediction, run, picture, verdict, explanation, quiz. Nothing runs
 * before the prediction is locked. */
#include "harness/commands/teach.h"

#include "harness/measure/child.h"
#include "lessons/engine/speak.h"
#include "lessons/show/banner.h"
#include "lessons/show/lesson_json.h"
#include "lessons/show/lesson_page.h"
#include "lessons/show/plain.h"
#include "lessons/show/reason.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

static bool is_json(const struct teach *teach)
{
    return teach->output.format == OUTPUT_JSON;
}

/* ---- steps ---- */

/* Where there is a wall to show it on, each step begins on an empty screen. */
static void begin_step(struct teach *teach, struct page *page)
{
    *page = teach_page(teach);
    if (!teach->present || page->markdown)
        return;
    page->follows = false;
    if (teach->asking == stdout && terminal_can_redraw(STDOUT_FILENO))
        text_add(&page->text, "\033[H\033[2J");
    else
        text_add(&page->text, "\n%.*s\n\n", page->columns,
            "--------------------------------------------------------------------------------");
}

/* False if the person left, or was interrupted: `status` says which. */
static bool go_on(struct teach *teach, enum asked asked, enum status *status)
{
    if (asked == ASKED_INTERRUPT)
        *status = STATUS_INTERRUPTED;
    teach->ended = teach->ended || asked == ASKED_END;
    return asked == ASKED_LINE;
}

static bool end_step(struct teach *teach, struct page *page, enum status *status)
{
    if (page->text.length > 0 && !page->markdown && teach->present)
        text_add(&page->text, "\n");
    teach_print(teach, page);
    return !teach->present || go_on(teach, teach_ask_enter(teach), status);
}

/* ---- progress ---- */

struct bar {
    const struct teach *teach;
    bool on_terminal, drawn;
    int percent; /* that is drawn */
};

static void draw_bar(void *context, double share)
{
    enum { CELLS = 30 };
    struct bar *bar = context;
    struct text words = {0};
    int percent = share >= 0 && share <= 1 ? (int)(100 * share) : 100;
    if (!bar->on_terminal || (bar->drawn && percent == bar->percent))
        return;
    bar->percent = percent;
    plain_add(&words, _("measuring"), bar->teach->output.unicode);
    int filled = CELLS * percent / 100;
    fprintf(stderr, "\r\033[K%s [%.*s%.*s] %d %%", words.data, filled, "##############################",
        CELLS - filled, "------------------------------", percent);
    fflush(stderr);
    bar->drawn = true;
    text_free(&words);
}

static enum status measure(
    struct teach *teach, const struct lesson *lesson, struct lesson_run *run, struct error *error)
{
    struct bar bar = {.teach = teach, .on_terminal = terminal_can_redraw(STDERR_FILENO)};
    enum status status =
        lesson_measure(lesson, &teach->machine, teach->worker, teach->seconds, draw_bar, &bar, run, error);
    if (bar.drawn)
        fputs("\r\033[K", stderr);
    return status;
}

/* ---- before ---- */

/* The prediction is what was given, or what is answered now. */
static bool before(
    struct teach *teach, const struct lesson *lesson, struct prediction *prediction, enum status *status)
{
    struct page page;
    begin_step(teach, &page);
    lesson_page_add_title(&page, lesson);
    lesson_page_add_question(&page, lesson);
    /* Where results go to a program, the question still has to reach the person. */
    if (is_json(teach) && teach->asking != NULL) {
        page.markdown = false;
        fputs(page.text.data, teach->asking);
    }
    if (is_json(teach))
        text_free(&page.text);
    teach_print(teach, &page);
    bool asks = teach->asking != NULL && !prediction->made && lesson->predictions > 0;
    if (asks && !go_on(teach, teach_ask_predictions(teach, lesson, prediction), status))
        return false;
    if (teach->present && !asks && !go_on(teach, teach_ask_enter(teach), status))
        return false;
    if (!is_json(teach)) {
        page = teach_page(teach);
        lesson_page_add_prediction(&page, lesson, prediction);
        teach_print(teach, &page);
    }
    return true;
}

/* ---- after ---- */

static bool show_pictures(struct teach *teach, const struct pictures *pictures, enum status *status)
{
    struct page page;
    if (!teach->present) {
        page = teach_page(teach);
        lesson_page_add_pictures(&page, pictures);
        return end_step(teach, &page, status);
    }
    for (int i = 0; i < pictures->count; i++) {
        struct pictures one = {.picture = {pictures->picture[i]}, .count = 1};
        begin_step(teach, &page);
        lesson_page_add_pictures(&page, &one);
        if (!end_step(teach, &page, status))
            return false;
    }
    return true;
}

static bool show_findings(struct teach *teach, const struct lesson_run *run,
    const struct prediction *prediction, enum status *status)
{
    struct page page;
    begin_step(teach, &page);
    if (teach->present && !page.markdown)
        banner_add(&page, reason_verdict(run->outcome.verdict));
    lesson_page_add_verdict(&page, run);
    if (!end_step(teach, &page, status))
        return false;
    begin_step(teach, &page);
    lesson_page_add_comparison(&page, run, prediction);
    lesson_page_add_explanation(&page, run);
    if (!end_step(teach, &page, status))
        return false;
    begin_step(teach, &page);
    lesson_page_add_key_points(&page, run->outcome.lesson);
    return end_step(teach, &page, status);
}

static bool show_quiz(struct teach *teach, const struct lesson *lesson, enum status *status)
{
    struct page page;
    int choice = -1;
    if (lesson->quiz.question == NULL || lesson->quiz.question[0] == '\0')
        return true;
    begin_step(teach, &page);
    bool asks = teach->asking != NULL && !is_json(teach);
    lesson_page_add_quiz(&page, lesson, false);
    teach_print(teach, &page);
    if (!asks) {
        struct text line = {0};
        page = teach_page(teach);
        page_add_gap(&page);
        text_add(&line, _("(the answer: `acelera teach %s --quiz`)"), lesson->name);
        page_add_paragraphs(&page, line.data);
        teach_print(teach, &page);
        text_free(&line);
        return true;
    }
    if (!go_on(teach, teach_ask_quiz(teach, lesson, &choice), status))
        return false;
    if (choice >= 0)
        learner_note_quiz(&teach->learner, lesson->name, choice == lesson->quiz.answer);
    page = teach_page(teach);
    if (choice >= 0)
        page_add_line(&page, choice == lesson->quiz.answer ? INK_GOOD : INK_BAD,
            choice == lesson->quiz.answer ? _("Right.") : _("Not quite."));
    lesson_page_add_answer(&page, lesson);
    page_add_gap(&page);
    teach_print(teach, &page);
    return true;
}

static void after(struct teach *teach, const struct lesson_run *run, const struct pictures *pictures,
    const struct prediction *prediction, enum status *status)
{
    (void)(show_pictures(teach, pictures, status) && show_findings(teach, run, prediction, status) &&
           show_quiz(teach, run->outcome.lesson, status));
}

enum status teach_lesson(struct teach *teach, const struct lesson *lesson, const struct prediction *given,
    struct json_builder *json, struct teach_result *result, struct error *error)
{
    struct prediction prediction = *given;
    struct lesson_run *run = memory_new(1, sizeof *run);
    struct pictures *pictures = memory_new(1, sizeof *pictures);
    enum status status = STATUS_OK;
    bool started = false;
    *result = (struct teach_result){.measured = false};
    if (!before(teach, lesson, &prediction, &status))
        goto cleanup;
    learner_note_begun(&teach->learner, lesson->name);
    started = true;
    status = measure(teach, lesson, run, error);
    if (status != STATUS_OK)
        goto cleanup;
    *result = (struct teach_result){.verdict = run->outcome.verdict, .measured = true};
    learner_note_finished(&teach->learner, lesson->name, lesson_verdict_name(run->outcome.verdict));
    if (run->observations.rounds > 0)
        lesson->picture(&run->outcome, pictures);
    if (is_json(teach))
        lesson_json_build(json, NULL, run, &prediction);
    if (teach->save != NULL)
        status = teach_save_lesson(teach, run, pictures, &prediction, error);
    if (status == STATUS_OK && !is_json(teach))
        after(teach, run, pictures, &prediction, &status);
cleanup:
    teach_say_trouble(teach);
    pictures_free(pictures);
    free(pictures);
    if (started)
        lesson_run_free(run);
    free(run);
    return status;
}
