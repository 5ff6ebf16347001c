/* The catalogue: every lesson, whether it was done, and whether this machine can show it. Measures nothing.
 */
#include "harness/commands/teach.h"

#include "lessons/engine/speak.h"
#include "lessons/show/reason.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- what can be shown ---- */

static double cpus_known(const struct classroom *room)
{
    if (isfinite(room->capacity.median))
        return room->capacity.median;
    return room->machine->capacity > 0 ? fmin(room->cpus, room->machine->capacity) : room->cpus;
}

bool teach_can_show(const struct classroom *room, const struct lesson *lesson, struct text *why)
{
    struct lesson_plan *plan = memory_new(1, sizeof *plan);
    lesson->plan(room, plan);
    bool can = plan->not_demonstrable[0] == '\0';
    if (!can)
        text_add(why, "%s", plan->not_demonstrable);
    else
        can = !reason_add_shortage(why, lesson, plan, cpus_known(room));
    free(plan);
    return can;
}

/* ---- tracks ---- */

const char *const teach_tracks[] = {"45min", "90min", "halfday", NULL};
static const int track_minutes[] = {45, 90, 240};

/* By name, NULL-terminated; the last track has all that can be shown here. */
static const char *const track_lessons[][8] = {
    {"capacity", "waiting", "twobytwo", "race", NULL},
    {"capacity", "waiting", "twobytwo", "race", "fixes", "schedule", "limit", NULL},
};

static int track_index(const char *track)
{
    int index = 0;
    while (teach_tracks[index + 1] != NULL && strcmp(teach_tracks[index], track) != 0)
        index++;
    return index;
}

int teach_track_minutes(const char *track)
{
    return track_minutes[track_index(track)];
}

void teach_track_lessons(const struct teach *teach, const char *track, const struct lesson **lesson)
{
    int index = track_index(track), count = 0;
    struct classroom room = classroom_of(&teach->machine, teach->seconds);
    for (int i = 0; lesson_list[i] != NULL; i++) {
        bool wanted = false;
        struct text why = {0};
        if (teach_tracks[index + 1] == NULL)
            wanted = teach_can_show(&room, lesson_list[i], &why);
        for (int t = 0; teach_tracks[index + 1] != NULL && track_lessons[index][t] != NULL; t++)
            wanted = wanted || strcmp(lesson_list[i]->name, track_lessons[index][t]) == 0;
        if (wanted)
            lesson[count++] = lesson_list[i];
        text_free(&why);
    }
    lesson[count] = NULL;
}

/* ---- showing it ---- */

static bool is_done(const struct teach *teach, const struct lesson *lesson)
{
    const struct learner_lesson *done = learner_lesson(&teach->learner, lesson->name);
    return done != NULL && done->finished > 0;
}

static void add_lesson(
    struct page *page, const struct teach *teach, const struct lesson *lesson, const char *why)
{
    char number[12] = "+";
    struct text line = {0}, mark = {0};
    if (lesson->number >= 0)
        snprintf(number, sizeof number, "%d", lesson->number);
    if (page->markdown) {
        text_add(&line, "| %s | `%s` | %s | %d | %s | %s |\n", number, lesson->name, _(lesson->title),
            lesson->minutes, is_done(teach, lesson) ? "x" : "", why != NULL ? why : _("yes"));
        text_add(&page->text, "%s", line.data);
        text_free(&line);
        return;
    }
    text_add(&mark, "%s %2s  %-10s %3d", is_done(teach, lesson) ? "x" : " ", number, lesson->name,
        lesson->minutes);
    page_add_item(page, mark.data, _(lesson->title));
    if (why != NULL) {
        text_add(&line, _("not here: %s"), why);
        page_add_item(page, "                      ", line.data);
    }
    text_free(&mark);
    text_free(&line);
}

static void add_catalogue(struct page *page, const struct teach *teach, const struct classroom *room)
{
    page_add_heading(page, 1, _("Concurrency and parallelism, measured on this machine"));
    page_add_gap(page);
    if (page->markdown)
        text_add(&page->text, "| # | %s | %s | min | %s | %s |\n|--:|---|---|--:|---|---|\n", _("lesson"),
            _("title"), _("done"), _("can be shown here"));
    else
        page_add_note(page, _("   #  lesson     min title"));
    for (int i = 0; lesson_list[i] != NULL; i++) {
        struct text why = {0};
        bool can = teach_can_show(room, lesson_list[i], &why);
        add_lesson(page, teach, lesson_list[i], can ? NULL : why.data);
        text_free(&why);
    }
    page_add_gap(page);
    page_add_paragraphs(page, _("x: done before. +: a bonus. min: minutes, with talk."));
    page_add_gap(page);
    page_add_paragraphs(
        page, _("Begin with `acelera teach capacity`, or take a track: `acelera teach --track 45min`. "
                "`acelera teach --check` measures what this machine can show."));
}

static void build_catalogue(
    struct json_builder *json, const struct teach *teach, const struct classroom *room)
{
    json_build_open(json, NULL, '{', true);
    json_build_string(json, "schema", "acelera/catalogue/1");
    json_build_open(json, "lessons", '[', true);
    for (int i = 0; lesson_list[i] != NULL; i++) {
        const struct lesson *lesson = lesson_list[i];
        struct text why = {0};
        bool can = teach_can_show(room, lesson, &why);
        json_build_open(json, NULL, '{', false);
        if (lesson->number >= 0)
            json_build_integer(json, "number", lesson->number);
        else
            json_build_null(json, "number");
        json_build_string(json, "name", lesson->name);
        json_build_string(json, "title", _(lesson->title));
        json_build_integer(json, "minutes", lesson->minutes);
        json_build_bool(json, "done", is_done(teach, lesson));
        json_build_bool(json, "demonstrable", can);
        json_build_string(json, "why_not", can ? NULL : why.data);
        json_build_close(json);
        text_free(&why);
    }
    json_build_close(json);
    json_build_close(json);
}

enum status teach_catalogue(struct teach *teach, struct error *error)
{
    struct classroom room = classroom_of(&teach->machine, teach->seconds);
    teach_say_trouble(teach);
    if (teach->output.format == OUTPUT_JSON) {
        struct json_builder json = {0};
        build_catalogue(&json, teach, &room);
        fwrite(json.text.data, 1, json.text.length, stdout);
        text_free(&json.text);
        return output_status(true, error);
    }
    struct page page = teach_page(teach);
    add_catalogue(&page, teach, &room);
    teach_print(teach, &page);
    return output_status(true, error);
}
