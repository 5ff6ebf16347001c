/* From words to problems: which kernels and variants, of what shape, with which options. */
#include "harness/base/text.h"
#include "harness/measure/plan_table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum status plan_refuse_name(
    struct error *error, const char *option, const char *value, const char *const *names, size_t count)
{
    struct text choices = {0};
    text_add_choices(&choices, value, names, count);
    enum status status =
        error_set(error, STATUS_USAGE, "%s %.100s: unknown, %s", option, value, choices.data);
    text_free(&choices);
    return status;
}

enum status plan_refuse_repeats(struct error *error, const char *option, char *const *words)
{
    for (size_t i = 0; words[i] != NULL; i++)
        for (size_t j = 0; j < i; j++)
            if (strcmp(words[i], words[j]) == 0)
                return error_set(error, STATUS_USAGE, "%s: %s is given twice", option, words[i]);
    return STATUS_OK;
}

/* ---- kernels and variants ---- */

static enum status find_kernel(const struct worker *worker, const char *option, const char *name,
    const struct worker_kernel **kernel, struct error *error)
{
    *kernel = worker_kernel_named(worker, name);
    if (*kernel != NULL)
        return STATUS_OK;
    const char **names = memory_new((size_t)worker->kernel_count + 1, sizeof *names);
    for (int k = 0; k < worker->kernel_count; k++)
        names[k] = worker->kernel[k].name;
    enum status status = plan_refuse_name(error, option, name, names, (size_t)worker->kernel_count);
    free(names);
    return status;
}

static enum status find_variant(const struct worker_kernel *kernel, const char *name,
    const struct worker_variant **variant, struct error *error)
{
    const char **names = memory_new((size_t)kernel->variant_count + 1, sizeof *names);
    enum status status = STATUS_OK;
    *variant = NULL;
    for (int v = 0; v < kernel->variant_count; v++) {
        names[v] = kernel->variant[v].name;
        if (name == NULL ? kernel->variant[v].is_default : strcmp(names[v], name) == 0)
            *variant = &kernel->variant[v];
    }
    if (*variant == NULL) {
        char option[128];
        snprintf(option, sizeof option, "--kernel %s: variant", kernel->name);
        status =
            plan_refuse_name(error, option, name != NULL ? name : "", names, (size_t)kernel->variant_count);
    }
    free(names);
    return status;
}

/* The entry of a kernel, made at its first mention. */
static struct plan_kernel *kernel_entry(
    struct plan_kernel **kernels, int *count, const struct worker_kernel *kernel)
{
    for (int k = 0; k < *count; k++)
        if ((*kernels)[k].kernel == kernel)
            return &(*kernels)[k];
    *kernels = memory_grow(*kernels, (size_t)*count + 1, sizeof **kernels);
    struct plan_kernel *entry = &(*kernels)[(*count)++];
    *entry = (struct plan_kernel){.kernel = kernel};
    entry->variant = memory_new((size_t)kernel->variant_count + 1, sizeof *entry->variant);
    entry->shape = memory_new((size_t)kernel->dimension_count + 1, sizeof *entry->shape);
    return entry;
}

/* One word of --kernel: NAME or NAME:VARIANT. */
static enum status take_kernel_word(const char *word, bool all_variants, const struct worker *worker,
    struct plan_kernel **kernels, int *count, struct error *error)
{
    char *name = text_copy(word);
    char *colon = strchr(name, ':');
    if (colon != NULL)
        *colon = '\0';
    const struct worker_kernel *kernel;
    const struct worker_variant *variant;
    enum status status = find_kernel(worker, "--kernel", name, &kernel, error);
    if (status == STATUS_OK)
        status = find_variant(kernel, colon != NULL ? colon + 1 : NULL, &variant, error);
    if (status == STATUS_OK && all_variants && colon != NULL)
        status = error_set(
            error, STATUS_USAGE, "--kernel %s: with --variants all, name the kernel alone (%s)", word, name);
    if (status == STATUS_OK) {
        struct plan_kernel *entry = kernel_entry(kernels, count, kernel);
        for (int v = 0; v < entry->variant_count && status == STATUS_OK; v++)
            if (entry->variant[v] == variant)
                status =
                    error_set(error, STATUS_USAGE, "--kernel: %s:%s is given twice", name, variant->name);
        if (status == STATUS_OK && all_variants)
            for (entry->variant_count = 0; entry->variant_count < kernel->variant_count;
                 entry->variant_count++)
                entry->variant[entry->variant_count] = &kernel->variant[entry->variant_count];
        else if (status == STATUS_OK)
            entry->variant[entry->variant_count++] = variant;
    }
    free(name);
    return status;
}

