/* What people and programs get to see of a lesson: pictures in letters and as SVG, the timeline, the JSON,
 * predictions as they are typed, and reasons; for a small lesson with observations that were made up. */
#include "tests/unit/trace_judge.h"

#include "lessons/show/banner.h"
#include "lessons/show/lane_view.h"
#include "lessons/show/lesson_json.h"
#include "lessons/show/lesson_page.h"
#include "lessons/show/picture_svg.h"
#include "lessons/show/picture_text.h"
#include "lessons/show/plain.h"
#include "lessons/show/reason.h"
#include "lessons/show/timeline.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* ---- a lesson and a run that were made up ---- */

static const struct lesson_prediction predictions[] = {
    {"speedup", "How much faster?", "", 0, 64, false, 0},
    {"together", "At once?", "", 0, 1, true, 1},
};
static const struct lesson_rule rules[] = {
    {.name = "speedup",
        .statement = "speedup of two threads",
        .unit = "1",
        .supported = 1.5,
        .contradicted = 1.2,
        .needs_capacity = true},
    {.name = "overlap",
        .statement = "chunks that overlap",
        .unit = "%",
        .supported = 60,
        .contradicted = 10,
        .needs_capacity = true},
};
static const struct lesson small = {.name = "small",
    .number = 1,
    .minutes = 5,
    .title = "A small one",
    .question = "What now?",
    .claim = "Two are faster than one.",
    .background = "",
    .prediction = predictions,
    .predictions = 2,
    .rule = rules,
    .rules = 2,
    .capacity_needed = 1.5};

static void make_run(struct lesson_run *run, double speedup, double capacity)
{
    static struct machine machine = {.cpu_quota = -1};
    *run = (struct lesson_run){
        .room = {.machine = &machine, .cpus = 2, .cores = 2, .capacity = {capacity, capacity, capacity}}};
    run->outcome = (struct lesson_outcome){.lesson = &small,
        .room = &run->room,
        .plan = &run->plan,
        .observations = &run->observations,
        .deciding = -1};
    for (int s = 0; s < small.rules; s++) {
        run->outcome.statistic[s].rounds = 8;
        for (int r = 0; r < 8; r++)
            run->outcome.statistic[s].value[r] = s == 0 ? speedup + 0.01 * r : 90;
        statistic_judge(&rules[s], &run->outcome.statistic[s]);
    }
    run->outcome.verdict = verdict_of_rules(rules, run->outcome.statistic, small.rules, run->room.capacity,
        small.capacity_needed, &run->outcome.deciding);
}

/* Two lanes of chunks of 20 µs for 40 ms. On one CPU they take turns of 4 ms: the chunk in which a turn ends
 * lasts until the next turn. */
static struct observation make_lanes(int cpus)
{
    struct observation observation = {
        .valid = true, .lanes = 2, .lane = memory_new(2, sizeof *observation.lane)};
    for (int l = 0; l < 2; l++) {
        struct observed_lane *lane = &observation.lane[l];
        *lane = (struct observed_lane){.thread = l,
            .pu = cpus == 2 ? l : 0,
            .cpu_s = cpus == 2 ? 0.04 : 0.02,
            .off_cpu_s = NAN,
            .span = memory_new(4000, sizeof *lane->span)};
        for (double t = 0; t < 0.04;) {
            double begin = t;
            t += 20e-6;
            int turn = (int)(t / 0.004);
            if (cpus == 1 && turn % 2 != l)
                t = (turn + 1) * 0.004 + 1e-6;
            lane->span[lane->spans++] =
                (struct observed_span){.begin_s = begin, .end_s = t, .cpu = lane->pu, .kind = SPAN_WORK};
        }
    }
    return observation;
}

static void free_lanes(struct observation *observation)
{
    for (int l = 0; l < observation->lanes; l++)
        free(observation->lane[l].span);
    free(observation->lane);
}

static size_t widest_line(const char *words)
{
    size_t widest = 0;
    char **lines = text_split(words, '\n', &(size_t){0});
    for (char **line = lines; *line != NULL; line++)
        widest = text_columns(*line) > widest ? text_columns(*line) : widest;
    text_split_free(lines);
    return widest;
}

static bool is_ascii(const char *words)
{
    for (; *words != '\0'; words++)
        if ((unsigned char)*words >= 0x80)
            return false;
    return true;
}

/* ---- lanes ---- */

static void threads_that_take_turns_are_not_shown_computing_at_once(void **state)
{
    (void)state;
    enum { WINDOWS = 40 };
    for (int cpus = 1; cpus <= 2; cpus++) {
        struct observation observation = make_lanes(cpus);
        enum lane_doing doing[2][WINDOWS];
        int at_once = 0;
        for (int l = 0; l < 2; l++)
            lane_view_windows(&observation, l, 0.04, WINDOWS, doing[l]);
        for (int w = 0; w < WINDOWS; w++)
            at_once += doing[0][w] == LANE_WORK && doing[1][w] == LANE_WORK;
        if (cpus == 1)
            assert_int_equal(at_once, 0);
        else
            assert_int_equal(at_once, WINDOWS);
        free_lanes(&observation);
    }
}

