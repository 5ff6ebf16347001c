/* The kernel checks without a harness: every variant × option × small shape × team size. Wants of each:
 * that check() accepts it, that the result's bits are the same at every team size, and, so that these two
 * mean something, that check() refuses a spoiled result. Prints one line for each kernel and variant. */
#include "harness/worker/registry.h"
#include "harness/worker/worker.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { LARGE_BYTES = 256 * 1024 };

struct trial {
    const struct kernel *kernel;
    const struct kernel_variant *variant;
    struct kernel_config config;
};

/* "matmul f32 packed m=3 n=4 k=5 data=integer, 2 threads: " */
static void print_trial(const struct trial *trial)
{
    const struct kernel *kernel = trial->kernel;
    printf("FAILED %s %s %s", kernel->name, kernel->element, trial->variant->name);
    for (int d = 0; d < kernel->dimension_count; d++)
        printf(" %s=%" PRId64, kernel->dimensions[d].key, trial->config.shape[d]);
    for (int o = 0; o < kernel->option_count; o++)
        printf(" %s=%s", kernel->options[o].key, trial->config.text[o]);
    printf(", %d threads: ", trial->config.threads);
}

/* Solves the problem once and checks it; `compute` false checks the spoiled result instead. */
static bool solve(const struct trial *trial, bool compute, struct kernel_check *result)
{
    size_t threads = (size_t)trial->config.threads;
    struct kernel_lane *lanes = aligned_alloc(_Alignof(struct kernel_lane), threads * sizeof *lanes);
    void *state = trial->kernel->create(&trial->config, trial->variant);
    if (lanes == NULL || state == NULL) {
        print_trial(trial);
        printf("no memory\n");
        exit(WORKER_FAILED);
    }
    memset(lanes, 0, threads * sizeof *lanes);
    trial->kernel->fill(state);
    trial->kernel->spoil(state, true);
    if (compute)
        trial->variant->run(state, lanes);
    *result = (struct kernel_check){.what = "", .index = -1};
    trial->kernel->check(state, result);
    for (size_t t = 0; compute && !trial->variant->own_threads && result->passed && t < threads; t++)
        if (lanes[t].spans == 0)
            *result = (struct kernel_check){
                .what = "busy stamps of every thread", .index = (int64_t)t, .expected = 1};
    trial->kernel->destroy(state);
    free(lanes);
    return result->passed;
}

/* One problem at every team size. Returns the number of failures. */
static int test_problem(struct trial *trial, int threads, bool control)
{
    uint64_t digest = 0;
    int failures = 0;
    struct kernel_check result;
    for (int t = 1; t <= threads; t++) {
        trial->config.threads = t;
        if (!solve(trial, true, &result)) {
            print_trial(trial);
            printf("%s: at %" PRId64 " got %.17g, expected %.17g ± %g\n", result.what, result.index,
                result.got, result.expected, result.tolerance);
            failures++;
        } else if (t > 1 && !trial->variant->own_threads && result.digest != digest) {
            print_trial(trial);
            printf("not the bits of one thread\n");
            failures++;
        }
        digest = t == 1 ? result.digest : digest;
    }
    trial->config.threads = 1;
    if (control && solve(trial, false, &result)) {
        print_trial(trial);
        printf("check() accepts a result that nobody computed\n");
        failures++;
    }
    return failures;
}

/* cost() must write every field: what it leaves is whatever lay in memory before. */
static int test_cost(const struct trial *trial)
{
    struct kernel_cost from_zeros, from_ones;
    memset(&from_zeros, 0, sizeof from_zeros);
    memset(&from_ones, 0xff, sizeof from_ones);
    trial->kernel->cost(&trial->config, trial->variant, &from_zeros);
    trial->kernel->cost(&trial->config, trial->variant, &from_ones);
    if (memcmp(&from_zeros, &from_ones, sizeof from_zeros) == 0)
        return 0;
    print_trial(trial);
    printf("cost() leaves a field as it was\n");
    return 1;
}

/* Of a large problem, where brevity is asked for, each variant solves one combination of options, and the
 * next variant the next: an emulator takes minutes for the others. */
