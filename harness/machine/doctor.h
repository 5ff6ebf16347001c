/* What on this machine would spoil a measurement, with its effect and a remedy. Reads only: changes nothing.
 */
#ifndef ACELERA_DOCTOR_H
#define ACELERA_DOCTOR_H

#include "harness/machine/machine.h"
#include "harness/machine/watch.h"

/* Appends a finding for everything that was looked at, in a fixed order, the fine ones too. `root`: "" or a
 * recorded tree. before, after: two readings of the PUs some time apart (watch.h). The machine must be live
 * (its topology, quota and facts are looked at). */
void doctor_examine(const char *root, const struct watch_reading *before, const struct watch_reading *after,
    struct machine *machine);

/* The same on the machine in front of us, watching it for `seconds`. */
void doctor_watch(double seconds, struct machine *machine);

/* Appends what the flags say that a worker was compiled with. */
void doctor_examine_build(const char *worker, const char *flags, struct machine *machine);

#endif
