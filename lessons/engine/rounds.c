#include "lessons/engine/rounds.h"
#include "harness/analysis/random.h"
#include "harness/base/text.h"
#include "harness/measure/child.h"
#include "lessons/engine/capacity.h"
#include "lessons/engine/trial.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/random.h>

enum { TRIALS_MAX = CONDITIONS_MAX + CAPACITY_CONDITIONS, FAILURES_MAX = 3, ROUNDS_WISHED = 15 };

/* Of one trial: what starting processes takes, about; what the experiment gets, at least and at most. */
static const double start_s = 0.008, shortest_s = 0.02, longest_s = 0.2;
static const double stretch = 1.5; /* times the room's seconds, where rounds were lost to something else */
static const double patience = 3;  /* times the room's seconds, whatever happens */
static const double patience_of_trial_s = 5;

struct rounds {
    const struct rounds_order *order;
    struct rounds_result *result;
    struct condition capacity[CAPACITY_CONDITIONS];
    struct observation measured[CAPACITY_CONDITIONS]; /* of this round */
    int trials; /* the lesson's conditions, then those of the capacity */
    int failures[TRIALS_MAX], failures_in_a_row;
    char last_failure[300];
    double begin_s, trial_s, round_s;
    struct random random;
};

static const struct condition *condition_of(const struct rounds *rounds, int trial)
{
    int conditions = rounds->order->plan->conditions;
    return trial < conditions ? &rounds->order->plan->condition[trial]
                              : &rounds->capacity[trial - conditions];
}

static double elapsed_s(const struct rounds *rounds)
{
    return child_now_s() - rounds->begin_s;
}

/* Seconds for one trial, so that the rounds wished for fit. */
static double share_of_trial(const struct rounds *rounds)
{
    int repeated = 0;
    for (int t = 0; t < rounds->trials; t++)
        repeated += !condition_of(rounds, t)->once;
    double share_s = rounds->order->room->seconds / ((ROUNDS_WISHED + 1) * fmax(1, repeated)) - start_s;
    return fmin(fmax(share_s, shortest_s), longest_s);
}

static void note_failure(struct rounds *rounds, int trial, const char *why)
{
    char *failure = rounds->result->failure;
    snprintf(
        rounds->last_failure, sizeof rounds->last_failure, "%s: %s", condition_of(rounds, trial)->name, why);
    rounds->failures[trial]++;
    rounds->failures_in_a_row++;
    if ((rounds->failures[trial] >= FAILURES_MAX || rounds->failures_in_a_row >= FAILURES_MAX) &&
        failure[0] == '\0')
        memcpy(failure, rounds->last_failure, sizeof rounds->last_failure);
}

static enum status run_trial(
    struct rounds *rounds, int trial, struct observation *observation, struct error *error)
{
    const struct rounds_order *order = rounds->order;
    struct trial_order trial_order = {.worker = order->worker,
        .python = order->room->python,
        .condition = condition_of(rounds, trial),
        .cpus = order->room->cpus,
        .seconds = rounds->trial_s,
        .seed = random_next(&rounds->random),
        .timeout_s = patience_of_trial_s + 10 * rounds->trial_s};
    if (order->progress != NULL)
        order->progress(order->context, fmin(1, elapsed_s(rounds) / order->room->seconds));
    enum status status = trial_run(&trial_order, observation, error);
    if (observation->valid)
        rounds->failures_in_a_row = 0;
    else if (status == STATUS_OK)
        note_failure(rounds, trial, observation->why);
    return status;
}

static void shuffle(struct rounds *rounds, int *order)
{
    for (int t = 0; t < rounds->trials; t++)
        order[t] = t;
    for (int t = rounds->trials - 1; t > 0; t--) {
        int other = (int)random_below(&rounds->random, (size_t)t + 1), kept = order[t];
        order[t] = order[other];
        order[other] = kept;
    }
}

