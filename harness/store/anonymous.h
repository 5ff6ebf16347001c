/* Leaves names out: of people, hosts, machines, files and commands. What is not known to be harmless goes;
 * what was measured stays. Refuses to guess from content who somebody is. */
#ifndef ACELERA_ANONYMOUS_H
#define ACELERA_ANONYMOUS_H

#include "harness/base/text.h"

#include <stdbool.h>

struct run_record; /* harness/store/run_record.h */

/* What stands in place of a name, a path and a host. */
#define ANONYMOUS_NAME "anonymous"

/* Adds `string` with every path but those of the kernel's own readings (/proc/…, /sys/devices/…), and every
 * `host` (may be ""), replaced. Units such as GB/s are no paths. */
void anonymous_add(struct text *text, const char *string, const char *host);

/* The documents of a run directory, each owned by the caller; NULL where it cannot be read as what it is.
 * run.json: host, command line, paths and the values of variables go; the id begins with ANONYMOUS_NAME. */
char *anonymous_run_json(const char *document, const char *id);
/* topology.xml: the shape of the machine and its CPU's model stay. */
char *anonymous_topology_xml(const char *document);
/* A line of samples.jsonl. */
char *anonymous_sample_line(const char *line, const char *host);

/* ANONYMOUS_NAME in place of the host in the id of a run, "<host>-<time>[-N]"; owned by the caller. */
char *anonymous_id(const char *id);

/* Whether a run.json went through anonymous_run_json(). */
bool anonymous_is(const char *document);
/* How derived files name the run: its directory, or only its id where names are left out. Not owned. */
const char *anonymous_place(const struct run_record *record);

#endif
