/* A worker's main: decides what is wanted, and whether this CPU can do it. Compiled for the baseline
 * instruction set; runs no kernel code before the CPU has been asked. */
#include "harness/worker/cpu.h"
#include "harness/worker/save.h"
#include "harness/worker/worker.h"
#include "kernels/isa.h"
#include "kernels/kernel.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char prefix[] = "acelera-worker-";

/* The worker's name is that of its file, without the prefix: x86-64-v3-gomp. */
static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash != NULL ? slash + 1 : path;
    return strncmp(name, prefix, sizeof prefix - 1) == 0 ? name + sizeof prefix - 1 : name;
}

static int usage(const char *name)
{
    fprintf(stderr,
        "%s%s: a worker of acelera, started by it. By hand: --describe | --self-test [KERNEL] [--threads N] "
        "[--brief] | --cost KEY=VALUE… | --run KEY=VALUE… | --save KEY=VALUE…\n",
        prefix, name);
    return WORKER_USAGE;
}

static int self_test(const char *name, int count, char **words)
{
    const char *kernel = NULL;
    long threads = 2;
    bool brief = false;
    for (int i = 0; i < count; i++) {
        char *end = NULL;
        if (strcmp(words[i], "--threads") == 0 && i + 1 < count) {
            threads = strtol(words[++i], &end, 10);
            if (*end != '\0' || threads < 1 || threads > 1024)
                return usage(name);
        } else if (strcmp(words[i], "--brief") == 0) {
            brief = true;
        } else if (kernel == NULL && words[i][0] != '-') {
            kernel = words[i];
        } else {
            return usage(name);
        }
    }
    return worker_self_test(kernel, (int)threads, brief);
}

int main(int argc, char **argv)
{
    int64_t started_ns = kernel_now_ns();
    const char *name = name_of(argv[0]);
    if (argc < 2)
        return usage(name);
    if (strcmp(argv[1], "--describe") == 0 && argc == 2)
        return worker_describe(name);

    char missing[1024];
    if (!cpu_has_features(isa_features_needed, missing, sizeof missing)) {
        fprintf(stderr, "%s%s: this CPU lacks %s: use a worker of a lower level\n", prefix, name, missing);
        return WORKER_WRONG_CPU;
    }
    if (strcmp(argv[1], "--self-test") == 0)
        return self_test(name, argc - 2, argv + 2);
    if (strcmp(argv[1], "--cost") == 0)
        return worker_cost(argv + 2, argc - 2);
    if (strcmp(argv[1], "--save") == 0)
        return worker_save(argv + 2, argc - 2);
    if (strcmp(argv[1], "--run") == 0)
        return worker_measure(argv + 2, argc - 2, started_ns);
    return usage(name);
}
