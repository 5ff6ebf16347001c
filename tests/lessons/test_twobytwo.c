/* Lesson 2 on made-up observations. */
#include "tests/lessons/inject.h"
#include "tests/lessons/spans.h"

extern const struct lesson lesson_twobytwo;

/* What each condition shows: chunks of a hundred that overlap, and whether the token was seen. */
struct shown {
    int threads_two, threads_lock, processes_two, threads_one, processes_one, mapping;
    bool token_threads, token_processes, token_mapping;
};

static const struct shown as_claimed = {92, 0, 88, 0, 0, 90, true, false, true};

static void give_overlap(struct injected *in, const char *condition, int at_once)
{
    if (plan_find(&in->run.plan, condition) < 0)
        return;
    for (int r = 0; r < INJECT_ROUNDS; r++)
        give_spans(inject_at(in, r, condition), at_once);
}

/* A value of one process in every round. */
static void give_value(
    struct injected *in, const char *condition, int process, const char *name, double value)
{
    for (int r = 0; r < INJECT_ROUNDS; r++) {
        struct observation *made = inject_at(in, r, condition);
        snprintf(made->value[made->values].name, sizeof made->value->name, "%s", name);
        made->value[made->values].process = process;
        made->value[made->values++].value = value;
    }
}

static void give_token(struct injected *in, const char *condition, bool inside, bool outside)
{
    int index = plan_find(&in->run.plan, condition);
    if (index < 0)
        return;
    const struct condition *planned = &in->run.plan.condition[index];
    give_value(in, condition, 0, "written_s", 1000);
    for (int p = 0; p < planned->processes; p++) {
        int lookers = planned->threads - (p == 0);
        give_value(in, condition, p, "lookers", lookers);
        give_value(in, condition, p, "seen", (p == 0 ? inside : outside) ? lookers : 0);
        if (lookers > 0)
            give_value(in, condition, p, "looked_s", 1000.02);
    }
    for (int r = 0; r < INJECT_ROUNDS; r++) /* lanes know their process */
        for (int l = 0; l < inject_at(in, r, condition)->lanes; l++)
            inject_at(in, r, condition)->lane[l].process = l / planned->threads;
}

static void begin(struct injected *in, int cpus, double capacity, struct shown shown)
{
    inject_begin(in, &lesson_twobytwo, cpus, cpus, false, capacity);
    give_overlap(in, "threads_two_cpus", shown.threads_two);
    give_overlap(in, "threads_one_lock", shown.threads_lock);
    give_overlap(in, "processes_two_cpus", shown.processes_two);
    give_overlap(in, "processes_threads", shown.processes_two);
    give_overlap(in, "threads_one_cpu", shown.threads_one);
    give_overlap(in, "processes_one_cpu", shown.processes_one);
    give_overlap(in, "processes_mapping", shown.mapping);
    give_token(in, "threads_two_cpus", shown.token_threads, false);
    give_token(in, "threads_one_lock", shown.token_threads, false);
    give_token(in, "threads_one_cpu", shown.token_threads, false);
    give_token(in, "processes_two_cpus", false, shown.token_processes);
    give_token(in, "processes_one_cpu", false, shown.token_processes);
    give_token(in, "processes_threads", shown.token_threads, shown.token_processes);
    give_token(in, "processes_mapping", false, shown.token_mapping);
}

static enum verdict verdict_of(int cpus, double capacity, struct shown shown, const char *words)
{
    struct injected in;
    begin(&in, cpus, capacity, shown);
    enum verdict verdict = inject_verdict(&in);
    const char *page = inject_explain(&in);
    if (strstr(page, words) == NULL)
        fail_msg("not said: %s\n%s", words, page);
    inject_end(&in);
    return verdict;
}

static void what_is_claimed_supports(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(2, 1.95, as_claimed,
                         "about 3 of the 5 configurations that were decided here, hypothesis B about 5"),
        VERDICT_SUPPORTED);
    assert_int_equal(verdict_of(2, 1.95, as_claimed, "rule gives two answers"), VERDICT_SUPPORTED);
}

