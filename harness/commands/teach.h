/* What the parts of the `teach` command share: where words go, who is asked, and what is known here. */
#ifndef ACELERA_TEACH_H
#define ACELERA_TEACH_H

#include "harness/commands/output.h"
#include "harness/store/json_builder.h"
#include "lessons/class/learner.h"
#include "lessons/engine/run.h"
#include "lessons/show/page.h"
#include "lessons/show/prediction.h"

struct teach {
    struct output output;
    FILE *asking; /* where questions are put to the person; NULL: nothing is asked, nothing waits */
    bool present; /* large, one step after the other */
    double seconds;
    const char *save; /* folder, NULL none */
    struct machine machine;
    char *worker; /* path */
    struct learner learner;
    bool ended; /* the person left at a question */
    bool trouble_said;
    bool printed; /* something stands on standard output already */
};

/* ---- words (teach_words.c) ---- */

/* An empty page for standard output: at most 80 columns. */
struct page teach_page(const struct teach *teach);
/* Writes it out, and frees it. */
void teach_print(struct teach *teach, struct page *page);
/* One line on standard error, in the name of the command. */
void teach_say(const struct teach *teach, const char *words);
/* What is wrong with the learner's file, once. */
void teach_say_trouble(struct teach *teach);

/* ---- questions (teach_ask.c) ---- */

enum asked { ASKED_LINE, ASKED_END, ASKED_INTERRUPT };

/* Shows the prompt and waits for a line, without its newline. */
enum asked teach_ask(const struct teach *teach, const char *prompt, char *line, size_t size);
/* All predictions of a lesson, each until it is one. `hint` on "?". */
enum asked teach_ask_predictions(
    const struct teach *teach, const struct lesson *lesson, struct prediction *prediction);
/* The quiz: index of the choice; −1 for none. */
enum asked teach_ask_quiz(const struct teach *teach, const struct lesson *lesson, int *choice);
/* Enter to go on; only where somebody is asked. */
enum asked teach_ask_enter(const struct teach *teach);

/* ---- one lesson, from question to quiz (teach_lesson.c) ---- */

struct teach_result {
    enum verdict verdict;
    bool measured;
};

/* given: from --predict, else made is false. json: gets the lesson's object, where --format json. */
enum status teach_lesson(struct teach *teach, const struct lesson *lesson, const struct prediction *given,
    struct json_builder *json, struct teach_result *result, struct error *error);

/* ---- catalogue, check and tracks (teach_catalogue.c, teach_check.c) ---- */

/* Whether a lesson can show its claim here, as far as it is known: the capacity, where it was measured. If
 * not, `why` in the learner's language. */
bool teach_can_show(const struct classroom *room, const struct lesson *lesson, struct text *why);

enum status teach_catalogue(struct teach *teach, struct error *error);
enum status teach_check(struct teach *teach, struct error *error);

/* The words of --track, and its lessons in order: NULL-terminated, `lesson` has room for all there are. */
extern const char *const teach_tracks[];
void teach_track_lessons(const struct teach *teach, const char *track, const struct lesson **lesson);
int teach_track_minutes(const char *track);

/* ---- files (teach_save.c) ---- */

enum status teach_save_prepare(const char *folder, struct error *error);
enum status teach_save_lesson(const struct teach *teach, const struct lesson_run *run,
    const struct pictures *pictures, const struct prediction *prediction, struct error *error);

#endif
