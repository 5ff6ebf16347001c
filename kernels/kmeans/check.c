/* The check of k-means: from the seed or the table and the trail alone, never from a second run of a variant.
 *
 *   inputs     all points are the bits that fill() left; one random point of every 16 neighbours, and
 *              all initial centroids, are what the seed or the table says; the trail starts from these
 *   labels     of every iteration: all in range; one random point of every 16 neighbours, and in the
 *              last iteration every point, has the label that brute force gives for the centroids
 *              that entered this iteration
 *   counts     of every iteration: equal to a recount of the labels
 *   centroids  of every iteration: equal, bit for bit, to means made again from all points and
 *              labels, in integers
 *   inertia    in f64, rises from one iteration to the next by no more than rounding can make it
 *
 * So each iteration is tied to the one before it, from the stated start to the result: a point left
 * out of one sum in any iteration shows, and no label of the last iteration can be wrong. A single
 * wrong label of an earlier iteration, with sums that agree with it, escapes with probability 15/16;
 * a run of 31 of them cannot. All tolerances but the inertia's are zero. It costs about as
 * much as one run of the best variant, and less than two where k is so small that a point takes a
 * nanosecond.
 */
#include "kernels/digest.h"
#include "kernels/kmeans/kmeans.h"
#include "kernels/random.h"

#include <math.h>
#include <string.h>

enum { STREAM_CHECK = 5, STREAM_INPUTS = 7, STRATUM = 16, ROW = 16 };

/* Coordinate differences up to this many are few: then every point of every iteration is looked at. */
static const double FEW = 1 << 22;

/* Keeps the complaint with the lowest index; called by any thread of the team. */
static void complain(struct kernel_check *check, const char *what, int64_t index, double got, double expected,
    double tolerance)
{
#pragma omp critical(kmeans_complain)
    if (check->passed || (check->what == what && index < check->index)) {
        check->passed = false;
        check->what = what;
        check->index = index;
        check->got = got;
        check->expected = expected;
        check->tolerance = tolerance;
    }
}

/* ---- inputs ---- */

static void check_start(struct kmeans *p, struct kernel_check *check)
{
    if (digest_bytes(0, p->start_point, (size_t)p->k * sizeof *p->start_point) != p->start_digest) {
        complain(check, "the choice of initial centroids was overwritten", -1, NAN, NAN, 0);
        return;
    }
    for (int64_t c = 0; c < p->k; c++)
        for (int64_t j = 0; j < p->d; j++) {
            double expected = (double)p->points[p->start_point[c] * p->d + j];
            if (p->start[c * p->d + j] != expected)
                complain(check, "initial centroids against the points they are", c * p->d + j,
                    p->start[c * p->d + j], expected, 0);
        }
}

/* Coordinate j of point i as the person's table has it: not the code that loaded it. */
static double read_table(const struct kernel_table *table, int64_t n, int64_t d, int64_t i, int64_t j)
{
    const char *cell = (const char *)table->data;
    cell += (size_t)(table->column_major ? j * n + i : i * d + j) * (size_t)(table->bits / 8);
    float narrow;
    double wide;
    if (table->bits == 32)
        memcpy(&narrow, cell, sizeof narrow);
    else
        memcpy(&wide, cell, sizeof wide);
    return table->bits == 32 ? (double)narrow : wide;
}

/* Point i, made again in a buffer of this thread's own. */
static void check_point(const struct kmeans *p, int64_t i, element *again, struct kernel_check *check)
{
    const element *x = p->points + i * p->d;
    if (p->table == NULL)
        TYPED(kmeans_make_point)(p, p->blobs, i, again);
    for (int64_t j = 0; p->table != NULL && j < p->d; j++)
        again[j] = (element)read_table(p->table, p->n, p->d, i, j);
    if (memcmp(x, again, (size_t)p->d * sizeof *x) == 0)
        return;
    for (int64_t j = 0; j < p->d; j++)
        if (x[j] != again[j])
            complain(check, p->table == NULL ? "points against the seed" : "points against the table",
                i * p->d + j, (double)x[j], (double)again[j], 0);
}

/* One of `room` numbers, the same for everybody who asks for this index. */
static int64_t draw_below(uint64_t stream, int64_t index, int64_t room)
{
    return (int64_t)((random_bits(stream, (uint64_t)index) >> 32) * (uint64_t)room >> 32);
}

