/* Plans, and numbers of a plan's conditions. Refuses to know what a lesson is about. */
#include "lessons/engine/plan.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct condition *plan_add(struct lesson_plan *plan, const char *name, const char *label,
    const char *experiment, int threads, const int *pu, int pus, const char *words, ...)
{
    if (plan->conditions == CONDITIONS_MAX || pus > CONDITION_PUS_MAX)
        abort(); /* a mistake of the lesson, not of its reader */
    struct condition *condition = &plan->condition[plan->conditions++];
    *condition = (struct condition){.name = name,
        .label = label,
        .experiment = experiment,
        .processes = 1,
        .threads = threads,
        .pus = pus};
    if (pus > 0)
        memcpy(condition->pu, pu, (size_t)pus * sizeof *pu);
    va_list arguments;
    va_start(arguments, words);
    vsnprintf(condition->words, sizeof condition->words, words, arguments);
    va_end(arguments);
    return condition;
}

static const struct topology_pu *pu_of(const struct topology *topology, int os_index)
{
    for (int i = 0; i < topology->usable_pus; i++)
        if (topology->pu[i].os_index == os_index)
            return &topology->pu[i];
    return NULL;
}

int plan_pair(const struct classroom *room, int pu[2])
{
    const struct topology *topology = &room->machine->topology;
    const struct topology_pu *first = pu_of(topology, topology->spread[0]);
    int best = -1;
    pu[0] = topology->spread[0];
    for (int i = 1; i < room->cpus; i++) {
        const struct topology_pu *other = pu_of(topology, topology->spread[i]);
        bool known = first != NULL && other != NULL;
        int fit = known && other->core != first->core ? 1 + (other->class == first->class) : 0;
        if (fit > best) {
            best = fit;
            pu[1] = topology->spread[i];
        }
    }
    return best >= 0 ? 2 : 1;
}

int plan_find(const struct lesson_plan *plan, const char *condition)
{
    for (int c = 0; c < plan->conditions; c++)
        if (strcmp(plan->condition[c].name, condition) == 0)
            return c;
    return -1;
}

const struct observation *plan_observation(
    const struct lesson_plan *plan, const struct observations *all, int round, const char *condition)
{
    int index = plan_find(plan, condition);
    const struct observation *found = index >= 0 ? observation_at(all, round, index) : NULL;
    return found != NULL && found->valid ? found : NULL;
}

double plan_value(const struct lesson_plan *plan, const struct observations *all, int round,
    const char *condition, const char *value)
{
    const struct observation *found = plan_observation(plan, all, round, condition);
    return found != NULL ? observation_value(found, value, 0) : NAN;
}

struct statistic plan_statistic(
    const struct lesson_plan *plan, const struct observations *all, const char *condition, const char *value)
{
    static const struct lesson_rule none = {.name = "none"};
    struct statistic statistic = {.rounds = all->rounds < ROUNDS_MAX ? all->rounds : ROUNDS_MAX};
    for (int r = 0; r < statistic.rounds; r++) {
        const struct observation *found = plan_observation(plan, all, r, condition);
        if (found == NULL)
            statistic.value[r] = NAN;
        else
            statistic.value[r] = value != NULL ? observation_value(found, value, 0) : found->wall_s;
    }
    statistic_judge(&none, &statistic);
    return statistic;
}

const struct observation *plan_example(
    const struct lesson_plan *plan, const struct observations *all, const char *condition)
{
    for (int r = 0; r < all->rounds; r++) {
        const struct observation *found = plan_observation(plan, all, r, condition);
        if (found != NULL)
            return found;
    }
    return NULL;
}

bool plan_control_failed(const struct lesson_outcome *outcome, int rule)
{
    return outcome->deciding == rule && !isnan(outcome->statistic[rule].low);
}

/* ---- numbers in a sentence ---- */

enum { BUFFERS = 16, BUFFER_SIZE = 48 };

static char *next_buffer(void)
{
    static char buffer[BUFFERS][BUFFER_SIZE];
    static unsigned next;
    return buffer[next++ % BUFFERS];
}

const char *said_number(double value, int decimals)
{
    return speak_number(value, decimals, next_buffer(), BUFFER_SIZE);
}

const char *said_seconds(double seconds)
{
    return speak_seconds(seconds, next_buffer(), BUFFER_SIZE);
}
