/* What --save leaves: the pictures, the timeline and the evidence of a lesson, each whole or not at all. */
#include "harness/commands/teach.h"

#include "harness/store/file_write.h"
#include "lessons/engine/speak.h"
#include "lessons/show/lesson_json.h"
#include "lessons/show/picture_svg.h"
#include "lessons/show/reason.h"
#include "lessons/show/timeline.h"

#include <stdlib.h>
#include <string.h>

#include <unistd.h>

enum status teach_save_prepare(const char *folder, struct error *error)
{
    struct error why = {0};
    if (folder_make_all(folder, &why) != STATUS_OK)
        return error_set(error, STATUS_FAILED, "--save %s", why.text);
    if (access(folder, W_OK | X_OK) != 0)
        return error_set(error, STATUS_FAILED,
            _("--save %s: nothing can be written in this folder; choose another"), folder);
    return STATUS_OK;
}

static char *path_of(const struct teach *teach, const char *lesson, const char *kind)
{
    struct text path = {0};
    text_add(&path, "%s/%s.%s", teach->save, lesson, kind);
    return path.data;
}

/* What could not be made does not leave an older one behind, which would lie. */
static enum status write_or_remove(const struct teach *teach, const char *lesson, const char *kind,
    const struct text *what, struct error *error)
{
    char *path = path_of(teach, lesson, kind);
    enum status status = STATUS_OK;
    if (what->length > 0)
        status = file_write_whole(path, what->data, what->length, error);
    else
        unlink(path);
    free(path);
    return status;
}

static void add_pictures(struct text *file, const struct lesson_run *run, const struct pictures *pictures)
{
    const struct lesson *lesson = run->outcome.lesson;
    struct text heading = {0};
    text_add(
        &heading, "%s · %s: %s · ", lesson->name, _(lesson->title), reason_verdict(run->outcome.verdict));
    text_add(&heading, _("CPUs: %d"), run->room.cpus);
    if (pictures->count > 0)
        picture_svg_add(file, heading.data, pictures);
    text_free(&heading);
}

enum status teach_save_lesson(const struct teach *teach, const struct lesson_run *run,
    const struct pictures *pictures, const struct prediction *prediction, struct error *error)
{
    const char *name = run->outcome.lesson->name;
    struct text svg = {0}, trace = {0};
    struct json_builder json = {0};
    add_pictures(&svg, run, pictures);
    if (run->observations.rounds > 0)
        timeline_add(&trace, &run->outcome, pictures);
    lesson_json_build(&json, NULL, run, prediction);
    enum status status = write_or_remove(teach, name, "json", &json.text, error);
    if (status == STATUS_OK)
        status = write_or_remove(teach, name, "svg", &svg, error);
    if (status == STATUS_OK)
        status = write_or_remove(teach, name, "trace.json", &trace, error);
    if (status == STATUS_OK) {
        struct text line = {0};
        text_add(&line, "%s/%s.json%s%s", teach->save, name, svg.length > 0 ? ", .svg" : "",
            trace.length > 0 ? ", .trace.json" : "");
        teach_say(teach, line.data);
        text_free(&line);
    }
    text_free(&svg);
    text_free(&trace);
    text_free(&json.text);
    return status;
}