/* ---- shapes ---- */

static int size_class(const char *size)
{
    for (int s = 0; s < SIZE_CLASSES; s++)
        if (strcmp(size, size_class_names[s]) == 0)
            return s;
    return -1;
}

static enum status take_size(
    const struct plan_request *request, struct plan_kernel *entry, struct error *error)
{
    int class = size_class(request->size);
    if (class < 0 && strcmp(request->size, "auto") != 0) {
        const char *names[SIZE_CLASSES + 1];
        memcpy(names, size_class_names, sizeof size_class_names);
        names[SIZE_CLASSES] = "auto";
        return plan_refuse_name(error, "--size", request->size, names, SIZE_CLASSES + 1);
    }
    entry->size = class >= 0 ? size_class_names[class] : "auto";
    for (int d = 0; d < entry->kernel->dimension_count; d++)
        entry->shape[d] = entry->kernel->dimension[d].by_size[class >= 0 ? class : 0];
    return STATUS_OK;
}

/* "--shape: '300x300' is not KEY=N: write m=N,n=N,k=N". */
static enum status refuse_extent(const char *part, const struct worker_kernel *kernel, struct error *error)
{
    struct text keys = {0};
    for (int d = 0; d < kernel->dimension_count; d++)
        text_add(&keys, "%s%s=N", d > 0 ? "," : "", kernel->dimension[d].key);
    enum status status =
        error_set(error, STATUS_USAGE, "--shape: '%.100s' is not KEY=N: write %s", part, keys.data);
    text_free(&keys);
    return status;
}

/* One KEY=N of --shape. given[d] tells which extents were named; from_table: some are not the person's to
 * name. */
static enum status take_extent(
    const char *part, bool from_table, struct plan_kernel *entry, bool *given, struct error *error)
{
    const struct worker_kernel *kernel = entry->kernel;
    const char *equals = strchr(part, '=');
    if (equals == NULL)
        return refuse_extent(part, kernel, error);
    size_t length = (size_t)(equals - part);
    for (int d = 0; d < kernel->dimension_count; d++) {
        const char *key = kernel->dimension[d].key;
        if (strlen(key) != length || strncmp(key, part, length) != 0)
            continue;
        if (given[d])
            return error_set(error, STATUS_USAGE, "--shape: %s is given twice", key);
        if (from_table && plan_table_gives(kernel, key))
            return error_set(error, STATUS_USAGE, "--shape %.100s: the table of --data gives %s and %s", part,
                kernel->table_rows, kernel->table_columns);
        int64_t value;
        if (!text_to_int64(equals + 1, &value) || value < 1)
            return error_set(error, STATUS_USAGE,
                "--shape %.100s: '%.100s' is not a whole number from 1 to 2^63 - 1", part, equals + 1);
        given[d] = true;
        entry->shape[d] = value;
        return STATUS_OK;
    }
    const char **names = memory_new((size_t)kernel->dimension_count + 1, sizeof *names);
    for (int d = 0; d < kernel->dimension_count; d++)
        names[d] = kernel->dimension[d].key;
    char *key = text_copy(part);
    key[length] = '\0';
    char option[128];
    snprintf(option, sizeof option, "--shape: extent of %s", kernel->name);
    enum status status = plan_refuse_name(error, option, key, names, (size_t)kernel->dimension_count);
    free(key);
    free(names);
    return status;
}

/* An extent that is the same as another one follows it, where that one alone was given (matmul: n alone). */
static void follow_extents(struct plan_kernel *entry, const bool *given)
{
    int named = 0, lone = -1;
    for (int d = 0; d < entry->kernel->dimension_count; d++)
        if (given[d]) {
            named++;
            lone = d;
        }
    for (int d = 0; named == 1 && d < entry->kernel->dimension_count; d++)
        if (strcmp(entry->kernel->dimension[d].same_as, entry->kernel->dimension[lone].key) == 0)
            entry->shape[d] = entry->shape[lone];
}

