/* Puts the derived files into a run directory, each in one step: whoever reads there sees an old one or a new
 * one, never half of one. */
#include "harness/base/text.h"
#include "harness/report/summary.h"
#include "harness/report/topology_svg.h"
#include "harness/report/trace_json.h"
#include "harness/store/file_write.h"

#include <stdlib.h>

static enum status write_file(const struct summary *summary, const char *name,
    bool (*writer)(FILE *, const struct summary *), struct error *error)
{
    enum status status = STATUS_FAILED;
    struct text path = {0};
    char *data = NULL;
    size_t length = 0;
    text_add(&path, "%s/%s", summary->record->directory, name);
    FILE *memory = open_memstream(&data, &length);
    bool written = memory != NULL && writer(memory, summary);
    if (memory != NULL && fclose(memory) != 0)
        written = false;
    if (written && length == 0)
        status = STATUS_OK; /* nothing to be shown, no file */
    else if (written)
        status = file_write_whole(path.data, data, length, error);
    else
        error_set(error, STATUS_FAILED, "%s: out of memory", path.data);
    free(data);
    text_free(&path);
    return status;
}

enum status summary_write_files(const struct summary *summary, struct error *error)
{
    enum status status = write_file(summary, "summary.json", json_write, error);
    if (status == STATUS_OK)
        status = write_file(summary, "summary.csv", csv_write, error);
    if (status == STATUS_OK)
        status = write_file(summary, "timeline.trace.json", trace_json_write, error);
    if (status == STATUS_OK)
        status = write_file(summary, "topology.svg", topology_svg_write, error);
    if (status == STATUS_OK) /* says which pictures there are */
        status = write_file(summary, "speedup.md", markdown_write, error);
    if (status == STATUS_OK)
        status = write_file(summary, "report.html", html_write, error);
    return status;
}
