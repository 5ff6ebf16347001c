#include "lessons/place_pairs.h"

const char place_pair_cores[] = "two_cores", place_pair_siblings[] = "two_siblings";

static void add(struct place_pairs *pairs, const char *name, const char *label, int first, int second)
{
    for (int i = 0; i < pairs->count; i++)
        if (pairs->pair[i].pu[1] == second)
            return;
    pairs->pair[pairs->count++] = (struct place_pair){name, label, {first, second}};
}

static struct place_pairs find_virtual(const struct topology *topology)
{
    const struct topology_pu *pu = topology->pu;
    struct place_pairs pairs = {.count = 0};
    int last = topology->usable_pus - 1, first = pu[0].os_index;
    if (last < 1)
        return pairs;
    add(&pairs, "pair_neighbours", N_("neighbours in the list"), first, pu[1].os_index);
    add(&pairs, "pair_half_way", N_("half the list apart"), first, pu[(last + 1) / 2].os_index);
    add(&pairs, "pair_ends", N_("first and last"), first, pu[last].os_index);
    return pairs;
}

struct place_pairs place_pairs_find(const struct classroom *room)
{
    const struct topology *topology = &room->machine->topology;
    struct place_pairs pairs = {.count = 0};
    if (room->virtual_cpus)
        return find_virtual(topology);
    /* Beside the first CPU of the spread order, so that one thread alone is the same one in all comparisons.
     */
    const struct topology_pu *first = NULL;
    for (int i = 0; i < topology->usable_pus; i++)
        if (topology->pu[i].os_index == topology->spread[0])
            first = &topology->pu[i];
    for (int i = 0; first != NULL && i < topology->usable_pus; i++) {
        const struct topology_pu *other = &topology->pu[i];
        if (other == first || other->class != first->class || other->package != first->package)
            continue;
        if (other->core == first->core && !pairs.siblings) {
            add(&pairs, place_pair_siblings, N_("hardware threads of one core"), first->os_index,
                other->os_index);
            pairs.siblings = true;
        } else if (other->core != first->core && !pairs.cores) {
            add(&pairs, place_pair_cores, N_("two cores"), first->os_index, other->os_index);
            pairs.cores = true;
        }
    }
    return pairs;
}
