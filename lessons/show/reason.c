/* Sentences on verdicts. */
#include "lessons/show/reason.h"

#include "lessons/show/prediction.h"

#include <math.h>

const char *reason_verdict(enum verdict verdict)
{
    static const char *const words[] = {
        [VERDICT_SUPPORTED] = N_("supported"),
        [VERDICT_CONTRADICTED] = N_("contradicted"),
        [VERDICT_INCONCLUSIVE] = N_("inconclusive"),
        [VERDICT_NOT_DEMONSTRABLE] = N_("not demonstrable here"),
    };
    return _(words[verdict]);
}

void reason_add_figures(struct text *text, const struct lesson_rule *rule, const struct statistic *statistic)
{
    char median[60], low[60], high[60];
    int given = 0;
    for (int r = 0; r < statistic->rounds && r < ROUNDS_MAX; r++)
        given += isfinite(statistic->value[r]);
    if (!isfinite(statistic->median)) {
        text_add(text, "%s", _("nothing was measured"));
        return;
    }
    prediction_speak_value(statistic->median, rule->unit, median, sizeof median);
    if (!isfinite(statistic->low) || !isfinite(statistic->high)) {
        text_add(text, _("median %s of %d rounds, too few for an interval"), median, given);
        return;
    }
    text_add(text, _("median %s (99 %% interval %s to %s)"), median,
        prediction_speak_value(statistic->low, rule->unit, low, sizeof low),
        prediction_speak_value(statistic->high, rule->unit, high, sizeof high));
}

void reason_add_thresholds(struct text *text, const struct lesson_rule *rule)
{
    char supported[60], contradicted[60];
    prediction_speak_value(rule->supported, rule->unit, supported, sizeof supported);
    prediction_speak_value(rule->contradicted, rule->unit, contradicted, sizeof contradicted);
    if (rule->supported >= rule->contradicted)
        text_add(text, _("supported from %s on, contradicted below %s"), supported, contradicted);
    else
        text_add(text, _("supported up to %s, contradicted above %s"), supported, contradicted);
}

static void add_rule(struct text *text, const struct lesson_run *run, int rule)
{
    const struct lesson_rule *one = &run->outcome.lesson->rule[rule];
    text_add(text, "%s: ", _(one->statement));
    reason_add_figures(text, one, &run->outcome.statistic[rule]);
    text_add(text, "; ");
    reason_add_thresholds(text, one);
}

bool reason_add_shortage(
    struct text *text, const struct lesson *lesson, const struct lesson_plan *plan, double cpus)
{
    bool needs = false;
    char needed[40], there[40];
    for (int r = 0; r < lesson->rules; r++)
        needs = needs || (lesson->rule[r].needs_capacity && !plan->left_out[r]);
    if (!needs || lesson->capacity_needed <= 0 || cpus >= lesson->capacity_needed)
        return false;
    text_add(text, _("it needs %s CPUs that work at once, and there are %s"),
        speak_number(lesson->capacity_needed, 1, needed, sizeof needed),
        speak_number(cpus, cpus == floor(cpus) ? 0 : 2, there, sizeof there));
    return true;
}

static void add_not_demonstrable(struct text *text, const struct lesson_run *run)
{
    char needed[40], median[40], low[40], high[40];
    const struct capacity *capacity = &run->room.capacity;
    if (run->plan.not_demonstrable[0] != '\0') {
        text_add(text, "%s", run->plan.not_demonstrable);
        return;
    }
    int deciding = run->outcome.deciding;
    if (deciding >= 0 && run->plan.left_out[deciding]) {
        text_add(text, _("a part of the claim cannot be put to the test here: %s"),
            _(run->outcome.lesson->rule[deciding].statement));
        return;
    }
    if (deciding >= 0 && run->outcome.lesson->rule[deciding].precondition) {
        text_add(text, "%s", _("what must be so before anything can be shown is not certain here; "));
        add_rule(text, run, deciding);
        return;
    }
    speak_number(run->outcome.lesson->capacity_needed, 1, needed, sizeof needed);
    if (!isfinite(capacity->median)) {
        text_add(text,
            _("it needs %s CPUs that work at once, and how many this machine gives could not be measured"),
            needed);
        return;
    }
    text_add(text, _("it needs %s CPUs that work at once; while it ran this machine gave %s"), needed,
        speak_number(capacity->median, 2, median, sizeof median));
    if (isfinite(capacity->low) && isfinite(capacity->high))
        text_add(text, _(" (99 %% interval %s to %s)"), speak_number(capacity->low, 2, low, sizeof low),
            speak_number(capacity->high, 2, high, sizeof high));
}

static void add_inconclusive(struct text *text, const struct lesson_run *run)
{
    const struct lesson_outcome *outcome = &run->outcome;
    if (run->failure[0] != '\0') {
        text_add(text, _("the measuring failed: %s"), run->failure);
    } else if (outcome->deciding < 0) {
        text_add(text, "%s", _("too little was measured to decide"));
    } else {
        bool control = outcome->lesson->rule[outcome->deciding].control &&
                       isfinite(outcome->statistic[outcome->deciding].low);
        text_add(text, "%s",
            control ? _("the control experiment did not come out as it must, so the instrument is in doubt; ")
                    : "");
        add_rule(text, run, outcome->deciding);
    }
}

void reason_add(struct text *text, const struct lesson_run *run)
{
    const struct lesson_outcome *outcome = &run->outcome;
    switch (outcome->verdict) {
    case VERDICT_NOT_DEMONSTRABLE:
        add_not_demonstrable(text, run);
        return;
    case VERDICT_INCONCLUSIVE:
        add_inconclusive(text, run);
        return;
    case VERDICT_CONTRADICTED:
        add_rule(text, run, outcome->deciding >= 0 ? outcome->deciding : 0);
        return;
    case VERDICT_SUPPORTED:
        break;
    }
    int said = 0;
    for (int r = 0; r < outcome->lesson->rules; r++) {
        if (outcome->lesson->rule[r].control || outcome->lesson->rule[r].precondition ||
            run->plan.left_out[r])
            continue;
        text_add(text, "%s", said++ > 0 ? "; " : "");
        add_rule(text, run, r);
    }
}
