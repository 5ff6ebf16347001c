/* What `acelera run` can be asked. Says nothing about how it is done. */
#include "harness/commands/run_options.h"

#include "harness/base/text.h"
#include "harness/commands/plotting.h"
#include "harness/data/table.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/random.h>

static const char *const variant_choices[] = {"all", NULL};
static const char *const sizes[] = {"tiny", "small", "medium", "large", "huge", "auto", NULL};
static const char *const types[] = {"f32", "f64", NULL};
static const char *const placements[] = {"spread", "compact", "packed", "one-pu", "unbound", NULL};
static const char *const scalings[] = {"strong", "weak", NULL};

#define SEED_MAX   9007199254740991.0 /* 2^53 − 1: every reader of JSON keeps it exact */
#define TIME_MAX_S (1000 * 3600.0)

#define WHAT   "What to measure"
#define WHERE  "Where, and on how many threads"
#define ENOUGH "How long, and how sure"
#define OUTPUT "Output"

/* clang-format off */
const struct option run_options[] = {
    {WHAT, "--kernel", OPTION_LIST, "NAME[:VARIANT],…", .standard = "normalize,matmul,kmeans",
        .help = "Kernels; a name alone means the variant marked as default (see 'acelera list')"},
    {WHAT, "--variants", OPTION_CHOICE, "all", .otherwise = "off", .choices = variant_choices,
        .help = "The whole ladder of each chosen kernel, naive first"},
    {WHAT, "--size", OPTION_CHOICE, "CLASS", .standard = "medium", .choices = sizes,
        .help = "Problem class, which never changes; auto follows this machine's caches and cannot be compared"},
    {WHAT, "--shape", OPTION_TEXT, "KEY=N,…", .otherwise = "by size",
        .help = "A shape of your own, for exactly one kernel: --kernel matmul --shape n=1000; what is not named is as in --size"},
    {WHAT, "--data", OPTION_TEXT, "FILE", .otherwise = "data made from --seed",
        .help = "A table of your own, .npy (float32 or float64) or .csv: its rows and columns become the problem of "
                "normalize and kmeans, which are then the default of --kernel; --type follows the file"},
    {WHAT, "--set", OPTION_LIST, "KERNEL.KEY=VALUE,…", .otherwise = "what 'acelera list' marks as default",
        .help = "Options of kernels: --set normalize.method=l2"},
    {WHAT, "--type", OPTION_LIST, "TYPE,…", .standard = "f32", .choices = types,
        .help = "Element types"},
    {WHAT, "--scaling", OPTION_LIST, "KIND,…", .standard = "strong", .choices = scalings,
        .help = "A fixed problem, fixed work for each thread, or both in one sweep"},
    {WHAT, "--seed", OPTION_INTEGER, "N", .standard = "1", .low = 0, .high = SEED_MAX,
        .help = "Seed of the data"},
    {WHERE, "--threads", OPTION_TEXT, "ladder|LIST|A..B", .unit = "threads", .standard = "ladder",
        .help = "Thread counts: the ladder of 'acelera topology', 1,2,8 or 1..8; at most the usable PUs, but 8 "
                "times as many with one-pu or unbound"},
    {WHERE, "--placement", OPTION_LIST, "NAME,…", .standard = "spread", .choices = placements,
        .help = "Where threads go"},
    {WHERE, "--worker", OPTION_LIST, "NAME,…", .otherwise = "the best for this CPU",
        .help = "Builds of the kernels: instruction set and OpenMP runtime"},
    {WHERE, "--topology", OPTION_TEXT, "FILE", .otherwise = "this machine",
        .help = "Plan for another machine: an existing path is an hwloc XML file, anything else a synthetic "
                "string; implies --dry-run"},
    {ENOUGH, "--precision", OPTION_PERCENT, "P%", .unit = "%", .standard = "2%", .low = 0, .high = 50,
        .help = "Stop when the 95 % interval of every median is within ±P"},
    {ENOUGH, "--budget", OPTION_TIME, "TIME", .unit = "s, m or h", .standard = "60s", .high = TIME_MAX_S,
        .help = "Limit for measuring; cells that miss the precision are labelled"},
    {ENOUGH, "--blocks", OPTION_INTEGER, "N", .unit = "blocks", .low = 1, .high = 10000,
        .otherwise = "as many as the budget and the precision want",
        .help = "Exactly this many blocks; with fewer than six, an interval carries its true level"},
    {ENOUGH, "--quantile", OPTION_TEXT, "Q", .otherwise = "the median alone",
        .help = "A quantile to estimate beside the median: 0.9 or 90%"},
    {ENOUGH, "--warm", OPTION_TIME, "TIME", .unit = "s, m or h", .high = TIME_MAX_S, .otherwise = "off",
        .help = "Keep the largest team busy for so long before measuring, for machines whose turbo ends after a "
                "while; not part of the budget"},
    {ENOUGH, "--timeout", OPTION_TIME, "TIME", .unit = "s, m or h", .high = TIME_MAX_S,
        .otherwise = "derived from the work",
        .help = "Limit of one worker process; what it measured until then is kept"},
    {ENOUGH, "--order-seed", OPTION_INTEGER, "N", .low = 0, .high = SEED_MAX, .otherwise = "fresh",
        .help = "Seed of the order of cells; recorded in any case"},
    {ENOUGH, "--dry-run", OPTION_FLAG, .help = "Print the plan and the reason for each point; measure nothing"},
    {OUTPUT, "--out", OPTION_TEXT, "DIR", .standard = "results", .help = "Where run directories go"},
    {OUTPUT, "--plots", OPTION_LIST, "FORMAT,…", .standard = "svg", .choices = plotting_choices,
        .help = "The plots that gnuplot draws into the run directory; none: their data alone"},
    {OUTPUT, "--anonymous", OPTION_FLAG,
        .help = "No host name, path or command line in any file of the run directory, nor in its name: to be handed in"},
    {OUTPUT, "--save", OPTION_TEXT, "DIR", .otherwise = "results are not kept",
        .help = "After measuring, solve each problem once more and write what came out as .npy files: labels and "
                "centroids, the normalized table"},
};
/* clang-format on */

