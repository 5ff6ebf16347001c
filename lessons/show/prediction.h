/* What the learner predicted: numbers, read as people type them. Asks nobody. */
#ifndef ACELERA_LESSON_PREDICTION_H
#define ACELERA_LESSON_PREDICTION_H

#include "lessons/lesson.h"

#include "harness/base/status.h"

struct prediction {
    bool made;
    double value[LESSON_PREDICTIONS_MAX]; /* of lesson.predictions; NaN: none for this one */
};

/* A word for one question: a number with a point or a comma, yes or no in any of the languages. False if it
 * is none, or out of range. */
bool prediction_read(const struct lesson_prediction *asked, const char *word, double *value);

/* "a number from 0 to 4" or "yes or no", in the learner's language; into `buffer`, returned. */
char *prediction_describe(const struct lesson_prediction *asked, char *buffer, size_t size);

/* From --predict: one word for each question. STATUS_USAGE with what was asked for. */
enum status prediction_of_words(
    const struct lesson *lesson, char *const *words, struct prediction *prediction, struct error *error);

/* A predicted or measured answer for people: "1.93", "93 %", "12.3 ms", "yes". */
char *prediction_speak(const struct lesson_prediction *asked, double value, char *buffer, size_t size);

/* What was measured for question `index`; NaN unknown. */
double prediction_measured(const struct lesson_outcome *outcome, int index);

/* A number with its unit, as rules and evidence have them: "1" pure, "%", "s", others. */
char *prediction_speak_value(double value, const char *unit, char *buffer, size_t size);

#endif