static void a_long_piece_that_never_lost_its_cpu_is_work(void **state)
{
    (void)state;
    struct observed_span span[3] = {{0, 0.001, 0, SPAN_WORK, false}, {0.001, 0.002, 0, SPAN_WORK, false},
        {0.002, 0.010, 0, SPAN_WORK, false}};
    struct observed_lane lane = {.pu = 0, .cpu_s = 0.010, .off_cpu_s = NAN, .span = span, .spans = 3};
    struct observation observation = {.valid = true, .lane = &lane, .lanes = 1};
    bool *interrupted = lane_view_interrupted(&observation, 0);
    assert_false(interrupted[2]);
    free(interrupted);
    lane.cpu_s = 0.003; /* now it did */
    interrupted = lane_view_interrupted(&observation, 0);
    assert_true(interrupted[2]);
    assert_false(interrupted[0]);
    free(interrupted);
    lane.off_cpu_s = 0; /* and the kernel's own account counts more */
    interrupted = lane_view_interrupted(&observation, 0);
    assert_false(interrupted[2]);
    free(interrupted);
}

/* ---- pictures ---- */

static void add_pictures(
    struct pictures *pictures, const struct observation *one, const struct observation *two)
{
    struct picture *lanes = pictures_add(pictures, PICTURE_LANES, "On one CPU they take turns", NULL, NULL);
    picture_add_lanes(lanes, "two threads on one CPU", one);
    picture_add_lanes(lanes, "two threads on two CPUs", two);
    struct picture *bars = pictures_add(pictures, PICTURE_BARS, "Not all is known", NULL,
        "speedup, against one thread on the same CPU & <the> same work");
    picture_add_bar(bars,
        "a label that is by far too long to stand beside a bar on one line of eighty columns", 1.9, 1.8, 2);
    picture_add_bar(bars, "unknown", NAN, NAN, NAN);
    picture_add_bar(bars, "nothing", 0, 0, 0);
    picture_add_bar(bars, "less", -3, -4, 1);
    struct picture *curves = pictures_add(pictures, PICTURE_CURVES, "It flattens", "threads", "speedup");
    curves->logarithmic_x = true;
    struct picture_curve *measured = picture_add_curve(curves, "measured", false),
                         *ideal = picture_add_curve(curves, "ideal", true);
    for (int t = 1; t <= 64; t *= 2) {
        picture_curve_add(measured, t, t == 8 ? NAN : sqrt(t), sqrt(t) - 0.2, sqrt(t) + 0.2);
        picture_curve_add(ideal, t, t, NAN, NAN);
    }
    pictures_add(pictures, PICTURE_CURVES, "No point", NULL, NULL);
    picture_add_curve(&pictures->picture[pictures->count - 1], "nothing measured", false);
}

static void pictures_fit_the_page_in_unicode_and_ascii(void **state)
{
    (void)state;
    struct observation one = make_lanes(1), two = make_lanes(2);
    for (int columns = PAGE_COLUMNS_MIN; columns <= PAGE_COLUMNS_MAX; columns += 10)
        for (int unicode = 0; unicode <= 1; unicode++) {
            struct page page = {.columns = columns, .unicode = unicode};
            struct pictures pictures = {0};
            add_pictures(&pictures, &one, &two);
            for (int i = 0; i < pictures.count; i++)
                picture_text_add(&page, &pictures.picture[i]);
            if (widest_line(page.text.data) > (size_t)columns)
                fail_msg(
                    "%zu columns instead of %d:\n%s", widest_line(page.text.data), columns, page.text.data);
            assert_true(unicode || is_ascii(page.text.data));
            assert_null(strstr(page.text.data, "nan"));
            assert_null(strchr(page.text.data, '\033'));
            pictures_free(&pictures);
            text_free(&page.text);
        }
    free_lanes(&one);
    free_lanes(&two);
}

static void a_number_keeps_its_unit_on_its_line(void **state)
{
    (void)state;
    for (int unicode = 0; unicode <= 1; unicode++)
        for (size_t filled = 20; filled <= 44; filled++) {
            struct page page = {.columns = 40, .unicode = unicode};
            char words[120];
            snprintf(words, sizeof words, "%.*s 99 %% of 5 ms, 12 sentences", (int)filled,
                "a row of words that is as long as a line of this narrow page, or longer");
            page_add_paragraphs(&page, words);
            assert_non_null(strstr(page.text.data, "99 %"));
            assert_non_null(strstr(page.text.data, "5 ms"));
            assert_null(strstr(page.text.data, "\u00a0"));
            text_free(&page.text);
        }
}

