/* A kernel that goes wrong in every way that a worker process can: it hangs, crashes, ends silently, is
 * killed now and then. Its arithmetic is right, so what is tested is the harness. */
#include "kernels/kernel.h"
#include "kernels/team.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>

#include <sys/stat.h>
#include <unistd.h>

struct state {
    struct kernel_config config;
    element *value; /* one for each row */
    int runs;
};

static const char *reject(const struct kernel_config *config)
{
    return config->shape[0] > 1 << 20 ? "n is too large" : NULL;
}

static void cost(
    const struct kernel_config *config, const struct kernel_variant *variant, struct kernel_cost *cost)
{
    (void)variant;
    double n = (double)config->shape[0];
    *cost =
        (struct kernel_cost){.flop = n, .bytes = n * sizeof(element), .memory_bytes = n * sizeof(element)};
}

static void *create(const struct kernel_config *config, const struct kernel_variant *variant)
{
    (void)variant;
    struct state *state = calloc(1, sizeof *state);
    if (state == NULL)
        return NULL;
    state->config = *config;
    state->value = calloc((size_t)config->shape[0], sizeof *state->value);
    if (state->value == NULL) {
        free(state);
        return NULL;
    }
    return state;
}

static void fill(void *memory)
{
    (void)memory;
}

static void spoil(void *memory, bool whole)
{
    struct state *state = memory;
    for (int64_t i = 0; i < (whole ? state->config.shape[0] : 1); i++)
        state->value[i] = -1;
}

static void run_good(void *memory, struct kernel_lane *lanes)
{
    struct state *state = memory;
#pragma omp parallel num_threads(state->config.threads)
    {
        int64_t begin, end;
        lane_begin(&lanes[team_rank()]);
        team_share(state->config.shape[0], team_rank(), team_size(), &begin, &end);
        for (int64_t i = begin; i < end; i++)
            state->value[i] = (element)(i % 1000);
        lane_end(&lanes[team_rank()]);
    }
    state->runs++;
    usleep(2000);
}

/* Computes for 5 µs of wall time a value, however little of that it gets. */
static void run_spin(void *memory, struct kernel_lane *lanes)
{
    struct state *state = memory;
    run_good(memory, lanes);
#pragma omp parallel num_threads(state->config.threads)
    {
        int64_t begin_ns = kernel_now_ns(), span_ns = 5000 * state->config.shape[0];
        lane_begin(&lanes[team_rank()]);
        while (kernel_now_ns() - begin_ns < span_ns) {
        }
        lane_end(&lanes[team_rank()]);
    }
}

/* Nine tenths of the work, again as wall time, are the first thread's. */
static void run_skewed(void *memory, struct kernel_lane *lanes)
{
    struct state *state = memory;
    int threads = state->config.threads;
    run_good(memory, lanes);
#pragma omp parallel num_threads(threads)
    {
        int64_t begin_ns = kernel_now_ns(), whole_ns = 20000 * state->config.shape[0];
        int64_t span_ns = threads == 1 ? whole_ns : whole_ns / 10;
        if (threads > 1)
            span_ns = team_rank() == 0 ? 9 * span_ns : span_ns / (threads - 1);
        lane_begin(&lanes[team_rank()]);
        while (kernel_now_ns() - begin_ns < span_ns) {
        }
        lane_end(&lanes[team_rank()]);
    }
}

static void run_hang(void *memory, struct kernel_lane *lanes)
{
    struct state *state = memory;
    run_good(memory, lanes);
    while (state->runs > 2)
        pause();
}

static void run_crash(void *memory, struct kernel_lane *lanes)
{
    struct state *state = memory;
    run_good(memory, lanes);
    if (state->runs > 2) {
        signal(SIGSEGV, SIG_DFL); /* a sanitizer would catch it, and exit with a report instead */
        raise(SIGSEGV);
    }
}