/* round −1: the warm-up, of which nothing is kept. `complete`: no trial of it is missing. */
static enum status run_round(struct rounds *rounds, int round, bool *complete, struct error *error)
{
    int order[TRIALS_MAX], conditions = rounds->order->plan->conditions;
    struct rounds_result *result = rounds->result;
    enum status status = STATUS_OK;
    double begin_s = child_now_s();
    shuffle(rounds, order);
    *complete = false;
    for (int t = 0; t < rounds->trials; t++) {
        struct observation dropped = {0}, *kept = &dropped;
        if (order[t] >= conditions)
            kept = &rounds->measured[order[t] - conditions];
        else if (round >= 0)
            kept = &result->observations.observation[round * conditions + order[t]];
        if (condition_of(rounds, order[t])->once && round != 0) {
            snprintf(kept->why, sizeof kept->why, "measured in the first round only");
            continue;
        }
        status = run_trial(rounds, order[t], kept, error);
        observation_clear(&dropped);
        if (status != STATUS_OK || result->failure[0] != '\0' ||
            elapsed_s(rounds) > patience * rounds->order->room->seconds + patience_of_trial_s)
            return status;
    }
    rounds->round_s = child_now_s() - begin_s;
    *complete = true;
    return status;
}

static double take_capacity(struct rounds *rounds)
{
    double capacity = NAN;
    if (rounds->order->capacity)
        capacity = capacity_of(&rounds->measured[CAPACITY_ALONE], &rounds->measured[CAPACITY_TOGETHER]);
    for (int i = 0; i < CAPACITY_CONDITIONS; i++)
        observation_clear(&rounds->measured[i]);
    return capacity;
}

static bool wants_another(const struct rounds *rounds)
{
    const struct rounds_order *order = rounds->order;
    const struct observations *all = &rounds->result->observations;
    double then_s = elapsed_s(rounds) + rounds->round_s, limit_s = order->room->seconds;
    if (all->rounds >= ROUNDS_MAX)
        return false;
    return all->rounds < VERDICT_ROUNDS || then_s <= limit_s ||
           (then_s <= stretch * limit_s && order->lacking != NULL &&
               order->lacking(order->lacking_context, all));
}

/* The time was up before there were enough rounds. */
static void explain_shortness(const struct rounds *rounds)
{
    struct rounds_result *result = rounds->result;
    if (rounds->last_failure[0] != '\0')
        memcpy(result->failure, rounds->last_failure, sizeof rounds->last_failure);
    else
        snprintf(result->failure, sizeof result->failure, "%d rounds in %.0f s; a verdict needs %d",
            result->observations.rounds, result->seconds, VERDICT_ROUNDS);
}

static uint64_t fresh_seed(void)
{
    uint64_t seed;
    if (getrandom(&seed, sizeof seed, 0) != sizeof seed)
        seed = (uint64_t)(1e9 * child_now_s());
    return seed;
}

enum status rounds_run(const struct rounds_order *order, struct rounds_result *result, struct error *error)
{
    struct rounds rounds = {.order = order, .result = result, .begin_s = child_now_s()};
    struct observations *all = &result->observations;
    *result = (struct rounds_result){.observations.conditions = order->plan->conditions};
    rounds.trials = order->plan->conditions;
    if (order->capacity) {
        capacity_plan(order->room, order->plan, rounds.capacity);
        rounds.trials += CAPACITY_CONDITIONS;
    }
    random_seed(&rounds.random, fresh_seed());
    rounds.trial_s = share_of_trial(&rounds);
    all->observation =
        memory_new((size_t)ROUNDS_MAX * (size_t)order->plan->conditions + 1, sizeof *all->observation);
    bool complete;
    enum status status = run_round(&rounds, -1, &complete, error);
    take_capacity(&rounds);
    while (status == STATUS_OK && complete && wants_another(&rounds)) {
        status = run_round(&rounds, all->rounds, &complete, error);
        double capacity = take_capacity(&rounds);
        if (complete)
            result->capacity[all->rounds++] = capacity;
    }
    /* A round that is not complete is no round. */
    for (int c = 0; all->rounds < ROUNDS_MAX && c < all->conditions; c++)
        observation_clear(&all->observation[all->rounds * all->conditions + c]);
    result->seconds = elapsed_s(&rounds);
    if (all->rounds < VERDICT_ROUNDS && result->failure[0] == '\0')
        explain_shortness(&rounds);
    return status;
}
