/* Which CPUs a lesson takes first: those that nothing else is busy on at the moment. */
#ifndef ACELERA_LESSON_ORDER_H
#define ACELERA_LESSON_ORDER_H

#include "harness/base/status.h"
#include "lessons/lesson.h"

/* Lets a spinner on each usable PU compute for some milliseconds and writes the PUs into `order` (room->cpus
 * entries): as in topology.spread, but those that got less than most of their time come last. With one PU, or
 * if nothing could be found out, the same order. Statuses as trial_run(). */
enum status order_pus(const struct classroom *room, const char *worker, int *order, struct error *error);

#endif