static enum status take_shape(
    const struct plan_request *request, struct plan_kernel *entry, struct error *error)
{
    if (strcmp(entry->size, "auto") == 0)
        return error_set(error, STATUS_USAGE,
            "--shape %s: cannot stand beside --size auto; give one of the two", request->shape);
    bool *given = memory_new((size_t)entry->kernel->dimension_count + 1, sizeof *given);
    size_t count;
    char **parts = text_split(request->shape, ',', &count);
    enum status status = STATUS_OK;
    for (size_t i = 0; i < count && status == STATUS_OK; i++)
        status = take_extent(parts[i], request->data != NULL, entry, given, error);
    if (status == STATUS_OK && request->data == NULL) {
        follow_extents(entry, given);
        entry->size = "own";
    }
    text_split_free(parts);
    free(given);
    return status;
}

/* Is --shape about this kernel? Not where a table gives all its extents, and there are others beside it. */
static bool is_shaped(const struct plan_request *request, const struct plan_kernel *entry, int count)
{
    return request->data == NULL || count == 1 || entry->kernel->dimension_count > 2;
}

char *plan_shape_text(const struct plan_kernel *kernel, bool weak, int threads)
{
    struct text text = {0};
    for (int d = 0; d < kernel->kernel->dimension_count; d++) {
        int64_t extent = kernel->shape[d];
        if (weak && kernel->kernel->dimension[d].weak && __builtin_mul_overflow(extent, threads, &extent)) {
            text_free(&text);
            return NULL;
        }
        text_add(&text, "%s%s=%lld", d > 0 ? "," : "", kernel->kernel->dimension[d].key, (long long)extent);
    }
    return text.data;
}

/* ---- options ---- */

/* Is `setting` (KERNEL.KEY=VALUE) about this kernel's option? Its value, or NULL. */
static const char *setting_value(const char *setting, const char *kernel, const char *key)
{
    size_t k = strlen(kernel), o = strlen(key);
    if (strncmp(setting, kernel, k) == 0 && setting[k] == '.' && strncmp(setting + k + 1, key, o) == 0 &&
        setting[k + 1 + o] == '=')
        return setting + k + o + 2;
    return NULL;
}

/* "--set method=l2: not KERNEL.KEY=VALUE; did you mean normalize.method=l2?", of the first kernel that has
 * the key. */
static enum status refuse_setting(
    const char *setting, const struct plan_kernel *kernels, int count, struct error *error)
{
    const size_t length = strcspn(setting, "=");
    for (int k = 0; setting[length] == '=' && k < count; k++)
        for (int o = 0; o < kernels[k].kernel->option_count; o++) {
            const char *key = kernels[k].kernel->option[o].key;
            if (strlen(key) == length && strncmp(key, setting, length) == 0)
                return error_set(error, STATUS_USAGE,
                    "--set %.100s: not KERNEL.KEY=VALUE; did you mean %s.%.100s?", setting,
                    kernels[k].kernel->name, setting);
        }
    return error_set(
        error, STATUS_USAGE, "--set %s: not KERNEL.KEY=VALUE; see 'acelera list' for the keys", setting);
}

/* A setting names a kernel of this run and an option that it has. */
static enum status check_setting(
    const char *setting, const struct plan_kernel *kernels, int count, struct error *error)
{
    size_t length = strcspn(setting, ".=");
    if (setting[length] != '.' || strchr(setting, '=') == NULL)
        return refuse_setting(setting, kernels, count, error);
    const char **names = memory_new((size_t)count + 1, sizeof *names);
    const struct worker_kernel *kernel = NULL;
    for (int k = 0; k < count; k++) {
        names[k] = kernels[k].kernel->name;
        if (strlen(names[k]) == length && strncmp(names[k], setting, length) == 0)
            kernel = kernels[k].kernel;
    }
    char *word = text_copy(setting);
    struct text option = {0};
    text_add(&option, "--set %.100s:", setting);
    word[length] = '\0';
    enum status status = STATUS_OK;
    if (kernel == NULL) {
        text_add(&option, " kernel");
        status = plan_refuse_name(error, option.data, word, names, (size_t)count);
    } else {
        bool known = false;
        names = memory_grow(names, (size_t)kernel->option_count + 1, sizeof *names);
        for (int o = 0; o < kernel->option_count; o++) {
            names[o] = kernel->option[o].key;
            known = known || setting_value(setting, kernel->name, names[o]) != NULL;
        }
        char *key = word + length + 1;
        key[strcspn(key, "=")] = '\0';
        text_add(&option, " option");
        if (!known)
            status = plan_refuse_name(error, option.data, key, names, (size_t)kernel->option_count);
    }
    text_free(&option);
    free(word);
    free(names);
    return status;
}

