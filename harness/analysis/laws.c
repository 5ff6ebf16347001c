/* Least squares of logarithms of speedups in at most two parameters, σ and κ, inside their bounds, by Gauss
 * and Newton with Marquardt's damping (SIAM J. Appl. Math. 11, 1963). t₁ is no parameter of the search: in
 * logarithms it is the mean of what the rest leaves. Amdahl's law is the USL with κ = 0. */
#include "harness/analysis/laws.h"
#include "harness/analysis/random.h"

#include <math.h>
#include <stdlib.h>

enum {
    RESAMPLES = 400,
    BLOCKS_TO_RESAMPLE = 12,
    AMDAHL_POINTS = 4,
    USL_POINTS = 5,
    USL_THREADS = 16,
    STEPS_MAX = 60,
    PARAMETERS = 2
};

static const double share_unexplained = 0.5; /* a law that leaves more than this of the variation is none */
static const double off_most =
    0.15; /* nor is one that a thread count is further off, however narrow its interval */

struct parameters {
    double value[PARAMETERS]; /* σ, κ */
};

/* log S(p), and its derivative by each parameter. */
static double log_speedup(
    enum law law, const struct parameters *parameters, double p, double slope[PARAMETERS])
{
    double sigma = parameters->value[0], kappa = parameters->value[1];
    if (law == LAW_GUSTAFSON) {
        double speedup = p - sigma * (p - 1);
        slope[0] = -(p - 1) / speedup;
        slope[1] = 0;
        return log(speedup);
    }
    double penalty = 1 + sigma * (p - 1) + kappa * p * (p - 1);
    slope[0] = -(p - 1) / penalty;
    slope[1] = law == LAW_USL ? -p * (p - 1) / penalty : 0;
    return log(p / penalty);
}

/* What is fitted: the logarithm of work / time at each thread count. */
struct observations {
    enum law law;
    const struct law_point *point;
    size_t count;
    double *rate;
};

/* Squares left about the mean, and the normal equations of the next step: matrix · step = vector. */
struct normal_equations {
    double squares, matrix[PARAMETERS][PARAMETERS], vector[PARAMETERS];
};

static struct normal_equations equations_of(
    const struct observations *seen, const struct parameters *parameters)
{
    struct normal_equations equations = {0};
    double slope[PARAMETERS], mean_slope[PARAMETERS] = {0}, mean = 0, n = (double)seen->count;
    for (size_t j = 0; j < seen->count; j++) {
        mean += (seen->rate[j] - log_speedup(seen->law, parameters, seen->point[j].threads, slope)) / n;
        for (int k = 0; k < PARAMETERS; k++)
            mean_slope[k] += slope[k] / n;
    }
    for (size_t j = 0; j < seen->count; j++) {
        double fitted = log_speedup(seen->law, parameters, seen->point[j].threads, slope);
        double residual = seen->rate[j] - fitted - mean;
        equations.squares += residual * residual;
        for (int k = 0; k < PARAMETERS; k++) {
            equations.vector[k] += (slope[k] - mean_slope[k]) * residual;
            for (int l = 0; l < PARAMETERS; l++)
                equations.matrix[k][l] += (slope[k] - mean_slope[k]) * (slope[l] - mean_slope[l]);
        }
    }
    return equations;
}

/* A parameter at its bound that would go beyond it stays where it is. */
static bool is_free(const struct parameters *parameters, const struct normal_equations *equations, int k)
{
    double value = parameters->value[k], towards = equations->vector[k];
    if (!(equations->matrix[k][k] > 0))
        return false;
    return towards < 0 ? value > 0 : value < (k == 0 ? 1 : INFINITY);
}

static struct parameters stepped(
    const struct parameters *from, const struct normal_equations *equations, double damping)
{
    struct parameters to = *from;
    double step[PARAMETERS] = {0};
    bool free0 = is_free(from, equations, 0), free1 = is_free(from, equations, 1);
    double a = equations->matrix[0][0] * (1 + damping), b = equations->matrix[0][1];
    double d = equations->matrix[1][1] * (1 + damping), determinant = a * d - b * b;
    if (free0 && free1 && determinant > 0) {
        step[0] = (equations->vector[0] * d - equations->vector[1] * b) / determinant;
        step[1] = (equations->vector[1] * a - equations->vector[0] * b) / determinant;
    } else if (free0) {
        step[0] = equations->vector[0] / a;
    } else if (free1) {
        step[1] = equations->vector[1] / d;
    }
    to.value[0] = fmin(fmax(from->value[0] + step[0], 0), 1);
    to.value[1] = fmax(from->value[1] + step[1], 0);
    return to;
}

