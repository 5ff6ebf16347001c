/* The contract of a lesson: texts, the prediction asked for, the conditions to observe, the rule of the
 * verdict, the picture and the explanation. One file a lesson; the engine (engine/) does everything that
 * lessons have in common.
 *
 * The way of a lesson is a straight line:
 *
 *     question → prediction → plan (conditions) → observations (rounds in random order)
 *              → statistics (one number per rule and round) → verdict → picture, explanation
 *
 * plan(), measure() and explain() are pure functions of what they are given: tests hand them made-up
 * observations and see the verdict turn. A lesson never starts a process, reads a clock or prints. Texts are
 * plain and short; every number in an explanation comes from this run, and what is claimed is claimed "here,
 * in this run".
 */
#ifndef ACELERA_LESSON_H
#define ACELERA_LESSON_H

#include "harness/base/text.h"
#include "harness/machine/machine.h"
#include "lessons/engine/observation.h"
#include "lessons/engine/picture.h"
#include "lessons/engine/speak.h"
#include "lessons/engine/verdict.h"

enum {
    LESSON_PREDICTIONS_MAX = 16,
    LESSON_CHOICES_MAX = 6,
    CONDITION_PUS_MAX = 1024,
    LESSON_KEY_POINTS_MAX = 6
};

/* The machine as a lesson may use it. */
struct classroom {
    const struct machine *machine; /* read-only; topology.spread: OS indexes, cores before SMT siblings */
    int cpus;                      /* usable PUs */
    int cores;                     /* usable cores */
    bool virtual_cpus;             /* a hypervisor was seen: CPUs may be hardware threads of one core */
    struct capacity capacity;      /* measured just before (NaN in lesson 0, and before it was measured) */
    double seconds;                /* for all measuring of the lesson */
    const char *python;            /* path of python3, NULL none */
};

/* One condition: what to start, and where. */
struct condition {
    const char *name;       /* key in the evidence: "threads_one_cpu" */
    const char *label;      /* N_(): for people and pictures */
    const char *experiment; /* of experiments/experiment_list.h */
    char words[200];        /* KEY=VALUE words for it, separated by spaces; "" none */
    int processes, threads; /* ≥ 1; threads of each process */
    /* Where: thread t of process p is bound to pu[(p * threads + t) % pus]; pus 0: bound nowhere. */
    int pu[CONDITION_PUS_MAX];
    int pus;
    bool shared_mapping; /* the processes also share one mapping */
    const char *script;  /* carried out by room.python with this script of python/, instead of the worker;
                            NULL:  the worker. It gets the same words and says the same lines. */
    bool once;           /* in the first round only (a size that is only there for the picture) */
};

struct lesson_plan {
    struct condition condition[CONDITIONS_MAX];
    int conditions;
    /* Rules that nothing here can answer: not judged, and explain() says so. Unless they are controls, the
     * claim can still be contradicted, but as a whole not be supported. */
    bool left_out[STATISTICS_MAX];
    /* Not "": why the claim cannot be put to the test here; translated already. Conditions, if there are any,
     * are run all the same, for what they show beside the claim. */
    char not_demonstrable[300];
};

/* What the learner is asked beforehand: numbers, in this order. */
struct lesson_prediction {
    const char *key;    /* "speedup_two_cpus" */
    const char *prompt; /* N_() */
    const char *unit;   /* "" none */
    double low, high;   /* what can be meant */
    bool yes_no;        /* 1 yes, 0 no; the words are taken too */
    int statistic;      /* index of the rule whose median answers it; −1: the lesson's measured() does */
};

struct lesson_quiz {
    const char *question;                   /* N_() */
    const char *choice[LESSON_CHOICES_MAX]; /* N_(), NULL-terminated if fewer */
    int answer;                             /* index */
    const char *why;                        /* N_() */
};

/* Everything that was found, for measured(), picture() and explain(). */
struct lesson_outcome {
    const struct lesson *lesson;
    const struct classroom *room;
    const struct lesson_plan *plan;
    const struct observations *observations;
    struct statistic statistic[STATISTICS_MAX];
    enum verdict verdict;
    int deciding;   /* rule that decided, −1 none */
    double seconds; /* that the measuring took */
};

struct lesson {
    const char *name;                     /* "twobytwo" */
    int number;                           /* in the catalogue; −1: a bonus */
    int minutes;                          /* with talk */
    const char *title, *question, *claim; /* N_() */
    const char *background;               /* N_(): what the learner needs to know first; "" nothing */

    const struct lesson_prediction *prediction;
    int predictions;

    const struct lesson_rule *rule; /* all of them */
    int rules;
    double capacity_needed; /* CPUs; 0: none of the rules needs any */

    /* Which conditions to observe here. */
    void (*plan)(const struct classroom *room, struct lesson_plan *plan);

    /* The statistics of one round: value[rules], NaN where the round gives none. */
    void (*measure)(const struct classroom *room, const struct lesson_plan *plan,
        const struct observations *all, int round, double *value);

    /* What answers prediction `index`; NaN unknown. NULL: every prediction names its statistic. */
    double (*measured)(const struct lesson_outcome *outcome, int index);

    /* Further evidence beside the rules: adds name, value, unit (values.h). May be NULL. */
    void (*evidence)(const struct lesson_outcome *outcome,
        void (*add)(void *context, const char *name, double value, const char *unit), void *context);

    void (*picture)(const struct lesson_outcome *outcome, struct pictures *pictures);
    /* Why the verdict is what it is, and what it means: paragraphs separated by an empty line, translated,
     * with this run's numbers. Has a sentence for each of the four verdicts. */
    void (*explain)(const struct lesson_outcome *outcome, struct text *page);

    const char *hint, *solution;                  /* N_() */
    const char *key_point[LESSON_KEY_POINTS_MAX]; /* N_(), NULL-terminated if fewer */
    struct lesson_quiz quiz;
};

#endif
