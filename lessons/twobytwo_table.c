#include "lessons/twobytwo_table.h"
#include "lessons/engine/plan.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* ---- numbers ---- */

double twobytwo_overlap(const struct observation *trial)
{
    return trial != NULL ? 100 * observation_overlap(trial) : NAN;
}

static int processes_of(const struct observation *trial)
{
    int most = 0;
    for (int l = 0; l < trial->lanes; l++)
        most = trial->lane[l].process > most ? trial->lane[l].process : most;
    return most + 1;
}

double twobytwo_token(const struct observation *trial, enum token_looker looker)
{
    if (trial == NULL)
        return NAN;
    double written_s = observation_value(trial, "written_s", 0), lookers = 0, seen = 0;
    int first = looker == TOKEN_INSIDE ? 0 : 1, end = looker == TOKEN_INSIDE ? 1 : processes_of(trial);
    for (int p = first; p < end; p++) {
        double here = observation_value(trial, "lookers", p);
        if (here > 0 && !(observation_value(trial, "looked_s", p) >= written_s && written_s > 0))
            return NAN;
        lookers += here;
        seen += observation_value(trial, "seen", p);
    }
    return lookers > 0 ? 100 * seen / lookers : NAN;
}

static const struct lesson_rule no_rule = {.name = "none"};

struct statistic twobytwo_overlap_over_rounds(const struct lesson_outcome *outcome, const char *condition)
{
    struct statistic statistic = {.rounds = outcome->observations->rounds};
    for (int r = 0; r < statistic.rounds; r++)
        statistic.value[r] =
            twobytwo_overlap(plan_observation(outcome->plan, outcome->observations, r, condition));
    statistic_judge(&no_rule, &statistic);
    return statistic;
}

struct statistic twobytwo_token_over_rounds(
    const struct lesson_outcome *outcome, const char *condition, enum token_looker looker)
{
    struct statistic statistic = {.rounds = outcome->observations->rounds};
    for (int r = 0; r < statistic.rounds; r++)
        statistic.value[r] =
            twobytwo_token(plan_observation(outcome->plan, outcome->observations, r, condition), looker);
    statistic_judge(&no_rule, &statistic);
    return statistic;
}

double twobytwo_cpus_used(const struct lesson_outcome *outcome, const char *condition)
{
    struct statistic statistic = {.rounds = outcome->observations->rounds};
    for (int r = 0; r < statistic.rounds; r++) {
        const struct observation *trial =
            plan_observation(outcome->plan, outcome->observations, r, condition);
        statistic.value[r] = trial != NULL ? observation_cpus_used(trial) : NAN;
    }
    statistic_judge(&no_rule, &statistic);
    return statistic.median;
}

const struct observation *twobytwo_typical(const struct lesson_outcome *outcome, const char *condition)
{
    double median = twobytwo_overlap_over_rounds(outcome, condition).median, nearest = INFINITY;
    const struct observation *typical = NULL;
    for (int r = 0; r < outcome->observations->rounds; r++) {
        const struct observation *trial =
            plan_observation(outcome->plan, outcome->observations, r, condition);
        double distance = fabs(twobytwo_overlap(trial) - median);
        if (distance < nearest) {
            nearest = distance;
            typical = trial;
        }
    }
    return typical;
}

double twobytwo_at_once(const struct lesson_outcome *outcome, const char *condition)
{
    static const double yes_from = 40, no_to = 2; /* the thresholds of the rules */
    struct statistic overlap = twobytwo_overlap_over_rounds(outcome, condition);
    int index = plan_find(outcome->plan, condition);
    if (overlap.low >= yes_from)
        return 1;
    /* Where something else had one of the two CPUs, "no" would be its doing. */
    bool sure = index >= 0 && (outcome->plan->condition[index].pus < 2 ||
                                  outcome->room->capacity.low >= outcome->lesson->capacity_needed);
    return sure && overlap.high <= no_to ? 0 : NAN;
}

double twobytwo_seen(const struct statistic *token)
{
    return token->low >= 99 ? 1 : token->high <= 1 ? 0 : NAN;
}

/* ---- the table ---- */

static const struct table_row {
    const char *condition;
    const char *label, *article, *standard; /* N_() */
    int article_at_once, standard_at_once;  /* 1 yes, 0 no, −1 says nothing */
} table[] = {
    {"threads_two_cpus", N_("2 threads, 2 CPUs"), N_("concurrency"), N_("parallelism"), 0, 1},
    {"threads_one_cpu", N_("2 threads, 1 CPU"), N_("concurrency"), N_("concurrency"), 0, 0},
    {"threads_one_lock", N_("2 threads, 2 CPUs, 1 lock"), N_("concurrency"), N_("concurrency"), 0, 0},
    {"processes_two_cpus", N_("2 processes, 2 CPUs"), N_("parallelism"), N_("parallelism"), 1, 1},
    {"processes_one_cpu", N_("2 processes, 1 CPU"), N_("parallelism"), N_("concurrency"), 1, 0},
    {"processes_mapping", N_("2 processes, shared mapping"), N_("not covered"), N_("by its CPUs"), -1, -1},
    {"processes_threads", N_("2 processes x 2 threads"), N_("both"), N_("parallelism"), -1, 1},
    {NULL, N_("1 thread, SIMD"), N_("not covered"), N_("parallelism"), -1, -1},
};

