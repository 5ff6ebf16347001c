/* The three orders in which threads take PUs. Each is one fixed permutation of the usable PUs, and a team of
 * N takes its first N entries: so a larger team contains the smaller one, which hwloc_distrib() does not
 * give. */
#include "harness/base/text.h"
#include "harness/machine/tree.h"

#include <stdlib.h>
#include <string.h>

/* PUs as ranks in the topology's table. */
struct ranks {
    int *rank;
    int count;
};

/* Of n lists, the first entries in turn, then the second ones, …; empties the lists. */
static struct ranks ranks_merge(struct ranks *list, int lists)
{
    struct ranks merged = {0};
    int total = 0, alive = 0;
    for (int i = 0; i < lists; i++) {
        total += list[i].count;
        if (list[i].count > 0)
            list[alive++] = list[i];
        else
            free(list[i].rank);
    }
    if (alive == 1)
        return list[0];
    merged.rank = memory_new((size_t)total, sizeof *merged.rank);
    for (int round = 0; alive > 0; round++) {
        int still = 0;
        for (int i = 0; i < alive; i++) {
            merged.rank[merged.count++] = list[i].rank[round];
            if (round + 1 < list[i].count)
                list[still++] = list[i];
            else
                free(list[i].rank);
        }
        alive = still;
    }
    return merged;
}

/* The PUs below `object` with this SMT rank and class, spread over its children. */
static struct ranks object_spread(
    const struct tree *tree, const struct topology *topology, hwloc_obj_t object, int smt, int class)
{
    struct ranks found = {0};
    if (object->type == HWLOC_OBJ_PU) {
        int rank = tree->pu_rank[object->logical_index];
        if (rank < 0 || topology->pu[rank].smt != smt || topology->pu[rank].class != class)
            return found;
        found.rank = memory_new(1, sizeof *found.rank);
        found.rank[found.count++] = rank;
        return found;
    }
    struct ranks *list = memory_new(object->arity, sizeof *list);
    for (unsigned i = 0; i < object->arity; i++)
        list[i] = object_spread(tree, topology, object->children[i], smt, class);
    found = ranks_merge(list, (int)object->arity);
    free(list);
    return found;
}

/* Takes one PU of each domain in turn, the domains in order of their first PU in the list. */
static struct ranks ranks_alternate_domains(const struct topology *topology, struct ranks ranks)
{
    int domains = topology->domain_count, appeared = 0;
    struct ranks *list = memory_new((size_t)domains, sizeof *list);
    int *place = memory_new((size_t)domains, sizeof *place); /* of a domain in `list`, plus one */
    for (int i = 0; i < ranks.count; i++) {
        int domain = topology->pu[ranks.rank[i]].domain;
        if (place[domain] == 0) {
            place[domain] = ++appeared;
            list[appeared - 1].rank = memory_new((size_t)ranks.count, sizeof(int));
        }
        struct ranks *own = &list[place[domain] - 1];
        own->rank[own->count++] = ranks.rank[i];
    }
    free(ranks.rank);
    struct ranks merged = ranks_merge(list, appeared);
    free(place);
    free(list);
    return merged;
}

static int *make_spread(const struct tree *tree, const struct topology *topology)
{
    int *order = memory_new((size_t)topology->usable_pus, sizeof *order);
    int count = 0;
    for (int smt = 0; smt < topology->max_smt; smt++)
        for (int class = 0; class < topology->class_count; class ++) {
            struct ranks ranks = object_spread(tree, topology, hwloc_get_root_obj(tree->hwloc), smt, class);
            ranks = ranks_alternate_domains(topology, ranks);
            for (int i = 0; i < ranks.count; i++)
                order[count++] = topology->pu[ranks.rank[i]].os_index;
            free(ranks.rank);
        }
    return order;
}

static int compare_compact(const void *left, const void *right)
{
    const struct topology_pu *a = left, *b = right;
    if (a->smt != b->smt)
        return a->smt < b->smt ? -1 : 1;
    if (a->class != b->class)
        return a->class < b->class ? -1 : 1;
    return (a->core > b->core) - (a->core < b->core);
}

static int compare_packed(const void *left, const void *right)
{
    const struct topology_pu *a = left, *b = right;
    if (a->class != b->class)
        return a->class < b->class ? -1 : 1;
    if (a->core != b->core)
        return a->core < b->core ? -1 : 1;
    return (a->smt > b->smt) - (a->smt < b->smt);
}

static int *make_sorted(const struct topology *topology, int (*compare)(const void *, const void *))
{
    size_t count = (size_t)topology->usable_pus;
    struct topology_pu *pu = memory_new(count, sizeof *pu);
    memcpy(pu, topology->pu, count * sizeof *pu);
    qsort(pu, count, sizeof *pu, compare);
    int *order = memory_new(count, sizeof *order);
    for (size_t i = 0; i < count; i++)
        order[i] = pu[i].os_index;
    free(pu);
    return order;
}

void tree_set_orders(const struct tree *tree, struct topology *topology)
{
    topology->spread = make_spread(tree, topology);
    topology->compact = make_sorted(topology, compare_compact);
    topology->packed = make_sorted(topology, compare_packed);
}
