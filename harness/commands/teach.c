/* The `teach` command: what was asked for, and which part does it. Lessons stand in lessons/; their protocol
 * in teach_lesson.c. */
#include "harness/commands/teach.h"

#include "harness/base/text.h"
#include "harness/commands/command_list.h"
#include "harness/commands/teach_collect.h"
#include "harness/machine/doctor.h"
#include "harness/measure/child.h"
#include "lessons/engine/speak.h"
#include "lessons/show/lesson_page.h"
#include "lessons/show/plain.h"
#include "lessons/show/reason.h"
#include "lessons/show/table.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

/* Long enough to see batteries and quotas; what other programs do is the capacity's to find. */
static const double look_s = 0.05;
enum { LESSONS_MAX = 64 };

/* Only one of what excludes each other; NULL if all is well. */
static const char *contradiction(const struct arguments *arguments)
{
    static const char *const alone[] = {"--track", "--check", "--collect"};
    static const char *const single[] = {"--predict", "--hint", "--solution", "--quiz"};
    int modes = arguments->operand != NULL, parts = 0;
    for (size_t i = 0; i < sizeof alone / sizeof *alone; i++)
        modes += arguments_given(arguments, alone[i]);
    for (size_t i = 0; i < sizeof single / sizeof *single; i++)
        parts += arguments_given(arguments, single[i]);
    if (modes > 1)
        return _("a lesson's name, --track, --check and --collect exclude each other; give one of them");
    if (parts > 0 && arguments->operand == NULL)
        return _("--predict, --hint, --solution and --quiz belong to one lesson; name it");
    bool runs = arguments->operand != NULL || arguments_given(arguments, "--track");
    if (!runs && (arguments_given(arguments, "--save") || arguments_given(arguments, "--present")))
        return _("--save and --present belong to a lesson or a track; name one");
    if (parts > 1)
        return _("--predict, --hint, --solution and --quiz exclude each other; give one of them");
    return NULL;
}

/* ---- what was prepared ---- */

static FILE *stream_to_ask(const struct arguments *arguments, const struct output *output)
{
    if (arguments_given(arguments, "--no-ask") || !isatty(STDIN_FILENO))
        return NULL;
    if (output->format == OUTPUT_TABLE && isatty(STDOUT_FILENO))
        return stdout;
    return isatty(STDERR_FILENO) ? stderr : NULL;
}

/* Complaints of the C library come in that language too, in the letters of LC_CTYPE. */
static void choose_language(const struct arguments *arguments)
{
    if (output_of(arguments).unicode)
        setlocale(LC_CTYPE, "C.UTF-8");
    const char *asked = arguments_text(arguments, "--lang");
    const char *language = asked != NULL ? asked : speak_language_wanted();
    if (!speak_choose(language, NULL) && asked != NULL)
        fprintf(stderr,
            "acelera teach: no texts in %s are installed (building them needs msgfmt of gettext); going on "
            "in "
            "English\n",
            language);
}

static enum status prepare(const struct arguments *arguments, struct teach *teach, struct error *error)
{
    *teach = (struct teach){.output = output_of(arguments)};
    teach->asking = stream_to_ask(arguments, &teach->output);
    teach->present = arguments_given(arguments, "--present");
    teach->seconds = arguments_number(arguments, "--time-limit");
    teach->save = arguments_text(arguments, "--save");
    if (teach->save != NULL) {
        enum status status = teach_save_prepare(teach->save, error);
        if (status != STATUS_OK)
            return status;
    }
    enum status status = machine_discover(NULL, &teach->machine, error);
    if (status == STATUS_OK)
        teach->learner = learner_open();
    return status;
}

static void clear(struct teach *teach)
{
    learner_free(&teach->learner);
    machine_free(&teach->machine);
    free(teach->worker);
}

static enum status find_worker(struct teach *teach, struct error *error)
{
    doctor_watch(look_s, &teach->machine);
    return lesson_worker_find(&teach->worker, error);
}

/* ---- one lesson ---- */

/* What is read without measuring. */
static enum status show_part(
    const struct arguments *arguments, struct teach *teach, const struct lesson *lesson, struct error *error)
{
    if (teach->output.format == OUTPUT_JSON)
        return error_set(error, STATUS_USAGE, "%s",
            _("--hint, --solution and --quiz are words for people: use --format text or markdown"));
    struct page page = teach_page(teach);
    int choice = -1;
    lesson_page_add_title(&page, lesson);
    if (arguments_given(arguments, "--hint"))
        lesson_page_add_hint(&page, lesson);
    if (arguments_given(arguments, "--solution"))
        lesson_page_add_solution(&page, lesson);
    bool quiz = arguments_given(arguments, "--quiz");
    if (quiz)
        lesson_page_add_quiz(&page, lesson, teach->asking == NULL);
    if (quiz && teach->asking != NULL) {
        page_add_gap(&page);
        teach_print(teach, &page);
        enum asked asked = teach_ask_quiz(teach, lesson, &choice);
        if (asked != ASKED_LINE)
            return asked == ASKED_INTERRUPT ? STATUS_INTERRUPTED : STATUS_OK;
        if (choice >= 0) {
            learner_note_quiz(&teach->learner, lesson->name, choice == lesson->quiz.answer);
            page_add_line(&page, choice == lesson->quiz.answer ? INK_GOOD : INK_BAD,
                choice == lesson->quiz.answer ? _("Right.") : _("Not quite."));
        }
        lesson_page_add_answer(&page, lesson);
    }
    teach_print(teach, &page);
    teach_say_trouble(teach);
    return output_status(true, error);
}

