/* Reads and speaks predictions. */
#include "lessons/show/prediction.h"

#include "lessons/show/picture_text.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Without the blanks around it; false if nothing is left, or too much. */
static bool trim(const char *word, char *trimmed, size_t size)
{
    word += strspn(word, " \t\r\n");
    size_t length = strlen(word);
    while (length > 0 && strchr(" \t\r\n", word[length - 1]) != NULL)
        length--;
    if (length == 0 || length >= size)
        return false;
    snprintf(trimmed, size, "%.*s", (int)length, word);
    return true;
}

static bool read_yes_no(const char *word, double *value)
{
    static const char *const yes[] = {"yes", "y", "sim", "s", "1"};
    static const char *const no[] = {"no", "n", "não", "nao", "0"};
    for (size_t i = 0; i < sizeof yes / sizeof *yes; i++)
        if (strcasecmp(word, yes[i]) == 0 || strcasecmp(word, no[i]) == 0) {
            *value = strcasecmp(word, yes[i]) == 0;
            return true;
        }
    return false;
}

bool prediction_read(const struct lesson_prediction *asked, const char *word, double *value)
{
    char trimmed[64];
    double number;
    if (!trim(word, trimmed, sizeof trimmed))
        return false;
    if (asked->yes_no)
        return read_yes_no(trimmed, value);
    char *comma = strchr(trimmed, ',');
    if (comma != NULL && strchr(trimmed, '.') == NULL)
        *comma = '.';
    size_t length = strlen(trimmed);
    if (strcmp(asked->unit, "%") == 0 && length > 1 && trimmed[length - 1] == '%') {
        trimmed[--length] = '\0';
        while (length > 0 && trimmed[length - 1] == ' ')
            trimmed[--length] = '\0';
    }
    if (!text_to_double(trimmed, &number) || number < asked->low || number > asked->high)
        return false;
    *value = number;
    return true;
}

char *prediction_describe(const struct lesson_prediction *asked, char *buffer, size_t size)
{
    char low[40], high[40];
    if (asked->yes_no)
        snprintf(buffer, size, "%s", _("yes or no"));
    else
        snprintf(buffer, size, _("a number from %s to %s%s%s"),
            picture_text_number(asked->low, low, sizeof low),
            picture_text_number(asked->high, high, sizeof high), asked->unit[0] != '\0' ? " " : "",
            _(asked->unit));
    return buffer;
}

static void add_questions(struct text *text, const struct lesson *lesson)
{
    char form[120];
    for (int i = 0; i < lesson->predictions; i++)
        text_add(text, "%s%d. %s (%s)", i > 0 ? " " : "", i + 1, _(lesson->prediction[i].prompt),
            prediction_describe(&lesson->prediction[i], form, sizeof form));
}

enum status prediction_of_words(
    const struct lesson *lesson, char *const *words, struct prediction *prediction, struct error *error)
{
    int count = 0;
    struct prediction read = {.made = true};
    while (words[count] != NULL)
        count++;
    if (count != lesson->predictions) {
        struct text questions = {0};
        add_questions(&questions, lesson);
        error_set(error, STATUS_USAGE, _("--predict: %d values, but lesson %s asks for %d%s%s"), count,
            lesson->name, lesson->predictions, lesson->predictions > 0 ? ": " : "",
            questions.data != NULL ? questions.data : "");
        text_free(&questions);
        return STATUS_USAGE;
    }
    for (int i = 0; i < count; i++) {
        char form[120];
        if (!prediction_read(&lesson->prediction[i], words[i], &read.value[i]))
            return error_set(error, STATUS_USAGE, _("--predict %.60s: not %s, which is asked for: %s"),
                words[i], prediction_describe(&lesson->prediction[i], form, sizeof form),
                _(lesson->prediction[i].prompt));
    }
    *prediction = read;
    return STATUS_OK;
}

char *prediction_speak_value(double value, const char *unit, char *buffer, size_t size)
{
    char number[48];
    if (!isfinite(value) || strcmp(unit, "s") == 0)
        return isfinite(value) && value < 0 ? speak_number(value, 3, buffer, size)
                                            : speak_seconds(value, buffer, size);
    bool plain = unit[0] == '\0' || strcmp(unit, "1") == 0;
    double figure = fabs(value);
    bool whole = figure == floor(figure) && (figure >= 10 || figure == 0 || plain);
    int decimals = whole || figure >= 99.95 ? 0 : figure >= 9.995 ? 1 : 2;
    speak_number(value, decimals, number, sizeof number);
    snprintf(buffer, size, "%s%s%s", number, plain ? "" : " ", plain ? "" : _(unit));
    return buffer;
}

char *prediction_speak(const struct lesson_prediction *asked, double value, char *buffer, size_t size)
{
    if (!asked->yes_no || !isfinite(value))
        return prediction_speak_value(value, asked->unit, buffer, size);
    snprintf(buffer, size, "%s", value >= 0.5 ? _("yes") : _("no"));
    return buffer;
}

double prediction_measured(const struct lesson_outcome *outcome, int index)
{
    int statistic = outcome->lesson->prediction[index].statistic;
    if (statistic >= 0)
        return outcome->statistic[statistic].median;
    return outcome->lesson->measured != NULL ? outcome->lesson->measured(outcome, index) : NAN;
}
