/* `teach --check`, the evening before: what this machine gives, what would disturb, and which lessons will
 * show their claim. Measures the capacity for a moment, and changes nothing. */
#include "harness/commands/teach.h"

#include "harness/machine/doctor.h"
#include "lessons/engine/speak.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const double watch_s = 1, capacity_s = 2;

struct checked {
    struct classroom room; /* with the capacity as measured */
    char failure[300];     /* of the measuring; "" none */
};

static enum status measure_capacity(struct teach *teach, struct checked *checked, struct error *error)
{
    const struct lesson *lesson = lesson_named("capacity");
    struct lesson_run *run = memory_new(1, sizeof *run);
    enum status status =
        lesson_measure(lesson, &teach->machine, teach->worker, capacity_s, NULL, NULL, run, error);
    checked->room = classroom_of(&teach->machine, teach->seconds);
    checked->room.capacity = run->room.capacity;
    snprintf(checked->failure, sizeof checked->failure, "%s", run->failure);
    lesson_run_free(run);
    free(run);
    return status;
}

/* ---- for people ---- */

static void add_machine(struct page *page, const struct checked *checked)
{
    const struct classroom *room = &checked->room;
    char median[40], low[40], high[40];
    struct text line = {0};
    page_add_heading(page, 2, _("This machine"));
    text_add(&line, _("CPUs that may be used: %d, on %d cores"), room->cpus, room->cores);
    page_add_item(page, "•", line.data);
    text_free(&line);
    if (room->machine->cpu_quota > 0) {
        text_add(&line, _("a CPU quota of %s CPUs is in force"),
            speak_number(room->machine->cpu_quota, 2, low, sizeof low));
        page_add_item(page, "•", line.data);
        text_free(&line);
    }
    if (checked->failure[0] != '\0')
        text_add(&line, _("what they give could not be measured: %s"), checked->failure);
    else if (isfinite(room->capacity.low) && isfinite(room->capacity.high))
        text_add(&line,
            _("measured just now, all of them together do the work of %s CPUs (99 %% interval %s to %s)"),
            speak_number(room->capacity.median, 2, median, sizeof median),
            speak_number(room->capacity.low, 2, low, sizeof low),
            speak_number(room->capacity.high, 2, high, sizeof high));
    else
        text_add(&line, _("measured just now, all of them together do the work of %s CPUs"),
            speak_number(room->capacity.median, 2, median, sizeof median));
    page_add_item(page, "•", line.data);
    text_free(&line);
    if (room->virtual_cpus)
        page_add_item(page, "•",
            _("CPUs are virtual: two of them may be hardware threads of one core, and other guests may take "
              "their time"));
    text_add(&line, "%s",
        room->python != NULL ? _("python3 is there, for the bonus lesson")
                             : _("no python3: the bonus lesson needs it"));
    page_add_item(page, "•", line.data);
    text_free(&line);
}

/* The doctor speaks English, here as everywhere. */
static void add_findings(struct page *page, const struct machine *machine)
{
    int warnings = 0;
    for (int i = 0; i < machine->finding_count; i++)
        warnings += machine->finding[i].severity == FINDING_WARNING;
    page_add_heading(page, 2, _("What may disturb"));
    if (warnings == 0)
        page_add_paragraphs(page, _("Nothing was seen. (`acelera doctor` looks closer.)"));
    for (int i = 0; i < machine->finding_count; i++) {
        const struct machine_finding *finding = &machine->finding[i];
        struct text line = {0};
        if (finding->severity != FINDING_WARNING)
            continue;
        text_add(&line, "%s: %s", finding->id, finding->found);
        if (finding->remedy[0] != '\0')
            text_add(&line, " (%s)", finding->remedy);
        page_add_item(page, "!", line.data);
        text_free(&line);
    }
}

