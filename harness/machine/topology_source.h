/* What a person meant by --topology: a file, read whole, or a synthetic string; and whether hwloc may be
 * shown it at all. */
#ifndef ACELERA_TOPOLOGY_SOURCE_H
#define ACELERA_TOPOLOGY_SOURCE_H

#include "harness/base/status.h"
#include "harness/base/text.h"

#include <stdbool.h>

/* An existing path is a file; its bytes go to `xml`, which stays empty for a synthetic string. */
enum status topology_source_read(const char *source, struct text *xml, struct error *error);

/* The name for messages: the source, cut to what fits a line. */
const char *topology_source_name(const char *source, char *buffer, size_t size);

#endif
