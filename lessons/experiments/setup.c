/* The engine writes these words, but a person may: every one of them is checked. */
#include "lessons/experiments/setup.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS_MAX = 4096, PROCESSES_MAX = 4096, PU_MAX = 1 << 16 };

static const char *const engine_keys[] = {
    "experiment", "threads", "pus", "process", "processes", "seconds", "seed", "parent", "shared_fd"};

#define EXPERIMENT(name) extern const struct experiment experiment_##name;
#include "lessons/experiments/experiment_list.h"
#undef EXPERIMENT

const struct experiment *const experiment_list[] = {
#define EXPERIMENT(name) &experiment_##name,
#include "lessons/experiments/experiment_list.h"
#undef EXPERIMENT
    NULL,
};

static bool complain(const char *key, const char *value, const char *allowed)
{
    fprintf(stderr, "%s=%s: %s\n", key, value, allowed);
    return false;
}

/* The value of KEY=VALUE if the word has this key, else NULL. */
static const char *value_in(const char *word, const char *key)
{
    size_t length = strlen(key);
    return strncmp(word, key, length) == 0 && word[length] == '=' ? word + length + 1 : NULL;
}

static const char *find_value(char **words, int count, const char *key)
{
    for (int i = 0; i < count; i++)
        if (value_in(words[i], key) != NULL)
            return value_in(words[i], key);
    return NULL;
}

static bool take_whole(
    char **words, int count, const char *key, int64_t low, int64_t high, int64_t fallback, int64_t *value)
{
    const char *text = find_value(words, count, key);
    *value = fallback;
    if (text == NULL)
        return true;
    char *end;
    errno = 0;
    long long v = strtoll(text, &end, 10);
    if (end == text || *end != '\0' || errno != 0 || v < low || v > high)
        return complain(key, text, "not a whole number in range");
    *value = v;
    return true;
}

static bool take_experiment(char **words, int count, struct process_setup *setup)
{
    const char *name = find_value(words, count, "experiment");
    for (int i = 0; name != NULL && experiment_list[i] != NULL; i++)
        if (strcmp(experiment_list[i]->name, name) == 0)
            setup->experiment = experiment_list[i];
    return setup->experiment != NULL ||
           complain("experiment", name != NULL ? name : "", "there is no such experiment");
}

static bool take_pus(const char *text, struct process_setup *setup)
{
    if (text == NULL || strcmp(text, "none") == 0)
        return true;
    setup->pus = calloc((size_t)setup->told.threads, sizeof *setup->pus);
    if (setup->pus == NULL)
        return complain("pus", text, "out of memory");
    const char *rest = text;
    for (int t = 0; t < setup->told.threads; t++) {
        char *end;
        errno = 0;
        long pu = strtol(rest, &end, 10);
        bool last = t + 1 == setup->told.threads;
        if (end == rest || errno != 0 || pu < 0 || pu >= PU_MAX || *end != (last ? '\0' : ','))
            return complain("pus", text, "one OS index for each thread, comma-separated, or none");
        setup->pus[t] = (int)pu;
        rest = end + 1;
    }
    setup->told.pus = setup->pus;
    return true;
}

static bool take_seconds(const char *text, struct process_setup *setup)
{
    char *end;
    setup->told.seconds = 0.05;
    if (text == NULL)
        return true;
    setup->told.seconds = strtod(text, &end);
    return (end != text && *end == '\0' && setup->told.seconds > 0 && setup->told.seconds <= 3600) ||
           complain("seconds", text, "not a number of seconds above 0");
}

/* Words that are not the engine's are the condition's. */
static bool take_words(char **words, int count, struct process_setup *setup)
{
    int kept = 0;
    setup->words = calloc((size_t)count + 1, sizeof *setup->words);
    if (setup->words == NULL)
        return complain("words", "", "out of memory");
    for (int i = 0; i < count; i++) {
        bool engines = false;
        for (size_t k = 0; k < sizeof engine_keys / sizeof engine_keys[0]; k++)
            engines = engines || value_in(words[i], engine_keys[k]) != NULL;
        if (strchr(words[i], '=') == NULL)
            return complain("word", words[i], "not KEY=VALUE");
        if (!engines)
            setup->words[kept++] = words[i];
    }
    setup->told.words = setup->words;
    return true;
}

bool process_setup_parse(char **words, int count, struct process_setup *setup)
{
    int64_t threads, process, processes, seed, parent, shared_fd;
    *setup = (struct process_setup){.shared_fd = -1};
    if (!take_experiment(words, count, setup) ||
        !take_whole(words, count, "threads", 1, THREADS_MAX, 1, &threads) ||
        !take_whole(words, count, "processes", 1, PROCESSES_MAX, 1, &processes) ||
        !take_whole(words, count, "process", 0, processes - 1, 0, &process) ||
        !take_whole(words, count, "seed", 0, INT64_MAX, 1, &seed) ||
        !take_whole(words, count, "parent", 0, INT32_MAX, 0, &parent) ||
        !take_whole(words, count, "shared_fd", 0, INT32_MAX, -1, &shared_fd))
        return false;
    setup->told.threads = (int)threads;
    setup->told.process = (int)process;
    setup->told.processes = (int)processes;
    setup->told.seed = (uint64_t)seed;
    setup->parent = (pid_t)parent;
    setup->shared_fd = (int)shared_fd;
    return take_pus(find_value(words, count, "pus"), setup) &&
           take_seconds(find_value(words, count, "seconds"), setup) && take_words(words, count, setup);
}

void process_setup_free(struct process_setup *setup)
{
    free(setup->pus);
    free(setup->words);
}

const char *experiment_text(const struct experiment_setup *setup, const char *key, const char *fallback)
{
    for (int i = 0; setup->words[i] != NULL; i++)
        if (value_in(setup->words[i], key) != NULL)
            return value_in(setup->words[i], key);
    return fallback;
}

double experiment_number(const struct experiment_setup *setup, const char *key, double fallback)
{
    const char *text = experiment_text(setup, key, NULL);
    if (text == NULL)
        return fallback;
    char *end;
    double value = strtod(text, &end);
    if (end == text || *end != '\0' || !isfinite(value)) {
        complain(key, text, "not a number");
        exit(2);
    }
    return value;
}
