/* The parts of a machine that run.json and `acelera topology --format json` both hold, written once. */
#ifndef ACELERA_MACHINE_JSON_H
#define ACELERA_MACHINE_JSON_H

#include "harness/machine/machine.h"
#include "harness/store/json_builder.h"

/* `value`, or null where it is below `smallest`: −1 and 0 stand for "unknown" in struct machine, never in a
 * file. */
void machine_json_known(struct json_builder *json, const char *key, double value, double smallest);

/* Members packages … max_smt, as counts. */
void machine_json_counts(struct json_builder *json, const struct topology *topology);

/* Members cpu_kinds and caches, limits, and warnings: arrays of objects. */
void machine_json_hardware(struct json_builder *json, const struct topology *topology);
void machine_json_limits(struct json_builder *json, const struct machine *machine);
void machine_json_warnings(struct json_builder *json, const struct machine *machine);

/* Member findings: what the doctor found, [{id, severity, found, effect, remedy}]. */
void machine_json_findings(struct json_builder *json, const struct machine *machine);

#endif
