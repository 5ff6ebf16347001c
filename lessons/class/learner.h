/* What one learner has done: a small file in the state folder of the person (XDG Base Directory). Never
 * needed: where it cannot be read or written, everything goes on without it, and one line says so. Schema
 * acelera/learner/1. */
#ifndef ACELERA_LESSON_LEARNER_H
#define ACELERA_LESSON_LEARNER_H

#include "harness/base/text.h"

#include <stdbool.h>

enum { LEARNER_LESSONS_MAX = 64 };

struct learner_lesson {
    char name[32];
    int begun, finished; /* times */
    char verdict[32];    /* of the last time; "" never finished */
    char quiz[8];        /* "right" "wrong" or "" */
};

struct learner {
    char *path; /* NULL: there is no place for it */
    struct learner_lesson lesson[LEARNER_LESSONS_MAX];
    int lessons;
    bool writable;
    char trouble[400]; /* the one line; "" none. In the learner's language */
};

/* Reads what is there; in the worst case an empty learner that is not kept. */
struct learner learner_open(void);
void learner_free(struct learner *learner);

/* NULL if never begun. */
const struct learner_lesson *learner_lesson(const struct learner *learner, const char *name);

/* Each is kept at once. */
void learner_note_begun(struct learner *learner, const char *name);
void learner_note_finished(struct learner *learner, const char *name, const char *verdict);
void learner_note_quiz(struct learner *learner, const char *name, bool right);

#endif