/* ---- the request ---- */

/* A table of a person's own has one size, which nothing can multiply. */
static enum status refuse_beside_data(const struct arguments *arguments, struct error *error)
{
    if (arguments_text(arguments, "--data") == NULL)
        return STATUS_OK;
    if (strstr(arguments_text(arguments, "--scaling"), "weak") != NULL)
        return error_set(error, STATUS_USAGE,
            "--scaling weak: cannot stand beside --data, whose table has one size; leave one of them out");
    if (strcmp(arguments_text(arguments, "--size"), "auto") == 0)
        return error_set(error, STATUS_USAGE,
            "--size auto: cannot stand beside --data, whose table has one size; leave one of them out");
    return STATUS_OK;
}

/* 0.9 and 90% are the same; a bare 90 could be meant as either, and is neither. */
static enum status take_quantile(const char *word, double *quantile, struct error *error)
{
    char digits[40];
    size_t length = word != NULL ? strlen(word) : 0;
    bool percent = length > 1 && word[length - 1] == '%';
    *quantile = NAN;
    if (word == NULL)
        return STATUS_OK;
    snprintf(digits, sizeof digits, "%.*s", (int)(length - percent), word);
    bool is_number = length < sizeof digits && text_to_double(digits, quantile);
    if (is_number && percent)
        *quantile /= 100;
    if (!is_number || !(*quantile > 0 && *quantile < 1))
        return error_set(error, STATUS_USAGE,
            "--quantile %.100s: not a share above 0 and below 1, such as 0.9 or 90%%. See 'acelera run "
            "--help'",
            word);
    if (*quantile == 0.5)
        return error_set(error, STATUS_USAGE,
            "--quantile %.100s: that is the median, which every row has; leave it out, or name another",
            word);
    return STATUS_OK;
}

