/* The rung that reads each point once and decides at once: points in vector lanes, centroids broadcast, the
 * best and the second best in registers, the sums from what changed; no n×k buffer. Labels that the element's
 * precision leaves open are settled by the truth (tile.h). Not a different result: the same labels as the
 * first rung, always. */
#include "kernels/kmeans/pass.h"

static void assign(struct kmeans *p, int64_t t, int rank, int64_t begin, int64_t end)
{
    (void)begin, (void)end; /* points go by chunks here */
    struct kmeans_pass pass;
    TYPED(kmeans_begin_pass)(&pass, p, t, rank);
    struct kmeans_chunk chunk = {0};
    struct kmeans_verdict verdict;
    while (TYPED(kmeans_next_chunk)(p, t, rank, &chunk))
        for (int64_t index = chunk.begin; index < chunk.end; index++)
            TYPED(kmeans_label_tile)(&pass, index, &verdict);
    TYPED(kmeans_end_pass)(&pass);
}

void TYPED(kmeans_run_fused)(void *state, struct kernel_lane *lanes)
{
    TYPED(kmeans_release_chunks)(state);
    TYPED(kmeans_run_lloyd)(state, lanes, assign, TYPED(kmeans_merge_changes));
}
