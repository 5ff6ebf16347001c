/* The timeline of a lesson for trace viewers: the same observations that its lanes show, span by span. */
#ifndef ACELERA_LESSON_TIMELINE_H
#define ACELERA_LESSON_TIMELINE_H

#include "lessons/engine/picture.h"
#include "lessons/lesson.h"

/* Spans of a whole file; an observation that does not fit in what is left is left out whole. */
enum { TIMELINE_SPANS_MAX = 50000 };

/* The JSON object form of the Trace Event Format. Without lanes in the pictures, the first valid observation
 * of each condition. */
void timeline_add(struct text *file, const struct lesson_outcome *outcome, const struct pictures *pictures);

#endif
