/* The worker of the lessons: one process of one condition. Binds its team, prepares, waits for the others,
 * runs, waits for the others again, and says what happened as JSON lines. Judges nothing.
 *
 *     acelera-worker-lessons --list
 *     acelera-worker-lessons --run experiment=NAME threads=N pus=0,1|none process=P processes=Q seconds=S
 *                            seed=N parent=PID shared_fd=FD KEY=VALUE…
 */
#include "harness/worker/binding.h"
#include "harness/worker/cpu.h"
#include "harness/worker/output.h"
#include "kernels/isa.h"
#include "kernels/team.h"
#include "lessons/experiments/setup.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/mman.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { EXIT_USAGE = 2, SPANS_A_LINE = 250 };

static const char name[] = "acelera-worker-lessons";

/* ---- talking with the engine ---- */

static struct output output;

/* Says that this process has come so far, and waits until all of its trial have. */
static void say_and_wait(const char *kind)
{
    output_add(&output, "{\"kind\":\"%s\"}", kind);
    output_end_line(&output);
    output_flush(&output);
    char byte;
    ssize_t n;
    do
        n = read(STDIN_FILENO, &byte, 1);
    while (n < 0 && errno == EINTR);
    if (n != 1)
        exit(1); /* nobody wants the rest */
}

static void report_spans(int thread, const struct experiment_lane *lane, int64_t begin_ns)
{
    for (int first = 0; first < lane->count; first += SPANS_A_LINE) {
        int end = first + SPANS_A_LINE < lane->count ? first + SPANS_A_LINE : lane->count;
        output_add(&output, "{\"kind\":\"spans\",\"thread\":%d,\"spans\":[", thread);
        for (int i = first; i < end; i++) {
            const struct experiment_chunk *chunk = &lane->chunk[i];
            output_add(&output, "%s[%" PRId64 ",%" PRId64 ",%d,%d,%d]", i > first ? "," : "",
                chunk->begin_ns - begin_ns, chunk->end_ns - begin_ns, chunk->cpu, chunk->kind == CHUNK_WAIT,
                chunk->locked_wait);
        }
        output_add(&output, "]}");
        output_end_line(&output);
    }
}

static void report(const struct experiment_setup *told, const struct experiment_result *result)
{
    output_add(&output, "{\"kind\":\"end\",\"begin_ns\":%" PRId64 ",\"end_ns\":%" PRId64, result->begin_ns,
        result->end_ns);
    output_add(&output, ",\"checksum\":\"%016" PRIx64 "\"}", result->checksum);
    output_end_line(&output);
    for (int t = 0; t < told->threads; t++) {
        const struct experiment_lane *lane = &result->lane[t];
        output_add(&output, "{\"kind\":\"lane\",\"thread\":%d,\"pu\":%d,\"cpu_ns\":%" PRId64, t,
            told->pus != NULL ? told->pus[t] : -1, lane->cpu_ns);
        output_add(&output, ",\"off_cpu_ns\":%" PRId64 ",\"seen\":%d}", lane->off_cpu_ns, lane->seen);
        output_end_line(&output);
        report_spans(t, lane, result->begin_ns);
    }
    for (int v = 0; v < result->values; v++) {
        output_add(&output, "{\"kind\":\"value\",\"name\":");
        output_add_string(&output, result->value[v].name);
        output_add(&output, ",\"unit\":");
        output_add_string(&output, result->value[v].unit);
        output_add(&output, ",\"value\":");
        output_add_number(&output, result->value[v].value);
        output_add(&output, "}");
        output_end_line(&output);
    }
    output_add(&output, "{\"kind\":\"bye\"}");
    output_end_line(&output);
    output_flush(&output);
}

void experiment_add_value(struct experiment_result *result, const char *key, double value, const char *unit)
{
    if (result->values == EXPERIMENT_VALUES_MAX)
        return;
    struct experiment_value *added = &result->value[result->values++];
    snprintf(added->name, sizeof added->name, "%s", key);
    snprintf(added->unit, sizeof added->unit, "%s", unit);
    added->value = value;
}

/* ---- the life of a process ---- */

static int fail(const char *why)
{
    fprintf(stderr, "%s\n", why);
    return EXIT_FAILURE;
}

