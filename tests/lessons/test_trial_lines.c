/* What a worker says, and what it must not say. */
#include "lessons/engine/trial_lines.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

static const int pus[] = {0, 3};

struct heard {
    struct observation observation;
    struct trial_process process[2];
};

static struct heard two_processes(void)
{
    struct heard heard = {0};
    heard.observation.lanes = 4;
    heard.observation.lane = calloc(4, sizeof *heard.observation.lane);
    for (int p = 0; p < 2; p++)
        heard.process[p] = (struct trial_process){
            .process = p, .threads = 2, .lane = &heard.observation.lane[2 * p], .pus = pus};
    return heard;
}

static enum trial_line take(struct heard *heard, int process, const char *line)
{
    return trial_line_take(line, &heard->process[process], &heard->observation);
}

static void whole_report_becomes_an_observation(void **state)
{
    (void)state;
    struct heard heard = two_processes();
    assert_int_equal(take(&heard, 0, "{\"kind\":\"ready\"}"), TRIAL_LINE_READY);
    assert_int_equal(take(&heard, 0, "{\"kind\":\"done\"}"), TRIAL_LINE_DONE);
    for (int p = 0; p < 2; p++) {
        char line[200];
        snprintf(line, sizeof line,
            "{\"kind\":\"end\",\"begin_ns\":%d,\"end_ns\":%d,\"checksum\":\"00000000000000%s\"}",
            1000 + 500 * p, 3000 + 1000 * p, p == 0 ? "ff" : "fe");
        assert_int_equal(take(&heard, p, line), TRIAL_LINE_PART);
        assert_int_equal(
            take(&heard, p,
                "{\"kind\":\"lane\",\"thread\":0,\"pu\":0,\"cpu_ns\":1000,\"off_cpu_ns\":10,\"seen\":1}"),
            TRIAL_LINE_PART);
        assert_int_equal(
            take(&heard, p,
                "{\"kind\":\"lane\",\"thread\":1,\"pu\":3,\"cpu_ns\":500,\"off_cpu_ns\":-1,\"seen\":1}"),
            TRIAL_LINE_PART);
        assert_int_equal(
            take(&heard, p, "{\"kind\":\"spans\",\"thread\":1,\"spans\":[[0,100,3,0,0],[100,250,3,1,1]]}"),
            TRIAL_LINE_PART);
        assert_int_equal(take(&heard, p, "{\"kind\":\"value\",\"name\":\"lost\",\"unit\":\"1\",\"value\":7}"),
            TRIAL_LINE_PART);
    }
    assert_int_equal(take(&heard, 1, "{\"kind\":\"bye\"}"), TRIAL_LINE_BYE);
    assert_true(trial_lines_join(heard.process, 2, &heard.observation));
    const struct observation *made = &heard.observation;
    assert_true(made->valid && fabs(made->wall_s - 3e-6) < 1e-15 && fabs(made->cpu_s - 3e-6) < 1e-15);
    assert_true(fabs(made->off_cpu_s - 1e-8) < 1e-15);
    assert_true(made->checksum == 0xff && !made->checksums_equal);
    assert_int_equal(made->lane[3].spans, 2);
    assert_true(fabs(made->lane[3].span[1].begin_s - 600e-9) < 1e-15); /* 500 ns after the first process */
    assert_int_equal(made->lane[3].span[1].kind, SPAN_WAIT);
    assert_true(made->lane[3].span[1].locked_wait && made->lane[3].span[1].cpu == 3);
    assert_true(observation_value(made, "lost", 1) == 7 && isnan(observation_value(made, "won", 1)));
    observation_clear(&heard.observation);
}

static void strange_lines_are_refused(void **state)
{
    (void)state;
    static const char *const lines[] = {"", "x", "{}", "[]", "7", "{\"kind\":7}", "{\"kind\":\"sample\"}",
        "{\"kind\":\"lane\",\"thread\":2,\"pu\":0}", "{\"kind\":\"lane\",\"thread\":-1,\"pu\":0}",
        "{\"kind\":\"lane\",\"thread\":0}",
        "{\"kind\":\"lane\",\"thread\":0,\"pu\":1}", /* not where it was put */
        "{\"kind\":\"spans\",\"thread\":0}", "{\"kind\":\"spans\",\"thread\":0,\"spans\":[[1,2,3]]}",
        "{\"kind\":\"spans\",\"thread\":0,\"spans\":[[2,1,0,0,0]]}",
        "{\"kind\":\"spans\",\"thread\":0,\"spans\":[[0,1,0,0,\"\"]]}",
        "{\"kind\":\"spans\",\"thread\":0,\"spans\":[[0,9000000000000000,0,0,0]]}",
        "{\"kind\":\"value\",\"name\":\"a\",\"value\":1}",
        "{\"kind\":\"value\",\"name\":\"a\",\"unit\":\"1\"}",
        "{\"kind\":\"end\",\"begin_ns\":5,\"end_ns\":4,\"checksum\":\"0\"}",
        "{\"kind\":\"end\",\"begin_ns\":5,\"end_ns\":6}", "{\"kind\":\"ready\"} trailing"};
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        struct heard heard = two_processes();
        if (take(&heard, 0, lines[i]) != TRIAL_LINE_STRANGE)
            fail_msg("taken: %s", lines[i]);
        observation_clear(&heard.observation);
    }
}

static void too_many_spans_are_refused(void **state)
{
    (void)state;
    struct heard heard = two_processes();
    enum trial_line kind = TRIAL_LINE_PART;
    int taken = 0;
    while (kind == TRIAL_LINE_PART && taken < 30000) {
        kind = take(&heard, 0, "{\"kind\":\"spans\",\"thread\":0,\"spans\":[[0,1,0,0,0]]}");
        taken += kind == TRIAL_LINE_PART;
    }
    assert_int_equal(taken, 20000);
    observation_clear(&heard.observation);
}

static void unknown_times_stay_unknown(void **state)
{
    (void)state;
    struct heard heard = two_processes();
    for (int p = 0; p < 2; p++) {
        take(&heard, p, "{\"kind\":\"end\",\"begin_ns\":0,\"end_ns\":10,\"checksum\":\"0\"}");
        for (int t = 0; t < 2; t++)
            heard.process[p].lane[t].cpu_s = heard.process[p].lane[t].off_cpu_s = NAN;
    }
    assert_true(trial_lines_join(heard.process, 2, &heard.observation));
    assert_true(isnan(heard.observation.cpu_s) && isnan(heard.observation.off_cpu_s));
    assert_true(isnan(observation_cpus_used(&heard.observation)));
    observation_clear(&heard.observation);
}

static void report_without_an_end_is_none(void **state)
{
    (void)state;
    struct heard heard = two_processes();
    take(&heard, 0, "{\"kind\":\"end\",\"begin_ns\":0,\"end_ns\":10,\"checksum\":\"0\"}");
    assert_false(trial_lines_join(heard.process, 2, &heard.observation));
    assert_false(heard.observation.valid);
    observation_clear(&heard.observation);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(whole_report_becomes_an_observation),
        cmocka_unit_test(strange_lines_are_refused),
        cmocka_unit_test(too_many_spans_are_refused),
        cmocka_unit_test(unknown_times_stay_unknown),
        cmocka_unit_test(report_without_an_end_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
