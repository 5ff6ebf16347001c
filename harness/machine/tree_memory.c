/* Memory domains and caches: which core is near which memory, and which PUs share what. */
#include "harness/base/text.h"
#include "harness/machine/tree.h"

#include <stdlib.h>

/* The smallest NUMA cpuset that holds the core, or NULL. */
static hwloc_const_cpuset_t core_find_domain(const struct tree *tree, hwloc_obj_t core)
{
    hwloc_const_cpuset_t smallest = NULL;
    int smallest_weight = 0;
    hwloc_obj_t node = NULL;
    while ((node = hwloc_get_next_obj_by_type(tree->hwloc, HWLOC_OBJ_NUMANODE, node)) != NULL) {
        if (node->cpuset == NULL || !hwloc_bitmap_isincluded(core->cpuset, node->cpuset))
            continue;
        int weight = hwloc_bitmap_weight(node->cpuset);
        if (smallest == NULL || weight < smallest_weight) {
            smallest = node->cpuset;
            smallest_weight = weight;
        }
    }
    return smallest;
}

static bool same_domain(hwloc_const_cpuset_t a, hwloc_const_cpuset_t b)
{
    return a == b || (a != NULL && b != NULL && hwloc_bitmap_isequal(a, b));
}

void tree_set_domains(const struct tree *tree, struct topology *topology)
{
    size_t cores = (size_t)topology->usable_cores;
    hwloc_const_cpuset_t *domain = memory_new(cores, sizeof *domain);
    int *core_domain = memory_new(cores, sizeof *core_domain);
    topology->domain_cores = memory_new(cores, sizeof *topology->domain_cores);
    for (int core = 0; core < topology->usable_cores; core++) {
        hwloc_const_cpuset_t near = core_find_domain(tree, tree->core[core]);
        int rank = 0;
        while (rank < topology->domain_count && !same_domain(domain[rank], near))
            rank++;
        if (rank == topology->domain_count)
            domain[topology->domain_count++] = near;
        core_domain[core] = rank;
        topology->domain_cores[rank]++;
    }
    for (int i = 0; i < topology->usable_pus; i++)
        topology->pu[i].domain = core_domain[topology->pu[i].core];
    free(core_domain);
    free(domain);
}

/* Sizes are unsigned in hwloc, and a file may claim any. */
static long long cache_bytes(hwloc_obj_t cache)
{
    unsigned long long bytes = cache->attr->cache.size;
    return bytes <= 1ULL << 50 ? (long long)bytes : 0;
}

/* Adds a cache to the table: equal caches of a level are one entry, sorted by level, then larger first. */
static void cache_count(struct topology *topology, int level, long long bytes, int pus)
{
    int at = 0;
    while (at < topology->cache_count &&
           (topology->cache[at].level < level ||
               (topology->cache[at].level == level && topology->cache[at].bytes > bytes)))
        at++;
    struct topology_cache *cache = topology->cache;
    if (at == topology->cache_count || cache[at].level != level || cache[at].bytes != bytes) {
        cache = memory_grow(cache, (size_t)topology->cache_count + 1, sizeof *cache);
        topology->cache = cache;
        for (int i = topology->cache_count++; i > at; i--)
            cache[i] = cache[i - 1];
        cache[at] = (struct topology_cache){.level = level, .bytes = bytes};
    }
    cache[at].count++;
    if (pus > cache[at].pus_sharing)
        cache[at].pus_sharing = pus;
}

/* The cache farthest from a PU is its last level. Logical order visits all PUs of a cache in a row. */
static void tree_set_last_level(const struct tree *tree, struct topology *topology)
{
    topology->llc = memory_new((size_t)topology->usable_pus, sizeof *topology->llc);
    hwloc_obj_t previous = NULL;
    for (int i = 0; i < topology->pus; i++) {
        if (tree->pu_rank[i] < 0)
            continue;
        hwloc_obj_t last = NULL;
        for (hwloc_obj_t up = hwloc_get_obj_by_type(tree->hwloc, HWLOC_OBJ_PU, (unsigned)i); up != NULL;
             up = up->parent)
            if (hwloc_obj_type_is_dcache(up->type))
                last = up;
        if (last != NULL && last != previous)
            topology->llc[topology->llc_count++] =
                (struct topology_llc){.level = (int)last->attr->cache.depth, .bytes = cache_bytes(last)};
        if (last != NULL)
            previous = last;
        topology->pu[tree->pu_rank[i]].llc = last != NULL ? topology->llc_count - 1 : -1;
    }
}

void tree_set_caches(const struct tree *tree, struct topology *topology)
{
    for (int depth = 0; depth < hwloc_topology_get_depth(tree->hwloc); depth++) {
        if (!hwloc_obj_type_is_dcache(hwloc_get_depth_type(tree->hwloc, depth)))
            continue;
        hwloc_obj_t cache = NULL;
        while ((cache = hwloc_get_next_obj_by_depth(tree->hwloc, depth, cache)) != NULL)
            cache_count(topology, (int)cache->attr->cache.depth, cache_bytes(cache),
                hwloc_bitmap_weight(cache->cpuset));
    }
    tree_set_last_level(tree, topology);
}
