/* The tables of a topology as bytes, to cross the pipe from the process that loaded them. */
#ifndef ACELERA_TOPOLOGY_WIRE_H
#define ACELERA_TOPOLOGY_WIRE_H

#include "harness/base/text.h"
#include "harness/machine/topology.h"

/* Everything but `source` and `live`, which the receiver knows. */
void topology_wire_write(const struct topology *topology, struct text *bytes);

/* Trusts nothing: false unless the bytes are exactly one believable topology (every length, every index, the
 * orders permutations of the usable PUs). `topology` is then untouched. */
bool topology_wire_read(const void *bytes, size_t count, struct topology *topology);

#endif
