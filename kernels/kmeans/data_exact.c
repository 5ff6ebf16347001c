/* The points: overlapping blobs, each coordinate a function of (seed, index) alone. Compiled without
 * contraction, so that every build makes the same bits. Not a good normal distribution: a cheap one, because
 * the check makes all points again. */
#include "kernels/kmeans/kmeans.h"
#include "kernels/random.h"

#include <math.h>

/* Every 32nd point repeats the one before it, as real tables do: that makes exact ties and, when many points
 * are also centroids, empty clusters. */
enum { REPEAT_EVERY = 32 };

/* Streams of the seed. */
enum { STREAM_BLOBS = 1, STREAM_MEMBERS, STREAM_NOISE };

/* Middles uniform in a cube of half-width 4/√d: at any d, the middles of two blobs are about 3.3 deviations
 * of the noise apart, so many points lie where labels are not obvious. */
void TYPED(kmeans_make_blobs)(const struct kmeans *p, double *blobs)
{
    uint64_t stream = random_stream(p->seed, STREAM_BLOBS);
    double half_width = 4.0 / sqrt((double)p->d);
    for (int64_t i = 0; i < p->k * p->d; i++)
        blobs[i] = half_width * (2.0 * random_unit(stream, (uint64_t)i) - 1.0);
}

/* Noise: the sum of four 16-bit uniform numbers, scaled to variance 1 (Irwin-Hall: 4/12 before scaling). */
static inline double noise(uint64_t bits)
{
    uint64_t sum = (bits & 0xffff) + (bits >> 16 & 0xffff) + (bits >> 32 & 0xffff) + (bits >> 48);
    return (double)((int64_t)sum - 2 * 0xffff) * (1.7320508075688772 / 65536.0);
}

void TYPED(kmeans_make_point)(const struct kmeans *p, const double *blobs, int64_t i, element *restrict x)
{
    int64_t source = i % REPEAT_EVERY == REPEAT_EVERY - 1 ? i - 1 : i;
    uint64_t pick = random_bits(random_stream(p->seed, STREAM_MEMBERS), (uint64_t)source) >> 32;
    const double *blob = blobs + (int64_t)(pick * (uint64_t)p->k >> 32) * p->d;
    uint64_t stream = random_stream(p->seed, STREAM_NOISE), first = (uint64_t)(source * p->d);
    for (int64_t j = 0; j < p->d; j++)
        x[j] = (element)(blob[j] + noise(random_bits(stream, first + (uint64_t)j)));
}