static enum status fresh_seed(uint64_t *seed, struct error *error)
{
    uint64_t bits;
    if (getrandom(&bits, sizeof bits, 0) != sizeof bits)
        return error_set(error, STATUS_FAILED,
            "--order-seed: the system gives no random number (%s); give one", strerror(errno));
    *seed = bits & (uint64_t)SEED_MAX;
    return STATUS_OK;
}

static char *copy_or_null(const char *text)
{
    return text != NULL ? text_copy(text) : NULL;
}

enum status request_make(const struct arguments *arguments, struct plan_request *request, struct error *error)
{
    uint64_t order_seed = (uint64_t)arguments_number(arguments, "--order-seed");
    double quantile;
    if (refuse_beside_data(arguments, error) != STATUS_OK ||
        take_quantile(arguments_text(arguments, "--quantile"), &quantile, error) != STATUS_OK)
        return STATUS_USAGE;
    if (!arguments_given(arguments, "--order-seed")) {
        enum status status = fresh_seed(&order_seed, error);
        if (status != STATUS_OK)
            return status;
    }
    *request = (struct plan_request){
        .kernels = arguments_list(arguments, "--kernel"),
        .all_variants = arguments_given(arguments, "--variants"),
        .size = text_copy(arguments_text(arguments, "--size")),
        .shape = copy_or_null(arguments_text(arguments, "--shape")),
        .settings = arguments_list(arguments, "--set"),
        .types = arguments_list(arguments, "--type"),
        .threads = text_copy(arguments_text(arguments, "--threads")),
        .placements = arguments_list(arguments, "--placement"),
        .scalings = arguments_list(arguments, "--scaling"),
        .precision = arguments_number(arguments, "--precision"),
        .quantile = quantile,
        .budget_s = arguments_number(arguments, "--budget"),
        .warm_s = arguments_number(arguments, "--warm"),
        .blocks = (int)arguments_number(arguments, "--blocks"),
        .workers = arguments_list(arguments, "--worker"),
        .timeout_s = arguments_number(arguments, "--timeout"),
        .seed = (uint64_t)arguments_number(arguments, "--seed"),
        .order_seed = order_seed,
    };
    return STATUS_OK;
}

static void replace_list(char ***list, const char *text)
{
    size_t count;
    text_split_free(*list);
    *list = text_split(text, ',', &count);
}

void request_take_table(
    const struct arguments *arguments, const struct data_table *table, struct plan_request *request)
{
    request->data = table;
    if (!arguments_given(arguments, "--kernel"))
        replace_list(&request->kernels, "normalize,kmeans");
    if (!arguments_given(arguments, "--type"))
        replace_list(&request->types, table->layout.bits == 32 ? "f32" : "f64");
}

void request_free(struct plan_request *request)
{
    text_split_free(request->kernels);
    free(request->size);
    free(request->shape);
    text_split_free(request->settings);
    text_split_free(request->types);
    free(request->threads);
    text_split_free(request->placements);
    text_split_free(request->scalings);
    text_split_free(request->workers);
    *request = (struct plan_request){0};
}

static void add_quoted(struct text *line, const char *word)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_=.,:/%+@";
    if (word[0] != '\0' && strspn(word, plain) == strlen(word)) {
        text_add(line, "%s", word);
        return;
    }
    text_add(line, "'");
    for (; *word != '\0'; word++)
        text_add(line, *word == '\'' ? "'\\%c'" : "%c", *word);
    text_add(line, "'");
}

char *quoted_word(const char *word)
{
    struct text line = {0};
    add_quoted(&line, word);
    return line.data;
}

char *command_line_of(const struct arguments *arguments)
{
    struct text line = {0};
    text_add(&line, "acelera");
    for (int i = 0; i < arguments->word_count; i++) {
        text_add(&line, " ");
        add_quoted(&line, arguments->words[i]);
    }
    return line.data;
}
