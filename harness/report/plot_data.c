/* The table of plot data: which files there are, with which columns, and which picture each belongs to. Puts
 * them into the run directory. Refuses to compute anything but what is missing from a picture. */
#include "harness/report/plot_data.h"

#include "harness/report/plot_parts.h"
#include "harness/store/file_write.h"

#include <string.h>

const char *const plot_names[PLOT_PICTURES] = {
    "speedup", "efficiency", "waterfall", "ladder", "roofline", "timeline", "times", "drift"};

static plot_caption *const captions[PLOT_PICTURES] = {plot_caption_speedup, plot_caption_efficiency,
    plot_caption_waterfall, plot_caption_ladder, plot_caption_roofline, plot_caption_timeline,
    plot_caption_times, plot_caption_drift};

/* A picture whose first file has no line is not drawn. */
static const struct {
    int picture; /* index into plot_names */
    const char *name, *columns;
    plot_writer *write;
} files[] = {
    {0, "speedup",
        "panel\ttitle\tthreads\tspeedup\tlow\thigh\tvs_serial\tvs_serial_low\tvs_serial_high\tlinear\t"
        "machine_ideal\tlaw\tboundary_at\tboundary\tprocesses\tlevel\tnote\tlaw_words",
        plot_write_speedup},
    {0, "speedup-law", "panel\ttitle\tthreads\tspeedup", plot_write_speedup_law},
    {0, "speedup-blocks", "panel\ttitle\tthreads\tblock\tspeedup", plot_write_speedup_blocks},
    {1, "efficiency",
        "panel\ttitle\tthreads\tper_pu\tlow\thigh\tper_core\tmachine_ideal\tboundary_at\tboundary\t"
        "processes\tlevel\tnote",
        plot_write_efficiency},
    {2, "waterfall", "panel\ttitle\tposition\tthreads\tpart\tname\tstatus\tfrom\tto\tseconds",
        plot_write_waterfall},
    {3, "ladder", "panel\ttitle\tposition\tvariant\tthreads\tmost\trate\tunit\tceiling\tceiling_fraction",
        plot_write_ladder},
    {4, "roofline", "panel\ttitle\tname\tthreads\tintensity\tgflops\tceiling_fraction\tlabel_at\tside",
        plot_write_roofline},
    {4, "roofline-roofs", "panel\ttitle\tname\tthreads\tmost\tintensity\tgflops", plot_write_roofline_roofs},
    {5, "timeline", "panel\ttitle\tthread\tpu\tbegin\tend\tregion\tunit", plot_write_timeline},
    {6, "times", "panel\ttitle\tposition\torder\trelative\tmarked", plot_write_times},
    {6, "times-quartiles",
        "panel\ttitle\tposition\tlabel\ttime\tlower\tmedian\tupper\tmin\tmax\titerations\tmarked",
        plot_write_times_quartiles},
    {7, "drift", "panel\ttitle\tseries\tname\tblock\trelative", plot_write_drift},
};

static enum status write_file(
    const struct summary *summary, const char *name, const struct text *content, struct error *error)
{
    struct text path = {0};
    text_add(&path, "%s/plots/data/%s.tsv", summary->record->directory, name);
    enum status status = file_write_whole(path.data, content->data, content->length, error);
    text_free(&path);
    return status;
}

/* Panels of a picture, and all that there could be. */
static void add_left_out(const struct summary *summary, struct text *caption)
{
    struct plot_panel panel = {0}, sweep = {.all = true};
    int drawn = 0, all = 0;
    while (plot_panel_next(summary, &panel))
        drawn++;
    while (plot_panel_next(summary, &sweep))
        all++;
    if (all > drawn)
        text_add(caption, " Of %d sweeps the fastest of each kernel are drawn; summary.csv has all.", all);
}

/* These choose what they show themselves. */
static bool shows_all(plot_caption *caption)
{
    return caption == plot_caption_ladder || caption == plot_caption_roofline;
}

static void add_titles(const struct plot_source *source, const bool drawn[PLOT_PICTURES], struct text *titles)
{
    for (int i = 0; i < PLOT_PICTURES; i++) {
        struct text title = {0}, caption = {0};
        if (!drawn[i])
            continue;
        captions[i](source, &title, &caption);
        if (!shows_all(captions[i]))
            add_left_out(source->summary, &caption);
        plot_add_text(titles, plot_names[i], 32);
        plot_add_text(titles, title.data, 250);
        plot_add_text(titles, caption.data, 500);
        plot_end_line(titles);
        text_free(&title);
        text_free(&caption);
    }
}

static enum status make_folder(const struct summary *summary, struct error *error)
{
    struct text folder = {0};
    text_add(&folder, "%s/plots/data", summary->record->directory);
    enum status status = folder_make_all(folder.data, error);
    text_free(&folder);
    return status;
}

void plot_data_describe(const struct summary *summary, int picture, struct text *title, struct text *caption)
{
    struct plot_source source = {.summary = summary};
    counted_make(summary->record, &source.counted);
    captions[picture](&source, title, caption);
    if (!shows_all(captions[picture]))
        add_left_out(summary, caption);
    counted_free(&source.counted);
}

enum status plot_data_write_files(
    const struct summary *summary, bool drawn[PLOT_PICTURES], struct error *error)
{
    struct plot_source source = {.summary = summary};
    struct text titles = {0};
    enum status status = make_folder(summary, error);
    memset(drawn, 0, PLOT_PICTURES * sizeof *drawn);
    counted_make(summary->record, &source.counted);
    for (size_t i = 0; status == STATUS_OK && i < sizeof files / sizeof *files; i++) {
        struct text lines = {0}, content = {0};
        files[i].write(&source, &lines);
        text_add(&content, "# %s\n", files[i].columns);
        text_add_bytes(&content, lines.data != NULL ? lines.data : "", lines.length);
        status = write_file(summary, files[i].name, &content, error);
        bool first = i == 0 || files[i - 1].picture != files[i].picture;
        if (first)
            drawn[files[i].picture] = lines.length > 0;
        text_free(&lines);
        text_free(&content);
    }
    text_add(&titles, "# plot\ttitle\tcaption\n");
    if (status == STATUS_OK)
        add_titles(&source, drawn, &titles);
    if (status == STATUS_OK)
        status = write_file(summary, "titles", &titles, error);
    text_free(&titles);
    counted_free(&source.counted);
    return status;
}
