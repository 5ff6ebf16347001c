/* Finds and reads what was handed in. Refuses to say whose it was: learners are letters in the order of their
 * folders. */
#include "lessons/class/collection.h"

#include "harness/base/text.h"
#include "harness/store/json_fields.h"
#include "lessons/class/json_file.h"
#include "lessons/engine/run.h"

#include <dirent.h>
#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/stat.h>

enum { LEVELS = 3 };
static const double largest = 1e15;

struct search {
    struct collection *collection;
    void (*left_out)(const char *why);
    int seen;
};

/* ---- one file ---- */

static double number_or_nan(struct json_fields *fields, const json_t *object, const char *key)
{
    return fields_number_or(fields, object, key, -largest, largest, NAN);
}

static void read_answer(struct json_fields *fields, const json_t *object, struct collected_answer *answer)
{
    snprintf(answer->name, sizeof answer->name, "%s", fields_word(fields, object, "name"));
    snprintf(answer->unit, sizeof answer->unit, "%s", fields_string_or(fields, object, "unit", "1"));
    const json_t *yes_no = json_object_get(object, "yes_no");
    answer->yes_no = json_is_true(yes_no);
    answer->predicted = number_or_nan(fields, object, "value");
    answer->measured = number_or_nan(fields, object, "measured");
}

static void read_machine(struct json_fields *fields, const json_t *root, struct collected_lesson *lesson)
{
    const json_t *machine = json_object_get(root, "machine");
    lesson->quota = NAN;
    if (!json_is_object(machine))
        return;
    lesson->cpus = (int)fields_integer_or(fields, machine, "cpus", 0, 1000000, 0);
    lesson->cores = (int)fields_integer_or(fields, machine, "cores", 0, 1000000, 0);
    lesson->quota = number_or_nan(fields, machine, "cpu_quota");
    lesson->virtual_cpus = json_is_true(json_object_get(machine, "virtual_cpus"));
    lesson->on_battery = json_is_true(json_object_get(machine, "on_battery"));
}

/* The first rule that is no control. */
static void read_measure(struct json_fields *fields, const json_t *root, struct collected_lesson *lesson)
{
    const json_t *rules = json_object_get(root, "rules");
    lesson->measured = lesson->measured_low = lesson->measured_high = NAN;
    for (size_t i = 0; i < json_array_size(rules); i++) {
        const json_t *rule = json_array_get(rules, i);
        if (json_is_true(json_object_get(rule, "control")))
            continue;
        snprintf(lesson->measure, sizeof lesson->measure, "%s", fields_word(fields, rule, "name"));
        snprintf(lesson->measure_unit, sizeof lesson->measure_unit, "%s",
            fields_string_or(fields, rule, "unit", "1"));
        lesson->measured = number_or_nan(fields, rule, "median");
        lesson->measured_low = number_or_nan(fields, rule, "low");
        lesson->measured_high = number_or_nan(fields, rule, "high");
        return;
    }
}

static bool is_verdict(const char *word)
{
    for (enum verdict v = VERDICT_SUPPORTED; v <= VERDICT_NOT_DEMONSTRABLE; v++)
        if (strcmp(word, lesson_verdict_name(v)) == 0)
            return true;
    return false;
}

static enum status read_lesson(
    const char *path, const json_t *root, struct collected_lesson *lesson, struct error *error)
{
    struct json_fields fields = {.error = error};
    snprintf(fields.where, sizeof fields.where, "%s", path);
    if (strcmp(fields_string(&fields, root, "schema"), "acelera/lesson/1") != 0)
        fields_fail(&fields, "no result of a lesson (its schema is not acelera/lesson/1)");
    snprintf(lesson->lesson, sizeof lesson->lesson, "%s", fields_word(&fields, root, "lesson"));
    if (!fields.failed && lesson_named(lesson->lesson) == NULL)
        fields_fail(&fields, "lesson %s is not known here", lesson->lesson);
    snprintf(lesson->verdict, sizeof lesson->verdict, "%s", fields_string(&fields, root, "verdict"));
    if (!fields.failed && !is_verdict(lesson->verdict))
        fields_fail(&fields, "its verdict is none of the four");
    lesson->capacity = number_or_nan(&fields, root, "capacity");
    read_machine(&fields, root, lesson);
    read_measure(&fields, root, lesson);
    const json_t *answers = json_object_get(root, "prediction");
    for (size_t i = 0; i < json_array_size(answers) && i < COLLECTED_ANSWERS_MAX && !fields.failed; i++)
        read_answer(&fields, json_array_get(answers, i), &lesson->answer[lesson->answers++]);
    return fields.failed ? STATUS_FAILED : STATUS_OK;
}

