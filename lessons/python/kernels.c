/* The suite's product of matrices as a library that a script opens with ctypes. Serial: every thread that
 * calls it works alone, on a problem of its own. Refuses to know Python.
 */
#include "kernels/kernel.h"

#include <stdlib.h>

extern const struct kernel kernel_matmul_f32;

#define EXPORTED __attribute__((visibility("default")))

struct product {
    void *state;
    const struct kernel_variant *variant;
    struct kernel_lane lane;
};

EXPORTED void acelera_product_close(struct product *product);
EXPORTED struct product *acelera_product_open(int n, unsigned long long seed);
EXPORTED void acelera_product_run(struct product *product);
EXPORTED int acelera_product_is_right(struct product *product);

void acelera_product_close(struct product *product)
{
    if (product != NULL && product->state != NULL)
        kernel_matmul_f32.destroy(product->state);
    free(product);
}

/* Two matrices of n × n, filled; NULL: no memory, or no such problem. */
struct product *acelera_product_open(int n, unsigned long long seed)
{
    struct kernel_config config = {.shape = {n, n, n}, .seed = seed, .threads = 1};
    struct product *product = aligned_alloc(_Alignof(struct product), sizeof *product);
    if (product == NULL)
        return NULL;
    *product = (struct product){.state = NULL};
    for (int v = 0; v < kernel_matmul_f32.variant_count; v++)
        if (kernel_matmul_f32.variants[v].is_default)
            product->variant = &kernel_matmul_f32.variants[v];
    if (n >= 1 && kernel_matmul_f32.reject(&config) == NULL)
        product->state = kernel_matmul_f32.create(&config, product->variant);
    if (product->state == NULL) {
        acelera_product_close(product);
        return NULL;
    }
    kernel_matmul_f32.fill(product->state);
    kernel_matmul_f32.spoil(product->state, true);
    return product;
}

void acelera_product_run(struct product *product)
{
    product->lane.spans = 0;
    product->variant->run(product->state, &product->lane);
}

/* Whether the last product is right, by the kernel's own check. */
int acelera_product_is_right(struct product *product)
{
    struct kernel_check check;
    kernel_matmul_f32.check(product->state, &check);
    return check.passed;
}