static void run_vanish(void *memory, struct kernel_lane *lanes)
{
    run_good(memory, lanes);
    _exit(0);
}

/* The third process in this folder is killed, as by a killer of processes at large; the others are counted in
 * a file and go on. */
static void run_sometimes(void *memory, struct kernel_lane *lanes)
{
    struct state *state = memory;
    struct stat file;
    run_good(memory, lanes);
    if (state->runs != 3)
        return;
    int fd = open("processes", O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (fd >= 0 && write(fd, "x", 1) == 1 && fstat(fd, &file) == 0 && file.st_size == 3)
        raise(SIGKILL);
    close(fd);
}

/* Right at first, wrong at the last: the check after the timed iterations has to see it. */
static void run_decay(void *memory, struct kernel_lane *lanes)
{
    struct state *state = memory;
    run_good(memory, lanes);
    if (state->runs > 2)
        state->value[state->config.shape[0] / 2] += 1;
}

/* Right at first; later it leaves one value as it finds it. */
static void run_stale(void *memory, struct kernel_lane *lanes)
{
    struct state *state = memory;
    element *middle = &state->value[state->config.shape[0] / 2], found = *middle;
    run_good(memory, lanes);
    if (state->runs > 2)
        *middle = found;
}

/* One thread does all the work of the team. */
static void run_idle(void *memory, struct kernel_lane *lanes)
{
    struct state *state = memory;
    int threads = state->config.threads;
    state->config.threads = 1;
    run_good(memory, lanes);
    state->config.threads = threads;
}

static void check(void *memory, struct kernel_check *check)
{
    const struct state *state = memory;
    *check = (struct kernel_check){
        .passed = true, .what = "each value against its index", .index = -1, .digest = 1};
    for (int64_t i = 0; i < state->config.shape[0] && check->passed; i++) {
        check->got = state->value[i];
        check->expected = (double)(i % 1000);
        check->passed = check->got == check->expected;
        check->index = check->passed ? -1 : i;
    }
}

static void destroy(void *memory)
{
    struct state *state = memory;
    free(state->value);
    free(state);
}

static const struct kernel_dimension dimensions[] = {{.key = "n",
    .meaning = "values",
    .by_size = {1000, 2000, 4000, 8000, 16000},
    .weak = true,
    .grows = true}};

static const struct kernel_variant variants[] = {
    {.name = "hang", .what = "sleeps for ever in its third run", .why = "", .run = run_hang},
    {.name = "crash", .what = "segmentation fault in its third run", .why = "", .run = run_crash},
    {.name = "vanish", .what = "ends without a word", .why = "", .run = run_vanish},
    {.name = "sometimes", .what = "is killed in its third process", .why = "", .run = run_sometimes},
    {.name = "decay", .what = "wrong from its third run on", .why = "", .run = run_decay},
    {.name = "stale",
        .what = "leaves one value as it finds it, from its third run on",
        .why = "",
        .run = run_stale},
    {.name = "idle", .what = "uses one thread of its team", .why = "", .run = run_idle},
    {.name = "spin", .what = "computes for a while", .why = "", .run = run_spin},
    {.name = "skewed", .what = "gives most of its work to one thread", .why = "", .run = run_skewed},
    {.name = "good", .what = "behaves", .why = "", .run = run_good, .is_default = true},
};

static const int64_t test_shapes[] = {1, 100};

const struct kernel TYPED(kernel_faulty) = {
    .name = "faulty",
    .element = ELEMENT_NAME,
    .summary = "goes wrong in every way that a process can",
    .rate = KERNEL_RATE_FLOP,
    .dimensions = dimensions,
    .dimension_count = 1,
    .variants = variants,
    .variant_count = sizeof variants / sizeof variants[0],
    .reject = reject,
    .cost = cost,
    .create = create,
    .fill = fill,
    .spoil = spoil,
    .check = check,
    .destroy = destroy,
    .test_shapes = test_shapes,
    .test_shape_count = 2,
};
