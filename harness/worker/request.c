/* The harness writes these words, but a person may: every one of them is checked. */
#include "harness/worker/request.h"
#include "harness/worker/registry.h"

#include <errno.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS_MAX = 1 << 20, PU_MAX = 1 << 16 };

static bool parse_whole(const char *text, int64_t low, int64_t high, int64_t *value)
{
    char *end;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || v < low || v > high)
        return false;
    *value = v;
    return true;
}

static bool complain(const char *key, const char *value, const char *allowed)
{
    fprintf(stderr, "%s=%s: %s\n", key, value, allowed);
    return false;
}

/* The value of the word KEY=…, NULL if there is none. */
static const char *word_value(char **words, int count, const char *key)
{
    size_t length = strlen(key);
    for (int i = 0; i < count; i++)
        if (strncmp(words[i], key, length) == 0 && words[i][length] == '=')
            return words[i] + length + 1;
    return NULL;
}

static bool take_whole(
    char **words, int count, const char *key, int64_t low, int64_t high, int64_t fallback, int64_t *value)
{
    const char *text = word_value(words, count, key);
    *value = fallback;
    return text == NULL || parse_whole(text, low, high, value) ||
           complain(key, text, "not a whole number in range");
}

static bool take_kernel(char **words, int count, struct request *request)
{
    const char *name = word_value(words, count, "kernel");
    const char *type = word_value(words, count, "type");
    const char *variant = word_value(words, count, "variant");
    if (name == NULL)
        return complain("kernel", "", "missing");
    request->kernel = registry_find(name, type != NULL ? type : "f32");
    if (request->kernel == NULL)
        return complain("kernel", name, "this worker has no such kernel of that type");
    request->variant = variant != NULL ? registry_find_variant(request->kernel, variant)
                                       : registry_default_variant(request->kernel);
    return request->variant != NULL || complain("variant", variant, "no such variant");
}

static bool take_shape(char **words, int count, struct request *request)
{
    const struct kernel *kernel = request->kernel;
    for (int d = 0; d < kernel->dimension_count; d++) {
        char key[64];
        snprintf(key, sizeof key, "shape.%s", kernel->dimensions[d].key);
        if (!take_whole(
                words, count, key, 1, INT64_MAX, kernel->dimensions[d].by_size[0], &request->config.shape[d]))
            return false;
    }
    return true;
}

static bool take_options(char **words, int count, struct request *request)
{
    const struct kernel *kernel = request->kernel;
    for (int o = 0; o < kernel->option_count; o++) {
        const struct kernel_option *option = &kernel->options[o];
        char key[64];
        snprintf(key, sizeof key, "set.%s", option->key);
        const char *value = word_value(words, count, key);
        if (option->choices == NULL) {
            request->config.text[o] = value != NULL ? value : "";
            continue;
        }
        int choice = 0;
        while (
            value != NULL && option->choices[choice] != NULL && strcmp(option->choices[choice], value) != 0)
            choice++;
        if (option->choices[choice] == NULL)
            return complain(key, value, "no such choice");
        request->config.choice[o] = choice;
        request->config.text[o] = option->choices[choice];
    }
    return true;
}

static bool take_pus(const char *text, struct request *request)
{
    if (text == NULL || strcmp(text, "none") == 0)
        return true;
    request->pus = calloc((size_t)request->config.threads, sizeof *request->pus);
    if (request->pus == NULL)
        return complain("pus", text, "out of memory");
    const char *rest = text;
    for (int t = 0; t < request->config.threads; t++) {
        char *end;
        errno = 0;
        long pu = strtol(rest, &end, 10);
        bool last = t + 1 == request->config.threads;
        if (end == rest || errno != 0 || pu < 0 || pu >= PU_MAX || *end != (last ? '\0' : ','))
            return complain("pus", text, "one OS index for each thread, comma-separated, or none");
        request->pus[t] = (int)pu;
        rest = end + 1;
    }
    return true;
}

/* A person's own table, in the place of data made from the seed. */
static bool take_table(char **words, int count, struct request *request)
{
    const struct kernel *kernel = request->kernel;
    const char *path = word_value(words, count, "data");
    const char *order = word_value(words, count, "data_order");
    struct table_words table = {.path = path};
    int64_t bits;
    if (path == NULL)
        return true;
    if (kernel->table == NULL)
        return complain("data", path, "this kernel takes no table");
    if (!take_whole(words, count, "data_bits", 32, 64, 64, &bits) ||
        !take_whole(words, count, "data_offset", 0, INT64_MAX, 0, &table.offset_bytes) ||
        !take_whole(words, count, "data_bytes", 0, INT64_MAX, -1, &table.file_bytes) ||
        !take_whole(words, count, "data_mtime_ns", INT64_MIN, INT64_MAX, -1, &table.mtime_ns))
        return false;
    if (bits != 32 && bits != 64)
        return complain("data_bits", word_value(words, count, "data_bits"), "32 or 64");
    if (order != NULL && strcmp(order, "c") != 0 && strcmp(order, "fortran") != 0)
        return complain("data_order", order, "c or fortran");
    table.bits = (int)bits;
    table.column_major = order != NULL && strcmp(order, "fortran") == 0;
    table.rows = request->config.shape[kernel->table->rows];
    table.columns = request->config.shape[kernel->table->columns];
    if (!table_map(&table, &request->table))
        return false;
    request->config.table = &request->table.kernel;
    return true;
}

