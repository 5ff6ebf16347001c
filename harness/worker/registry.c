/* The list of kernels, turned into a table. Another list (the tests' wrong kernels, the lessons' experiments)
 * makes another worker from the same main. */
#include "harness/worker/registry.h"

#include <string.h>

#define KERNEL(name) extern const struct kernel kernel_##name##_f32, kernel_##name##_f64;
#include KERNEL_LIST_HEADER
#undef KERNEL

const struct kernel *const registry_kernels[] = {
#define KERNEL(name) &kernel_##name##_f32, &kernel_##name##_f64,
#include KERNEL_LIST_HEADER
#undef KERNEL
    NULL,
};

const struct kernel *registry_find(const char *name, const char *type)
{
    for (int i = 0; registry_kernels[i] != NULL; i++)
        if (strcmp(registry_kernels[i]->name, name) == 0 && strcmp(registry_kernels[i]->element, type) == 0)
            return registry_kernels[i];
    return NULL;
}

const struct kernel_variant *registry_find_variant(const struct kernel *kernel, const char *name)
{
    for (int v = 0; v < kernel->variant_count; v++)
        if (strcmp(kernel->variants[v].name, name) == 0)
            return &kernel->variants[v];
    return NULL;
}

const struct kernel_variant *registry_default_variant(const struct kernel *kernel)
{
    for (int v = 0; v < kernel->variant_count; v++)
        if (kernel->variants[v].is_default)
            return &kernel->variants[v];
    return &kernel->variants[kernel->variant_count - 1];
}
