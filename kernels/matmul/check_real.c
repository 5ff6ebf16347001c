/* What can be said about C for real data, where the last bits depend on the order of summation:
 *
 * 1. MATMUL_SAMPLE_ROWS whole rows, drawn from the seed, are recomputed in twice the precision, and every
 * element of theirs must keep the componentwise rounding bound.
 * 2. C·x = A·(B·x) for a random x of ±1, within the sum of the bounds of each row. This covers all of C, but
 * only coarsely: a lost tile may pass. That is why integers are the default.
 *
 * Refuses to claim more than that. A and B are made again from the seed.
 */
#include "kernels/matmul/matmul.h"

static double gamma_of(double count, double unit)
{
    return count * unit / (1 - count * unit);
}

static double sign_of(int32_t x)
{
    return x < 0 ? -1 : 1;
}

/* One row from each of equal strata, so that they spread over all of C. */
static void draw_sample(struct matmul *s)
{
    struct matmul_reference *r = &s->reference;
    uint64_t seed = random_stream(s->config.seed, UINT64_MAX - 1);
    r->samples = s->m < MATMUL_SAMPLE_ROWS ? (int)s->m : MATMUL_SAMPLE_ROWS;
    for (int i = 0; i < r->samples; i++) {
        int64_t begin = s->m / r->samples * i;
        int64_t end = i + 1 == r->samples ? s->m : begin + s->m / r->samples;
        r->sample[i] = begin + (int64_t)(random_bits(seed, (uint64_t)i) % (uint64_t)(end - begin));
    }
}

/* A·(B·x) in f64, and the slack: γ(k+2)·|A||B||x| for C, and the γ of f64 for each of the three sums here. */
static void multiply_vector(struct matmul *s)
{
    const struct matmul_reference *r = &s->reference;
    double gamma = gamma_of((double)s->k + 2, ELEMENT_EPSILON) + gamma_of((double)s->k, 0x1p-53) +
                   2 * gamma_of((double)s->n, 0x1p-53);
#pragma omp parallel for num_threads(s->config.threads) schedule(static)
    for (int64_t p = 0; p < s->k; p++) {
        double sum = 0, size = 0;
        for (int64_t j = 0; j < s->n; j++) {
            double b = (double)matmul_input_real(&s->b_input, (uint64_t)(p * s->n + j));
            sum += b * sign_of(r->x[j]);
            size += __builtin_fabs(b);
        }
        r->yr[p] = sum;
        r->y_size[p] = size;
    }
#pragma omp parallel for num_threads(s->config.threads) schedule(static)
    for (int64_t i = 0; i < s->m; i++) {
        double sum = 0, size = 0;
        for (int64_t p = 0; p < s->k; p++) {
            double a = (double)matmul_input_real(&s->a_input, (uint64_t)(i * s->k + p));
            sum += a * r->yr[p];
            size += __builtin_fabs(a) * r->y_size[p];
        }
        r->axr[i] = sum;
        r->slack[i] = gamma * size;
    }
}

/* False, with the element, at the first element of a sampled row that is out of its bound. */
static bool sample_is_right(const struct matmul *s, struct kernel_check *check)
{
    const struct matmul_reference *r = &s->reference;
    for (int q = 0; q < r->samples; q++)
        for (int64_t j = 0; j < s->n; j++) {
            int64_t index = r->sample[q] * s->n + j, at = q * s->n + j;
            if (TYPED(matmul_within)(s->c[index], r->high[at], r->low[at], r->bound[at]))
                continue;
            check->index = index;
            check->got = (double)s->c[index];
            check->expected = r->high[at];
            check->tolerance = r->bound[at];
            return false;
        }
    return true;
}

static double row_times_x(const struct matmul *s, int64_t i)
{
    double sum = 0;
    for (int64_t j = 0; j < s->n; j++)
        sum += (double)s->c[i * s->n + j] * sign_of(s->reference.x[j]);
    return sum;
}

/* False at the first row whose product with x is out of its slack; the index is that of the row's begin. */
static bool product_is_right(const struct matmul *s, struct kernel_check *check)
{
    const struct matmul_reference *r = &s->reference;
    int64_t wrong = s->m;
#pragma omp parallel for num_threads(s->config.threads) schedule(static) reduction(min : wrong)
    for (int64_t i = 0; i < s->m; i++)
        if (!(__builtin_fabs(row_times_x(s, i) - r->axr[i]) <= r->slack[i]) && i < wrong)
            wrong = i;
    if (wrong == s->m)
        return true;
    check->index = wrong * s->n;
    check->got = row_times_x(s, wrong);
    check->expected = r->axr[wrong];
    check->tolerance = r->slack[wrong];
    return false;
}

void TYPED(matmul_check_real)(struct matmul *s, struct kernel_check *check)
{
    struct matmul_reference *r = &s->reference;
    if (!r->ready) {
        draw_sample(s);
        multiply_vector(s);
        TYPED(matmul_reference_rows)(s, r->sample, r->samples, r->high, r->low, r->bound);
    }
    if (!sample_is_right(s, check)) {
        check->what = "sampled rows of C against twice the precision, each element within γ(k+2)·|A||B|";
    } else if (!product_is_right(s, check)) {
        check->what = "the whole row of C: C·x against A·(B·x), x of ±1, within the row's rounding bounds";
    } else {
        check->passed = true;
        check->what = "8 sampled rows of C within γ(k+2)·|A||B| of twice the precision; all rows only by C·x "
                      "against A·(B·x), x of ±1, within the sum of such bounds";
    }
}
