/* Hypervisors often show a guest of few PUs the last-level caches of whole packages. A size that no PU can
 * have is none: what depends on it (in or out of cache, streaming stores, sizes of problems) takes it for
 * unknown. Refuses to guess the true size: what a guest gets of a shared cache is known to nobody in it. */
#include "harness/machine/topology.h"

/* For each PU that shares a cache. The most on sale is 48 MiB (96 MiB for the two cores of a die, SMT off).
 */
static const long long cache_per_pu_max = 64LL << 20;

long long topology_forget_incredible_caches(struct topology *topology)
{
    long long claimed = 0;
    for (int i = 0; i < topology->cache_count; i++) {
        struct topology_cache *cache = &topology->cache[i];
        if (cache->bytes / cache_per_pu_max < cache->pus_sharing || cache->bytes == 0)
            continue;
        claimed = cache->bytes > claimed ? cache->bytes : claimed;
        for (int last = 0; last < topology->llc_count; last++)
            if (topology->llc[last].level == cache->level && topology->llc[last].bytes == cache->bytes)
                topology->llc[last].bytes = 0;
        cache->bytes = 0;
    }
    return claimed;
}