static void add_lessons(struct page *page, const struct checked *checked)
{
    int shown = 0, all = 0;
    struct text line = {0};
    page_add_heading(page, 2, _("The lessons"));
    for (int i = 0; lesson_list[i] != NULL; i++, all++) {
        const struct lesson *lesson = lesson_list[i];
        struct text why = {0};
        bool can = teach_can_show(&checked->room, lesson, &why);
        shown += can;
        text_add(&line, "%s: %s", lesson->name, can ? _("can be shown") : _("will not be shown: "));
        text_add(&line, "%s", can ? "" : why.data);
        page_add_item(page, page->markdown ? (can ? "- [x]" : "- [ ]") : can ? "+" : "–", line.data);
        text_free(&line);
        text_free(&why);
    }
    page_add_gap(page);
    text_add(&line, _("%d of %d lessons can be shown here, by what was measured just now."), shown, all);
    page_add_paragraphs(page, line.data);
    text_free(&line);
}

static void add_room(struct page *page, const struct teach *teach)
{
    page_add_heading(page, 2, _("The room"));
    if (teach->output.columns < PAGE_COLUMNS_MAX && teach->output.columns > 0)
        page_add_item(page, "!", _("the terminal has fewer than 80 columns: pictures get narrow"));
    if (!teach->output.unicode)
        page_add_item(page, "•", _("the locale is not UTF-8: pictures are drawn in ASCII"));
    page_add_item(page, "•",
        teach->learner.path == NULL || !teach->learner.writable
            ? _("what was done cannot be kept on this machine; lessons do not need it")
            : _("what was done is kept on this machine"));
    page_add_item(page, "•", _("no network, no administrator's rights and no further program are needed"));
}

/* ---- for programs ---- */

static void build_check(struct json_builder *json, const struct teach *teach, const struct checked *checked)
{
    const struct classroom *room = &checked->room;
    json_build_open(json, NULL, '{', true);
    json_build_string(json, "schema", "acelera/check/1");
    json_build_integer(json, "cpus", room->cpus);
    json_build_integer(json, "cores", room->cores);
    json_build_bool(json, "virtual_cpus", room->virtual_cpus);
    if (teach->machine.cpu_quota > 0)
        json_build_number(json, "cpu_quota", teach->machine.cpu_quota);
    else
        json_build_null(json, "cpu_quota");
    json_build_number(json, "capacity", room->capacity.median);
    json_build_number(json, "capacity_low", room->capacity.low);
    json_build_number(json, "capacity_high", room->capacity.high);
    json_build_bool(json, "python", room->python != NULL);
    json_build_open(json, "findings", '[', true);
    for (int i = 0; i < teach->machine.finding_count; i++) {
        const struct machine_finding *finding = &teach->machine.finding[i];
        json_build_open(json, NULL, '{', false);
        json_build_string(json, "id", finding->id);
        json_build_string(json, "severity", finding_severity_name(finding->severity));
        json_build_string(json, "found", finding->found);
        json_build_close(json);
    }
    json_build_close(json);
    json_build_open(json, "lessons", '[', true);
    for (int i = 0; lesson_list[i] != NULL; i++) {
        struct text why = {0};
        bool can = teach_can_show(room, lesson_list[i], &why);
        json_build_open(json, NULL, '{', false);
        json_build_string(json, "name", lesson_list[i]->name);
        json_build_bool(json, "demonstrable", can);
        json_build_string(json, "why_not", can ? NULL : why.data);
        json_build_close(json);
        text_free(&why);
    }
    json_build_close(json);
    json_build_close(json);
}

enum status teach_check(struct teach *teach, struct error *error)
{
    struct checked checked = {0};
    doctor_watch(watch_s, &teach->machine);
    enum status status = measure_capacity(teach, &checked, error);
    if (status != STATUS_OK)
        return status;
    if (teach->output.format == OUTPUT_JSON) {
        struct json_builder json = {0};
        build_check(&json, teach, &checked);
        fwrite(json.text.data, 1, json.text.length, stdout);
        text_free(&json.text);
        return output_status(true, error);
    }
    struct page page = teach_page(teach);
    page_add_heading(&page, 1, _("What this machine will show, and what not"));
    add_machine(&page, &checked);
    add_findings(&page, &teach->machine);
    add_lessons(&page, &checked);
    add_room(&page, teach);
    teach_print(teach, &page);
    teach_say_trouble(teach);
    return output_status(true, error);
}
