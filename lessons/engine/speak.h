/* The learner's language. Messages are marked with N_() where they stand as data and translated with _()
 * where they are shown; printf formats are the same in every language (checked when catalogues are built).
 * Code, option names, verdicts in JSON and names of lessons are never translated. */
#ifndef ACELERA_LESSON_SPEAK_H
#define ACELERA_LESSON_SPEAK_H

#include "harness/base/text.h"

#include <stddef.h>

#define N_(message) message
#define _(message)  speak(message)

/* The message in the learner's language; itself where there is no translation. "" stays "". */
const char *speak(const char *message) __attribute__((format_arg(1)));

/* "1.93" or, in Portuguese, "1,93". Writes into `buffer` and returns it; "unknown" (translated) for NaN. */
char *speak_number(double value, int decimals, char *buffer, size_t size);
/* "12.3 ms", "41 µs", with the language's decimal mark. */
char *speak_seconds(double seconds, char *buffer, size_t size);

#endif
