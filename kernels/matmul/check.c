/* The truth about C for integer data, exact: Freivalds, "Probabilistic machines can use less running time",
 * IFIP Congress 1977: C·x = A·(B·x) for a random x, in O(n²) instead of O(n³).
 *
 * Everything is done modulo 2^64 with x uniform over the 2^32 values of int32, so there is no tolerance.
 * Where C is wrong, some row differs from the true one by integers dⱼ, not all 0, with |dⱼ| < 2^32. Given the
 * rest of x, Σ dⱼxⱼ is 0 modulo 2^64 for at most one xⱼ, since dⱼ is no multiple of 2^32: a wrong C passes
 * with probability 2^-32 at most. The elements of A and B are made again from the seed; what run() left of
 * them plays no part.
 *
 * Refuses real data (check_real.c).
 */
#include "kernels/digest.h"
#include "kernels/matmul/matmul.h"

static bool is_real(const struct kernel_config *config)
{
    return config->choice[MATMUL_OPTION_DATA] == MATMUL_DATA_REAL;
}

/* Every array is whole 8-byte words, so that each begins aligned. */
size_t TYPED(matmul_reference_bytes)(const struct kernel_config *config)
{
    size_t m = (size_t)config->shape[MATMUL_M], n = (size_t)config->shape[MATMUL_N];
    size_t k = (size_t)config->shape[MATMUL_K];
    size_t words = (n + 1) / 2 + m; /* x, digest */
    words += is_real(config) ? 2 * k + 2 * m + (size_t)3 * MATMUL_SAMPLE_ROWS * n : k + m;
    return words * sizeof(uint64_t);
}

static void place_arrays(struct matmul *s)
{
    struct matmul_reference *r = &s->reference;
    size_t sampled = (size_t)MATMUL_SAMPLE_ROWS * (size_t)s->n;
    r->x = r->memory;
    r->digest = (uint64_t *)r->memory + (s->n + 1) / 2;
    if (is_real(&s->config)) {
        r->yr = (double *)(r->digest + s->m);
        r->y_size = r->yr + s->k;
        r->axr = r->y_size + s->k;
        r->slack = r->axr + s->m;
        r->high = r->slack + s->m;
        r->low = r->high + sampled;
        r->bound = r->low + sampled;
    } else {
        r->y = r->digest + s->m;
        r->ax = r->y + s->k;
    }
    uint64_t seed = random_stream(s->config.seed, UINT64_MAX);
    for (int64_t j = 0; j < s->n; j++)
        r->x[j] = (int32_t)(uint32_t)(random_bits(seed, (uint64_t)j) >> 32);
}

/* A·(B·x), from the seed. */
static void multiply_vector(struct matmul *s)
{
    const struct matmul_reference *r = &s->reference;
    const struct matmul_input a = s->a_input, b = s->b_input;
#pragma omp parallel for num_threads(s->config.threads) schedule(static)
    for (int64_t p = 0; p < s->k; p++) {
        uint64_t sum = 0;
        for (int64_t j = 0; j < s->n; j++)
            sum += (uint64_t)(matmul_input_integer(&b, (uint64_t)(p * s->n + j)) * (int64_t)r->x[j]);
        r->y[p] = sum;
    }
#pragma omp parallel for num_threads(s->config.threads) schedule(static)
    for (int64_t i = 0; i < s->m; i++) {
        uint64_t sum = 0;
        for (int64_t p = 0; p < s->k; p++)
            sum += (uint64_t)matmul_input_integer(&a, (uint64_t)(i * s->k + p)) * r->y[p];
        r->ax[i] = sum;
    }
}

/* Row i of C holds integers of the exact range only, and its product with x is the expected one. */
static bool row_is_right(const struct matmul *s, int64_t i)
{
    const element *c = s->c + i * s->n;
    const int32_t *x = s->reference.x;
    const element range = MATMUL_EXACT_RANGE;
    uint64_t sum = 0;
    int strange = 0;
    for (int64_t j = 0; j < s->n; j++) {
        int32_t integer = c[j] >= -range && c[j] <= range ? (int32_t)c[j] : 0;
        strange |= (element)integer != c[j]; /* true for NaN, too */
        sum += (uint64_t)((int64_t)integer * x[j]);
    }
    return !strange && sum == s->reference.ax[i];
}

/* The first wrong element of row i, by computing the row from the definition. */
static void locate(const struct matmul *s, int64_t i, struct kernel_check *check)
{
    for (int64_t j = 0; j < s->n; j++) {
        int64_t sum = 0;
        for (int64_t p = 0; p < s->k; p++)
            sum += matmul_input_integer(&s->a_input, (uint64_t)(i * s->k + p)) *
                   matmul_input_integer(&s->b_input, (uint64_t)(p * s->n + j));
        element got = s->c[i * s->n + j];
        if (got == (element)sum)
            continue;
        check->index = i * s->n + j;
        check->got = (double)got;
        check->expected = (double)sum;
        return;
    }
}

static void check_integer(struct matmul *s, struct kernel_check *check)
{
    int64_t wrong = s->m;
    check->what =
        "every element of C an integer in range, and C·x = A·(B·x) modulo 2^64 for a random x: exact";
#pragma omp parallel for num_threads(s->config.threads) schedule(static) reduction(min : wrong)
    for (int64_t i = 0; i < s->m; i++)
        if (!row_is_right(s, i) && i < wrong)
            wrong = i;
    check->passed = wrong == s->m;
    if (!check->passed)
        locate(s, wrong, check);
}

static uint64_t digest_of_c(const struct matmul *s)
{
    uint64_t digest = 0;
#pragma omp parallel for num_threads(s->config.threads) schedule(static)
    for (int64_t i = 0; i < s->m; i++)
        s->reference.digest[i] = digest_bytes((uint64_t)i, s->c + i * s->n, (size_t)s->n * sizeof(element));
    for (int64_t i = 0; i < s->m; i++)
        digest = digest_mix(digest, s->reference.digest[i]);
    return digest;
}

void TYPED(matmul_check)(void *state, struct kernel_check *check)
{
    struct matmul *s = state;
    bool real = is_real(&s->config);
    if (!s->reference.ready)
        place_arrays(s);
    *check = (struct kernel_check){.index = -1};
    check->digest = digest_of_c(s);
    if (real) {
        TYPED(matmul_check_real)(s, check);
    } else {
        if (!s->reference.ready)
            multiply_vector(s);
        check_integer(s, check);
    }
    s->reference.ready = true;
}
