/* What this worker is, as one JSON object: all that the harness knows of kernels comes from here. Reads
 * constant data only, so it works on a CPU that cannot run the kernels. */
#include "harness/worker/cpu.h"
#include "harness/worker/output.h"
#include "harness/worker/registry.h"
#include "harness/worker/request.h"
#include "harness/worker/worker.h"
#include "kernels/isa.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#ifdef _OPENMP
/* Only libomp has it. Weak, so that its absence is an answer. */
extern int kmp_get_blocktime(void) __attribute__((weak));

const char *worker_runtime(void)
{
    return kmp_get_blocktime != NULL ? "omp" : "gomp";
}
#else
const char *worker_runtime(void)
{
    return "serial";
}
#endif

/* Adds `"key":"value"`, with a comma before it. */
static void add_field(struct output *output, const char *key, const char *value)
{
    output_add(output, ",\"%s\":", key);
    output_add_string(output, value);
}

static void describe_dimensions(struct output *output, const struct kernel *kernel)
{
    output_add(output, ",\"dimensions\":[");
    for (int d = 0; d < kernel->dimension_count; d++) {
        const struct kernel_dimension *dimension = &kernel->dimensions[d];
        output_add(output, "%s{\"weak\":%s,\"grows\":%s", d > 0 ? "," : "",
            dimension->weak ? "true" : "false", dimension->grows ? "true" : "false");
        add_field(output, "key", dimension->key);
        add_field(output, "meaning", dimension->meaning);
        add_field(output, "same_as", dimension->same_as);
        output_add(output, ",\"by_size\":[");
        for (int s = 0; s < KERNEL_SIZES; s++)
            output_add(output, "%s%lld", s > 0 ? "," : "", (long long)dimension->by_size[s]);
        output_add(output, "]}");
    }
    output_add(output, "]");
}

static void describe_options(struct output *output, const struct kernel *kernel)
{
    output_add(output, ",\"options\":[");
    for (int o = 0; o < kernel->option_count; o++) {
        const struct kernel_option *option = &kernel->options[o];
        output_add(output, "%s{\"choices\":[", o > 0 ? "," : "");
        for (int c = 0; option->choices != NULL && option->choices[c] != NULL; c++) {
            output_add(output, "%s", c > 0 ? "," : "");
            output_add_string(output, option->choices[c]);
        }
        output_add(output, "]");
        add_field(output, "key", option->key);
        add_field(output, "meaning", option->meaning);
        output_add(output, "}");
    }
    output_add(output, "]");
}

static void describe_table(struct output *output, const struct kernel *kernel)
{
    output_add(output, ",\"table\":");
    if (kernel->table == NULL) {
        output_add(output, "null");
        return;
    }
    output_add(output, "{\"finite\":%s,\"largest\":", kernel->table->finite ? "true" : "false");
    output_add_number(output, kernel->table->largest > 0 ? kernel->table->largest : (double)NAN);
    add_field(output, "rows", kernel->dimensions[kernel->table->rows].key);
    add_field(output, "columns", kernel->dimensions[kernel->table->columns].key);
    output_add(output, "}");
}

static void describe_variants(struct output *output, const struct kernel *kernel)
{
    output_add(output, ",\"variants\":[");
    for (int v = 0; v < kernel->variant_count; v++) {
        const struct kernel_variant *variant = &kernel->variants[v];
        output_add(output, "%s{\"default\":%s,\"own_threads\":%s", v > 0 ? "," : "",
            variant->is_default ? "true" : "false", variant->own_threads ? "true" : "false");
        add_field(output, "name", variant->name);
        add_field(output, "what", variant->what);
        add_field(output, "why", variant->why);
        output_add(output, "}");
    }
    output_add(output, "]");
}

