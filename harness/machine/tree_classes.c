/* CPU kinds and the classes of cores made of them. hwloc's kinds tell apart whatever differs, boost bins of
 * equal cores included; a class only what makes a core truly slower. */
#include "harness/base/text.h"
#include "harness/machine/tree.h"

#include <stdlib.h>
#include <string.h>

/* Slower by more than this is another class. */
static const double SAME_CLASS_RATIO = 0.9;

/* What one kind says of itself. */
struct kind {
    hwloc_bitmap_t pus;
    int efficiency;
    const char *core_type; /* NULL unknown */
    double measure[3];     /* LinuxCapacity, FrequencyMaxMHz, FrequencyBaseMHz; 0 unknown */
    int class;
};

static void kind_read(hwloc_topology_t hwloc, unsigned index, struct kind *kind)
{
    static const char *const measures[] = {"LinuxCapacity", "FrequencyMaxMHz", "FrequencyBaseMHz"};
    unsigned count = 0;
    struct hwloc_info_s *info = NULL;
    kind->efficiency = -1;
    kind->pus = hwloc_bitmap_alloc();
    if (hwloc_cpukinds_get_info(hwloc, index, kind->pus, &kind->efficiency, &count, &info, 0) != 0)
        return;
    hwloc_bitmap_and(kind->pus, kind->pus, hwloc_topology_get_topology_cpuset(hwloc));
    for (unsigned i = 0; i < count; i++) {
        if (strcmp(info[i].name, "CoreType") == 0)
            kind->core_type = info[i].value;
        for (int m = 0; m < 3; m++) {
            double value;
            if (strcmp(info[i].name, measures[m]) == 0 && text_to_double(info[i].value, &value) && value > 0)
                kind->measure[m] = value;
        }
    }
}

static bool kinds_differ(const struct kind *a, const struct kind *b)
{
    if (a->core_type != NULL && b->core_type != NULL)
        return strcmp(a->core_type, b->core_type) != 0;
    for (int m = 0; m < 3; m++) {
        double x = a->measure[m], y = b->measure[m];
        if (x > 0 && y > 0)
            return (x < y ? x / y : y / x) < SAME_CLASS_RATIO;
    }
    return true;
}

/* Gives every kind its class; false where kinds cannot tell: the machine then has one class. hwloc lists the
 * kinds by ascending efficiency when it knows it. */
static bool kinds_rank(const struct tree *tree, struct kind *kind, int count)
{
    if (count < 2)
        return false;
    bool known = true;
    hwloc_bitmap_t covered = hwloc_bitmap_alloc();
    for (int k = 0; k < count; k++) {
        known &= kind[k].efficiency >= 0;
        hwloc_bitmap_or(covered, covered, kind[k].pus);
    }
    known &= hwloc_bitmap_isincluded(tree->usable, covered) != 0;
    hwloc_bitmap_free(covered);
    for (int k = count - 2; k >= 0; k--)
        kind[k].class = kind[k + 1].class + kinds_differ(&kind[k], &kind[k + 1]);
    return known;
}

/* The class of each core is that of its fastest PU. */
static void cores_set_class(const struct kind *kind, int count, struct topology *topology, int *core_class)
{
    for (int core = 0; core < topology->usable_cores; core++)
        core_class[core] = count;
    for (int i = 0; i < topology->usable_pus; i++) {
        const struct topology_pu *pu = &topology->pu[i];
        for (int k = 0; k < count; k++)
            if (hwloc_bitmap_isset(kind[k].pus, (unsigned)pu->os_index) &&
                kind[k].class < core_class[pu->core])
                core_class[pu->core] = kind[k].class;
    }
}

/* Renumbers the classes without gaps, and counts the cores of each. */
static void classes_count(struct topology *topology, int *core_class, int classes)
{
    int *rank = memory_new((size_t)classes, sizeof *rank);
    topology->class_cores = memory_new((size_t)classes, sizeof *topology->class_cores);
    for (int core = 0; core < topology->usable_cores; core++)
        rank[core_class[core]]++;
    for (int class = 0; class < classes; class ++) {
        if (rank[class] == 0)
            continue;
        topology->class_cores[topology->class_count] = rank[class];
        rank[class] = topology->class_count++;
    }
    for (int i = 0; i < topology->usable_pus; i++)
        topology->pu[i].class = rank[core_class[topology->pu[i].core]];
    free(rank);
}

void tree_set_classes(const struct tree *tree, struct topology *topology)
{
    int found = hwloc_cpukinds_get_nr(tree->hwloc, 0);
    int count = found > 0 ? found : 0;
    struct kind *kind = memory_new((size_t)count, sizeof *kind);
    int *core_class = memory_new((size_t)topology->usable_cores, sizeof *core_class);
    topology->kind = memory_new((size_t)count, sizeof *topology->kind);
    topology->kind_count = count;
    for (int k = 0; k < count; k++) {
        kind_read(tree->hwloc, (unsigned)k, &kind[k]);
        topology->kind[k].pus = hwloc_bitmap_weight(kind[k].pus);
        topology->kind[k].efficiency = kind[k].efficiency;
    }
    if (kinds_rank(tree, kind, count))
        cores_set_class(kind, count, topology, core_class);
    classes_count(topology, core_class, count + 1);
    for (int k = 0; k < count; k++)
        hwloc_bitmap_free(kind[k].pus);
    free(core_class);
    free(kind);
}