static bool is_left_out(const struct trial *trial, int combination, int combinations, int turn)
{
    struct kernel_cost cost;
    trial->kernel->cost(&trial->config, trial->variant, &cost);
    return cost.memory_bytes > LARGE_BYTES && combination != turn % combinations;
}

/* The next combination of option choices, like an odometer. False after the last. */
static bool next_choices(struct trial *trial)
{
    for (int o = 0; o < trial->kernel->option_count; o++) {
        const struct kernel_option *option = &trial->kernel->options[o];
        if (option->choices == NULL)
            continue;
        trial->config.choice[o]++;
        if (option->choices[trial->config.choice[o]] != NULL) {
            trial->config.text[o] = option->choices[trial->config.choice[o]];
            return true;
        }
        trial->config.choice[o] = 0;
        trial->config.text[o] = option->choices[0];
    }
    return false;
}

static int count_combinations(const struct kernel *kernel)
{
    int combinations = 1;
    for (int o = 0; o < kernel->option_count; o++) {
        int choices = 0;
        while (kernel->options[o].choices != NULL && kernel->options[o].choices[choices] != NULL)
            choices++;
        combinations *= choices > 0 ? choices : 1;
    }
    return combinations;
}

static int test_variant(const struct kernel *kernel, int number, int threads, bool brief)
{
    const struct kernel_variant *variant = &kernel->variants[number];
    struct trial trial = {.kernel = kernel, .variant = variant, .config = {.seed = 20, .threads = 1}};
    int failures = 0, problems = 0, combination = 0, combinations = count_combinations(kernel);
    for (int o = 0; o < kernel->option_count; o++)
        trial.config.text[o] = kernel->options[o].choices != NULL ? kernel->options[o].choices[0] : "";
    for (int d = 0; d < kernel->dimension_count; d++)
        trial.config.shape[d] = kernel->test_shapes[d];
    const char *why = kernel->unavailable != NULL ? kernel->unavailable(&trial.config, variant) : NULL;
    if (why != NULL) {
        printf("%s %s %s: not tested: %s\n", kernel->name, kernel->element, variant->name, why);
        return 0;
    }
    do {
        for (int s = 0; s < kernel->test_shape_count; s++) {
            for (int d = 0; d < kernel->dimension_count; d++)
                trial.config.shape[d] = kernel->test_shapes[s * kernel->dimension_count + d];
            if (kernel->reject(&trial.config) != NULL)
                continue; /* an option may rule out a shape */
            /* The last shape is the control: large enough for a wrong result to exist. */
            bool control = s + 1 == kernel->test_shape_count;
            if (brief && !control && is_left_out(&trial, combination, combinations, number + s))
                continue;
            failures += test_problem(&trial, threads, control);
            failures += test_cost(&trial);
            problems++;
        }
        combination++;
    } while (next_choices(&trial));
    if (problems == 0) {
        print_trial(&trial);
        printf("no test shape is accepted\n");
        failures++;
    }
    printf("%s %s %s: %d problems at 1 to %d threads, %d failures\n", kernel->name, kernel->element,
        variant->name, problems, threads, failures);
    return failures;
}

int worker_self_test(const char *name, int threads, bool brief)
{
    int failures = 0, kernels = 0;
    if (strcmp(worker_runtime(), "serial") == 0)
        threads = 1;
    for (int i = 0; registry_kernels[i] != NULL; i++) {
        const struct kernel *kernel = registry_kernels[i];
        if (name != NULL && strcmp(name, kernel->name) != 0)
            continue;
        kernels++;
        for (int v = 0; v < kernel->variant_count; v++)
            failures += test_variant(kernel, v, threads, brief);
        const char *wrong = kernel->self_test != NULL ? kernel->self_test(threads) : NULL;
        if (wrong != NULL) {
            printf("FAILED %s %s: %s\n", kernel->name, kernel->element, wrong);
            failures++;
        }
    }
    if (kernels == 0) {
        fprintf(stderr, "%s: this worker has no such kernel\n", name);
        return WORKER_USAGE;
    }
    return failures == 0 ? WORKER_DONE : WORKER_FAILED;
}
