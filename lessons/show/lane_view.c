/* From stamps to windows. */
#include "lessons/show/lane_view.h"

#include "lessons/engine/speak.h"

#include <math.h>
#include <stdlib.h>

static const double stretched = 1.5; /* as observation_overlap() has it */

static double span_seconds(const struct observed_span *span)
{
    return span->end_s - span->begin_s;
}

static int compare_doubles(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Of all pieces of work of all lanes; NaN if there are none. */
static double median_work(const struct observation *observation)
{
    size_t count = 0;
    for (int l = 0; l < observation->lanes; l++)
        count += (size_t)observation->lane[l].spans;
    double *seconds = memory_new(count + 1, sizeof *seconds);
    count = 0;
    for (int l = 0; l < observation->lanes; l++)
        for (int i = 0; i < observation->lane[l].spans; i++)
            if (observation->lane[l].span[i].kind == SPAN_WORK)
                seconds[count++] = span_seconds(&observation->lane[l].span[i]);
    qsort(seconds, count, sizeof *seconds, compare_doubles);
    double median = count > 0 ? seconds[count / 2] : NAN;
    free(seconds);
    return median;
}

/* ---- interrupted pieces ---- */

struct candidate {
    int span;
    double excess_s;
};

static int longest_first(const void *a, const void *b)
{
    const struct candidate *x = a, *y = b;
    return (x->excess_s < y->excess_s) - (x->excess_s > y->excess_s);
}

/* How long its pieces of work went on without a CPU. */
static double without_cpu(const struct observed_lane *lane)
{
    if (isfinite(lane->off_cpu_s))
        return lane->off_cpu_s;
    double work_s = 0;
    for (int i = 0; i < lane->spans; i++)
        work_s += lane->span[i].kind == SPAN_WORK ? span_seconds(&lane->span[i]) : 0;
    return isfinite(lane->cpu_s) ? work_s - lane->cpu_s : 0;
}

bool *lane_view_interrupted(const struct observation *observation, int index)
{
    const struct observed_lane *lane = &observation->lane[index];
    double median = median_work(observation), left_s = without_cpu(lane);
    if (lane->spans == 0)
        return NULL;
    bool *interrupted = memory_new((size_t)lane->spans, sizeof *interrupted);
    struct candidate *candidate = memory_new((size_t)lane->spans, sizeof *candidate);
    int count = 0;
    for (int i = 0; i < lane->spans; i++)
        if (lane->span[i].kind == SPAN_WORK && span_seconds(&lane->span[i]) > stretched * median)
            candidate[count++] = (struct candidate){i, span_seconds(&lane->span[i]) - median};
    qsort(candidate, (size_t)count, sizeof *candidate, longest_first);
    /* One that is longer by far more than what is left was long by itself. */
    for (int i = 0; i < count && left_s > 0; i++)
        if (candidate[i].excess_s < 2 * left_s) {
            interrupted[candidate[i].span] = true;
            left_s -= candidate[i].excess_s;
        }
    free(candidate);
    return interrupted;
}

/* ---- windows ---- */

struct shares {
    double work, wait, interrupted;
};

static void add_share(struct shares *shares, const struct observed_span *span, bool interrupted, double share)
{
    if (interrupted)
        shares->interrupted += share;
    else if (span->kind == SPAN_WORK)
        shares->work += share;
    else
        shares->wait += share;
}

static enum lane_doing doing_of(const struct shares *shares)
{
    double nothing = 1 - shares->work - shares->wait - shares->interrupted;
    if (shares->work >= 0.75)
        return LANE_WORK;
    if (shares->interrupted >= fmax(shares->work, fmax(shares->wait, nothing)))
        return LANE_INTERRUPTED;
    if (shares->wait >= fmax(shares->work, nothing))
        return LANE_WAIT;
    return shares->work >= 0.1 ? LANE_PARTLY : LANE_NOTHING;
}

void lane_view_windows(
    const struct observation *observation, int index, double end_s, int windows, enum lane_doing *doing)
{
    const struct observed_lane *lane = &observation->lane[index];
    bool *interrupted = lane_view_interrupted(observation, index);
    struct shares *shares = memory_new((size_t)windows, sizeof *shares);
    double window_s = end_s / windows;
    for (int i = 0; i < lane->spans && window_s > 0; i++) {
        const struct observed_span *span = &lane->span[i];
        int first = (int)fmin(fmax(span->begin_s / window_s, 0), windows - 1);
        int last = (int)fmin(fmax(span->end_s / window_s, 0), windows - 1);
        for (int w = first; w <= last; w++) {
            double begin = fmax(span->begin_s, w * window_s), end = fmin(span->end_s, (w + 1) * window_s);
            add_share(&shares[w], span, interrupted[i], fmax(end - begin, 0) / window_s);
        }
    }
    for (int w = 0; w < windows; w++)
        doing[w] = doing_of(&shares[w]);
    free(shares);
    free(interrupted);
}

double lane_view_end(const struct observation *observation)
{
    double end = 0;
    for (int l = 0; l < observation->lanes; l++)
        for (int i = 0; i < observation->lane[l].spans; i++)
            end = fmax(end, observation->lane[l].span[i].end_s);
    return end;
}

bool lane_view_scales(const struct picture *picture, double end_s[PICTURE_PARTS_MAX])
{
    const double apart = 24;
    double most = 0, least = INFINITY;
    for (int p = 0; p < picture->parts; p++) {
        end_s[p] = lane_view_end(picture->lanes[p].observation);
        most = fmax(most, end_s[p]);
        least = fmin(least, end_s[p]);
    }
    bool shared = most <= apart * least;
    for (int p = 0; p < picture->parts && shared; p++)
        end_s[p] = most;
    return shared;
}

char *lane_view_heading(const struct picture *picture, int part, bool shared, double end_s)
{
    char end[40];
    struct text heading = {0};
    text_add(&heading, "%s", picture->lanes[part].label);
    if (!shared)
        text_add(&heading, " (0–%s)", speak_seconds(end_s, end, sizeof end));
    return heading.data;
}

char *lane_view_label(const struct observation *observation, int index)
{
    const struct observed_lane *lane = &observation->lane[index];
    bool processes = false, threads = false;
    for (int l = 0; l < observation->lanes; l++) {
        processes = processes || observation->lane[l].process > 0;
        threads = threads || observation->lane[l].thread > 0;
    }
    struct text label = {0};
    if (processes && threads)
        text_add(&label, _("process %d thread %d"), lane->process, lane->thread);
    else if (processes)
        text_add(&label, _("process %d"), lane->process);
    else
        text_add(&label, _("thread %d"), lane->thread);
    if (lane->pu >= 0)
        text_add(&label, _(", CPU %d"), lane->pu);
    return label.data;
}