enum { ROWS = sizeof table / sizeof table[0], COLUMNS = 5 };

static void add_line(struct text *page, const char *const cells[COLUMNS])
{
    static const size_t widths[COLUMNS] = {29, 14, 14, 9, 11};
    text_add(page, "\n ");
    for (int c = 0; c < COLUMNS; c++) {
        size_t columns = text_columns(cells[c]);
        int blanks = c + 1 < COLUMNS ? (int)(widths[c] > columns ? widths[c] - columns : 1) : 0;
        text_add(page, "%s%*s", cells[c], blanks, "");
    }
}

static const char *token_words(const struct lesson_outcome *outcome, const char *condition)
{
    const struct condition *planned = &outcome->plan->condition[plan_find(outcome->plan, condition)];
    struct statistic inside = twobytwo_token_over_rounds(outcome, condition, TOKEN_INSIDE);
    struct statistic outside = twobytwo_token_over_rounds(outcome, condition, TOKEN_OUTSIDE);
    double in = twobytwo_seen(planned->threads > 1 ? &inside : &outside);
    double out = twobytwo_seen(planned->processes > 1 ? &outside : &inside);
    if (in == 1 && out == 0)
        return _("inside");
    return in == 1 && out == 1 ? _("seen") : in == 0 && out == 0 ? _("not seen") : _("unclear");
}

static bool lacked_cpus(const struct lesson_outcome *outcome, const char *condition)
{
    return outcome->plan->condition[plan_find(outcome->plan, condition)].pus >= 2 &&
           !(outcome->room->capacity.median >= outcome->lesson->capacity_needed);
}

static void add_row(const struct lesson_outcome *outcome, const struct table_row *row, struct text *page)
{
    char overlap[40] = "-";
    const char *token = "-";
    if (row->condition != NULL && plan_find(outcome->plan, row->condition) >= 0) {
        double median = twobytwo_overlap_over_rounds(outcome, row->condition).median;
        snprintf(overlap, sizeof overlap, lacked_cpus(outcome, row->condition) ? "(%s %%)" : "%s %%",
            said_number(median, 0));
        token = token_words(outcome, row->condition);
    }
    add_line(page, (const char *const[COLUMNS]){
                       speak(row->label), speak(row->article), speak(row->standard), overlap, token});
}

void twobytwo_add_table(const struct lesson_outcome *outcome, struct text *page)
{
    text_add(page, "\n");
    add_line(
        page, (const char *const[COLUMNS]){"", _("A: article"), _("B: standard"), _("at once"), _("token")});
    for (int r = 0; r < ROWS; r++)
        add_row(outcome, &table[r], page);
    if (plan_find(outcome->plan, "threads_two_cpus") >= 0 && lacked_cpus(outcome, "threads_two_cpus"))
        text_add(page, "%s",
            _("\n\nThe numbers in brackets say little: something else had a part of the two CPUs "
              "meanwhile."));
}

void twobytwo_add_score(const struct lesson_outcome *outcome, struct text *page)
{
    int rows = 0, article = 0, standard = 0;
    for (int r = 0; r < ROWS; r++) {
        double found = table[r].article_at_once >= 0 ? twobytwo_at_once(outcome, table[r].condition) : NAN;
        if (isnan(found))
            continue;
        rows++;
        article += found == table[r].article_at_once;
        standard += found == table[r].standard_at_once;
    }
    if (rows > 0)
        text_add(page,
            _("\n\nAsked whether two things compute at the same instant, hypothesis A (shared memory: only "
              "seemingly; own "
              "memory: truly) is right about %d of the %d configurations that were decided here, hypothesis "
              "B about %d."),
            article, rows, standard);
    if (twobytwo_at_once(outcome, "threads_two_cpus") == 1)
        text_add(page, "%s",
            _("\n\nTwo threads on two CPUs share their memory and did compute at the same instant. The "
              "article looks at "
              "memory and at time at once; here the two part, and its rule gives two answers."));
    if (twobytwo_at_once(outcome, "processes_one_cpu") == 0)
        text_add(page, "%s",
            _("\n\nTwo processes on one CPU have each a memory of their own and did not compute at the same "
              "instant. Own "
              "memory does not make anything simultaneous."));
    text_add(page, "%s",
        _("\n\nThe last row is a matter of words: a single thread whose vector instruction (SIMD) works on "
          "several numbers "
          "is parallel without being concurrent."));
}
