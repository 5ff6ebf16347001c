/* The same total, kept right in three ways: a critical section, an atomic addition, a reduction; and, as the
 * thing to be fixed, with none. Every thread adds the same small whole numbers, so that the right total is
 * known beforehand, whatever the order.
 *
 * It says what an addition costs here when the threads do nothing else. */
#include "lessons/experiments/experiment.h"

#include <math.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

enum { PASSES_MAX = 1000 };

struct fixes {
    _Alignas(128) unsigned long long total;
    _Alignas(128) atomic_ullong open_total;
    _Alignas(128) int64_t updates; /* of each thread */
    const char *how;
    double pass_ns[PASSES_MAX];
};

/* What addition i adds: 1 to 4. */
static inline unsigned long long amount(int64_t i)
{
    return 1 + (((uint32_t)i * 2654435761u) >> 30);
}

static const char *fixes_prepare(const struct experiment_setup *setup, void **state)
{
    struct fixes *fixes = aligned_alloc(128, (sizeof *fixes + 127) / 128 * 128);
    if (fixes == NULL)
        return "no memory";
    memset(fixes, 0, sizeof *fixes);
    fixes->updates = (int64_t)experiment_number(setup, "updates", 100000);
    fixes->how = experiment_text(setup, "how", "reduction");
    *state = fixes;
    return NULL;
}

static unsigned long long total_critical(struct fixes *fixes, int threads)
{
    fixes->total = 0;
#pragma omp parallel num_threads(threads)
    for (int64_t i = 0; i < fixes->updates; i++) {
#pragma omp critical(lesson_total)
        fixes->total += amount(i);
    }
    return fixes->total;
}

static unsigned long long total_atomic(struct fixes *fixes, int threads)
{
    fixes->total = 0;
#pragma omp parallel num_threads(threads)
    for (int64_t i = 0; i < fixes->updates; i++) {
#pragma omp atomic
        fixes->total += amount(i);
    }
    return fixes->total;
}

static unsigned long long total_reduction(struct fixes *fixes, int threads)
{
    unsigned long long total = 0;
#pragma omp parallel num_threads(threads) reduction(+ : total)
    for (int64_t i = 0; i < fixes->updates; i++)
        total += amount(i);
    return total;
}

/* Reads and writes in two steps, relaxed atomic ones: additions get lost, and nothing is undefined. */
static unsigned long long total_open(struct fixes *fixes, int threads)
{
    atomic_store(&fixes->open_total, 0);
#pragma omp parallel num_threads(threads)
    for (int64_t i = 0; i < fixes->updates; i++) {
        unsigned long long old = atomic_load_explicit(&fixes->open_total, memory_order_relaxed);
        atomic_store_explicit(&fixes->open_total, old + amount(i), memory_order_relaxed);
    }
    return atomic_load(&fixes->open_total);
}

static unsigned long long total_of(struct fixes *fixes, int threads)
{
    if (strcmp(fixes->how, "critical") == 0)
        return total_critical(fixes, threads);
    if (strcmp(fixes->how, "atomic") == 0)
        return total_atomic(fixes, threads);
    if (strcmp(fixes->how, "open") == 0)
        return total_open(fixes, threads);
    return total_reduction(fixes, threads);
}

static int ascending(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static const char *fixes_run(
    const struct experiment_setup *setup, void *state, struct experiment_result *result)
{
    struct fixes *fixes = state;
    int64_t deadline_ns =
        work_now_ns() + (int64_t)(experiment_number(setup, "limit_s", setup->seconds) * 1e9);
    unsigned long long right = 0, total = 0;
    double missing = 0;
    for (int64_t i = 0; i < fixes->updates; i++)
        right += (unsigned long long)setup->threads * amount(i);

    int passes = 0;
    for (; passes < PASSES_MAX && (passes == 0 || work_now_ns() < deadline_ns); passes++) {
        int64_t begin = work_now_ns();
        total = total_of(fixes, setup->threads);
        int64_t end = work_now_ns();
        experiment_add_chunk(&result->lane[0], CHUNK_WORK, begin, end, false);
        fixes->pass_ns[passes] = (double)(end - begin);
        missing += (double)right - (double)total;
    }
    qsort(fixes->pass_ns, (size_t)passes, sizeof fixes->pass_ns[0], ascending);
    experiment_add_value(result, "passes", passes, "1");
    experiment_add_value(result, "right", (double)right, "1");
    experiment_add_value(result, "missing", missing, "1");
    experiment_add_value(result, "lost", 100.0 * missing / ((double)right * passes), "%");
    experiment_add_value(
        result, "addition", fixes->pass_ns[passes / 2] / ((double)fixes->updates * setup->threads), "ns");
    result->checksum = total;
    return NULL;
}

static void fixes_release(void *state)
{
    free(state);
}

const struct experiment experiment_fixes = {
    .name = "fixes",
    .what = "one total by how=critical|atomic|reduction|open; updates=N of each thread, limit_s=S",
    .prepare = fixes_prepare,
    .run = fixes_run,
    .release = fixes_release,
};
