/* A worker's --describe, read into tables. Every field is required: a worker of another version is refused.
 */
#include "harness/base/text.h"
#include "harness/measure/protocol.h"

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Reads fields of one object; `good` turns false at the first one that is not there. */
struct reader {
    bool good;
};

static char *take_string(struct reader *reader, const json_t *object, const char *key, bool may_be_null)
{
    const json_t *value = json_object_get(object, key);
    if (json_is_string(value))
        return text_copy(json_string_value(value));
    if (!may_be_null || !json_is_null(value))
        reader->good = false;
    return text_copy("");
}

static bool take_bool(struct reader *reader, const json_t *object, const char *key)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_boolean(value))
        reader->good = false;
    return json_is_true(value);
}

static const json_t *take_array(struct reader *reader, const json_t *object, const char *key, int *count)
{
    const json_t *value = json_object_get(object, key);
    if (!json_is_array(value))
        reader->good = false;
    *count = (int)json_array_size(value);
    return value;
}

static void take_dimensions(struct reader *reader, const json_t *object, struct worker_kernel *kernel)
{
    const json_t *array = take_array(reader, object, "dimensions", &kernel->dimension_count);
    kernel->dimension = memory_new((size_t)kernel->dimension_count + 1, sizeof *kernel->dimension);
    for (int d = 0; d < kernel->dimension_count; d++) {
        const json_t *entry = json_array_get(array, (size_t)d);
        struct worker_dimension *dimension = &kernel->dimension[d];
        int sizes;
        dimension->key = take_string(reader, entry, "key", false);
        dimension->meaning = take_string(reader, entry, "meaning", false);
        dimension->same_as = take_string(reader, entry, "same_as", true);
        dimension->weak = take_bool(reader, entry, "weak");
        dimension->grows = take_bool(reader, entry, "grows");
        const json_t *by_size = take_array(reader, entry, "by_size", &sizes);
        if (sizes != SIZE_CLASSES)
            reader->good = false;
        for (int s = 0; s < SIZE_CLASSES; s++)
            dimension->by_size[s] = json_integer_value(json_array_get(by_size, (size_t)s));
    }
}

static void take_options(struct reader *reader, const json_t *object, struct worker_kernel *kernel)
{
    const json_t *array = take_array(reader, object, "options", &kernel->option_count);
    kernel->option = memory_new((size_t)kernel->option_count + 1, sizeof *kernel->option);
    for (int o = 0; o < kernel->option_count; o++) {
        const json_t *entry = json_array_get(array, (size_t)o);
        struct worker_option *option = &kernel->option[o];
        option->key = take_string(reader, entry, "key", false);
        option->meaning = take_string(reader, entry, "meaning", false);
        const json_t *choices = take_array(reader, entry, "choices", &option->choice_count);
        option->choices = memory_new((size_t)option->choice_count + 1, sizeof *option->choices);
        for (int c = 0; c < option->choice_count; c++) {
            const char *choice = json_string_value(json_array_get(choices, (size_t)c));
            reader->good = reader->good && choice != NULL;
            option->choices[c] = text_copy(choice != NULL ? choice : "");
        }
    }
}

static void take_variants(struct reader *reader, const json_t *object, struct worker_kernel *kernel)
{
    const json_t *array = take_array(reader, object, "variants", &kernel->variant_count);
    kernel->variant = memory_new((size_t)kernel->variant_count + 1, sizeof *kernel->variant);
    for (int v = 0; v < kernel->variant_count; v++) {
        const json_t *entry = json_array_get(array, (size_t)v);
        kernel->variant[v].name = take_string(reader, entry, "name", false);
        kernel->variant[v].what = take_string(reader, entry, "what", false);
        kernel->variant[v].why = take_string(reader, entry, "why", false);
        kernel->variant[v].is_default = take_bool(reader, entry, "default");
        kernel->variant[v].own_threads = take_bool(reader, entry, "own_threads");
    }
}

