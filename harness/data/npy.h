/* NumPy's own file format, read strictly: a table of little-endian float32 or float64, nothing else. */
#ifndef ACELERA_NPY_H
#define ACELERA_NPY_H

#include "harness/base/status.h"
#include "harness/data/scan.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct npy_layout {
    int64_t rows, columns; /* each ≥ 1; a one-dimensional array is one column */
    int64_t offset_bytes;  /* of the first number; a multiple of its size */
    int bits;              /* 32: '<f4', 64: '<f8' */
    bool column_major;
};

/* Reads the header of an open file of `file_bytes` bytes, which must be exactly what the header announces.
 * `path` is for messages. STATUS_USAGE for everything that is not such a table, with what was found instead.
 * Source: numpy.lib.format, versions 1.0, 2.0 and 3.0. */
enum status npy_read_layout(
    FILE *file, const char *path, int64_t file_bytes, struct npy_layout *layout, struct error *error);

/* Reads the whole file once, from its beginning. STATUS_FAILED if it ends early. */
enum status npy_scan(FILE *file, const char *path, const struct npy_layout *layout, struct data_scan *scan,
    struct error *error);

#endif