static void colour_changes_nothing_but_colour(void **state)
{
    (void)state;
    struct observation one = make_lanes(1), two = make_lanes(2);
    struct pictures pictures = {0};
    struct page plain = {.columns = 80, .unicode = true},
                colored = {.columns = 80, .unicode = true, .color = true};
    add_pictures(&pictures, &one, &two);
    for (int i = 0; i < pictures.count; i++) {
        picture_text_add(&plain, &pictures.picture[i]);
        picture_text_add(&colored, &pictures.picture[i]);
    }
    struct text without = {0};
    bool inside = false, any = false;
    for (const char *c = colored.text.data; *c != '\0'; c++) {
        any = any || *c == '\033';
        inside = inside || *c == '\033';
        if (!inside)
            text_add_bytes(&without, c, 1);
        inside = inside && *c != 'm';
    }
    assert_true(any);
    /* Blanks at the end of a line may hide behind an escape. */
    char **left = text_split(plain.text.data, '\n', &(size_t){0}),
         **right = text_split(without.data, '\n', &(size_t){0});
    for (size_t i = 0; left[i] != NULL; i++) {
        assert_non_null(right[i]);
        right[i][strlen(left[i]) <= strlen(right[i]) ? strlen(left[i]) : strlen(right[i])] = '\0';
        assert_string_equal(left[i], right[i]);
    }
    text_split_free(left);
    text_split_free(right);
    text_free(&without);
    text_free(&plain.text);
    text_free(&colored.text);
    pictures_free(&pictures);
    free_lanes(&one);
    free_lanes(&two);
}

static void svg_stands_alone_and_escapes_words(void **state)
{
    (void)state;
    struct observation one = make_lanes(1), two = make_lanes(2);
    struct pictures pictures = {0};
    struct text file = {0};
    add_pictures(&pictures, &one, &two);
    picture_svg_add(&file, "a <b> & \"c\"", &pictures);
    assert_memory_equal(file.data, "<svg xmlns=", 11);
    assert_non_null(strstr(file.data, "<style>"));
    assert_non_null(strstr(file.data, "</svg>"));
    assert_non_null(strstr(file.data, "a &lt;b&gt; &amp; &quot;c&quot;"));
    assert_null(strstr(file.data, "nan"));
    assert_null(strstr(file.data, "<the>"));
    assert_null(strstr(file.data, "href"));
    assert_null(strstr(file.data, "var("));
    assert_true(file.length < 200000);
    text_free(&file);
    pictures_free(&pictures);
    free_lanes(&one);
    free_lanes(&two);
}

/* ---- files ---- */

static void the_timeline_keeps_the_rules_of_traces(void **state)
{
    (void)state;
    struct observation one = make_lanes(1), two = make_lanes(2);
    struct pictures pictures = {0};
    struct lesson_run *run = memory_new(1, sizeof *run);
    struct text file = {0};
    make_run(run, 1.8, 2);
    add_pictures(&pictures, &one, &two);
    timeline_add(&file, &run->outcome, &pictures);
    json_t *document = json_loads(file.data, 0, NULL);
    assert_non_null(document);
    if (trace_fault(document) != NULL)
        fail_msg("%s", trace_fault(document));
    assert_true(json_array_size(json_object_get(document, "traceEvents")) > 4000);
    json_decref(document);
    text_free(&file);
    pictures_free(&pictures);
    free(run);
    free_lanes(&one);
    free_lanes(&two);
}