static enum cell_rate take_rate(struct reader *reader, const json_t *object)
{
    char *name = take_string(reader, object, "rate", false);
    int rate = 0;
    while (rate < CELL_RATES && strcmp(name, cell_rate_names[rate]) != 0)
        rate++;
    free(name);
    if (rate < CELL_RATES)
        return (enum cell_rate)rate;
    reader->good = false;
    return RATE_NONE;
}

/* What --data gives; null where a kernel takes no table. */
static void take_table(struct reader *reader, const json_t *object, struct worker_kernel *kernel)
{
    const json_t *table = json_object_get(object, "table");
    if (json_is_object(table)) {
        kernel->table_rows = take_string(reader, table, "rows", false);
        kernel->table_columns = take_string(reader, table, "columns", false);
        kernel->table_finite = take_bool(reader, table, "finite");
        return;
    }
    reader->good = reader->good && json_is_null(table);
    kernel->table_rows = text_copy("");
    kernel->table_columns = text_copy("");
}

/* The largest number that this type's table may hold; infinity where it is not limited. */
static double take_largest(struct reader *reader, const json_t *object)
{
    const json_t *table = json_object_get(object, "table"), *largest = json_object_get(table, "largest");
    if (json_is_number(largest))
        return json_number_value(largest);
    reader->good = reader->good && (json_is_null(table) || json_is_null(largest));
    return INFINITY;
}

/* A kernel is described once for each type; the types of one name are collected in one entry. */
static void take_kernel(struct reader *reader, const json_t *object, struct worker *worker)
{
    char *name = take_string(reader, object, "name", false);
    char *type = take_string(reader, object, "type", false);
    struct worker_kernel *kernel = NULL;
    for (int k = 0; k < worker->kernel_count; k++)
        if (strcmp(worker->kernel[k].name, name) == 0)
            kernel = &worker->kernel[k];
    if (kernel == NULL) {
        kernel = &worker->kernel[worker->kernel_count++];
        kernel->name = text_copy(name);
        kernel->summary = take_string(reader, object, "summary", false);
        char *role = take_string(reader, object, "role", false);
        kernel->is_ceiling = strcmp(role, "ceiling") == 0;
        free(role);
        kernel->rate = take_rate(reader, object);
        take_table(reader, object, kernel);
        take_dimensions(reader, object, kernel);
        take_options(reader, object, kernel);
        take_variants(reader, object, kernel);
    }
    kernel->table_largest = fmax(kernel->table_largest, take_largest(reader, object));
    kernel->types = memory_grow(kernel->types, (size_t)kernel->type_count + 1, sizeof *kernel->types);
    kernel->types[kernel->type_count++] = type;
    free(name);
}

enum status protocol_parse_description(const char *text, struct worker *worker, struct error *error)
{
    struct reader reader = {.good = true};
    json_t *object = json_loads(text, 0, NULL);
    char *schema = take_string(&reader, object, "schema", false);
    if (strcmp(schema, "acelera/worker/1") != 0)
        reader.good = false;
    free(schema);
    worker->level = take_string(&reader, object, "level", false);
    worker->runtime = take_string(&reader, object, "runtime", false);
    worker->compiler = take_string(&reader, object, "compiler", false);
    worker->flags = take_string(&reader, object, "flags", false);
    worker->missing = take_string(&reader, object, "missing", false);
    worker->runnable = take_bool(&reader, object, "runnable");
    const json_t *openmp = json_object_get(object, "openmp");
    struct text version = {0};
    if (json_is_integer(openmp))
        text_add(&version, "%lld", (long long)json_integer_value(openmp));
    else
        text_add(&version, "%s", "");
    worker->openmp = version.data;
    int count;
    const json_t *kernels = take_array(&reader, object, "kernels", &count);
    worker->kernel = memory_new((size_t)count + 1, sizeof *worker->kernel);
    for (int k = 0; k < count; k++)
        take_kernel(&reader, json_array_get(kernels, (size_t)k), worker);
    json_decref(object);
    if (!reader.good)
        return error_set(error, STATUS_FAILED, "it does not describe itself as this version expects");
    return STATUS_OK;
}
