#include "lessons/engine/run.h"
#include "harness/base/text.h"
#include "lessons/engine/capacity.h"
#include "lessons/engine/order.h"
#include "lessons/engine/rounds.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define LESSON(name) extern const struct lesson lesson_##name;
#include "lessons/lesson_list.h"
#undef LESSON

const struct lesson *const lesson_list[] = {
#define LESSON(name) &lesson_##name,
#include "lessons/lesson_list.h"
#undef LESSON
    NULL,
};

const struct lesson *lesson_named(const char *name)
{
    for (int i = 0; lesson_list[i] != NULL; i++)
        if (strcmp(lesson_list[i]->name, name) == 0)
            return lesson_list[i];
    return NULL;
}

/* The verdict of the rules that the plan has not left out. */
static enum verdict judge_rules(struct lesson_run *run)
{
    const struct lesson *lesson = run->outcome.lesson;
    struct lesson_rule rule[STATISTICS_MAX];
    struct statistic statistic[STATISTICS_MAX];
    int index[STATISTICS_MAX], rules = 0, deciding;
    for (int s = 0; s < lesson->rules; s++)
        if (!run->plan.left_out[s]) {
            rule[rules] = lesson->rule[s];
            statistic[rules] = run->outcome.statistic[s];
            index[rules++] = s;
        }
    enum verdict verdict =
        verdict_of_rules(rule, statistic, rules, run->room.capacity, lesson->capacity_needed, &deciding);
    run->outcome.deciding = deciding >= 0 ? index[deciding] : -1;
    /* A claim of which a part was not put to the test is not supported as a whole. */
    for (int s = 0; s < lesson->rules && verdict == VERDICT_SUPPORTED; s++)
        if (run->plan.left_out[s] && !lesson->rule[s].control) {
            run->outcome.deciding = s;
            return VERDICT_NOT_DEMONSTRABLE;
        }
    return verdict;
}

static void measure_rounds(
    const struct lesson_run *run, const struct observations *all, struct statistic *statistic)
{
    const struct lesson *lesson = run->outcome.lesson;
    double value[STATISTICS_MAX];
    for (int s = 0; s < lesson->rules; s++)
        statistic[s].rounds = all->rounds;
    for (int r = 0; r < all->rounds; r++) {
        for (int s = 0; s < lesson->rules; s++)
            value[s] = NAN;
        lesson->measure(&run->room, &run->plan, all, r, value);
        for (int s = 0; s < lesson->rules; s++)
            statistic[s].value[r] = value[s];
    }
}

/* Some rounds answered a rule, but too few for an interval: the others were disturbed. A rule that no round
 * answers will not be answered by more of them. */
static bool lacks_rounds(void *context, const struct observations *all)
{
    const struct lesson_run *run = context;
    struct statistic statistic[STATISTICS_MAX];
    measure_rounds(run, all, statistic);
    for (int s = 0; s < run->outcome.lesson->rules; s++) {
        int answered = 0;
        for (int r = 0; r < all->rounds; r++)
            answered += !isnan(statistic[s].value[r]);
        if (!run->plan.left_out[s] && answered > 0 && answered < VERDICT_ROUNDS)
            return true;
    }
    return false;
}

void lesson_judge(struct lesson_run *run)
{
    const struct lesson *lesson = run->outcome.lesson;
    struct lesson_outcome *outcome = &run->outcome;
    measure_rounds(run, &run->observations, outcome->statistic);
    for (int s = 0; s < lesson->rules; s++)
        statistic_judge(&lesson->rule[s], &outcome->statistic[s]);
    if (run->plan.not_demonstrable[0] != '\0') {
        outcome->verdict = VERDICT_NOT_DEMONSTRABLE;
        outcome->deciding = -1;
        return;
    }
    outcome->verdict = judge_rules(run);
    if (run->failure[0] !=
        '\0') { /* some rounds may be there, but the conditions are not all what they were */
        outcome->verdict = VERDICT_INCONCLUSIVE;
        outcome->deciding = -1;
    }
}

enum status lesson_measure(const struct lesson *lesson, const struct machine *machine, const char *worker,
    double seconds, void (*progress)(void *context, double share), void *context, struct lesson_run *run,
    struct error *error)
{
    enum status status = STATUS_OK;
    *run = (struct lesson_run){.machine = *machine, .room = classroom_of(machine, seconds)};
    run->order = memory_new((size_t)run->room.cpus, sizeof *run->order);
    status = order_pus(&run->room, worker, run->order, error);
    run->machine.topology.spread = run->order;
    run->room.machine = &run->machine;
    run->outcome = (struct lesson_outcome){.lesson = lesson,
        .room = &run->room,
        .plan = &run->plan,
        .observations = &run->observations,
        .deciding = -1};
    lesson->plan(&run->room, &run->plan);
    if (status == STATUS_OK && run->plan.conditions > 0) {
        struct rounds_order order = {.worker = worker,
            .room = &run->room,
            .plan = &run->plan,
            .capacity = true,
            .lacking = lacks_rounds,
            .lacking_context = run,
            .progress = progress,
            .context = context};
        struct rounds_result result;
        status = rounds_run(&order, &result, error);
        run->observations = result.observations;
        run->outcome.seconds = result.seconds;
        snprintf(run->failure, sizeof run->failure, "%s", result.failure);
        run->room.capacity = capacity_over_rounds(result.capacity, result.observations.rounds);
    }
    lesson_judge(run);
    return status;
}

void lesson_run_free(struct lesson_run *run)
{
    observations_free(&run->observations);
    free(run->order);
    run->order = NULL;
}
