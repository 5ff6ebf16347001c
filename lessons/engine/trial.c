#include "lessons/engine/trial.h"
#include "harness/base/text.h"
#include "harness/measure/child.h"
#include "harness/measure/child_environment.h"
#include "lessons/engine/script.h"
#include "lessons/engine/trial_lines.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { SHARED_BYTES = 1 << 16 }; /* lessons/experiments/experiment.h */

struct trial {
    const struct trial_order *order;
    const struct script *script; /* NULL: the worker */
    struct child *child;
    struct trial_process *process;
    int *pus; /* of process p, thread t: [p * threads + t] */
    int started;
    int shared_fd; /* −1 none */
    double deadline_s;
    struct observation *observation;
    bool interrupted;
};

/* ---- what a process is told ---- */

static bool is_crowded(const struct trial_order *order)
{
    const struct condition *condition = order->condition;
    int lanes = condition->processes * condition->threads;
    return lanes > (condition->pus > 0 ? condition->pus : order->cpus);
}

/* The condition may say how a team waits: wait=active or wait=passive. */
static char **environment_of(const struct trial_order *order)
{
    enum environment_waiting waiting = is_crowded(order) ? ENVIRONMENT_PASSIVE : ENVIRONMENT_ACTIVE;
    if (strstr(order->condition->words, "wait=active") != NULL)
        waiting = ENVIRONMENT_ACTIVE;
    if (strstr(order->condition->words, "wait=passive") != NULL)
        waiting = ENVIRONMENT_PASSIVE;
    return environment_for_team(order->condition->threads, waiting);
}

static void add_pus(const struct trial *trial, int process, struct text *line)
{
    const struct condition *condition = trial->order->condition;
    text_add(line, " pus=%s", condition->pus == 0 ? "none" : "");
    for (int t = 0; condition->pus > 0 && t < condition->threads; t++)
        text_add(line, "%s%d", t > 0 ? "," : "", trial->pus[process * condition->threads + t]);
}

/* argv of one process. Free with text_split_free(). */
static char **words_of(const struct trial *trial, int process)
{
    const struct trial_order *order = trial->order;
    const struct condition *condition = order->condition;
    struct text line = {0};
    size_t count;
    text_add(&line, "worker --run experiment=%s threads=%d process=%d processes=%d", condition->experiment,
        condition->threads, process, condition->processes);
    add_pus(trial, process, &line);
    text_add(&line, " seconds=%.6f seed=%llu parent=%ld", order->seconds,
        (unsigned long long)(order->seed >> 1), (long)getpid());
    if (trial->shared_fd >= 0)
        text_add(&line, " shared_fd=%d", trial->shared_fd);
    if (condition->words[0] != '\0')
        text_add(&line, " %s", condition->words);
    char **words = text_split(line.data, ' ', &count);
    free(words[0]);
    words[0] = text_copy(order->worker); /* its path may hold spaces */
    text_free(&line);
    return trial->script != NULL ? script_words(trial->script, words) : words;
}

/* ---- the course of a trial ---- */

static bool spoil(struct trial *trial, const char *why)
{
    if (trial->observation->why[0] == '\0')
        snprintf(trial->observation->why, sizeof trial->observation->why, "%.199s", why);
    return false;
}

/* Why a process ended that had more to say. */
static bool spoil_by_end(struct trial *trial, struct child *child)
{
    char why[160];
    int ended = child_finish(child, false);
    child->pid = 0;
    if (WIFSIGNALED(ended))
        snprintf(why, sizeof why, "a process was ended by signal %d (%s)", WTERMSIG(ended),
            strsignal(WTERMSIG(ended)));
    else if (child->complaint_length > 0)
        snprintf(why, sizeof why, "%.150s", child->complaint);
    else
        snprintf(why, sizeof why, "a process ended with code %d and said nothing", WEXITSTATUS(ended));
    return spoil(trial, why);
}

/* The one that ended by itself is to blame for those that waited for it. */
static bool spoil_by_lateness(struct trial *trial)
{
    char why[100], *line;
    for (int p = 0; p < trial->started; p++) {
        enum child_event event;
        while ((event = child_next_line(&trial->child[p], child_now_s() + 0.001, &line)) == CHILD_LINE)
            free(line);
        if (event == CHILD_END)
            return spoil_by_end(trial, &trial->child[p]);
    }
    snprintf(why, sizeof why, "did not finish within %.3g s", trial->order->timeout_s);
    return spoil(trial, why);
}

static bool spoil_by_strange_line(struct trial *trial, const char *line)
{
    char why[120];
    snprintf(why, sizeof why, "a process said what is not understood: %.60s", line);
    for (char *c = why; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || (unsigned char)*c >= 0x7f)
            *c = '?';
    return spoil(trial, why);
}