/* From `start` downhill; returns the squares that are left. */
static double descend(const struct observations *seen, struct parameters *parameters)
{
    struct normal_equations here = equations_of(seen, parameters);
    double damping = 1e-3;
    for (int step = 0; step < STEPS_MAX && damping < 1e12; step++) {
        struct parameters next = stepped(parameters, &here, damping);
        struct normal_equations there = equations_of(seen, &next);
        if (!(there.squares < here.squares)) {
            damping *= 10;
            continue;
        }
        *parameters = next;
        here = there;
        damping /= 10;
    }
    return here.squares;
}

/* From a few corners, because the sum of squares of the USL is not convex. */
static double fit_best(const struct observations *seen, struct parameters *best)
{
    static const double starts[][PARAMETERS] = {{0, 0}, {0.02, 1e-4}, {0.2, 0}, {0.6, 0}, {0.05, 1e-2}};
    double least = INFINITY;
    for (size_t s = 0; s < sizeof starts / sizeof starts[0]; s++) {
        struct parameters parameters = {{starts[s][0], seen->law == LAW_USL ? starts[s][1] : 0}};
        double squares = descend(seen, &parameters);
        if (squares < least) {
            least = squares;
            *best = parameters;
        }
    }
    return least;
}

/* ---- medians, of all blocks and of resampled ones ---- */

struct timed_block {
    double seconds;
    size_t block;
};

/* Each point's blocks in the order of their times: a median of resampled blocks is then a walk. */
struct sorted_times {
    size_t block_count;
    struct timed_block *blocks; /* block_count for each point, the unknown ones last */
    size_t *known;              /* of each point */
    size_t *drawn;              /* how often each block counts */
};

static int timed_block_order(const void *left, const void *right)
{
    const struct timed_block *a = left, *b = right;
    if (isnan(a->seconds) || isnan(b->seconds))
        return isnan(a->seconds) - isnan(b->seconds);
    return (a->seconds > b->seconds) - (a->seconds < b->seconds);
}

static void sort_times(const struct law_point *points, size_t count, const struct sorted_times *sorted)
{
    for (size_t j = 0; j < count; j++) {
        struct timed_block *blocks = &sorted->blocks[j * sorted->block_count];
        sorted->known[j] = 0;
        for (size_t b = 0; b < sorted->block_count; b++) {
            blocks[b] = (struct timed_block){points[j].seconds[b], b};
            sorted->known[j] += isnan(blocks[b].seconds) ? 0 : 1;
        }
        qsort(blocks, sorted->block_count, sizeof *blocks, timed_block_order);
    }
    for (size_t b = 0; b < sorted->block_count; b++)
        sorted->drawn[b] = 1;
}

/* NaN if no block of the point was drawn. */
static double drawn_median(const struct sorted_times *sorted, size_t point)
{
    const struct timed_block *blocks = &sorted->blocks[point * sorted->block_count];
    size_t total = 0, passed = 0, i = 0;
    for (size_t k = 0; k < sorted->known[point]; k++)
        total += sorted->drawn[blocks[k].block];
    if (total == 0)
        return NAN;
    while (passed + sorted->drawn[blocks[i].block] <= (total - 1) / 2)
        passed += sorted->drawn[blocks[i++].block];
    double lower = blocks[i].seconds;
    while (passed + sorted->drawn[blocks[i].block] <= total / 2)
        passed += sorted->drawn[blocks[i++].block];
    return lower / 2 + blocks[i].seconds / 2;
}

static bool observe(struct observations *seen, const struct sorted_times *sorted)
{
    bool complete = true;
    for (size_t j = 0; j < seen->count; j++) {
        double work = seen->law == LAW_GUSTAFSON ? seen->point[j].threads : 1;
        seen->rate[j] = log(work / (drawn_median(sorted, j) * seen->point[j].clock));
        complete = complete && isfinite(seen->rate[j]);
    }
    return complete;
}

/* ---- the fit ---- */

static void resample(struct observations *seen, const struct sorted_times *sorted,
    const struct parameters *fitted, uint64_t seed, struct law_fit *fit)
{
    double value[PARAMETERS][RESAMPLES];
    struct random random;
    random_seed(&random, seed);
    for (size_t r = 0; r < RESAMPLES; r++) {
        struct parameters parameters = *fitted;
        for (size_t b = 0; b < sorted->block_count; b++)
            sorted->drawn[b] = 0;
        for (size_t b = 0; b < sorted->block_count; b++)
            sorted->drawn[random_below(&random, sorted->block_count)]++;
        bool complete = observe(seen, sorted); /* a resample may miss a point that few blocks have */
        if (complete)
            descend(seen, &parameters);
        for (int k = 0; k < PARAMETERS; k++)
            value[k][r] = complete ? parameters.value[k] : NAN;
    }
    struct interval *interval[PARAMETERS] = {&fit->serial_interval, &fit->coherency_interval};
    for (int k = 0; k < (seen->law == LAW_USL ? 2 : 1); k++)
        *interval[k] = (struct interval){
            quantile_of(value[k], RESAMPLES, 0.025), quantile_of(value[k], RESAMPLES, 0.975), 0.95};
}

