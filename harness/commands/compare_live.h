/* `compare --live A B`: measures both sides inside one run, and compares them. */
#ifndef ACELERA_COMPARE_LIVE_H
#define ACELERA_COMPARE_LIVE_H

#include "harness/commands/compare_outcome.h"
#include "harness/commands/measuring.h"

/* The arguments hold the options of a run, and the words of the two sides. The run directory is an ordinary
 * one. */
enum status compare_live(
    const struct arguments *arguments, const struct compare_wish *wish, struct error *error);

/* What is printed of a live run; the context is a struct compare_wish. The run's own files and status come
 * first: an interruption or a wrong result outranks what the rows say. */
measuring_report compare_live_report;

#endif