static void check_inputs(struct kmeans *p, bool every_point, struct kernel_check *check)
{
    const uint64_t stream = random_stream(p->seed, STREAM_INPUTS);
    const int64_t step = every_point ? 1 : STRATUM;
    if (p->table == NULL)
        TYPED(kmeans_make_blobs)(p, p->blobs);
#pragma omp parallel num_threads(p->threads)
    {
        int64_t begin, end;
        team_share(p->n, team_rank(), team_size(), &begin, &end);
        for (int64_t i = begin; i < end; i += step)
            check_point(p, i + draw_below(stream, i, end - i < step ? end - i : step),
                p->slabs[team_rank()].tile, check);
    }
    if (check->passed && TYPED(kmeans_digest_points)(p) != p->points_digest)
        complain(check, "the points were overwritten", -1, NAN, NAN, 0);
    if (check->passed)
        check_start(p, check);
}

/* ---- one iteration ---- */

/* Points whose labels are to be compared with brute force, waiting until they are a block. */
struct sample {
    int64_t count, point[KMEANS_REFERENCE_POINTS];
};

static void compare_sample(
    struct kmeans *p, int64_t t, const double *block, struct sample *sample, struct kernel_check *check)
{
    int64_t nearest[KMEANS_REFERENCE_POINTS];
    TYPED(kmeans_reference_labels)(block, p->centroids + t * p->k * p->d, p->k, p->d, nearest);
    for (int64_t s = 0; s < sample->count; s++) {
        int64_t flat = t * p->n + sample->point[s], label = p->labels[flat];
        if (label != nearest[s])
            complain(check, "labels against brute force in f64", flat, (double)label, (double)nearest[s], 0);
    }
    sample->count = 0;
}

/* Brute force over [begin, end): every point, or one drawn from each stratum. */
static void check_labels(
    struct kmeans *p, int64_t t, bool every_point, int64_t begin, int64_t end, struct kernel_check *check)
{
    const uint64_t stream = random_stream(p->seed, STREAM_CHECK);
    const int64_t step = every_point ? 1 : STRATUM;
    double *block = p->slabs[team_rank()].reference;
    struct sample sample = {0};
    for (int64_t i = begin; i < end; i += step) {
        int64_t drawn = i + draw_below(stream, t * p->n + i, end - i < step ? end - i : step);
        const element *x = p->points + drawn * p->d;
        for (int64_t j = 0; j < p->d; j++)
            block[j * KMEANS_REFERENCE_POINTS + sample.count] = (double)x[j];
        sample.point[sample.count++] = drawn;
        if (sample.count == KMEANS_REFERENCE_POINTS)
            compare_sample(p, t, block, &sample, check);
    }
    if (sample.count > 0)
        compare_sample(p, t, block, &sample, check);
}

static void clear_tally(const struct kmeans *p, struct kmeans_slab *slab)
{
    memset(slab->tally, 0, (size_t)(p->k * p->d) * sizeof *slab->tally);
    memset(slab->members, 0, (size_t)p->k * sizeof *slab->members);
}

/* Whether any of ROW labels is another one than before. */
static inline bool any_moved(const int32_t *label, const int32_t *old)
{
    int32_t differ = 0;
    for (int i = 0; i < ROW; i++)
        differ |= label[i] ^ old[i];
    return differ != 0;
}

/* Point i, whose label is another one than before, leaves one cluster and joins another. */
static void tally_point(
    struct kmeans *p, int64_t t, int64_t i, struct kmeans_slab *slab, struct kernel_check *check)
{
    const int32_t *at = p->labels + t * p->n + i, label = *at, old = t == 0 ? -1 : at[-p->n];
    if (label < 0 || label >= p->k) {
        complain(check, "labels against the number of clusters", t * p->n + i, label, NAN, 0);
        return;
    }
    const element *restrict x = p->points + i * p->d;
    int64_t *joined = slab->tally + label * p->d, *left = old < 0 ? NULL : slab->tally + old * p->d;
    slab->members[label]++;
    if (left != NULL)
        slab->members[old]--;
    for (int64_t j = 0; j < p->d; j++) {
        int64_t rounded = llrint((double)x[j] / p->quantum[j]);
        joined[j] += rounded;
        if (left != NULL)
            left[j] -= rounded;
    }
}

/* What the points [begin, end) of iteration t do to the sums, in whole quanta, and to the counts. */
static void tally_points(struct kmeans *p, int64_t t, int64_t begin, int64_t end, struct kmeans_slab *slab,
    struct kernel_check *check)
{
    const int32_t *labels = p->labels + t * p->n;
    for (int64_t first = begin; first < end; first += ROW) {
        const int64_t last = first + ROW < end ? first + ROW : end;
        if (t > 0 && last == first + ROW && !any_moved(labels + first, labels + first - p->n))
            continue;
        for (int64_t i = first; i < last; i++)
            if (t == 0 || labels[i] != labels[i - p->n])
                tally_point(p, t, i, slab, check);
    }
}