static enum status option_value(const struct plan_request *request, const struct worker_kernel *kernel,
    const struct worker_option *option, const char **value, struct error *error)
{
    *value = NULL;
    for (size_t s = 0; request->settings[s] != NULL; s++) {
        const char *given = setting_value(request->settings[s], kernel->name, option->key);
        if (given == NULL)
            continue;
        if (*value != NULL)
            return error_set(error, STATUS_USAGE, "--set: %s.%s is given twice", kernel->name, option->key);
        *value = given;
    }
    if (*value == NULL) {
        *value = option->choice_count > 0 ? option->choices[0] : "";
        return STATUS_OK;
    }
    if (option->choice_count == 0)
        return strchr(*value, ',') == NULL
                   ? STATUS_OK
                   : error_set(error, STATUS_USAGE, "--set %s.%s=%s: a value cannot hold a comma",
                         kernel->name, option->key, *value);
    for (int c = 0; c < option->choice_count; c++)
        if (strcmp(option->choices[c], *value) == 0)
            return STATUS_OK;
    char name[128];
    snprintf(name, sizeof name, "--set %s.%s:", kernel->name, option->key);
    return plan_refuse_name(
        error, name, *value, (const char *const *)option->choices, (size_t)option->choice_count);
}

static enum status take_options(
    const struct plan_request *request, struct plan_kernel *entry, struct error *error)
{
    struct text text = {0};
    text_add(&text, "%s", "");
    for (int o = 0; o < entry->kernel->option_count; o++) {
        const char *value;
        enum status status = option_value(request, entry->kernel, &entry->kernel->option[o], &value, error);
        if (status != STATUS_OK) {
            text_free(&text);
            return status;
        }
        if (value[0] != '\0')
            text_add(&text, "%s%s=%s", text.length > 0 ? "," : "", entry->kernel->option[o].key, value);
    }
    entry->options = text.data;
    return STATUS_OK;
}

/* ---- all of it ---- */

enum status plan_kernels(const struct plan_request *request, const struct worker *worker,
    struct plan_kernel **kernels, int *count, struct error *error)
{
    struct plan_kernel *found = NULL;
    int found_count = 0;
    enum status status = STATUS_OK;
    for (size_t i = 0; request->kernels[i] != NULL && status == STATUS_OK; i++)
        status =
            take_kernel_word(request->kernels[i], request->all_variants, worker, &found, &found_count, error);
    if (status == STATUS_OK && request->data != NULL)
        status = plan_check_table(request, worker, found, found_count, error);
    int shaped = 0;
    for (int k = 0; k < found_count; k++)
        shaped += is_shaped(request, &found[k], found_count);
    if (status == STATUS_OK && request->shape != NULL && shaped != 1)
        status = error_set(error, STATUS_USAGE, "--shape %s: goes with exactly one --kernel, not %d",
            request->shape, found_count);
    for (size_t s = 0; request->settings[s] != NULL && status == STATUS_OK; s++)
        status = check_setting(request->settings[s], found, found_count, error);
    for (int k = 0; k < found_count && status == STATUS_OK; k++) {
        status = take_size(request, &found[k], error);
        if (status == STATUS_OK && request->data != NULL)
            plan_take_table(request->data, &found[k]);
        if (status == STATUS_OK && request->shape != NULL && is_shaped(request, &found[k], found_count))
            status = take_shape(request, &found[k], error);
        if (status == STATUS_OK)
            status = take_options(request, &found[k], error);
    }
    if (status != STATUS_OK) {
        plan_kernels_free(found, found_count);
        return status;
    }
    *kernels = found;
    *count = found_count;
    return STATUS_OK;
}

void plan_kernels_free(struct plan_kernel *kernels, int count)
{
    for (int k = 0; k < count; k++) {
        free(kernels[k].variant);
        free(kernels[k].shape);
        free(kernels[k].options);
    }
    free(kernels);
}