/* The one word that may come several times. */
static bool take_throttle(char **words, int count, struct request *request)
{
    static const char key[] = "throttle=";
    for (int i = 0; i < count; i++) {
        if (strncmp(words[i], key, sizeof key - 1) != 0)
            continue;
        if (request->throttle_count == HOST_GROUPS_MAX)
            return complain("throttle", words[i] + sizeof key - 1, "too many of these");
        request->throttle[request->throttle_count++] = words[i] + sizeof key - 1;
    }
    return true;
}

/* A word that nobody takes is a misunderstanding between two programs: better said than ignored. */
static bool words_are_known(char **words, int count, const struct kernel *kernel)
{
    static const char *const plain[] = {"kernel", "variant", "type", "seed", "threads", "pus", "l1d_bytes",
        "l2_bytes", "l3_bytes", "iterations", "repeat", "seconds", "parent", "acknowledge", "data",
        "data_offset", "data_bits", "data_order", "data_bytes", "data_mtime_ns", "save", "throttle"};
    for (int i = 0; i < count; i++) {
        size_t length = strcspn(words[i], "=");
        bool known = false;
        for (size_t p = 0; p < sizeof plain / sizeof plain[0]; p++)
            known = known || (strlen(plain[p]) == length && strncmp(plain[p], words[i], length) == 0);
        for (int d = 0; d < kernel->dimension_count; d++)
            known = known ||
                    (strncmp(words[i], "shape.", 6) == 0 && strlen(kernel->dimensions[d].key) == length - 6 &&
                        strncmp(words[i] + 6, kernel->dimensions[d].key, length - 6) == 0);
        for (int o = 0; o < kernel->option_count; o++)
            known =
                known || (strncmp(words[i], "set.", 4) == 0 && strlen(kernel->options[o].key) == length - 4 &&
                             strncmp(words[i] + 4, kernel->options[o].key, length - 4) == 0);
        if (!known || words[i][length] != '=') {
            fprintf(stderr, "%s: not a known KEY=VALUE word (see harness/worker/README.md)\n", words[i]);
            return false;
        }
    }
    return true;
}

bool request_parse(char **words, int count, struct request *request)
{
    *request = (struct request){.seconds = 0};
    int64_t threads, seed, l1d, l2, l3, iterations, repeat, parent, acknowledge;
    if (!take_kernel(words, count, request) || !words_are_known(words, count, request->kernel) ||
        !take_shape(words, count, request) || !take_options(words, count, request) ||
        !take_whole(words, count, "threads", 1, THREADS_MAX, 1, &threads) ||
        !take_whole(words, count, "seed", 0, INT64_MAX, 1, &seed) ||
        !take_whole(words, count, "l1d_bytes", 0, INT64_MAX, 0, &l1d) ||
        !take_whole(words, count, "l2_bytes", 0, INT64_MAX, 0, &l2) ||
        !take_whole(words, count, "l3_bytes", 0, INT64_MAX, 0, &l3) ||
        !take_whole(words, count, "iterations", 0, 1000000000, 0, &iterations) ||
        !take_whole(words, count, "repeat", 0, 1000000000, 0, &repeat) ||
        !take_whole(words, count, "parent", 0, INT32_MAX, 0, &parent) ||
        !take_whole(words, count, "acknowledge", 0, 1, 0, &acknowledge) ||
        !take_throttle(words, count, request))
        return false;
    request->config.threads = (int)threads;
    request->config.seed = (uint64_t)seed;
    request->config.l1d_bytes = (size_t)l1d;
    request->config.l2_bytes = (size_t)l2;
    request->config.l3_bytes = (size_t)l3;
    request->iterations = (long)iterations;
    request->repeat = (long)repeat;
    request->parent = (long)parent;
    request->acknowledge = acknowledge == 1;
    const char *seconds = word_value(words, count, "seconds");
    if (seconds != NULL) {
        char *end;
        request->seconds = strtod(seconds, &end);
        if (end == seconds || *end != '\0' || !isfinite(request->seconds) || request->seconds < 0)
            return complain("seconds", seconds, "not a time in seconds");
    }
    request->save = word_value(words, count, "save");
    if (!take_table(words, count, request) || !take_pus(word_value(words, count, "pus"), request)) {
        request_free(request);
        return false;
    }
    return true;
}

void request_free(struct request *request)
{
    free(request->pus);
    request->pus = NULL;
    table_unmap(&request->table);
}
