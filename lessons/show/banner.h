/* Words in large letters, to be read from the last row of a room. */
#ifndef ACELERA_LESSON_BANNER_H
#define ACELERA_LESSON_BANNER_H

#include "lessons/show/page.h"

/* Each word that does not fit beside the one before begins a new line of letters. What is no letter of ours
 * is left out. */
void banner_add(struct page *page, const char *words);

#endif
