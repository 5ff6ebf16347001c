#include "lessons/engine/script.h"
#include "harness/base/text.h"
#include "harness/measure/child.h"
#include "harness/measure/child_environment.h"

#include <stdlib.h>
#include <string.h>

#include <unistd.h>

#ifndef ACELERA_SCRIPTS_FROM_WORKERS
#    define ACELERA_SCRIPTS_FROM_WORKERS "../../share/acelera/lessons"
#endif

static const double patience_s = 10;

/* FOLDER/PLACE/NAME, the folder being that of `beside`; NULL if there is no such file. */
static char *find_near(const char *beside, const char *place, const char *name)
{
    const char *slash = strrchr(beside, '/');
    struct text path = {0};
    text_add(&path, "%.*s/%s/%s", slash != NULL ? (int)(slash - beside) : 1, slash != NULL ? beside : ".",
        place, name);
    if (access(path.data, R_OK) == 0)
        return path.data;
    text_free(&path);
    return NULL;
}

/* What it says of itself; NULL if it says nothing sensible. */
static char *ask_interpreter(const char *python)
{
    char *words[] = {text_copy(python), text_copy("-I"), text_copy("-S"), text_copy("-c"),
        text_copy("import sys\nprint(sys.executable)"), NULL};
    char **environment = environment_for_team(1, ENVIRONMENT_PASSIVE);
    struct child child;
    struct error error;
    char *line = NULL;
    if (child_start(words, environment, &child, &error) == STATUS_OK) {
        if (child_next_line(&child, child_now_s() + patience_s, &line) != CHILD_LINE)
            line = NULL;
        child_finish(&child, line == NULL);
    }
    environment_free(environment);
    for (int i = 0; words[i] != NULL; i++)
        free(words[i]);
    if (line == NULL || (line[0] == '/' && access(line, X_OK) == 0))
        return line;
    free(line);
    return NULL;
}

const struct script *script_find(
    const char *python, const char *worker, const char *name, struct error *error)
{
    static struct script found;
    if (found.interpreter == NULL)
        found.interpreter = ask_interpreter(python);
    if (found.path == NULL)
        found.path = find_near(worker, "lessons", name);
    if (found.path == NULL)
        found.path = find_near(worker, ACELERA_SCRIPTS_FROM_WORKERS, name);
    if (found.kernels == NULL)
        found.kernels = find_near(worker, ".", "libacelera-lessons-kernels.so");
    if (found.interpreter == NULL)
        error_set(error, STATUS_FAILED, "%s does not answer", python);
    else if (found.path == NULL || found.kernels == NULL)
        error_set(error, STATUS_FAILED, "%s is missing beside %s: install acelera anew",
            found.path == NULL ? name : "libacelera-lessons-kernels.so", worker);
    else
        return &found;
    return NULL;
}

char **script_words(const struct script *script, char **words)
{
    /* -I, -S: without a person's settings and packages, whose loading takes longer than the lesson. */
    const char *const first[] = {script->interpreter, "-I", "-S", script->path};
    size_t heads = sizeof first / sizeof first[0], count = 0, n = 0;
    while (words[count] != NULL)
        count++;
    char **all = memory_new(heads + count + 1, sizeof *all);
    for (; n < heads; n++)
        all[n] = text_copy(first[n]);
    for (size_t i = 1; i < count; i++)
        all[n++] = text_copy(words[i]);
    struct text library = {0};
    text_add(&library, "library=%s", script->kernels);
    all[n] = library.data;
    text_split_free(words);
    return all;
}
