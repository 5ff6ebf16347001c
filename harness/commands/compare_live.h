/* `compare --live A B`: measures both sides inside one run, and compares them. */
#ifndef ACELERA_COMPARE_LIVE_H
#define ACELERA_COMPARE_LIVE_H

#include "harness/commands/compare_outcome.h"

/* The arguments hold the options of a run, and the words of the two sides. The run directory is an ordinary
 * one. */
enum status compare_live(
    const struct arguments *arguments, const struct compare_wish *wish, struct error *error);

#endif
