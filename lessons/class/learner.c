/* Keeps it, if it can be kept. A file that is not ours, or spoiled, is left as it is. */
#include "lessons/class/learner.h"

#include "harness/store/file_write.h"
#include "harness/store/json_builder.h"
#include "harness/store/json_fields.h"
#include "lessons/class/json_file.h"
#include "lessons/engine/speak.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#define SCHEMA "acelera/learner/1"

/* Only whole paths count, as the XDG specification has it. NULL: neither is set. */
static char *state_folder(void)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    struct text folder = {0};
    if (state != NULL && state[0] == '/')
        text_add(&folder, "%s/acelera", state);
    else if (home != NULL && home[0] == '/')
        text_add(&folder, "%s/.local/state/acelera", home);
    return folder.data;
}

/* ---- reading ---- */

static void read_lesson(struct json_fields *fields, const json_t *object, struct learner *learner)
{
    struct learner_lesson *lesson = &learner->lesson[learner->lessons];
    *lesson = (struct learner_lesson){0};
    snprintf(lesson->name, sizeof lesson->name, "%s", fields_word(fields, object, "name"));
    lesson->begun = (int)fields_integer(fields, object, "begun", 0, 1000000);
    lesson->finished = (int)fields_integer(fields, object, "finished", 0, 1000000);
    snprintf(lesson->verdict, sizeof lesson->verdict, "%s", fields_string_or(fields, object, "verdict", ""));
    snprintf(lesson->quiz, sizeof lesson->quiz, "%s", fields_string_or(fields, object, "quiz", ""));
    learner->lessons++;
}

static enum status read_file(struct learner *learner, struct error *error)
{
    json_t *root;
    enum status status = json_file_read(learner->path, &root, error);
    if (status != STATUS_OK)
        return status;
    struct json_fields fields = {.error = error};
    snprintf(fields.where, sizeof fields.where, "%s", learner->path);
    if (strcmp(fields_string(&fields, root, "schema"), SCHEMA) != 0)
        fields_fail(&fields, "schema is not " SCHEMA);
    const json_t *lessons = fields_array(&fields, root, "lessons");
    for (size_t i = 0;
         !fields.failed && i < json_array_size(lessons) && learner->lessons < LEARNER_LESSONS_MAX; i++)
        read_lesson(&fields, json_array_get(lessons, i), learner);
    json_decref(root);
    return fields.failed ? STATUS_FAILED : STATUS_OK;
}

struct learner learner_open(void)
{
    struct learner learner = {0};
    char *folder = state_folder();
    struct text path = {0};
    struct error error = {0};
    if (folder == NULL)
        return learner;
    text_add(&path, "%s/lessons.json", folder);
    learner.path = path.data;
    learner.writable = true;
    if (access(learner.path, F_OK) == 0 && read_file(&learner, &error) != STATUS_OK) {
        learner.lessons = 0;
        learner.writable = false;
        snprintf(learner.trouble, sizeof learner.trouble,
            _("what was done is not kept: %s; remove that file to begin anew"), error.text);
    }
    free(folder);
    return learner;
}

void learner_free(struct learner *learner)
{
    free(learner->path);
    *learner = (struct learner){0};
}

const struct learner_lesson *learner_lesson(const struct learner *learner, const char *name)
{
    for (int i = 0; i < learner->lessons; i++)
        if (strcmp(learner->lesson[i].name, name) == 0)
            return &learner->lesson[i];
    return NULL;
}

/* ---- writing ---- */

static void build(struct json_builder *json, const struct learner *learner)
{
    json_build_open(json, NULL, '{', true);
    json_build_string(json, "schema", SCHEMA);
    json_build_open(json, "lessons", '[', true);
    for (int i = 0; i < learner->lessons; i++) {
        const struct learner_lesson *lesson = &learner->lesson[i];
        json_build_open(json, NULL, '{', false);
        json_build_string(json, "name", lesson->name);
        json_build_integer(json, "begun", lesson->begun);
        json_build_integer(json, "finished", lesson->finished);
        json_build_string(json, "verdict", lesson->verdict);
        json_build_string(json, "quiz", lesson->quiz);
        json_build_close(json);
    }
    json_build_close(json);
    json_build_close(json);
}

static void keep(struct learner *learner)
{
    struct json_builder json = {0};
    struct error error = {0};
    if (!learner->writable)
        return;
    char *folder = state_folder();
    build(&json, learner);
    if (access(folder, W_OK) != 0 && folder_make_all(folder, &error) != STATUS_OK)
        learner->writable = false;
    else if (file_write_whole(learner->path, json.text.data, json.text.length, &error) != STATUS_OK)
        learner->writable = false;
    if (!learner->writable)
        snprintf(learner->trouble, sizeof learner->trouble, _("what was done is not kept: %s"), error.text);
    free(folder);
    text_free(&json.text);
}

/* NULL: there is no room for more. */
static struct learner_lesson *lesson_to_change(struct learner *learner, const char *name)
{
    for (int i = 0; i < learner->lessons; i++)
        if (strcmp(learner->lesson[i].name, name) == 0)
            return &learner->lesson[i];
    if (learner->lessons == LEARNER_LESSONS_MAX)
        return NULL;
    struct learner_lesson *lesson = &learner->lesson[learner->lessons++];
    *lesson = (struct learner_lesson){0};
    snprintf(lesson->name, sizeof lesson->name, "%s", name);
    return lesson;
}

void learner_note_begun(struct learner *learner, const char *name)
{
    struct learner_lesson *lesson = lesson_to_change(learner, name);
    if (lesson == NULL)
        return;
    lesson->begun++;
    keep(learner);
}

void learner_note_finished(struct learner *learner, const char *name, const char *verdict)
{
    struct learner_lesson *lesson = lesson_to_change(learner, name);
    if (lesson == NULL)
        return;
    lesson->finished++;
    snprintf(lesson->verdict, sizeof lesson->verdict, "%s", verdict);
    keep(learner);
}

void learner_note_quiz(struct learner *learner, const char *name, bool right)
{
    struct learner_lesson *lesson = lesson_to_change(learner, name);
    if (lesson == NULL)
        return;
    snprintf(lesson->quiz, sizeof lesson->quiz, "%s", right ? "right" : "wrong");
    keep(learner);
}