/* Moves the other threads' tallies to the first one's, which so holds those of all points. */
static void merge_tallies(struct kmeans *p, int team)
{
    struct kmeans_slab *all = &p->slabs[0];
    for (int other = 1; other < team; other++) {
        for (int64_t i = 0; i < p->k * p->d; i++)
            all->tally[i] += p->slabs[other].tally[i];
        for (int64_t c = 0; c < p->k; c++)
            all->members[c] += p->slabs[other].members[c];
        clear_tally(p, &p->slabs[other]);
    }
}

/* The point that comes after `*point`, `*distance` in the order of falling distance from its own centroid. */
static void find_next_farthest(const struct kmeans *p, int64_t t, double *distance, int64_t *point)
{
    double next_distance = -1;
    int64_t next_point = -1;
    for (int64_t i = p->n - 1; i >= 0; i--) {
        const double *own = p->centroids + (t * p->k + p->labels[t * p->n + i]) * p->d;
        double to_own = TYPED(kmeans_dist64)(p->points + i * p->d, own, p->d);
        bool is_after = to_own < *distance || (to_own == *distance && i > *point);
        if (is_after && to_own >= next_distance) {
            next_distance = to_own;
            next_point = i;
        }
    }
    *distance = next_distance;
    *point = next_point;
}

static void check_centroids(struct kmeans *p, int64_t t, struct kernel_check *check)
{
    double taken = INFINITY;
    int64_t taken_point = -1;
    for (int64_t c = 0; c < p->k; c++) {
        int64_t members = p->slabs[0].members[c], flat = t * p->k + c;
        if (p->counts[flat] != members)
            complain(check, "counts against the labels", flat, (double)p->counts[flat], (double)members, 0);
        if (members == 0)
            find_next_farthest(p, t, &taken, &taken_point);
        for (int64_t j = 0; j < p->d; j++) {
            double got = p->centroids[(flat + p->k) * p->d + j];
            double expected = members == 0
                                  ? (double)p->points[taken_point * p->d + j]
                                  : (double)p->slabs[0].tally[c * p->d + j] * p->quantum[j] / (double)members;
            if (!(got == expected))
                complain(check, "centroids against the means of the labels", (flat + p->k) * p->d + j, got,
                    expected, 0);
        }
    }
}

/* Σ|x − c|² = Σ|x|² − gain with gain = Σ over clusters of 2·c·(sum of its points) − count·|c|²: the inertia
 * falls when the gain rises, and Σ|x|² need not be known. *magnitude is the sum of the terms' magnitudes. */
static double sum_gain(const struct kmeans *p, int64_t t, double *magnitude)
{
    double gain = 0;
    *magnitude = 0;
    for (int64_t c = 0; c < p->k; c++)
        for (int64_t j = 0; j < p->d; j++) {
            double centre = p->centroids[(t * p->k + c) * p->d + j];
            double sum = (double)p->slabs[0].tally[c * p->d + j] * p->quantum[j];
            double twice = 2 * centre * sum, square = (double)p->slabs[0].members[c] * centre * centre;
            gain += twice - square;
            *magnitude += fabs(twice) + square;
        }
    return gain;
}

static int64_t count_moved(const struct kmeans *p, int64_t t)
{
    const int32_t *labels = p->labels + t * p->n;
    int64_t moved = 0;
#pragma omp parallel for num_threads(p->threads) schedule(static) reduction(+ : moved)
    for (int64_t i = 0; i < p->n; i++)
        moved += labels[i] != labels[i - p->n];
    return moved;
}

/* By how much the gain of iteration t may be below the last one. Terms and sums round: 2kd + 8 roundings of
 * the magnitude. A point that moved is nearer to its new centroid than to the old one, but as kmeans_dist64
 * rounds that, 2·(d + 2)·2^−53·|x − c|², and where it is, not where the grid puts it, half a quantum away in
 * each coordinate: Σ quantum·|new − old|. */
static double bound_fall(const struct kmeans *p, int64_t t, double magnitude)
{
    double d = (double)p->d, bound = 0x1p-53 * (double)(2 * p->k * p->d + 8) * magnitude;
    if (t == 0)
        return bound;
    const double *centroids = p->centroids + t * p->k * p->d;
    double aside = 0, squares = 0;
    for (int64_t j = 0; j < p->d; j++) {
        double least = INFINITY, most = -INFINITY, largest = p->quantum[j] * 0x1p52 / (double)p->n;
        for (int64_t c = 0; c < p->k; c++) {
            least = fmin(least, centroids[c * p->d + j]);
            most = fmax(most, centroids[c * p->d + j]);
        }
        aside += p->quantum[j] * (most - least);
        squares += (2 * largest) * (2 * largest);
    }
    return bound + (double)count_moved(p, t) * (aside + 2 * (d + 2) * 0x1p-53 * squares);
}

