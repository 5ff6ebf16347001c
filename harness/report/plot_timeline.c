/* One iteration of each sweep's largest team, thread by thread: when each was busy. Refuses to invent what
 * the stamps do not say; waiting is what lies between them. */
#include "harness/report/plot_parts.h"

#include <math.h>

enum { SPANS_MAX = 1000 /* of a panel */ };

/* Lanes of hundreds of threads fill a page sooner. */
static int panels_drawn(const struct summary *summary)
{
    return summary->record->usable_pus > 128 ? 2 : 6;
}

/* Of the processes with stamps the one whose iteration is nearest to the row's median. */
static const struct process_record *typical_process(
    const struct counted_processes *counted, const struct summary_row *row)
{
    const struct process_record *typical = NULL;
    double nearest = INFINITY;
    int id = row->cell->id;
    for (size_t p = counted->first[id]; p < counted->first[id + 1]; p++) {
        const struct process_record *process = counted->process[p];
        double repeat = process->repeat > 1 ? (double)process->repeat : 1;
        double distance = fabs(process->lane_s / repeat - row->estimate.median_s);
        if (process->lane != NULL && process->lane_s > 0 && distance < nearest) {
            nearest = distance;
            typical = process;
        }
    }
    return typical;
}

/* The next sweep with stamps. */
static const struct process_record *next_timeline(const struct plot_source *source, struct plot_panel *panel)
{
    while (plot_panel_next(source->summary, panel)) {
        const struct process_record *process = typical_process(&source->counted, panel->largest);
        if (process != NULL)
            return process;
    }
    return NULL;
}

static const char *unit_of(double seconds, double *unit_s)
{
    *unit_s = seconds >= 1 ? 1 : seconds >= 1e-3 ? 1e-3 : 1e-6;
    return seconds >= 1 ? "s" : seconds >= 1e-3 ? "ms" : "µs";
}

static int spans_of_a_lane(const struct process_record *process)
{
    int spans = SPANS_MAX / (process->lane_count > 0 ? process->lane_count : 1);
    return spans > 2 ? spans : 2;
}

static void add_lanes(
    struct text *tsv, const struct plot_panel *panel, int number, const struct process_record *process)
{
    double unit_s;
    const char *unit = unit_of(process->lane_s, &unit_s);
    struct text title = {0};
    text_add(&title, "%s ×%d", panel->title.data, panel->largest->cell->threads);
    for (int t = 0; t < process->lane_count; t++) {
        const struct lane_record *lane = &process->lane[t];
        int most = spans_of_a_lane(process), spans = lane->span_count < most ? lane->span_count : most;
        for (int s = 0; s < spans || s == 0; s++) {
            plot_begin_line(tsv, number, title.data);
            plot_add_count(tsv, t);
            bool bound = process->pus != NULL && t < process->threads_delivered;
            plot_add_number(tsv, bound ? (double)process->pus[t] : NAN);
            plot_add_number(tsv, s < spans ? lane->span[s].begin_s / unit_s : NAN);
            plot_add_number(tsv, s < spans ? lane->span[s].end_s / unit_s : NAN);
            plot_add_number(tsv, process->lane_s / unit_s);
            plot_add_text(tsv, unit, 4);
            plot_end_line(tsv);
        }
    }
    text_free(&title);
}

void plot_write_timeline(const struct plot_source *source, struct text *tsv)
{
    struct plot_panel panel = {0};
    const struct process_record *process;
    int number = 0;
    while (number < panels_drawn(source->summary) && (process = next_timeline(source, &panel)) != NULL)
        add_lanes(tsv, &panel, ++number, process);
    plot_panel_free(&panel);
}

/* The share of the team's time in that iteration that its threads were busy. */
static double busy_share(const struct process_record *process)
{
    double busy_s = 0;
    for (int t = 0; t < process->lane_count; t++)
        busy_s += process->lane[t].busy_s;
    return busy_s / (process->lane_s * process->lane_count);
}

void plot_caption_timeline(const struct plot_source *source, struct text *title, struct text *caption)
{
    struct plot_panel panel = {0};
    struct text least_name = {0};
    const struct process_record *process;
    double least = INFINITY;
    bool cut = false;
    int shown = 0;
    for (; shown < panels_drawn(source->summary) && (process = next_timeline(source, &panel)) != NULL;
         shown++) {
        double share = busy_share(process);
        for (int t = 0; t < process->lane_count; t++)
            cut = cut || process->lane[t].spans > process->lane[t].span_count ||
                  process->lane[t].span_count > spans_of_a_lane(process);
        if (share < least) {
            least = share;
            text_free(&least_name);
            plot_add_row_name(&least_name, panel.largest);
        }
    }
    plot_panel_free(&panel);
    if (isfinite(least)) {
        text_add(title, "In the iteration shown, the threads of %s are busy ", least_name.data);
        plot_add_percent(title, least);
        text_add(title, shown > 1 ? " of the time, the least of these" : " of the time");
    } else {
        text_add(title, "When the threads of one iteration were busy");
    }
    text_add(caption,
        "One iteration of each largest team, from a process near its median. Thick: busy, by the "
        "stamps of each thread; thin: waiting, starting or joining.");
    if (cut)
        text_add(caption, " Only the first stamps of each thread are drawn.");
    text_free(&least_name);
}
