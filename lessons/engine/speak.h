/* The learner's language. Messages are marked with N_() where they stand as data and translated with _()
 * where they are shown; printf formats are the same in every language (checked when catalogues are built).
 * Code, option names, verdicts in JSON and names of lessons are never translated: what stands between
 * backquotes in a message (`omp critical`, `acelera teach race`) stands in every translation as it is. */
#ifndef ACELERA_LESSON_SPEAK_H
#define ACELERA_LESSON_SPEAK_H

#include "harness/base/text.h"

#include <stdbool.h>
#include <stddef.h>

#define N_(message) message
#define _(message)  speak(message)

/* The languages, as --lang has them: "en" "pt_BR"; NULL-terminated. */
extern const char *const speak_languages[];

/* The one that the environment asks for, as gettext reads it (LC_ALL, LC_MESSAGES, LANG; and LANGUAGE before
 * them, unless they say C): one of the above. */
const char *speak_language_wanted(void);

/* From here on messages come in this language. `folder` holds LANGUAGE/LC_MESSAGES/acelera.mo; NULL: beside
 * the program, or where it is installed. False, and English, if there is no catalogue for it. Works without
 * any locale installed; numbers of printf() stay as they are. */
bool speak_choose(const char *language, const char *folder);
const char *speak_language(void); /* that is spoken: "en" until one is chosen */

/* The message in the learner's language; itself where there is no translation. "" stays "". */
const char *speak(const char *message) __attribute__((format_arg(1)));

/* "1.93" or, in Portuguese, "1,93". Writes into `buffer` and returns it; "unknown" (translated) for NaN. */
char *speak_number(double value, int decimals, char *buffer, size_t size);
/* "12.3 ms", "41 µs", with the language's decimal mark. */
char *speak_seconds(double seconds, char *buffer, size_t size);

#endif