/* True if it counts. Of a lesson that a learner handed in twice, the first in the order of names counts. */
static bool take_file(struct search *search, const char *path, int learner)
{
    struct collection *collection = search->collection;
    struct collected_lesson *lesson = memory_new(1, sizeof *lesson);
    struct error error = {0};
    json_t *root = NULL;
    enum status status = json_file_read(path, &root, &error);
    if (status == STATUS_OK)
        status = read_lesson(path, root, lesson, &error);
    json_decref(root);
    lesson->learner = learner;
    bool taken = status == STATUS_OK;
    if (status != STATUS_OK) {
        search->left_out(error.text);
        collection->left_out++;
    }
    for (int i = 0; i < collection->lessons && taken; i++)
        if (collection->lesson[i].learner == learner &&
            strcmp(collection->lesson[i].lesson, lesson->lesson) == 0)
            taken = false;
    if (taken) {
        collection->lesson =
            memory_grow(collection->lesson, (size_t)collection->lessons + 1, sizeof *collection->lesson);
        collection->lesson[collection->lessons++] = *lesson;
    } else if (status == STATUS_OK) {
        collection->repeated++;
    }
    free(lesson);
    return taken;
}

/* ---- the folder ---- */

static bool is_result(const char *name)
{
    size_t length = strlen(name);
    bool json = length > 5 && strcmp(name + length - 5, ".json") == 0;
    bool trace = length > 11 && strcmp(name + length - 11, ".trace.json") == 0;
    return json && !trace && name[0] != '.';
}

/* Links to folders are not followed, so that a ring of them has an end. learner: −1 at the top, where each
 * file and each folder is another one. False with errno, if it cannot be read. */
static bool look_into(struct search *search, const char *folder, int levels, int learner, bool *took)
{
    struct dirent **entry;
    int count = scandir(folder, &entry, NULL, alphasort);
    if (count < 0)
        return false;
    for (int i = 0; i < count; i++) {
        struct text path = {0};
        struct stat facts;
        bool mine = false;
        text_add(&path, "%s/%s", folder, entry[i]->d_name);
        int whose = learner >= 0 ? learner : search->collection->learners;
        if (entry[i]->d_name[0] == '.' || lstat(path.data, &facts) != 0)
            mine = false;
        else if (S_ISDIR(facts.st_mode) && levels > 0)
            look_into(search, path.data, levels - 1, whose, &mine);
        else if (!S_ISDIR(facts.st_mode) && is_result(entry[i]->d_name) &&
                 search->seen++ < COLLECTED_FILES_MAX)
            mine = take_file(search, path.data, whose);
        if (learner < 0 && mine)
            search->collection->learners++;
        *took = *took || mine;
        text_free(&path);
        free(entry[i]);
    }
    free(entry);
    return true;
}

static int place_in_catalogue(const char *name)
{
    int place = 0;
    while (lesson_list[place] != NULL && strcmp(lesson_list[place]->name, name) != 0)
        place++;
    return place;
}

static int compare_lessons(const void *a, const void *b)
{
    const struct collected_lesson *x = a, *y = b;
    int by_lesson = place_in_catalogue(x->lesson) - place_in_catalogue(y->lesson);
    return by_lesson != 0 ? by_lesson : x->learner - y->learner;
}

enum status collection_read(
    const char *folder, struct collection *collection, void (*left_out)(const char *why), struct error *error)
{
    *collection = (struct collection){0};
    struct search search = {.collection = collection, .left_out = left_out};
    bool took = false;
    if (!look_into(&search, folder, LEVELS, -1, &took))
        return error_set(error, STATUS_USAGE, "%s: %s; name the folder that holds what learners saved",
            folder, strerror(errno));
    if (search.seen == 0)
        return error_set(error, STATUS_USAGE,
            "%s: no .json file in it, nor in its folders; learners make them with: acelera teach LESSON "
            "--save DIR",
            folder);
    if (search.seen > COLLECTED_FILES_MAX) {
        struct text line = {0};
        text_add(&line, "%s: only the first %d files were read", folder, COLLECTED_FILES_MAX);
        left_out(line.data);
        text_free(&line);
    }
    if (collection->lessons > 0)
        qsort(collection->lesson, (size_t)collection->lessons, sizeof *collection->lesson, compare_lessons);
    return STATUS_OK;
}

void collection_free(struct collection *collection)
{
    free(collection->lesson);
    *collection = (struct collection){0};
}

char *collection_learner(int learner, char *buffer, unsigned long size)
{
    if (learner < 26)
        snprintf(buffer, size, "%c", 'A' + learner);
    else
        snprintf(buffer, size, "%c%c", 'A' + (learner / 26 - 1) % 26, 'A' + learner % 26);
    return buffer;
}