static double worst_residual(const struct observations *seen, const struct parameters *parameters)
{
    double mean = 0, worst = 0, slope[PARAMETERS];
    for (size_t j = 0; j < seen->count; j++)
        mean += (seen->rate[j] - log_speedup(seen->law, parameters, seen->point[j].threads, slope)) /
                (double)seen->count;
    for (size_t j = 0; j < seen->count; j++)
        worst = fmax(worst,
            fabs(seen->rate[j] - mean - log_speedup(seen->law, parameters, seen->point[j].threads, slope)));
    return worst;
}

/* What is left when the speedup is the same at every thread count. */
static double squares_of_constant(const struct observations *seen)
{
    double mean = 0, squares = 0;
    for (size_t j = 0; j < seen->count; j++)
        mean += seen->rate[j] / (double)seen->count;
    for (size_t j = 0; j < seen->count; j++)
        squares += (seen->rate[j] - mean) * (seen->rate[j] - mean);
    return squares;
}

static double peak_of(const struct parameters *parameters, const struct law_point *points, size_t count)
{
    double peak = sqrt((1 - parameters->value[0]) / parameters->value[1]);
    return peak >= points[0].threads && peak <= points[count - 1].threads ? peak : NAN;
}

static void fit_sorted(
    struct observations *seen, const struct sorted_times *sorted, uint64_t seed, struct law_fit *fit)
{
    struct parameters best = {{0}};
    sort_times(seen->point, seen->count, sorted);
    if (!observe(seen, sorted)) {
        fit->why_not = "a thread count has no time or no clock";
        return;
    }
    if (fit_best(seen, &best) > share_unexplained * squares_of_constant(seen)) {
        fit->why_not = "hardly better than the same speedup at every thread count";
        return;
    }
    double worst = worst_residual(seen, &best);
    if (worst > off_most) {
        fit->why_not = "a thread count is more than 15% off it";
        return;
    }
    fit->fitted = true;
    fit->serial = best.value[0];
    fit->worst_residual = worst;
    if (seen->law == LAW_USL) {
        fit->coherency = best.value[1];
        fit->peak_threads = peak_of(&best, seen->point, seen->count);
    }
    if (sorted->block_count >= BLOCKS_TO_RESAMPLE)
        resample(seen, sorted, &best, seed, fit);
}

static const char *refusal(enum law law, const struct law_point *points, size_t count, bool weak)
{
    if (law == LAW_GUSTAFSON && !weak)
        return "Gustafson's law is about fixed work per thread (weak scaling)";
    if (law != LAW_GUSTAFSON && weak)
        return "this law is about a fixed problem (strong scaling)";
    if (law == LAW_USL && count < USL_POINTS)
        return "the USL needs five thread counts";
    if (law == LAW_USL && points[count - 1].threads < USL_THREADS)
        return "the USL needs thread counts up to 16 or more";
    if (count < AMDAHL_POINTS)
        return "fewer than four thread counts";
    return NULL;
}

void law_fit(enum law law, const struct law_point *points, size_t count, size_t block_count, bool weak,
    uint64_t seed, struct law_fit *fit)
{
    const struct interval none = {NAN, NAN, NAN};
    *fit = (struct law_fit){.why_not = refusal(law, points, count, weak),
        .serial = NAN,
        .serial_interval = none,
        .coherency = NAN,
        .coherency_interval = none,
        .peak_threads = NAN,
        .worst_residual = NAN};
    if (fit->why_not != NULL)
        return;
    struct observations seen = {
        .law = law, .point = points, .count = count, .rate = calloc(count, sizeof *seen.rate)};
    struct sorted_times sorted = {.block_count = block_count,
        .blocks = calloc(count * block_count + 1, sizeof *sorted.blocks),
        .known = calloc(count, sizeof *sorted.known),
        .drawn = calloc(block_count + 1, sizeof *sorted.drawn)};
    if (seen.rate == NULL || sorted.blocks == NULL || sorted.known == NULL || sorted.drawn == NULL)
        fit->why_not = "not enough memory";
    else
        fit_sorted(&seen, &sorted, seed, fit);
    free(sorted.drawn);
    free(sorted.known);
    free(sorted.blocks);
    free(seen.rate);
}

double law_speedup(enum law law, const struct law_fit *fit, int threads)
{
    const struct parameters parameters = {{fit->serial, law == LAW_USL ? fit->coherency : 0}};
    double slope[PARAMETERS];
    return fit->fitted ? exp(log_speedup(law, &parameters, threads, slope)) : NAN;
}
