/* The way of `run`, with two plans in one; what is printed at the end is the comparison. */
#include "harness/commands/compare_live.h"

#include "harness/commands/compare_sides.h"
#include "harness/commands/outcome.h"
#include "harness/commands/run_options.h"
#include "harness/commands/scene.h"
#include "harness/measure/child.h"

#include <stdio.h>

enum status compare_live_report(
    const void *context, const char *directory, bool as_interrupted, struct error *error)
{
    char path[4096];
    char *on_a[] = {path, NULL}, *on_b[] = {NULL};
    const struct compare_runs runs = {{on_a, on_b}, {1, 0}};
    struct error of_run = {0};
    enum status status = outcome_report(directory, as_interrupted, NULL, &of_run);
    snprintf(path, sizeof path, "%s", directory);
    enum status compared = compare_outcome(&runs, context, error);
    if (status == STATUS_OK)
        return compared;
    *error = of_run;
    return status;
}

static enum status measure(const struct arguments *arguments, struct scene *scene, const struct plan *plan,
    const struct compare_wish *wish, struct error *error)
{
    struct run_directory directory;
    enum status measured;
    scene_examine(scene, plan);
    const struct run_facts facts = scene_facts(scene, plan);
    interrupt_catch();
    enum status status = run_directory_create(arguments_text(arguments, "--out"), &facts, &directory, error);
    if (status != STATUS_OK)
        return status;
    status = data_table_convert(&scene->table, directory.path, error);
    if (status == STATUS_OK)
        status = measuring_run(&directory, &facts, NULL, compare_live_report, wish, &measured, error);
    if (wish->output.format == OUTPUT_TABLE)
        printf("results: %s\n", directory.path);
    run_directory_close(&directory);
    return status;
}

/* The words of the person hold for both sides, but for what a side says of itself. */
static enum status make_sides(
    const struct arguments *arguments, struct scene *scene, struct plan_request *second, struct error *error)
{
    enum status status = request_make(arguments, second, error);
    if (status != STATUS_OK)
        return status;
    if (scene->request.data != NULL)
        request_take_table(arguments, &scene->table, second);
    status = compare_side_apply(arguments->operands[0], &scene->request, error);
    return status == STATUS_OK ? compare_side_apply(arguments->operands[1], second, error) : status;
}

enum status compare_live(
    const struct arguments *arguments, const struct compare_wish *wish, struct error *error)
{
    struct scene scene;
    struct plan_request second = {0};
    struct plan plan = {0};
    if (arguments->operand_count != 2)
        return error_set(error, STATUS_USAGE,
            "--live: takes two sides, and there %s %d; a side is a worker's name, or KEY=VALUE[,KEY=VALUE…]",
            arguments->operand_count == 1 ? "is" : "are", arguments->operand_count);
    enum status status = scene_set(arguments, NULL, &scene, error);
    if (status != STATUS_OK)
        return status;
    status = make_sides(arguments, &scene, &second, error);
    scene.request.delta = wish->delta > 0 ? wish->delta : COMPARE_DELTA_LIVE;
    if (status == STATUS_OK)
        status = plan_make_pair(&scene.request, &second, &scene.machine, &scene.workers, &plan, error);
    if (status == STATUS_OK)
        status = measure(arguments, &scene, &plan, wish, error);
    plan_free(&plan);
    request_free(&second);
    scene_free(&scene);
    return status;
}
