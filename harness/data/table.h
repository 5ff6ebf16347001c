/* A person's own table: found, judged and described before anything is planned. Knows nothing of kernels. */
#ifndef ACELERA_DATA_TABLE_H
#define ACELERA_DATA_TABLE_H

#include "harness/base/status.h"
#include "harness/data/npy.h"
#include "harness/data/scan.h"

#include <stdbool.h>
#include <stdint.h>

/* Which bytes a file had when it was looked at. */
struct data_stamp {
    int64_t bytes, mtime_ns;
};

struct data_table {
    char *path; /* as the person gave it */
    struct data_stamp stamp;
    bool is_csv;
    int64_t header_numbers; /* of a CSV: see csv.h */
    struct data_scan scan;
    struct npy_layout layout; /* what workers find in `file`; its rows and columns are the table's */
    char *file;               /* .npy; for a CSV NULL until data_table_convert() */
    struct data_stamp file_stamp;
};

/* Reads the file once, from end to end. What begins as .npy files do is one, everything else is CSV unless
 * its name says .npy. STATUS_USAGE for what is no table of numbers. Free with data_table_free(). */
enum status data_table_open(const char *path, struct data_table *table, struct error *error);

/* Writes what workers read of a CSV, FOLDER/data.npy (f64, row-major); nothing to do for other tables.
 * STATUS_FAILED if it cannot be written, or if the CSV is not the one that was opened. */
enum status data_table_convert(struct data_table *table, const char *folder, struct error *error);

void data_table_free(struct data_table *table);

#endif
