/* The `gallery` command: many run directories on one page. Measures nothing, and changes none of them. */
#include "harness/report/gallery.h"
#include "harness/commands/command_list.h"
#include "harness/commands/gallery_runs.h"
#include "harness/commands/output.h"
#include "harness/store/run_origin.h"

#include "harness/base/text.h"

#include <stdio.h>

#define PAGE "The page"

/* clang-format off */
static const struct option options[] = {
    {PAGE, "--out", OPTION_TEXT, "DIR", .standard = "gallery",
        .help = "Where gallery.html and gallery.csv go"},
    {PAGE, "--anonymous", OPTION_FLAG,
        .help = "No host names, run names, paths or command lines, on the page or inside it; machines are called A, B, C, …"},
};
/* clang-format on */

/* The record does not say which table of a person's own was measured. */
static enum status read_run(const char *path, struct gallery *gallery, struct error *error)
{
    struct run_record record;
    struct run_origin origin;
    enum status status = run_record_read(path, &record, error);
    if (status != STATUS_OK)
        return status;
    status = run_origin_read(&record, &origin, error);
    if (status == STATUS_OK) {
        gallery_add(gallery, &record, origin.data_path != NULL ? origin.data_digest : NULL);
        run_origin_free(&origin);
    } else {
        run_record_free(&record);
    }
    return status;
}

static void read_runs(char *const *paths, struct gallery *gallery)
{
    for (; *paths != NULL; paths++) {
        struct error why = {0};
        if (read_run(*paths, gallery, &why) == STATUS_OK)
            continue;
        fprintf(stderr, "acelera gallery: left out: %s\n", why.text);
        gallery_leave_out(gallery, *paths, why.text);
    }
}

static bool write_machines(const struct output *output, const struct gallery *gallery)
{
    const struct table_style style = {output->color, output->unicode, output->columns};
    switch (output->format) {
    case OUTPUT_MARKDOWN:
        return gallery_markdown_write(output->stream, gallery);
    case OUTPUT_CSV:
        return gallery_csv_write(output->stream, gallery);
    case OUTPUT_JSON:
        return gallery_json_write(output->stream, gallery);
    case OUTPUT_TABLE:
        break;
    }
    return gallery_table_write(output->stream, gallery, &style);
}

static enum status show(const struct arguments *arguments, const struct gallery *gallery, struct error *error)
{
    const char *folder = arguments_text(arguments, "--out");
    struct output output = output_of(arguments);
    if (gallery->machine_count == 0)
        return error_set(error, STATUS_FAILED, "none of the %d runs could be read; the lines above say why",
            gallery->left_out_count);
    enum status status = gallery_write_files(gallery, folder, error);
    struct error printing;
    enum status printed = output_status(write_machines(&output, gallery), &printing);
    if (status == STATUS_OK && printed != STATUS_OK) {
        *error = printing;
        return printed;
    }
    if (status == STATUS_OK)
        fprintf(stderr, "acelera gallery: %s/gallery.html and %s/gallery.csv\n", folder, folder);
    if (status == STATUS_OK && gallery->left_out_count > 0)
        return error_set(error, STATUS_FAILED, "%d of %d runs were left out; the others are in %s",
            gallery->left_out_count, gallery->left_out_count + gallery->machine_count + gallery->repeated,
            folder);
    return status;
}

static enum status gallery_run(const struct arguments *arguments, struct error *error)
{
    struct gallery gallery = {0};
    char **paths;
    int count;
    enum status status =
        gallery_runs_find(arguments->operands, arguments->operand_count, &paths, &count, error);
    if (status != STATUS_OK)
        return status;
    read_runs(paths, &gallery);
    gallery_arrange(&gallery, arguments_given(arguments, "--anonymous"));
    status = show(arguments, &gallery, error);
    gallery_free(&gallery);
    text_split_free(paths);
    return status;
}

static const char *const examples[] = {
    "acelera gallery results",
    "acelera gallery laptops/* --out lab",
    "acelera gallery handed-in --anonymous --format markdown",
    NULL,
};

const struct command command_gallery = {
    .name = "gallery",
    .summary = "many machines on one page: curves over each other, and who is limited by what",
    .examples = examples,
    .options = options,
    .option_count = sizeof options / sizeof options[0],
    .operand = "DIR",
    .operand_help = "run directories, or folders that hold some, up to three levels down",
    .operand_required = true,
    .operand_repeats = true,
    .prints_results = true,
    .run = gallery_run,
};
