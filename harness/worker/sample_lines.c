/* The order of the fields is the one that the harness reads fast (harness/store/sample_line.c). */
#include "harness/worker/sample_lines.h"

#include <math.h>

/* Together they keep a line of lanes under half of a mebibyte. */
enum { LANES_MAX = 4096, SPANS_MAX = 16384 - LANES_MAX };

/* Nine digits are a nanosecond in a second. */
static void add_seconds(struct output *output, const char *key, double seconds)
{
    if (isfinite(seconds))
        output_add(output, ",\"%s\":%.9g", key, seconds);
    else
        output_add(output, ",\"%s\":null", key);
}

static void add_count(struct output *output, const char *key, long count)
{
    if (count >= 0)
        output_add(output, ",\"%s\":%ld", key, count);
    else
        output_add(output, ",\"%s\":null", key);
}

void sample_lines_add(
    struct output *output, const struct sample *sample, const struct sentinel_reading *reading)
{
    double share = 1 / (double)sample->repeat;
    output_add(output, "{\"kind\":\"sample\",\"iteration\":%ld,\"warmup\":%s", sample->iteration,
        sample->warmup ? "true" : "false");
    add_seconds(output, "seconds", 1e-9 * share * (double)sample->region_ns);
    add_seconds(output, "busy_max_s", share * reading->busy_max_s);
    add_seconds(output, "busy_mean_s", share * reading->busy_mean_s);
    add_seconds(output, "on_cpu_max_s", share * reading->on_cpu_max_s);
    add_seconds(output, "on_cpu_mean_s", share * reading->on_cpu_mean_s);
    add_seconds(output, "off_cpu_s", share * reading->off_cpu_s);
    add_seconds(output, "cpu_s", share * reading->cpu_s);
    add_seconds(output, "throttled_s", share * reading->host.throttled_s);
    add_seconds(output, "steal_s", share * reading->host.steal_s);
    add_count(output, "involuntary_switches", reading->involuntary_switches);
    add_count(output, "minor_faults", reading->minor_faults);
    add_count(output, "migrations", reading->migrations);
    output_add(output, "}");
    output_end_line(output);
}

static double since_s(const struct sample *sample, int64_t at_ns)
{
    return 1e-9 * (double)(at_ns - sample->begin_ns);
}

void sample_lines_add_lanes(struct output *output, const struct sample *sample,
    const struct sentinels *sentinels, const struct kernel_lane *lanes)
{
    int threads = sentinels->threads;
    if (threads == 0 || threads > LANES_MAX)
        return;
    output_flush(output);
    output_add(output, "{\"kind\":\"lanes\",\"iteration\":%ld", sample->iteration);
    double region_s = 1e-9 * (double)sample->region_ns;
    add_seconds(output, "seconds", region_s);
    output_add(output, ",\"lane\":[");
    for (int t = 0; t < threads; t++) {
        const struct kernel_lane *lane = &lanes[t];
        double busy_s = 1e-9 * (double)lane->busy_ns;
        int kept = lane->spans < KERNEL_SPANS_MAX ? lane->spans : KERNEL_SPANS_MAX;
        kept = kept < SPANS_MAX / threads ? kept : SPANS_MAX / threads;
        output_add(output, "%s{\"spans\":%d", t > 0 ? "," : "", lane->spans);
        add_seconds(output, "busy_s", busy_s);
        add_seconds(output, "on_cpu_s", sentinels_on_cpu_s(&sentinels->thread[t], busy_s, region_s));
        output_add(output, ",\"span\":[");
        for (int s = 0; s < kept; s++)
            output_add(output, "%s[%.9g,%.9g]", s > 0 ? "," : "", since_s(sample, lane->span[s].begin_ns),
                since_s(sample, lane->span[s].end_ns));
        output_add(output, "]}");
    }
    output_add(output, "]}");
    output_end_line(output);
    output_flush(output);
}
