/* The workers, as every command that needs them finds them. */
#ifndef ACELERA_WORKERS_H
#define ACELERA_WORKERS_H

#include "harness/measure/worker_list.h"

/* worker_list_find(), and a line on stderr for each file that is named like a worker and is none: a broken
 * build must not quietly become a slower one. */
enum status workers_find(struct worker_list *workers, struct error *error);

#endif