/* ---- the whole ---- */

/* The largest |x| of each coordinate over the points [begin, end), and what it was already. */
static void find_largest(const struct kmeans *p, int64_t begin, int64_t end, double *largest)
{
    for (int64_t i = begin; i < end; i++)
        for (int64_t j = 0; j < p->d; j++) {
            const double size = fabs((double)p->points[i * p->d + j]);
            largest[j] = size > largest[j] ? size : largest[j];
        }
}

/* 2^-52 of a power of two that exceeds the largest, and is at most twice it, times one of at least n. */
static double quantum_of(int64_t n, double largest)
{
    double power = 1;
    largest = fmax(largest, 0x1p-900); /* as grid_anchor() has it */
    for (; power > largest; power /= 2)
        ;
    for (; power <= largest; power *= 2)
        ;
    for (int64_t points = 1; points == 1 || points < n; points *= 2)
        power *= 2;
    return power * 0x1p-52;
}

/* The quanta that the definition gives, found in their own way: see grid_anchor() of lloyd.c. False where the
 * points are beyond KMEANS_LARGEST. */
static bool find_quanta(struct kmeans *p)
{
    double *const quantum = p->quantum;
    memset(quantum, 0, (size_t)p->d * sizeof *quantum);
#pragma omp parallel num_threads(p->threads)
    {
        int64_t begin, end;
        double *const largest = p->slabs[team_rank()].reference; /* free until labels are compared */
        team_share(p->n, team_rank(), team_size(), &begin, &end);
        memset(largest, 0, (size_t)p->d * sizeof *largest);
        find_largest(p, begin, end, largest);
#pragma omp critical(kmeans_quanta)
        for (int64_t j = 0; j < p->d; j++)
            quantum[j] = fmax(quantum[j], largest[j]);
    }
    for (int64_t j = 0; j < p->d; j++) {
        if (!(quantum[j] <= KMEANS_LARGEST))
            return false;
        quantum[j] = quantum_of(p->n, quantum[j]);
    }
    return true;
}

static void check_iteration(struct kmeans *p, int64_t t, bool every_point, struct kernel_check *check)
{
    int team = 1;
#pragma omp parallel num_threads(p->threads)
    {
        int64_t begin, end;
        team_share(p->n, team_rank(), team_size(), &begin, &end);
        if (team_rank() == 0)
            team = team_size();
        if (t == 0)
            clear_tally(p, &p->slabs[team_rank()]);
        tally_points(p, t, begin, end, &p->slabs[team_rank()], check);
        check_labels(p, t, every_point, begin, end, check);
    }
    if (!check->passed)
        return;
    merge_tallies(p, team);
    check_centroids(p, t, check);
}

void TYPED(kmeans_check_trail)(struct kmeans *p, bool every_point, struct kernel_check *check)
{
    double last_gain = -INFINITY;
    if (!find_quanta(p)) {
        complain(check,
            sizeof(element) == 4
                ? "a coordinate is too large for f32: run with f64, or scale the table"
                : "a coordinate exceeds 2^500, and squared distances overflow: scale the table",
            -1, NAN, KMEANS_LARGEST, 0);
        return;
    }
    if (memcmp(p->centroids, p->start, (size_t)(p->k * p->d) * sizeof(double)) != 0)
        complain(check, "the trail against its stated start", -1, NAN, NAN, 0);
    for (int64_t t = 0; t < p->iterations && check->passed; t++) {
        check_iteration(p, t, every_point || t == p->iterations - 1, check);
        double magnitude, gain = sum_gain(p, t, &magnitude);
        double tolerance = bound_fall(p, t, magnitude);
        if (!(gain >= last_gain - tolerance))
            complain(check, "the fall of the inertia", t, gain, last_gain, tolerance);
        last_gain = gain;
    }
    check->digest = digest_bytes(0, p->labels + (p->iterations - 1) * p->n, (size_t)p->n * sizeof *p->labels);
    check->digest = digest_bytes(
        check->digest, p->centroids, (size_t)((p->iterations + 1) * p->k * p->d) * sizeof *p->centroids);
}

void TYPED(kmeans_check)(void *state, struct kernel_check *check)
{
    struct kmeans *p = state;
    *check =
        (struct kernel_check){.passed = true, .what = "labels and centroids of every iteration", .index = -1};
    double differences = (double)p->n * (double)p->k * (double)p->d * (double)p->iterations;
    check_inputs(p, differences <= FEW, check);
    if (check->passed)
        TYPED(kmeans_check_trail)(p, differences <= FEW, check);
}
