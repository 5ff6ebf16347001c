/* The kernels that are linked into this worker, in the order of the list that it was built from. */
#ifndef ACELERA_REGISTRY_H
#define ACELERA_REGISTRY_H

#include "kernels/kernel.h"

extern const struct kernel *const registry_kernels[]; /* NULL-terminated: each name as f32, then as f64 */

/* NULL if there is none. */
const struct kernel *registry_find(const char *name, const char *type);
const struct kernel_variant *registry_find_variant(const struct kernel *kernel, const char *name);

/* The variant marked default. */
const struct kernel_variant *registry_default_variant(const struct kernel *kernel);

#endif
