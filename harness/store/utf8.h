/* Reading strings that may not be UTF-8: names from firmware, paths, messages of other programs. */
#ifndef ACELERA_UTF8_H
#define ACELERA_UTF8_H

#include <stdbool.h>
#include <stdint.h>

enum { UTF8_INVALID = 0xfffd }; /* the replacement character stands for every byte that is not UTF-8 */

/* The next code point of a NUL-terminated string, advancing the cursor; 0 at the end, without advancing.
 * Overlong forms, surrogates and stray bytes are UTF8_INVALID, one byte each. */
uint32_t utf8_next(const char **cursor);

/* Whether a code point can act instead of being seen: control characters, line and paragraph separators,
 * and the marks that change the direction of writing. */
bool utf8_acts(uint32_t code_point);

#endif
