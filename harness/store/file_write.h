/* Putting whole files and folders on disk. */
#ifndef ACELERA_FILE_WRITE_H
#define ACELERA_FILE_WRITE_H

#include "harness/base/status.h"

#include <stddef.h>

/* Writes through a temporary name in the same folder, fsync and rename: the file is there whole or not at
 * all, and an older one is replaced in one step. */
enum status file_write_whole(const char *path, const char *data, size_t length, struct error *error);

/* Makes a folder and everything above it; one that exists is fine. */
enum status folder_make_all(const char *path, struct error *error);

#endif
