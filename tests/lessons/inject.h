/* Made-up observations for a lesson: a room, eight rounds of its plan's conditions, all valid and without any
 * value until the test gives them some; then the verdict, as the engine computes it. */
#ifndef ACELERA_TEST_INJECT_H
#define ACELERA_TEST_INJECT_H

#include "harness/base/text.h"
#include "lessons/engine/plan.h"
#include "lessons/engine/run.h"
#include "lessons/engine/speak.h"
#include "lessons/show/lesson_page.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int inject_domains = 1;    /* memory domains that the CPUs of the next room are on, by turns */
static const char *inject_python; /* that the next room has */

enum { INJECT_ROUNDS = 8, INJECT_VALUES = 48 };

struct injected {
    struct machine machine;
    int spread[4];
    struct topology_pu pu[4];
    struct lesson_run run;
    struct text page; /* of inject_explain() */
};

/* cpus, cores: up to 4. capacity: of every round. */
static inline void inject_begin(
    struct injected *in, const struct lesson *lesson, int cpus, int cores, bool virtual_cpus, double capacity)
{
    memset(in, 0, sizeof *in);
    for (int i = 0; i < 4; i++)
        in->spread[i] = i;
    for (int i = 0; i < 4; i++)
        in->pu[i] = (struct topology_pu){
            .os_index = i, .core = i % cores, .smt = i / cores, .domain = i % inject_domains};
    in->machine.topology.spread = in->spread;
    in->machine.topology.pu = in->pu;
    in->machine.topology.domain_count = inject_domains;
    in->machine.memory_available_bytes = -1;
    in->machine.topology.usable_pus = cpus;
    in->machine.topology.usable_cores = cores;
    struct lesson_run *run = &in->run;
    run->room = (struct classroom){.machine = &in->machine,
        .cpus = cpus,
        .cores = cores,
        .virtual_cpus = virtual_cpus,
        .capacity = {capacity, 0.98 * capacity, 1.02 * capacity},
        .seconds = 5,
        .python = inject_python};
    lesson->plan(&run->room, &run->plan);
    run->outcome = (struct lesson_outcome){.lesson = lesson,
        .room = &run->room,
        .plan = &run->plan,
        .observations = &run->observations,
        .deciding = -1,
        .seconds = 4};
    run->observations.conditions = run->plan.conditions;
    if (run->plan.conditions == 0)
        return;
    run->observations.rounds = INJECT_ROUNDS;
    run->observations.observation =
        memory_new((size_t)INJECT_ROUNDS * (size_t)run->plan.conditions, sizeof(struct observation));
    for (int i = 0; i < INJECT_ROUNDS * run->plan.conditions; i++) {
        const struct condition *condition = &run->plan.condition[i % run->plan.conditions];
        struct observation *made = &run->observations.observation[i];
        made->valid = true;
        made->wall_s = made->cpu_s = made->off_cpu_s = NAN;
        made->checksums_equal = true;
        made->value = memory_new(INJECT_VALUES, sizeof *made->value);
        made->lanes = condition->processes * condition->threads;
        made->lane = memory_new((size_t)made->lanes, sizeof *made->lane);
        for (int l = 0; l < made->lanes; l++)
            made->lane[l].cpu_s = made->lane[l].off_cpu_s = NAN;
    }
}

static inline struct observation *inject_at(struct injected *in, int round, const char *condition)
{
    int index = plan_find(&in->run.plan, condition);
    if (index < 0)
        fail_msg("the plan has no condition %s", condition);
    return &in->run.observations.observation[round * in->run.plan.conditions + index];
}

static inline void inject_round(
    struct injected *in, int round, const char *condition, const char *name, double value)
{
    struct observation *made = inject_at(in, round, condition);
    int v = 0;
    while (v < made->values && strcmp(made->value[v].name, name) != 0)
        v++;
    if (v == INJECT_VALUES)
        fail_msg("too many values");
    snprintf(made->value[v].name, sizeof made->value[v].name, "%s", name);
    made->value[v].value = value;
    made->values += v == made->values;
}

/* The same in every round. */
static inline void inject(struct injected *in, const char *condition, const char *name, double value)
{
    for (int r = 0; r < INJECT_ROUNDS; r++)
        inject_round(in, r, condition, name, value);
}

static inline void inject_wall(struct injected *in, const char *condition, double wall_s)
{
    for (int r = 0; r < INJECT_ROUNDS; r++)
        inject_at(in, r, condition)->wall_s = wall_s;
}

static inline enum verdict inject_verdict(struct injected *in)
{
    lesson_judge(&in->run);
    return in->run.outcome.verdict;
}

/* No line is wider than the page, and ASCII stays ASCII. */
static inline void inject_judge_page(const struct page *page)
{
    char **lines = text_split(page->text.data, '\n', &(size_t){0});
    for (char **line = lines; *line != NULL; line++) {
        if (text_columns(*line) > (size_t)page->columns)
            fail_msg("in %s wider than %d columns: %s", speak_language(), page->columns, *line);
        for (const char *letter = *line; !page->unicode && *letter != '\0'; letter++)
            if ((unsigned char)*letter >= 0x80)
                fail_msg("in %s not ASCII: %s", speak_language(), *line);
    }
    text_split_free(lines);
}

/* Everything that a student reads of this run, in every language, in UTF-8 and in ASCII. */
static inline void inject_judge_pages(const struct injected *in, const struct pictures *pictures)
{
    const struct lesson_run *run = &in->run;
    const struct lesson *lesson = run->outcome.lesson;
    struct prediction prediction = {.made = true};
    for (int i = 0; speak_languages[i] != NULL; i++) {
        if (!speak_choose(speak_languages[i], LOCALE_FOLDER))
            continue; /* built without catalogues */
        for (int unicode = 0; unicode < 2; unicode++) {
            struct page page = {.columns = PAGE_COLUMNS_MAX, .unicode = unicode == 1};
            lesson_page_add_title(&page, lesson);
            lesson_page_add_question(&page, lesson);
            lesson_page_add_prediction(&page, lesson, &prediction);
            lesson_page_add_pictures(&page, pictures);
            lesson_page_add_verdict(&page, run);
            lesson_page_add_comparison(&page, run, &prediction);
            lesson_page_add_explanation(&page, run);
            lesson_page_add_key_points(&page, lesson);
            lesson_page_add_quiz(&page, lesson, false);
            inject_judge_page(&page);
            text_free(&page.text);
        }
    }
    assert_true(speak_choose("en", LOCALE_FOLDER));
}

/* The explanation of what was judged; pages, pictures and evidence are made too, so that they are seen not to
 * fail and to fit. */
static inline void inject_ignore(void *context, const char *name, double value, const char *unit)
{
    (void)value;
    (void)unit;
    assert_non_null(name);
    ++*(int *)context;
}

static inline const char *inject_explain(struct injected *in)
{
    const struct lesson *lesson = in->run.outcome.lesson;
    struct pictures pictures = {0};
    int evidence = 0;
    lesson->picture(&in->run.outcome, &pictures);
    inject_judge_pages(in, &pictures);
    pictures_free(&pictures);
    if (lesson->evidence != NULL)
        lesson->evidence(&in->run.outcome, inject_ignore, &evidence);
    lesson->explain(&in->run.outcome, &in->page);
    assert_true(in->page.length > 0);
    return in->page.data;
}

static inline void inject_end(struct injected *in)
{
    text_free(&in->page);
    observations_free(&in->run.observations);
}

#endif