/* Reads the lines of one process until it says `wanted`. */
static bool hear(struct trial *trial, int p, enum trial_line wanted)
{
    char *line;
    for (;;) {
        enum child_event event = child_next_line(&trial->child[p], trial->deadline_s, &line);
        if (event == CHILD_INTERRUPT) {
            trial->interrupted = true;
            return spoil(trial, "interrupted");
        }
        if (event == CHILD_END)
            return spoil_by_end(trial, &trial->child[p]);
        if (event == CHILD_LATE)
            return spoil_by_lateness(trial);
        enum trial_line kind = trial_line_take(line, &trial->process[p], trial->observation);
        bool right = kind == wanted || (kind == TRIAL_LINE_PART && wanted == TRIAL_LINE_BYE);
        if (!right)
            spoil_by_strange_line(trial, line);
        free(line);
        if (!right)
            return false;
        if (kind == wanted)
            return true;
    }
}

static bool hear_all(struct trial *trial, enum trial_line wanted)
{
    for (int p = 0; p < trial->started; p++)
        if (!hear(trial, p, wanted))
            return false;
    return true;
}

static void let_all_go_on(struct trial *trial)
{
    for (int p = 0; p < trial->started; p++)
        child_acknowledge(&trial->child[p]);
}

static enum status start_all(struct trial *trial, struct error *error)
{
    const struct condition *condition = trial->order->condition;
    enum status status = STATUS_OK;
    if (condition->shared_mapping) {
        /* Not closed on exec: it is what the processes share. */
        trial->shared_fd = memfd_create("acelera-lesson", 0);
        if (trial->shared_fd < 0 || ftruncate(trial->shared_fd, SHARED_BYTES) != 0)
            return error_set(error, STATUS_FAILED, "cannot make shared memory: %s", strerror(errno));
    }
    char **environment = environment_of(trial->order);
    for (int p = 0; p < condition->processes && status == STATUS_OK; p++) {
        char **words = words_of(trial, p);
        status = child_start(words, environment, &trial->child[p], error);
        trial->started += status == STATUS_OK;
        text_split_free(words);
    }
    environment_free(environment);
    return status;
}

static void make_room(struct trial *trial)
{
    const struct condition *condition = trial->order->condition;
    size_t processes = (size_t)condition->processes, threads = (size_t)condition->threads;
    trial->child = memory_new(processes, sizeof *trial->child);
    trial->process = memory_new(processes, sizeof *trial->process);
    trial->pus = memory_new(processes * threads, sizeof *trial->pus);
    trial->observation->lane = memory_new(processes * threads, sizeof *trial->observation->lane);
    trial->observation->lanes = (int)(processes * threads);
    for (size_t i = 0; i < processes * threads; i++) {
        trial->observation->lane[i].cpu_s = trial->observation->lane[i].off_cpu_s = NAN;
        trial->observation->lane[i].pu = -1;
        trial->pus[i] = condition->pus > 0 ? condition->pu[i % (size_t)condition->pus] : -1;
    }
    for (size_t p = 0; p < processes; p++)
        trial->process[p] = (struct trial_process){.process = (int)p,
            .threads = condition->threads,
            .lane = &trial->observation->lane[p * threads],
            .pus = condition->pus > 0 ? &trial->pus[p * threads] : NULL};
}

/* A condition with a script needs an interpreter. */
static bool find_script(struct trial *trial)
{
    struct error error;
    const struct trial_order *order = trial->order;
    if (order->condition->script == NULL)
        return true;
    if (order->python == NULL)
        return spoil(trial, "there is no python3");
    trial->script = script_find(order->python, order->worker, order->condition->script, &error);
    return trial->script != NULL || spoil(trial, error.text);
}

/* A program that cannot be executed is not a trial that failed. */
static bool cannot_be_run(const struct observation *observation)
{
    return strncmp(observation->why, "cannot run ", 11) == 0;
}

enum status trial_run(const struct trial_order *order, struct observation *observation, struct error *error)
{
    *observation = (struct observation){.wall_s = NAN, .cpu_s = NAN, .off_cpu_s = NAN};
    struct trial trial = {.order = order,
        .shared_fd = -1,
        .deadline_s = child_now_s() + order->timeout_s,
        .observation = observation};
    make_room(&trial);
    enum status status = STATUS_OK;
    bool good = find_script(&trial);
    if (good)
        status = start_all(&trial, error);
    good = good && status == STATUS_OK && hear_all(&trial, TRIAL_LINE_READY);
    if (good)
        let_all_go_on(&trial);
    good = good && hear_all(&trial, TRIAL_LINE_DONE);
    if (good)
        let_all_go_on(&trial);
    good = good && hear_all(&trial, TRIAL_LINE_BYE);
    for (int p = 0; p < trial.started; p++)
        if (trial.child[p].pid != 0)
            child_finish(&trial.child[p], !good);
    if (good && !trial_lines_join(trial.process, trial.started, observation))
        spoil(&trial, "a process left something out of its report");
    if (status == STATUS_OK && cannot_be_run(observation))
        status = error_set(error, STATUS_FAILED, "%s", observation->why);
    if (trial.interrupted)
        status = error_set(error, STATUS_INTERRUPTED, "interrupted");
    if (trial.shared_fd >= 0)
        close(trial.shared_fd);
    free(trial.child);
    free(trial.process);
    free(trial.pus);
    return status;
}