static void describe_kernel(struct output *output, const struct kernel *kernel)
{
    static const char *const rates[] = {[KERNEL_RATE_FLOP] = "flop",
        [KERNEL_RATE_BYTES] = "bytes",
        [KERNEL_RATE_CYCLES] = "cycles",
        [KERNEL_RATE_NONE] = "none"};
    output_add(output, "{\"rate\":\"%s\"", rates[kernel->rate]);
    add_field(output, "role", kernel->role == KERNEL_CEILING ? "ceiling" : "workload");
    add_field(output, "name", kernel->name);
    add_field(output, "type", kernel->element);
    add_field(output, "summary", kernel->summary);
    describe_dimensions(output, kernel);
    describe_options(output, kernel);
    describe_table(output, kernel);
    describe_variants(output, kernel);
    output_add(output, "}");
}

int worker_describe(const char *name)
{
    static struct output output;
    char missing[1024];
    bool runnable = cpu_has_features(isa_features_needed, missing, sizeof missing);
    output_add(&output, "{\"schema\":\"acelera/worker/1\"");
    add_field(&output, "name", name);
    add_field(&output, "level", isa_level);
    add_field(&output, "runtime", worker_runtime());
    add_field(&output, "compiler", isa_compiler);
    add_field(&output, "flags", isa_flags);
#ifdef _OPENMP
    output_add(&output, ",\"openmp\":%d", _OPENMP);
#else
    output_add(&output, ",\"openmp\":null");
#endif
    output_add(&output, ",\"runnable\":%s", runnable ? "true" : "false");
    add_field(&output, "missing", missing);
    output_add(&output, ",\"kernels\":[");
    for (int i = 0; registry_kernels[i] != NULL; i++) {
        output_add(&output, "%s", i > 0 ? "," : "");
        describe_kernel(&output, registry_kernels[i]);
    }
    output_add(&output, "]}\n");
    output_flush(&output);
    return WORKER_DONE;
}

static void add_number_field(struct output *output, const char *key, double value)
{
    output_add(output, ",\"%s\":", key);
    output_add_number(output, value);
}

static void cost_ceilings(struct output *output, const struct request *request)
{
    struct kernel_ceiling ceiling[KERNEL_CEILINGS_MAX];
    const struct kernel *kernel = request->kernel;
    int count = kernel->ceilings != NULL ? kernel->ceilings(&request->config, request->variant, ceiling) : 0;
    output_add(output, ",\"ceilings\":[");
    for (int c = 0; c < count; c++) {
        output_add(output, "%s{\"extent\":%lld", c > 0 ? "," : "", (long long)ceiling[c].extent);
        add_field(output, "kernel", ceiling[c].kernel);
        add_field(output, "variant", ceiling[c].variant);
        add_field(output, "type", ceiling[c].element);
        output_add(output, "}");
    }
    output_add(output, "]");
}

int worker_cost(char **words, int count)
{
    static struct output output;
    struct request request;
    if (!request_parse(words, count, &request))
        return WORKER_USAGE;
    const char *why = request.kernel->reject(&request.config);
    if (why != NULL) {
        fprintf(stderr, "%s\n", why);
        request_free(&request);
        return WORKER_USAGE;
    }
    struct kernel_cost cost;
    request.kernel->cost(&request.config, request.variant, &cost);
    output_add(&output, "{\"flop\":");
    output_add_number(&output, cost.flop);
    add_number_field(&output, "bytes", cost.bytes);
    add_number_field(&output, "memory_bytes", cost.memory_bytes);
    add_number_field(&output, "cycles", cost.cycles);
    add_number_field(&output, "regions", cost.regions);
    add_number_field(&output, "barriers", cost.barriers);
    const struct kernel *kernel = request.kernel;
    add_field(&output, "unavailable",
        kernel->unavailable != NULL ? kernel->unavailable(&request.config, request.variant) : NULL);
    cost_ceilings(&output, &request);
    output_add(&output, "}\n");
    output_flush(&output);
    request_free(&request);
    return WORKER_DONE;
}
