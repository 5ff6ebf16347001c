/* A finding's memory and its word. */
#include "harness/machine/finding.h"

#include "harness/base/text.h"

#include <stdarg.h>
#include <stdio.h>

const char *finding_severity_name(enum finding_severity severity)
{
    static const char *const names[] = {[FINDING_FINE] = "fine",
        [FINDING_INFORMATION] = "information",
        [FINDING_WARNING] = "warning",
        [FINDING_UNKNOWN] = "unknown"};
    return names[severity];
}

void finding_add(struct machine *machine, const char *id, enum finding_severity severity, const char *effect,
    const char *remedy, const char *format, ...)
{
    char found[600];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(found, sizeof found, format, arguments);
    va_end(arguments);
    for (char *c = found; *c != '\0'; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            *c = '?';
    machine->finding =
        memory_grow(machine->finding, (size_t)machine->finding_count + 1, sizeof *machine->finding);
    machine->finding[machine->finding_count++] = (struct machine_finding){.id = text_copy(id),
        .severity = severity,
        .found = text_copy(found),
        .effect = text_copy(effect),
        .remedy = text_copy(remedy)};
}