static enum status print_json(struct json_builder *json, enum status status, struct error *error)
{
    if (status == STATUS_OK && json->text.length > 0) {
        fwrite(json->text.data, 1, json->text.length, stdout);
        status = output_status(true, error);
    }
    text_free(&json->text);
    return status;
}

static enum status teach_one(
    const struct arguments *arguments, struct teach *teach, const struct lesson *lesson, struct error *error)
{
    struct prediction given = {0};
    struct json_builder json = {0};
    struct teach_result result;
    enum status status = STATUS_OK;
    if (arguments_given(arguments, "--predict")) {
        char **words = arguments_list(arguments, "--predict");
        status = prediction_of_words(lesson, words, &given, error);
        text_split_free(words);
    }
    if (status == STATUS_OK)
        status = find_worker(teach, error);
    if (status == STATUS_OK)
        status = teach_lesson(teach, lesson, &given, &json, &result, error);
    return print_json(&json, status, error);
}

/* ---- a track ---- */

static void add_summary(
    struct page *page, const struct lesson *const *lesson, const struct teach_result *result)
{
    page_add_heading(page, 1, _("What was found"));
    page_add_gap(page);
    struct table table = table_begin((const char *[]){_("claim"), _("here, in this run")}, 2);
    for (int i = 0; lesson[i] != NULL; i++) {
        struct text claim = {0};
        if (result[i].measured) {
            text_add(&claim, "%s: %s", lesson[i]->name, _(lesson[i]->claim));
            table_add(&table, (const char *[]){claim.data, reason_verdict(result[i].verdict)});
            text_free(&claim);
        }
    }
    table_end(&table, page);
}

static void announce(struct teach *teach, const char *track, const struct lesson *const *lesson)
{
    struct text names = {0}, line = {0};
    struct page page = teach_page(teach);
    for (int i = 0; lesson[i] != NULL; i++)
        text_add(&names, "%s%s", i > 0 ? ", " : "", lesson[i]->name);
    text_add(&line, _("Track %s, %d minutes: %s"), track, teach_track_minutes(track),
        names.data != NULL ? names.data : "–");
    page_add_paragraphs(&page, line.data);
    page_add_gap(&page);
    teach_print(teach, &page);
    text_free(&names);
    text_free(&line);
}

static enum status teach_track(struct teach *teach, const char *track, struct error *error)
{
    const struct lesson *lesson[LESSONS_MAX];
    struct teach_result result[LESSONS_MAX] = {0};
    struct json_builder json = {0};
    bool as_json = teach->output.format == OUTPUT_JSON;
    enum status status = find_worker(teach, error);
    if (status != STATUS_OK)
        return status;
    teach_track_lessons(teach, track, lesson);
    if (!as_json)
        announce(teach, track, (const struct lesson *const *)lesson);
    json_build_open(&json, NULL, '{', true);
    json_build_string(&json, "schema", "acelera/lessons/1");
    json_build_string(&json, "track", track);
    json_build_open(&json, "lessons", '[', true);
    for (int i = 0; lesson[i] != NULL && status == STATUS_OK && !teach->ended; i++) {
        status =
            teach_lesson(teach, lesson[i], &(struct prediction){.made = false}, &json, &result[i], error);
        if (status == STATUS_OK && !teach->ended && !teach->present && lesson[i + 1] != NULL) {
            enum asked asked = teach_ask_enter(teach);
            teach->ended = asked == ASKED_END;
            status = asked == ASKED_INTERRUPT ? STATUS_INTERRUPTED : STATUS_OK;
        }
    }
    json_build_close(&json);
    json_build_close(&json);
    if (as_json)
        return print_json(&json, status, error);
    text_free(&json.text);
    struct page page = teach_page(teach);
    add_summary(&page, (const struct lesson *const *)lesson, result);
    teach_print(teach, &page);
    return status;
}

/* ---- the command ---- */

static enum status teach_part(const struct arguments *arguments, struct teach *teach, struct error *error)
{
    const char *name = arguments->operand;
    const struct lesson *lesson = name != NULL ? lesson_named(name) : NULL;
    if (arguments_given(arguments, "--track"))
        return teach_track(teach, arguments_text(arguments, "--track"), error);
    if (arguments_given(arguments, "--check")) {
        enum status status = lesson_worker_find(&teach->worker, error);
        return status == STATUS_OK ? teach_check(teach, error) : status;
    }
    if (lesson == NULL)
        return teach_catalogue(teach, error);
    if (arguments_given(arguments, "--hint") || arguments_given(arguments, "--solution") ||
        arguments_given(arguments, "--quiz"))
        return show_part(arguments, teach, lesson, error);
    return teach_one(arguments, teach, lesson, error);
}

