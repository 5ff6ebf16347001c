/* Opens, recognises and describes the file of --data, and writes the copy of a CSV that workers read. Leaves
 * the reading of each format to npy.c and csv.c. */
#include "harness/data/table.h"

#include "harness/base/text.h"
#include "harness/data/csv.h"
#include "harness/data/npy_header.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>
#include <unistd.h>

static struct data_stamp stamp_of(const struct stat *facts)
{
    return (struct data_stamp){.bytes = (int64_t)facts->st_size,
        .mtime_ns = (int64_t)facts->st_mtim.tv_sec * 1000000000 + facts->st_mtim.tv_nsec};
}

/* A pipe cannot be read by every worker again. */
static enum status open_file(const char *path, FILE **file, struct data_stamp *stamp, struct error *error)
{
    struct stat facts;
    if (stat(path, &facts) != 0)
        return error_set(error, STATUS_USAGE, "--data %.200s: cannot be opened: %s", path, strerror(errno));
    if (!S_ISREG(facts.st_mode))
        return error_set(error, STATUS_USAGE, "--data %.200s: not a file; name a .npy or .csv file", path);
    if (facts.st_size == 0)
        return error_set(error, STATUS_USAGE, "--data %.200s: is empty; name a file with rows", path);
    FILE *opened = fopen(path, "rbe");
    if (opened == NULL || fstat(fileno(opened), &facts) != 0) {
        error_set(error, STATUS_USAGE, "--data %.200s: cannot be opened: %s", path, strerror(errno));
        if (opened != NULL)
            fclose(opened);
        return STATUS_USAGE;
    }
    *file = opened;
    *stamp = stamp_of(&facts);
    return STATUS_OK;
}

/* At most NPY_MAGIC_BYTES. */
static bool begins_as(FILE *file, const char *magic, size_t bytes)
{
    char begin[NPY_MAGIC_BYTES];
    bool is_so = fread(begin, 1, bytes, file) == bytes && memcmp(begin, magic, bytes) == 0;
    rewind(file);
    return is_so;
}

static bool has_suffix(const char *path, const char *suffix)
{
    size_t length = strlen(path), wanted = strlen(suffix);
    return length >= wanted && strcmp(path + length - wanted, suffix) == 0;
}

enum status data_table_open(const char *path, struct data_table *table, struct error *error)
{
    struct data_table found = {0};
    FILE *file;
    enum status status = open_file(path, &file, &found.stamp, error);
    if (status != STATUS_OK)
        return status;
    if (begins_as(file, "PK\3\4", 4)) {
        fclose(file);
        return error_set(error, STATUS_USAGE,
            "--data %.200s: an archive (.npz, a spreadsheet?); save one array with numpy.save(), or as CSV",
            path);
    }
    found.is_csv = !begins_as(file, NPY_MAGIC, NPY_MAGIC_BYTES) && !has_suffix(path, ".npy");
    if (found.is_csv) {
        struct csv_shape shape;
        status = csv_read(file, path, NULL, NULL, &shape, &found.scan, error);
        if (status == STATUS_OK) {
            found.layout = (struct npy_layout){.rows = shape.rows, .columns = shape.columns, .bits = 64};
            found.header_numbers = shape.header_numbers;
        }
    } else {
        status = npy_read_layout(file, path, found.stamp.bytes, &found.layout, error);
        if (status == STATUS_OK)
            status = npy_scan(file, path, &found.layout, &found.scan, error);
    }
    fclose(file);
    if (status != STATUS_OK)
        return status;
    found.path = text_copy(path);
    if (!found.is_csv) {
        found.file = text_copy(path);
        found.file_stamp = found.stamp;
    }
    *table = found;
    return STATUS_OK;
}

static enum status write_row(void *context, const double *row, int64_t columns, struct error *error)
{
    if (fwrite(row, sizeof *row, (size_t)columns, context) != (size_t)columns)
        return error_set(error, STATUS_FAILED, "%s", strerror(errno));
    return STATUS_OK;
}

/* The second reading of a CSV, from `from` into `to`. */
static enum status copy_rows(
    const struct data_table *table, FILE *from, FILE *to, struct npy_layout *layout, struct error *error)
{
    char header[NPY_HEADER_ROOM];
    struct csv_shape shape;
    struct data_scan scan;
    size_t bytes = npy_header_make(header, "<f8", table->layout.rows, table->layout.columns);
    if (fwrite(header, 1, bytes, to) != bytes)
        return error_set(error, STATUS_FAILED, "%s", strerror(errno));
    enum status status = csv_read(from, table->path, write_row, to, &shape, &scan, error);
    if (status == STATUS_OK && fflush(to) != 0)
        status = error_set(error, STATUS_FAILED, "%s", strerror(errno));
    if (status == STATUS_USAGE || (status == STATUS_OK && scan.digest != table->scan.digest))
        return error_set(error, STATUS_FAILED, "%.200s was changed meanwhile; run again", table->path);
    *layout = table->layout;
    layout->offset_bytes = (int64_t)bytes;
    return status;
}

enum status data_table_convert(struct data_table *table, const char *folder, struct error *error)
{
    if (!table->is_csv)
        return STATUS_OK;
    struct text path = {0};
    struct error why = {{0}};
    struct data_stamp stamp;
    struct stat facts;
    struct npy_layout layout;
    FILE *from = NULL;
    text_add(&path, "%s/data.npy", folder);
    enum status status = open_file(table->path, &from, &stamp, error);
    if (status != STATUS_OK) {
        text_free(&path);
        return STATUS_FAILED;
    }
    FILE *to = fopen(path.data, "wbxe");
    status = to == NULL ? error_set(&why, STATUS_FAILED, "%s", strerror(errno))
                        : copy_rows(table, from, to, &layout, &why);
    if (status == STATUS_OK && fstat(fileno(to), &facts) != 0)
        status = error_set(&why, STATUS_FAILED, "%s", strerror(errno));
    fclose(from);
    if (to != NULL)
        fclose(to);
    if (status != STATUS_OK) {
        error_set(error, status, "%.300s: cannot write this copy of the table: %s", path.data, why.text);
        if (to != NULL)
            unlink(path.data);
        text_free(&path);
        return status;
    }
    table->layout = layout;
    table->file = path.data;
    table->file_stamp = stamp_of(&facts);
    return STATUS_OK;
}

void data_table_free(struct data_table *table)
{
    free(table->path);
    free(table->file);
    *table = (struct data_table){0};
}