static json_t *json_of(const struct lesson_run *run, const struct prediction *prediction)
{
    struct json_builder json = {0};
    lesson_json_build(&json, NULL, run, prediction);
    json_t *document = json_loads(json.text.data, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(document);
    text_free(&json.text);
    return document;
}

static const char *word_of(const json_t *document, const char *key)
{
    return json_string_value(json_object_get(document, key));
}

static void json_has_what_the_schema_promises(void **state)
{
    (void)state;
    static const char *const verdicts[] = {
        "supported", "contradicted", "inconclusive", "not demonstrable here"};
    static const double speedup[] = {1.8, 1, 1.35, NAN}, capacity[] = {2, 2, 2, 1};
    struct lesson_run *run = memory_new(1, sizeof *run);
    for (int i = 0; i < 4; i++) {
        struct prediction prediction = {.made = i % 2 == 0, .value = {2, NAN}};
        make_run(run, speedup[i], capacity[i]);
        json_t *document = json_of(run, &prediction), *evidence = json_object_get(document, "evidence"), *one;
        size_t e;
        assert_string_equal(word_of(document, "schema"), "acelera/lesson/1");
        assert_string_equal(word_of(document, "lesson"), "small");
        assert_string_equal(word_of(document, "claim"), small.claim);
        assert_string_equal(word_of(document, "verdict"), verdicts[i]);
        assert_true(strlen(word_of(document, "reason")) > 0);
        assert_true(json_array_size(evidence) > 0);
        json_array_foreach(evidence, e, one)
        {
            assert_true(json_is_string(json_object_get(one, "name")));
            assert_true(json_is_number(json_object_get(one, "value")));
            assert_true(json_is_string(json_object_get(one, "unit")));
        }
        assert_int_equal(json_array_size(json_object_get(document, "prediction")), prediction.made ? 2 : 0);
        assert_true(json_is_number(json_object_get(document, "capacity")));
        assert_true(json_is_number(json_object_get(document, "seconds")));
        json_decref(document);
    }
    free(run);
}

/* ---- words ---- */

static void predictions_are_read_as_people_type_them(void **state)
{
    (void)state;
    static const struct {
        const char *word;
        double value; /* NaN: refused */
    } numbers[] = {{"2", 2}, {" 1.5 ", 1.5}, {"1,5", 1.5}, {"64", 64}, {"65", NAN}, {"-1", NAN}, {"abc", NAN},
        {"", NAN}, {"1.2.3", NAN}, {"1,2.3", NAN}, {"nan", NAN}, {"inf", NAN}, {"0x10", NAN}, {"1e1", 10}},
      answers[] = {{"yes", 1}, {"Y", 1}, {"sim", 1}, {"não", 0}, {"nao", 0}, {"NO", 0}, {"1", 1}, {"0", 0},
          {"2", NAN}, {"maybe", NAN}};
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++) {
        double value = NAN;
        assert_true(prediction_read(&predictions[0], numbers[i].word, &value) == !isnan(numbers[i].value));
        assert_true(isnan(numbers[i].value) ? isnan(value) : value == numbers[i].value);
    }
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        double value = NAN;
        assert_true(prediction_read(&predictions[1], answers[i].word, &value) == !isnan(answers[i].value));
        assert_true(isnan(answers[i].value) ? isnan(value) : value == answers[i].value);
    }
    struct lesson_prediction percent = {.unit = "%", .low = 0, .high = 100};
    double value = NAN;
    assert_true(prediction_read(&percent, "90 %", &value) && value == 90);
    assert_false(prediction_read(&predictions[0], "90%", &value));
}

static void reasons_carry_the_numbers_of_the_rule_that_decided(void **state)
{
    (void)state;
    static const double speedup[] = {1.8, 1, 1.35, 1.8}, capacity[] = {2, 2, 2, 1.1};
    static const char *const words[] = {"1.8", "1.0", "1.3", "1.10"};
    struct lesson_run *run = memory_new(1, sizeof *run);
    for (int i = 0; i < 4; i++) {
        struct text reason = {0};
        make_run(run, speedup[i], capacity[i]);
        reason_add(&reason, run);
        if (strstr(reason.data, words[i]) == NULL)
            fail_msg("%s", reason.data);
        text_free(&reason);
    }
    free(run);
}

static void ascii_keeps_words_readable(void **state)
{
    (void)state;
    struct text plain = {0};
    plain_add(&plain, "não é só “isso”: 1 ≤ x × 2 → 3 µs… Ç", false);
    assert_string_equal(plain.data, "nao e so \"isso\": 1 <= x x 2 -> 3 us... C");
    text_free(&plain);
    plain_add(&plain, "a\033[31m\nb", false);
    assert_string_equal(plain.data, "a?[31m?b");
    text_free(&plain);
}

static void large_letters_fit_the_page(void **state)
{
    (void)state;
    static const char *const words[] = {
        "supported", "not demonstrable here", "não demonstrável aqui", "inconclusiva"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct page page = {.columns = 80};
        banner_add(&page, words[i]);
        assert_true(widest_line(page.text.data) <= 80);
        assert_true(is_ascii(page.text.data));
        assert_non_null(strchr(page.text.data, '#'));
        text_free(&page.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_that_take_turns_are_not_shown_computing_at_once),
        cmocka_unit_test(a_long_piece_that_never_lost_its_cpu_is_work),
        cmocka_unit_test(pictures_fit_the_page_in_unicode_and_ascii),
        cmocka_unit_test(a_number_keeps_its_unit_on_its_line),
        cmocka_unit_test(colour_changes_nothing_but_colour),
        cmocka_unit_test(svg_stands_alone_and_escapes_words),
        cmocka_unit_test(the_timeline_keeps_the_rules_of_traces),
        cmocka_unit_test(json_has_what_the_schema_promises),
        cmocka_unit_test(predictions_are_read_as_people_type_them),
        cmocka_unit_test(reasons_carry_the_numbers_of_the_rule_that_decided),
        cmocka_unit_test(ascii_keeps_words_readable),
        cmocka_unit_test(large_letters_fit_the_page),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