static enum status teach_asked(const struct arguments *arguments, struct error *error)
{
    struct teach teach = {0};
    const char *fault = contradiction(arguments);
    if (fault != NULL)
        return error_set(error, STATUS_USAGE, "%s", fault);
    if (arguments_given(arguments, "--collect"))
        return teach_collect(arguments, error);
    enum status status = prepare(arguments, &teach, error);
    if (status == STATUS_OK) {
        interrupt_catch();
        status = teach_part(arguments, &teach, error);
        if (teach.ended && status == STATUS_OK)
            teach_say(&teach, _("left here; what was done is kept"));
        if (status == STATUS_INTERRUPTED && error->text[0] == '\0')
            error_set(error, status, "%s", _("interrupted; what was done is kept"));
    }
    clear(&teach);
    return status;
}

static enum status teach_run(const struct arguments *arguments, struct error *error)
{
    choose_language(arguments);
    enum status status = teach_asked(arguments, error);
    struct text plain = {0};
    plain_add(&plain, error->text, output_of(arguments).unicode);
    snprintf(error->text, sizeof error->text, "%s", plain.data);
    text_free(&plain);
    return status;
}

static const char *const formats[] = {"text", "table", "markdown", "json", NULL};
static const char *const color_choices[] = {"auto", "always", "never", NULL};

#define LESSON_GROUP "The lesson"
#define ROOM         "In a room"
#define OUTPUT       "Output"

/* clang-format off */
static const struct option options[] = {
    {LESSON_GROUP, "--predict", OPTION_LIST, "VALUE,…",
        .help = "Your prediction, one value for each question, decimals with a point, yes or no where that is asked",
        .otherwise = "asked at a terminal"},
    {LESSON_GROUP, "--no-ask", OPTION_FLAG, .help = "Ask nothing and wait for nothing: for projectors and tests"},
    {LESSON_GROUP, "--hint", OPTION_FLAG, .help = "Only the hint; nothing runs"},
    {LESSON_GROUP, "--solution", OPTION_FLAG, .help = "Only the solution; nothing runs"},
    {LESSON_GROUP, "--quiz", OPTION_FLAG, .help = "Only the quiz question, with its answer; nothing runs"},
    {LESSON_GROUP, "--time-limit", OPTION_TIME, "TIME", .unit = "s, m or h", .standard = "5s", .high = 600,
        .help = "Measure each lesson for about this long"},
    {ROOM, "--track", OPTION_CHOICE, "TRACK", .choices = teach_tracks,
        .help = "Several lessons, one after the other"},
    {ROOM, "--present", OPTION_FLAG, .help = "For a projector: large, one step at a time, Enter goes on"},
    {ROOM, "--check", OPTION_FLAG, .help = "The evening before: measure what this machine will show, and what not"},
    {ROOM, "--collect", OPTION_TEXT, "DIR",
        .help = "Merge what many learners saved (--save) into one table and chart, without names"},
    {OUTPUT, "--save", OPTION_TEXT, "DIR",
        .help = "Write pictures (SVG), the timeline (Chrome trace) and the evidence (JSON) of each lesson into this folder"},
    {OUTPUT, "--lang", OPTION_CHOICE, "LANGUAGE", .choices = speak_languages, .otherwise = "as the locale says",
        .help = "The language of lessons"},
    {OUTPUT, "--format", OPTION_CHOICE, "FORMAT", .standard = "text", .choices = formats,
        .help = "What standard output gets; table is another word for text"},
    {OUTPUT, "--color", OPTION_CHOICE, "WHEN", .standard = "auto", .choices = color_choices,
        .help = "Colour in text; auto means on a terminal, unless NO_COLOR is set"},
};
/* clang-format on */

static const char *const examples[] = {
    "acelera teach                             the lessons, and what this machine can show",
    "acelera teach twobytwo                    question, prediction, run, picture, verdict",
    "acelera teach race --lang pt_BR --save handed-in",
    "acelera teach --track 45min --present     in a room",
    "acelera teach --check                     the evening before",
    "acelera teach --collect handed-in         a whole class side by side",
    NULL,
};

#define LESSON(name) #name,
static const char *const lesson_names[] = {
#include "lessons/lesson_list.h"
    NULL};
#undef LESSON

const struct command command_teach = {
    .name = "teach",
    .summary =
        "lessons on concurrency and parallelism, proven on this machine; English or Brazilian Portuguese",
    .examples = examples,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .operand = "LESSON",
    .operand_help = "the lesson to take; without it, the catalogue",
    .operand_choices = lesson_names,
    .run = teach_run,
};