/* Nothing of us outlives the engine. */
static bool die_with(pid_t parent)
{
    return parent == 0 || (prctl(PR_SET_PDEATHSIG, SIGKILL) == 0 && getppid() == parent);
}

static void free_lanes(struct experiment_lane *lane, int threads)
{
    for (int t = 0; lane != NULL && t < threads; t++)
        free(lane[t].chunk);
    free(lane);
}

/* Every thread touches its own stamps, from its own PU. NULL: out of memory. */
static struct experiment_lane *make_lanes(int threads)
{
    struct experiment_lane *lane = aligned_alloc(sizeof *lane, (size_t)threads * sizeof *lane);
    bool enough = lane != NULL;
    if (lane == NULL)
        return NULL;
    memset(lane, 0, (size_t)threads * sizeof *lane);
#pragma omp parallel num_threads(threads) reduction(&& : enough)
    {
        struct experiment_lane *own = &lane[team_rank()];
        size_t bytes = EXPERIMENT_CHUNKS_MAX * sizeof *own->chunk;
        own->cpu_ns = own->off_cpu_ns = -1;
        own->chunk = malloc(bytes);
        enough = own->chunk != NULL;
        if (enough)
            memset(own->chunk, 0, bytes);
    }
    if (enough)
        return lane;
    free_lanes(lane, threads);
    return NULL;
}

static const char *attach_shared(struct process_setup *setup)
{
    if (setup->shared_fd < 0)
        return NULL;
    void *mapped = mmap(NULL, EXPERIMENT_SHARED_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_POPULATE,
        setup->shared_fd, 0);
    if (mapped == MAP_FAILED)
        return "the shared memory cannot be mapped";
    setup->told.shared = mapped;
    return NULL;
}

static int run(struct process_setup *setup)
{
    struct experiment_setup *told = &setup->told;
    const struct experiment *experiment = setup->experiment;
    char why[300] = "";
    int delivered;
    int *seen = calloc((size_t)told->threads, sizeof *seen);
    if (seen == NULL)
        return fail("out of memory");
    bool bound = binding_form_team(told->threads, told->pus, seen, &delivered, why, sizeof why);
    const char *problem = bound ? attach_shared(setup) : why;
    struct experiment_result result = {.lane = problem == NULL ? make_lanes(told->threads) : NULL};
    void *state = NULL;
    if (problem == NULL && result.lane == NULL)
        problem = "out of memory for the stamps";
    if (problem == NULL && experiment->prepare != NULL)
        problem = experiment->prepare(told, &state);
    if (problem != NULL)
        goto cleanup;
    say_and_wait("ready");
    int64_t begin_ns = work_now_ns();
    problem = experiment->run(told, state, &result);
    int64_t end_ns = work_now_ns();
    if (result.begin_ns == 0)
        result.begin_ns = begin_ns;
    if (result.end_ns == 0)
        result.end_ns = end_ns;
    if (problem == NULL && !binding_read_back(told->threads, told->pus, seen, &delivered, why, sizeof why))
        problem = why;
    if (problem == NULL) {
        say_and_wait("done");
        report(told, &result);
    }
    if (experiment->release != NULL)
        experiment->release(state);
cleanup:
    free_lanes(result.lane, told->threads);
    free(seen);
    return problem == NULL ? EXIT_SUCCESS : fail(problem);
}

static int list(void)
{
    for (int i = 0; experiment_list[i] != NULL; i++)
        printf("%s: %s\n", experiment_list[i]->name, experiment_list[i]->what);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    char missing[1024];
    if (argc == 2 && strcmp(argv[1], "--list") == 0)
        return list();
    if (argc < 3 || strcmp(argv[1], "--run") != 0) {
        fprintf(stderr,
            "%s: runs the experiments of acelera teach, started by it. By hand: --list | --run "
            "experiment=NAME KEY=VALUE…\n",
            name);
        return EXIT_USAGE;
    }
    if (!cpu_has_features(isa_features_needed, missing, sizeof missing)) {
        fprintf(stderr, "%s: this CPU lacks %s: build it for a lower level\n", name, missing);
        return EXIT_FAILURE;
    }
    struct process_setup setup;
    int code = EXIT_USAGE;
    if (process_setup_parse(argv + 2, argc - 2, &setup))
        code = die_with(setup.parent) ? run(&setup) : fail("the program that started this one is gone");
    process_setup_free(&setup);
    return code;
}
