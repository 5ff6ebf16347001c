/* The `teach` command: measures one lesson and says what was found. */
#include "harness/base/text.h"
#include "harness/commands/command_list.h"
#include "harness/commands/output.h"
#include "harness/measure/child.h"
#include "lessons/engine/run.h"
#include "lessons/show/lesson_json.h"

#include <stdlib.h>

static enum status unknown_lesson(const char *name, struct error *error)
{
    const char *names[64];
    size_t count = 0;
    struct text choices = {0};
    while (lesson_list[count] != NULL && count < sizeof names / sizeof names[0]) {
        names[count] = lesson_list[count]->name;
        count++;
    }
    text_add_choices(&choices, name, names, count);
    error_set(error, STATUS_USAGE, "%.100s: %s", name, choices.data);
    text_free(&choices);
    return STATUS_USAGE;
}

static enum status teach_run(const struct arguments *arguments, struct error *error)
{
    const struct lesson *lesson = lesson_named(arguments->operand);
    struct output output = output_of(arguments);
    struct machine machine;
    struct lesson_run run = {0};
    char *worker = NULL;
    if (lesson == NULL)
        return unknown_lesson(arguments->operand, error);
    enum status status = machine_discover(NULL, &machine, error);
    if (status != STATUS_OK)
        return status;
    interrupt_catch();
    status = lesson_worker_find(&worker, error);
    if (status == STATUS_OK)
        status = lesson_measure(
            lesson, &machine, worker, arguments_number(arguments, "--time-limit"), NULL, NULL, &run, error);
    if (status == STATUS_OK && output.format == OUTPUT_JSON) {
        status = output_status(lesson_json_write(output.stream, &run), error);
    } else if (status == STATUS_OK) {
        struct text page = {0};
        lesson->explain(&run.outcome, &page);
        fprintf(output.stream, "%s: %s\n\n%s\n", _(lesson->claim), lesson_verdict_name(run.outcome.verdict),
            page.data);
        text_free(&page);
    }
    lesson_run_free(&run);
    free(worker);
    machine_free(&machine);
    return status;
}

static const struct option options[] = {
    {.group = "The lesson", .name = "--no-ask", .kind = OPTION_FLAG, .help = "Ask nothing: measure at once"},
    {.group = "The lesson",
        .name = "--time-limit",
        .kind = OPTION_TIME,
        .argument = "TIME",
        .unit = "s, m or h",
        .standard = "5s",
        .high = 3600,
        .help = "Measure for about this long"},
};

static const char *const examples[] = {"acelera teach capacity --no-ask", NULL};

const struct command command_teach = {
    .name = "teach",
    .summary = "lessons on concurrency and parallelism, measured on this machine",
    .examples = examples,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .operand = "LESSON",
    .operand_help = "the lesson's name",
    .operand_required = true,
    .prints_results = true,
    .run = teach_run,
};
