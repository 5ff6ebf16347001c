/* Our own texts on a terminal that knows ASCII only: letters without their accents, signs as near as ASCII
 * comes, so that both languages still read well. Texts of others go through report/printable.h. */
#ifndef ACELERA_LESSON_PLAIN_H
#define ACELERA_LESSON_PLAIN_H

#include "harness/base/text.h"

#include <stdbool.h>

/* Adds `string`; what acts on a terminal becomes '?', newlines included. Without `unicode` everything is
 * ASCII. */
void plain_add(struct text *text, const char *string, bool unicode);

#endif
