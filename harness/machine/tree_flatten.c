/* The walk over the processing units that gives cores, SMT ranks, packages and counts, and the order of the
 * other steps. */
#include "harness/base/text.h"
#include "harness/machine/tree.h"

#include <stdlib.h>
#include <string.h>

/* By levels: hwloc_get_nbobjs_by_type() answers −1 for a type that stands at several depths. */
static int tree_count_objects(hwloc_topology_t hwloc, hwloc_obj_type_t type)
{
    int count = 0;
    for (int depth = 0; depth < hwloc_topology_get_depth(hwloc); depth++)
        if (hwloc_get_depth_type(hwloc, depth) == type)
            count += (int)hwloc_get_nbobjs_by_depth(hwloc, depth);
    return count;
}

static void tree_set_counts(hwloc_topology_t hwloc, struct topology *topology)
{
    topology->packages = tree_count_objects(hwloc, HWLOC_OBJ_PACKAGE);
    topology->cores = tree_count_objects(hwloc, HWLOC_OBJ_CORE);
    topology->pus = tree_count_objects(hwloc, HWLOC_OBJ_PU);
    topology->numa_nodes = (int)hwloc_get_nbobjs_by_depth(hwloc, HWLOC_TYPE_DEPTH_NUMANODE);
}

static void tree_set_names(hwloc_topology_t hwloc, struct topology *topology)
{
    hwloc_obj_t root = hwloc_get_root_obj(hwloc);
    const char *host = hwloc_obj_get_info_by_name(root, "HostName");
    const char *model = hwloc_obj_get_info_by_name(root, "CPUModel");
    hwloc_obj_t package = hwloc_get_obj_by_type(hwloc, HWLOC_OBJ_PACKAGE, 0);
    if (model == NULL && package != NULL)
        model = hwloc_obj_get_info_by_name(package, "CPUModel");
    topology->host = text_copy(host != NULL ? host : "");
    topology->cpu_model = text_copy(model != NULL ? model : "");
}

/* Packages are counted over all levels, so their rank is not always hwloc's logical index. */
static int package_rank(hwloc_topology_t hwloc, hwloc_obj_t pu, int packages)
{
    hwloc_obj_t package = hwloc_get_ancestor_obj_by_type(hwloc, HWLOC_OBJ_PACKAGE, pu);
    if (package == NULL)
        return packages;
    int rank = (int)package->logical_index;
    for (int depth = 0; depth < package->depth; depth++)
        if (hwloc_get_depth_type(hwloc, depth) == HWLOC_OBJ_PACKAGE)
            rank += (int)hwloc_get_nbobjs_by_depth(hwloc, depth);
    return rank;
}

/* Logical order visits the PUs core by core, so a new core object is a new core. */
static void tree_set_pus(struct tree *tree, struct topology *topology)
{
    int rank = 0;
    hwloc_obj_t last_core = NULL;
    for (int i = 0; i < topology->pus; i++) {
        hwloc_obj_t object = hwloc_get_obj_by_type(tree->hwloc, HWLOC_OBJ_PU, (unsigned)i);
        tree->pu_rank[i] = -1;
        if (!hwloc_bitmap_isset(tree->usable, object->os_index))
            continue;
        hwloc_obj_t core = hwloc_get_ancestor_obj_by_type(tree->hwloc, HWLOC_OBJ_CORE, object);
        if (core == NULL)
            core = object;
        struct topology_pu *pu = &topology->pu[rank];
        pu->smt = core == last_core ? topology->pu[rank - 1].smt + 1 : 0;
        if (core != last_core)
            tree->core[topology->usable_cores++] = core;
        last_core = core;
        pu->os_index = (int)object->os_index;
        pu->core = topology->usable_cores - 1;
        pu->package = package_rank(tree->hwloc, object, topology->packages);
        if (pu->smt + 1 > topology->max_smt)
            topology->max_smt = pu->smt + 1;
        tree->pu_rank[i] = rank++;
    }
}

enum status tree_flatten(
    hwloc_topology_t hwloc, hwloc_const_bitmap_t affinity, struct topology *topology, struct error *error)
{
    enum status status = STATUS_OK;
    struct topology made = {0};
    struct tree tree = {
        .hwloc = hwloc, .usable = hwloc_bitmap_dup(hwloc_topology_get_topology_cpuset(hwloc))};
    tree_set_counts(hwloc, &made);
    tree_set_names(hwloc, &made);
    tree.pu_rank = memory_new((size_t)made.pus, sizeof *tree.pu_rank);
    tree.core = memory_new((size_t)made.pus, sizeof *tree.core);
    if (tree.usable == NULL) {
        status = error_set(error, STATUS_FAILED, "out of memory");
        goto cleanup;
    }
    hwloc_bitmap_and(tree.usable, tree.usable, hwloc_topology_get_allowed_cpuset(hwloc));
    made.allowed_pus = hwloc_bitmap_weight(tree.usable);
    if (affinity != NULL)
        hwloc_bitmap_and(tree.usable, tree.usable, affinity);
    made.usable_pus = hwloc_bitmap_weight(tree.usable);
    if (made.usable_pus < 1) {
        status = error_set(error, STATUS_FAILED, "none of its processing units may be used");
        goto cleanup;
    }
    made.pu = memory_new((size_t)made.usable_pus, sizeof *made.pu);
    tree_set_pus(&tree, &made);
    tree_set_classes(&tree, &made);
    tree_set_domains(&tree, &made);
    tree_set_caches(&tree, &made);
    tree_set_orders(&tree, &made);
    *topology = made;
    made = (struct topology){0};
cleanup:
    topology_free(&made);
    free(tree.core);
    free(tree.pu_rank);
    hwloc_bitmap_free(tree.usable);
    return status;
}
