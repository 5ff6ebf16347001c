/* Questions at a terminal. Each can be left: the end of input (Ctrl-D) is an answer too. */
#include "harness/commands/teach.h"

#include "harness/measure/child.h"
#include "lessons/engine/speak.h"
#include "lessons/show/plain.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include <unistd.h>

/* Reads a byte at a time: what follows the newline belongs to the next question, or to another program. */
static enum asked read_line(char *line, size_t size)
{
    size_t length = 0;
    for (;;) {
        char byte;
        if (!interrupt_wait_readable(STDIN_FILENO))
            return ASKED_INTERRUPT;
        ssize_t n = read(STDIN_FILENO, &byte, 1);
        if (n < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (n <= 0)
            return ASKED_END;
        if (byte == '\n')
            break;
        if (length + 1 < size)
            line[length++] = byte;
    }
    line[length] = '\0';
    return ASKED_LINE;
}

/* A page as wide as standard output's, for whatever is shown with a question. */
static void show(const struct teach *teach, struct page *page)
{
    fwrite(page->text.data, 1, page->text.length, teach->asking);
    fflush(teach->asking);
    text_free(&page->text);
}

enum asked teach_ask(const struct teach *teach, const char *prompt, char *line, size_t size)
{
    struct page page = teach_page(teach);
    page.markdown = false;
    fflush(stdout);
    page_add_paragraphs(&page, prompt);
    if (page.text.length > 0 && page.text.data[page.text.length - 1] == '\n')
        page.text.data[--page.text.length] = '\0';
    text_add(&page.text, " > ");
    show(teach, &page);
    enum asked asked = read_line(line, size);
    if (asked != ASKED_LINE)
        fputs("\n", teach->asking);
    return asked;
}

static void show_line(const struct teach *teach, const char *words)
{
    struct page page = teach_page(teach);
    page.markdown = false;
    page_add_note(&page, words);
    show(teach, &page);
}

/* "-" and an empty hint have their own answers; anything else is asked again. */
static enum asked ask_one(const struct teach *teach, const struct lesson *lesson, int index, double *value)
{
    const struct lesson_prediction *asked = &lesson->prediction[index];
    char line[200], form[120];
    struct text prompt = {0};
    text_add(&prompt, "%d/%d  %s", index + 1, lesson->predictions, _(asked->prompt));
    for (;;) {
        enum asked how = teach_ask(teach, prompt.data, line, sizeof line);
        size_t length = strcspn(line, " \t\r");
        bool mark =
            how == ASKED_LINE && length == 1 && strspn(line + length, " \t\r") == strlen(line + length);
        bool none = mark && line[0] == '-', hint = mark && line[0] == '?';
        if (how != ASKED_LINE || none || prediction_read(asked, line, value)) {
            *value = none ? NAN : *value;
            text_free(&prompt);
            return how;
        }
        struct text words = {0};
        if (hint)
            text_add(&words, "%s",
                lesson->hint != NULL && lesson->hint[0] != '\0' ? _(lesson->hint) : _("There is no hint."));
        else
            text_add(&words, _("That is not %s. (-: no idea; ?: a hint; Ctrl-D: leave)"),
                prediction_describe(asked, form, sizeof form));
        show_line(teach, words.data);
        text_free(&words);
    }
}

enum asked teach_ask_predictions(
    const struct teach *teach, const struct lesson *lesson, struct prediction *prediction)
{
    struct prediction read = {0};
    fputs("\n", teach->asking);
    show_line(teach, _("Predict first; nothing runs before. (-: no idea; ?: a hint; Ctrl-D: leave)"));
    for (int i = 0; i < lesson->predictions; i++) {
        enum asked how = ask_one(teach, lesson, i, &read.value[i]);
        if (how != ASKED_LINE)
            return how;
        read.made = read.made || isfinite(read.value[i]);
    }
    *prediction = read;
    return ASKED_LINE;
}

enum asked teach_ask_quiz(const struct teach *teach, const struct lesson *lesson, int *choice)
{
    char line[200];
    int choices = 0;
    while (choices < LESSON_CHOICES_MAX && lesson->quiz.choice[choices] != NULL)
        choices++;
    struct text prompt = {0};
    fputs("\n", teach->asking);
    text_add(&prompt, _("Your answer, a to %c (Enter: show it)"), 'a' + choices - 1);
    for (;;) {
        enum asked how = teach_ask(teach, prompt.data, line, sizeof line);
        size_t from = how == ASKED_LINE ? strspn(line, " \t\r") : 0;
        int letter = how == ASKED_LINE && line[from] != '\0' ? (line[from] | 0x20) - 'a' : -1;
        if (how != ASKED_LINE || line[from] == '\0' || (letter >= 0 && letter < choices)) {
            *choice = letter;
            text_free(&prompt);
            return how;
        }
    }
}

enum asked teach_ask_enter(const struct teach *teach)
{
    char line[200];
    if (teach->asking == NULL)
        return ASKED_LINE;
    return teach_ask(teach, _("[Enter]"), line, sizeof line);
}
