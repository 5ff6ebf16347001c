/* Which kernels and types suit the table of --data, and which extents it gives. Reads no file. */
#include "harness/measure/plan_table.h"
#include "harness/base/text.h"
#include "harness/data/table.h"

#include <string.h>

/* From here on a double rounds to infinity as a float. */
static const double float_overflow = 0x1.ffffffp127;

static bool takes_table(const struct worker_kernel *kernel)
{
    return kernel->table_rows[0] != '\0';
}

static enum status refuse_kernel(
    const struct worker *worker, const struct worker_kernel *kernel, struct error *error)
{
    struct text takers = {0};
    text_add(&takers, "%s", "");
    for (int k = 0; k < worker->kernel_count; k++)
        if (takes_table(&worker->kernel[k]))
            text_add(&takers, "%s%s", takers.length > 0 ? ", " : "", worker->kernel[k].name);
    enum status status = error_set(error, STATUS_USAGE,
        "--data: %s makes its own data and takes no table; these kernels take one: %s", kernel->name,
        takers.length > 0 ? takers.data : "none");
    text_free(&takers);
    return status;
}

enum status plan_check_table(const struct plan_request *request, const struct worker *worker,
    const struct plan_kernel *kernels, int count, struct error *error)
{
    const struct data_table *table = request->data;
    for (int k = 0; k < count; k++) {
        const struct worker_kernel *kernel = kernels[k].kernel;
        if (!takes_table(kernel))
            return refuse_kernel(worker, kernel, error);
        if (kernel->table_finite && table->scan.not_finite[0] != '\0')
            return error_set(error, STATUS_USAGE,
                "--data %.200s: %s wants finite numbers only, and there is %s; clean the table, or leave %s "
                "out of --kernel",
                table->path, kernel->name, table->scan.not_finite, kernel->name);
        if (table->scan.largest > kernel->table_largest)
            return error_set(error, STATUS_USAGE,
                "--data %.200s: %s takes numbers up to %.3g, and there is %g; scale the table, or leave %s "
                "out of --kernel",
                table->path, kernel->name, kernel->table_largest, table->scan.largest, kernel->name);
    }
    for (size_t t = 0; request->types[t] != NULL; t++)
        if (strcmp(request->types[t], "f32") == 0 && table->scan.largest >= float_overflow)
            return error_set(error, STATUS_USAGE,
                "--type f32: %.200s holds %g, which f32 cannot; use --type f64", table->path,
                table->scan.largest);
    return STATUS_OK;
}

bool plan_table_gives(const struct worker_kernel *kernel, const char *key)
{
    return strcmp(key, kernel->table_rows) == 0 || strcmp(key, kernel->table_columns) == 0;
}

void plan_take_table(const struct data_table *table, struct plan_kernel *entry)
{
    const struct worker_kernel *kernel = entry->kernel;
    for (int d = 0; d < kernel->dimension_count; d++) {
        if (strcmp(kernel->dimension[d].key, kernel->table_rows) == 0)
            entry->shape[d] = table->layout.rows;
        if (strcmp(kernel->dimension[d].key, kernel->table_columns) == 0)
            entry->shape[d] = table->layout.columns;
    }
    entry->size = "data";
}
