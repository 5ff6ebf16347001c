/* What a class handed in: the evidence of many learners (schema acelera/lesson/1), without names. Reads files
 * that anybody may have written; what cannot be read is left out and named. */
#ifndef ACELERA_LESSON_COLLECTION_H
#define ACELERA_LESSON_COLLECTION_H

#include "harness/base/status.h"

#include <stdbool.h>

enum { COLLECTED_ANSWERS_MAX = 16, COLLECTED_FILES_MAX = 2000 };

struct collected_answer {
    char name[64], unit[16];
    bool yes_no;
    double predicted, measured; /* NaN unknown */
};

/* One lesson of one learner. */
struct collected_lesson {
    int learner; /* from 0: A, B, … */
    char lesson[32], verdict[32];
    int cpus, cores; /* 0 unknown */
    double quota;    /* NaN none */
    double capacity; /* NaN unknown */
    bool virtual_cpus, on_battery;
    struct collected_answer answer[COLLECTED_ANSWERS_MAX];
    int answers;
    /* What was measured beside, by the first rule: for lessons that ask for no number. */
    char measure[64], measure_unit[16];
    double measured, measured_low, measured_high;
};

struct collection {
    struct collected_lesson *lesson; /* by lesson, then by learner */
    int lessons, learners, left_out, repeated;
};

/* Looks for *.json in `folder` and up to three levels below it. Files in one folder below are one learner's;
 * a file in `folder` itself is a learner. Each that is left out goes to `left_out` with its reason, as a
 * line. STATUS_USAGE if the folder cannot be read or holds none. */
enum status collection_read(const char *folder, struct collection *collection,
    void (*left_out)(const char *why), struct error *error);
void collection_free(struct collection *collection);

/* "A" … "Z", "AA" …; into `buffer`, returned. */
char *collection_learner(int learner, char *buffer, unsigned long size);

#endif