static void each_half_can_contradict(void **state)
{
    (void)state;
    struct shown shown = as_claimed;
    shown.threads_two = 0; /* threads only seem simultaneous, as hypothesis A has it */
    assert_int_equal(verdict_of(2, 1.95, shown, "Contradicted"), VERDICT_CONTRADICTED);
    shown = as_claimed;
    shown.processes_one = 60;
    assert_int_equal(verdict_of(2, 1.95, shown, "2 processes on 1 CPU"), VERDICT_CONTRADICTED);
    shown = as_claimed;
    shown.token_threads = false;
    assert_int_equal(verdict_of(2, 1.95, shown, "token seen by the other thread"), VERDICT_CONTRADICTED);
    shown = as_claimed;
    shown.token_processes = true;
    assert_int_equal(verdict_of(1, 1, shown, "token seen by the other process"), VERDICT_CONTRADICTED);
    shown = as_claimed;
    shown.token_mapping = false;
    assert_int_equal(verdict_of(2, 1.95, shown, "in a shared mapping"), VERDICT_CONTRADICTED);
}

static void between_the_thresholds_nothing_is_decided(void **state)
{
    (void)state;
    struct shown shown = as_claimed;
    shown.processes_two = 25;
    assert_int_equal(verdict_of(2, 1.95, shown, "Not decided"), VERDICT_INCONCLUSIVE);
    shown = as_claimed;
    shown.threads_one = 5;
    assert_int_equal(verdict_of(2, 1.95, shown, "Not decided"), VERDICT_INCONCLUSIVE);
}

static void overlap_under_the_lock_takes_every_verdict_back(void **state)
{
    (void)state;
    struct shown shown = as_claimed;
    shown.threads_lock = 90;
    assert_int_equal(verdict_of(2, 1.95, shown, "under one lock"), VERDICT_INCONCLUSIVE);
}

static void one_cpu_shows_the_half_about_memory(void **state)
{
    (void)state;
    assert_int_equal(verdict_of(1, 1, as_claimed, "with one CPU nothing"), VERDICT_NOT_DEMONSTRABLE);
}

static void busy_cpu_neither_proves_nor_disproves(void **state)
{
    (void)state;
    struct shown shown = as_claimed;
    shown.threads_two = shown.processes_two = 0;
    struct injected in;
    begin(&in, 2, 1.1, shown);
    assert_int_equal(inject_verdict(&in), VERDICT_NOT_DEMONSTRABLE);
    const char *page = inject_explain(&in);
    assert_non_null(strstr(page, "(0 %)"));
    assert_non_null(strstr(page, "brackets"));
    assert_null(strstr(page, "of the 5"));
    assert_true(isnan(lesson_twobytwo.measured(&in.run.outcome, 0)));
    assert_true(lesson_twobytwo.measured(&in.run.outcome, 1) == 0);
    inject_end(&in);
}

/* A looker whose last look came before the token was written has nothing to say. */
static void look_before_the_token_does_not_count(void **state)
{
    (void)state;
    struct injected in;
    begin(&in, 2, 1.95, as_claimed);
    for (int r = 0; r < INJECT_ROUNDS; r++) {
        struct observation *made = inject_at(&in, r, "processes_one_cpu");
        for (int v = 0; v < made->values; v++)
            if (strcmp(made->value[v].name, "looked_s") == 0)
                made->value[v].value = 999;
    }
    assert_int_equal(inject_verdict(&in), VERDICT_INCONCLUSIVE);
    assert_non_null(strstr(inject_explain(&in), "too few rounds"));
    inject_end(&in);
}

static void answers_for_both_hypotheses_are_the_same_measurement(void **state)
{
    (void)state;
    static const double expected[] = {1, 0, 0, 1, 0, 1, 0, 0, 1, 0, 1, 0, 1};
    struct injected in;
    begin(&in, 2, 1.95, as_claimed);
    inject_verdict(&in);
    assert_int_equal(lesson_twobytwo.predictions, sizeof expected / sizeof expected[0]);
    for (int i = 0; i < lesson_twobytwo.predictions; i++)
        assert_true(lesson_twobytwo.measured(&in.run.outcome, i) == expected[i]);
    inject_end(&in);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_claimed_supports),
        cmocka_unit_test(each_half_can_contradict),
        cmocka_unit_test(between_the_thresholds_nothing_is_decided),
        cmocka_unit_test(overlap_under_the_lock_takes_every_verdict_back),
        cmocka_unit_test(one_cpu_shows_the_half_about_memory),
        cmocka_unit_test(busy_cpu_neither_proves_nor_disproves),
        cmocka_unit_test(look_before_the_token_does_not_count),
        cmocka_unit_test(answers_for_both_hypotheses_are_the_same_measurement),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
