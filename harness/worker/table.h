/* The file with a person's own table, mapped for a kernel to read. Believes nothing about it: the words that
 * describe it are compared with the file. */
#ifndef ACELERA_WORKER_TABLE_H
#define ACELERA_WORKER_TABLE_H

#include "kernels/kernel.h"

#include <stdbool.h>
#include <stdint.h>

/* What the words of a request say of the file. */
struct table_words {
    const char *path;
    int64_t offset_bytes; /* of the first number */
    int64_t rows, columns;
    int bits;
    bool column_major;
    int64_t file_bytes, mtime_ns; /* as they were when the run was planned; −1: not compared */
};

struct table {
    struct kernel_table kernel; /* for config.table */
    void *map;
    size_t map_bytes;
};

/* Maps it read-only, and from here on a file that becomes shorter ends this process with a line instead of a
 * bare SIGBUS. One table in a process. False after one line on stderr. */
bool table_map(const struct table_words *words, struct table *table);

/* After the kernel's destroy(). Nothing happens to a table that was never mapped. */
void table_unmap(struct table *table);

#endif
