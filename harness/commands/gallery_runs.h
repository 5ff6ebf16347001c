/* From the words after `gallery` to run directories. Reads none of them. */
#ifndef ACELERA_GALLERY_RUNS_H
#define ACELERA_GALLERY_RUNS_H

#include "harness/base/status.h"

/* Each word is a run directory or a folder in which run directories lie, up to three levels deep; in order
 * of names. `paths` is NULL-terminated, to be freed with text_split_free(). STATUS_USAGE with the next step
 * where a word cannot be read as a folder, or none holds a run. */
enum status gallery_runs_find(
    const char *const *words, int count, char ***paths, int *path_count, struct error *error);

#endif
