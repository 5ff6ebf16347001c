/* What the doctor found, one writer for each format. */
#ifndef ACELERA_REPORT_FINDINGS_H
#define ACELERA_REPORT_FINDINGS_H

#include "harness/machine/machine.h"

#include <stdbool.h>
#include <stdio.h>

/* False if the stream is in error. `columns` is the width to fit. */
bool findings_text_write(FILE *stream, const struct machine *machine, bool color, int columns);
bool findings_markdown_write(FILE *stream, const struct machine *machine);
bool findings_csv_write(FILE *stream, const struct machine *machine);
bool findings_json_write(FILE *stream, const struct machine *machine); /* "acelera/doctor/1" */

#endif
