/* `teach --collect DIR`: a class side by side. */
#ifndef ACELERA_TEACH_COLLECT_H
#define ACELERA_TEACH_COLLECT_H

#include "harness/commands/options.h"

/* STATUS_FAILED if a file was left out, after showing the others. */
enum status teach_collect(const struct arguments *arguments, struct error *error);

#endif
