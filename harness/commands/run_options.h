/* The option table of `acelera run`, and the request that the words of a person amount to. */
#ifndef ACELERA_RUN_OPTIONS_H
#define ACELERA_RUN_OPTIONS_H

#include "harness/commands/options.h"
#include "harness/measure/plan.h"

enum { RUN_OPTION_COUNT = 25 };
extern const struct option run_options[RUN_OPTION_COUNT];

struct data_table; /* harness/data/table.h */

/* Whether names exist and numbers fit the machine is for plan_make() to say. Free with request_free(). */
enum status request_make(
    const struct arguments *arguments, struct plan_request *request, struct error *error);
/* The table of --data, which must outlive the request: what was left to the defaults follows it. */
void request_take_table(
    const struct arguments *arguments, const struct data_table *table, struct plan_request *request);
void request_free(struct plan_request *request);

/* The line as it could be typed again, quoted for a shell; owned by the caller. */
char *command_line_of(const struct arguments *arguments);
/* One word of such a line; owned by the caller. */
char *quoted_word(const char *word);

#endif
