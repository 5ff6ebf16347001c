#include "harness/measure/process.h"
#include "harness/analysis/interval.h"
#include "harness/base/text.h"
#include "harness/measure/child.h"
#include "harness/measure/child_environment.h"
#include "harness/measure/plan_parts.h"
#include "harness/measure/words.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/wait.h>
#include <unistd.h>

/* What has been heard so far. */
struct hearing {
    const struct process_order *order;
    const struct supervisor_sink *sink;
    double began_s;
    double *seconds;
    size_t samples;
    bool ended; /* its end_process has been heard */
    struct process_result *result;
};

/* Do threads have to share: a PU, or the CPU time that the quota gives? */
static bool is_crowded(const struct cell *cell, const struct machine *machine)
{
    if (cell->beyond_quota || cell->pus == NULL)
        return cell->beyond_quota || cell->threads > machine->topology.usable_pus;
    for (int t = 1; t < cell->threads; t++)
        for (int u = 0; u < t; u++)
            if (cell->pus[t] == cell->pus[u])
                return true;
    return false;
}

static enum environment_waiting waiting_of(const struct process_order *order)
{
    const struct worker_kernel *kernel = worker_kernel_named(order->worker, order->cell->kernel);
    for (int v = 0; kernel != NULL && v < kernel->variant_count; v++)
        if (kernel->variant[v].own_threads && strcmp(kernel->variant[v].name, order->cell->variant) == 0)
            return ENVIRONMENT_BRIEF;
    return is_crowded(order->cell, order->machine) ? ENVIRONMENT_PASSIVE : ENVIRONMENT_ACTIVE;
}

static void make_words(const struct process_order *order, struct words *words)
{
    const struct cell *cell = order->cell;
    words_add(words, "%s", order->worker->path);
    words_add(words, "--run");
    words_add_problem(words, cell, order->machine);
    words_add_table(words, cell, order->data);
    struct text pus = {0};
    text_add(&pus, "%s", cell->pus == NULL ? "none" : "");
    for (int t = 0; cell->pus != NULL && t < cell->threads; t++)
        text_add(&pus, "%s%d", t > 0 ? "," : "", cell->pus[t]);
    words_add(words, "pus=%s", pus.data);
    text_free(&pus);
    words_add(words, "seed=%llu", (unsigned long long)order->seed);
    words_add(words, "iterations=%ld", order->iterations);
    words_add(words, "repeat=%ld", order->repeat);
    words_add(words, "seconds=%g", order->pilot_s);
    words_add(words, "parent=%ld", (long)getpid());
    words_add(words, "acknowledge=1");
    words_add_throttle(words);
}

static void fail(struct hearing *hearing, const char *why)
{
    struct process_result *result = hearing->result;
    if (result->error.text[0] == '\0')
        error_set(&result->error, STATUS_FAILED, "%s", why);
    result->done = false;
}

/* The team must be the one that was asked for: anything else would be a row about something else. */
static void check_team(struct hearing *hearing, const struct worker_line *line)
{
    const struct cell *cell = hearing->order->cell;
    bool right = line->threads_delivered == cell->threads && line->pu_count == (size_t)cell->threads;
    for (int t = 0; right && cell->pus != NULL && t < cell->threads; t++)
        right = line->pus[t] == cell->pus[t];
    if (!right)
        fail(hearing, "the team is not the one that was asked for");
}

static enum status hear(struct hearing *hearing, const char *text, struct error *error)
{
    struct worker_line line;
    struct error strange;
    struct process_result *result = hearing->result;
    double elapsed_s = child_now_s() - hearing->began_s;
    if (protocol_parse_line(text, &hearing->order->key, elapsed_s, &line, &strange) != STATUS_OK) {
        fail(hearing, strange.text);
        return STATUS_OK;
    }
    if (line.kind == LINE_PROCESS) {
        check_team(hearing, &line);
    } else if (line.kind == LINE_SAMPLE && !line.warmup) {
        hearing->seconds = memory_grow(hearing->seconds, hearing->samples + 1, sizeof *hearing->seconds);
        hearing->seconds[hearing->samples++] = line.seconds;
    } else if (line.kind == LINE_CHECK && !line.passed) {
        result->unverified = true;
    } else if (line.kind == LINE_END_PROCESS) {
        hearing->ended = true;
        result->repeat = line.repeat > 0 ? line.repeat : 1;
        result->unverified = result->unverified || line.unverified;
        if (line.done && result->error.text[0] == '\0' && !result->unverified)
            result->done = true;
        else
            fail(hearing, line.error.text);
    }
    enum status status = hearing->sink->append(hearing->sink->context, line.json, error);
    worker_line_free(&line);
    return status;
}

/* Writes the end_process line that the worker did not. */
static enum status end_for_it(
    struct hearing *hearing, const char *status_word, const char *why, struct error *error)
{
    fail(hearing, why);
    char *line = protocol_end_process(
        &hearing->order->key, status_word, hearing->result->error.text, child_now_s() - hearing->began_s);
    enum status status = hearing->sink->append(hearing->sink->context, line, error);
    free(line);
    return status;
}

static enum status listen(struct hearing *hearing, struct child *child, struct error *error)
{
    const struct process_order *order = hearing->order;
    double deadline_s = hearing->began_s + order->timeout_s;
    enum status status = STATUS_OK;
    enum child_event event = CHILD_END;
    char *line, why[600] = "";
    while (status == STATUS_OK && hearing->result->error.text[0] == '\0' && !hearing->ended &&
           (event = child_next_line(child, deadline_s, &line)) == CHILD_LINE) {
        status = hear(hearing, line, error);
        free(line);
        if (status == STATUS_OK)
            child_acknowledge(child);
    }
    int ended = child_finish(child, status != STATUS_OK || (event != CHILD_END && !hearing->ended));
    if (status != STATUS_OK || hearing->ended)
        return status;
    if (hearing->result->error.text[0] != '\0')
        return end_for_it(hearing, "failed", hearing->result->error.text, error);
    if (event == CHILD_INTERRUPT) {
        hearing->result->interrupted = true;
        return end_for_it(hearing, "interrupted", "interrupted", error);
    }
    if (event == CHILD_LATE) {
        snprintf(why, sizeof why, "did not finish within %.3g s (see --timeout)", order->timeout_s);
        return end_for_it(hearing, "timeout", why, error);
    }
    child_explain_end(child, ended, why, sizeof why);
    return end_for_it(hearing, WIFSIGNALED(ended) ? "killed" : "failed", why, error);
}

enum status process_run(const struct process_order *order, const struct supervisor_sink *sink,
    struct process_result *result, struct error *error)
{
    struct words words = {0};
    struct child child;
    struct error why;
    *result = (struct process_result){.median_s = NAN, .repeat = 1};
    struct hearing hearing = {.order = order, .sink = sink, .began_s = child_now_s(), .result = result};
    make_words(order, &words);
    char **environment = environment_for_team(order->cell->threads, waiting_of(order));
    enum status status = STATUS_OK;
    if (child_start(words.word, environment, &child, &why) == STATUS_OK)
        status = listen(&hearing, &child, error);
    else
        status = end_for_it(&hearing, "failed", why.text, error);
    result->wall_s = child_now_s() - hearing.began_s;
    if (hearing.samples > 0)
        result->median_s = median_of(hearing.seconds, hearing.samples);
    result->iterations = (long)hearing.samples;
    for (size_t i = 0; i < hearing.samples; i++)
        result->timed_s += hearing.seconds[i] * (double)result->repeat;
    free(hearing.seconds);
    environment_free(environment);
    words_free(&words);
    return status;
}
