/* From the words after `compare` to run directories on two sides. Reads none of them. */
#ifndef ACELERA_COMPARE_RUNS_H
#define ACELERA_COMPARE_RUNS_H

#include "harness/base/status.h"

#include <stdbool.h>

struct compare_runs {
    char **path[2]; /* of A and of B, NULL-terminated */
    int count[2];   /* B has none where the words name one run only */
};

/* A folder that holds run directories counts as those, by name. Two sides: what stands before and behind the
 * word `vs`; without it an even number is cut in halves. STATUS_USAGE for an odd number without it, a side
 * without a run, the same run twice. Free with compare_runs_free(). */
enum status compare_runs_find(
    const char *const *words, int count, struct compare_runs *runs, struct error *error);
void compare_runs_free(struct compare_runs *runs);

#endif
