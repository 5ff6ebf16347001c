/* normalize against stored results of scikit-learn, for every variant, both memory orders, and tables of both
 * types where the conversion is exact. An entry must be within ULPS of scikit-learn's value or, where that is
 * farther from the exact value than rounding explains, within ULPS of the exact one and nearer to it than
 * scikit-learn. Refuses to know how either side computes: expected.txt is all it reads. */
#include "kernels/kernel.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of the greater of the value and 1: a z-score near 0 is the difference of an entry and a mean. */
enum { ULPS = 4, ENTRIES_MAX = 4096, TEAM = 3 };

extern const struct kernel kernel_normalize_f32, kernel_normalize_f64;

struct expected {
    char type[8], method[16], names[512];
    int64_t rows, columns;
    double input[ENTRIES_MAX], theirs[ENTRIES_MAX], exact[ENTRIES_MAX];
};

/* 1: a table, 0: the end, −1: not what make_expected.py writes. */
static int table_read(FILE *file, struct expected *table)
{
    char line[1024];
    do {
        if (fgets(line, sizeof line, file) == NULL)
            return 0;
    } while (line[0] == '#');
    if (sscanf(line, "table %7s %15s %" SCNd64 " %" SCNd64 " %511s", table->type, table->method, &table->rows,
            &table->columns, table->names) != 5 ||
        table->rows < 1 || table->columns < 1 || table->rows > ENTRIES_MAX / table->columns)
        return -1;
    for (int64_t i = 0; i < table->rows * table->columns; i++)
        if (fscanf(file, "%la %la %la\n", &table->input[i], &table->theirs[i], &table->exact[i]) != 3)
            return -1;
    return 1;
}

static bool entry_holds(const struct expected *table, int64_t i, double got)
{
    double theirs = table->theirs[i], exact = table->exact[i];
    if (isnan(exact) || isnan(got))
        return isnan(exact) && isnan(got) && isnan(theirs);
    double unit = strcmp(table->type, "f32") == 0 ? 0x1p-23 : 0x1p-52;
    double tolerance = ULPS * unit * fmax(fabs(exact), 1);
    if (fabs(got - theirs) <= tolerance)
        return true;
    return fabs(got - exact) <= tolerance && !(fabs(theirs - exact) < fabs(got - exact));
}

/* The inputs as a person would hand them over. Returns malloc'ed memory. */
static void *data_make(const struct expected *table, int bits, bool column_major)
{
    int64_t count = table->rows * table->columns;
    void *data = malloc((size_t)count * sizeof(double));
    for (int64_t i = 0; data != NULL && i < count; i++) {
        int64_t row = i / table->columns, column = i % table->columns;
        int64_t at = column_major ? column * table->rows + row : i;
        if (bits == 32)
            ((float *)data)[at] = (float)table->input[i];
        else
            ((double *)data)[at] = table->input[i];
    }
    return data;
}

static int result_compare(
    const struct expected *table, const struct kernel_variant *variant, const struct kernel_result *result)
{
    if (result->rows != table->rows || result->columns != table->columns) {
        printf("FAILED %s %s %s: the result is not %" PRId64 " x %" PRId64 "\n", table->type, table->method,
            variant->name, table->rows, table->columns);
        return 1;
    }
    int failures = 0;
    for (int64_t i = 0; i < table->rows * table->columns; i++) {
        double got = result->number == KERNEL_F32 ? (double)((const float *)result->data)[i]
                                                  : ((const double *)result->data)[i];
        if (entry_holds(table, i, got))
            continue;
        printf("FAILED %s %s %s, row %" PRId64 " column %" PRId64
               " of %s: input %a, got %a, scikit-learn %a, "
               "exact %a\n",
            table->type, table->method, variant->name, i / table->columns, i % table->columns, table->names,
            table->input[i], got, table->theirs[i], table->exact[i]);
        failures++;
    }
    return failures;
}

static int table_solve(const struct expected *table, const struct kernel *kernel,
    const struct kernel_variant *variant, const struct kernel_table *given, int threads)
{
    /* Every result exceeds a cache of 1 byte: streaming stores are on trial too. */
    struct kernel_config config = {.shape = {table->rows, table->columns},
        .text = {table->method, "passthrough"},
        .threads = threads,
        .l3_bytes = 1,
        .table = given};
    struct kernel_lane *lanes = aligned_alloc(_Alignof(struct kernel_lane), TEAM * sizeof *lanes);
    struct kernel_check check = {.what = "no memory"};
    struct kernel_result result[KERNEL_RESULTS_MAX];
    const char *const *choices = kernel->options[0].choices;
    while (choices[config.choice[0]] != NULL && strcmp(choices[config.choice[0]], table->method) != 0)
        config.choice[0]++;
    void *state = choices[config.choice[0]] == NULL ? NULL : kernel->create(&config, variant);
    int failures = 0;
    if (lanes != NULL && state != NULL) {
        memset(lanes, 0, TEAM * sizeof *lanes);
        kernel->fill(state);
        kernel->spoil(state, true);
        variant->run(state, lanes);
        kernel->check(state, &check);
        kernel->results(state, result);
        failures = result_compare(table, variant, result);
    }
    if (!check.passed) {
        printf("FAILED %s %s %s: check: %s\n", table->type, table->method, variant->name, check.what);
        failures++;
    }
    kernel->destroy(state);
    free(lanes);
    return failures;
}

/* Every variant, order, type of the data and team. */
static int table_test(const struct expected *table, int *problems)
{
    bool single = strcmp(table->type, "f32") == 0;
    const struct kernel *kernel = single ? &kernel_normalize_f32 : &kernel_normalize_f64;
    int failures = 0;
    for (int bits = single ? 32 : 64; bits <= 64; bits += 32)
        for (int column_major = 0; column_major < 2; column_major++) {
            void *data = data_make(table, bits, column_major != 0);
            struct kernel_table given = {data, bits, column_major != 0};
            for (int v = 0; data != NULL && v < kernel->variant_count; v++)
                for (int threads = 1; threads <= TEAM; threads += TEAM - 1) {
                    failures += table_solve(table, kernel, &kernel->variants[v], &given, threads);
                    ++*problems;
                }
            free(data);
        }
    return failures;
}

int main(int count, char **arguments)
{
    static struct expected table;
    int failures = 0, problems = 0, more;
    FILE *file = count == 2 ? fopen(arguments[1], "r") : NULL;
    if (file == NULL) {
        fprintf(stderr, "usage: %s expected.txt (a file that can be read)\n", arguments[0]);
        return 2;
    }
    while ((more = table_read(file, &table)) > 0)
        failures += table_test(&table, &problems);
    fclose(file);
    printf("%d problems, %d entries wrong\n", problems, failures);
    if (more < 0)
        printf("FAILED %s: not as make_expected.py writes it\n", arguments[1]);
    return more < 0 || problems == 0 || failures > 0;
}
