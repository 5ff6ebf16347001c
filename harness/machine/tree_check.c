/* Whether a tree that hwloc loaded can be a machine. hwloc's importer believes what the file says of cpusets;
 * the tables may only be built from a tree whose cpusets agree with its objects. */
#include "harness/base/text.h"
#include "harness/machine/tree.h"

#include <stdlib.h>

/* hwloc merges levels, so that real trees stay under 20 of them. */
enum { DEPTH_MAX = 256 };

static const char *pus_find_fault(hwloc_topology_t hwloc, hwloc_const_cpuset_t all)
{
    int weight = hwloc_bitmap_weight(all);
    int pus = hwloc_get_nbobjs_by_type(hwloc, HWLOC_OBJ_PU);
    if (weight < 1 || pus < 1)
        return "it has no processing unit";
    if (hwloc_bitmap_last(all) >= TOPOLOGY_PU_LIMIT)
        return "it numbers a processing unit above 65535";
    if (pus != weight)
        return "its processing units are not those of its cpuset";
    unsigned char *seen = memory_new(TOPOLOGY_PU_LIMIT, 1);
    const char *fault = NULL;
    for (int i = 0; i < pus && fault == NULL; i++) {
        hwloc_obj_t pu = hwloc_get_obj_by_type(hwloc, HWLOC_OBJ_PU, (unsigned)i);
        if (pu->os_index >= TOPOLOGY_PU_LIMIT || !hwloc_bitmap_isset(all, pu->os_index))
            fault = "it numbers a processing unit outside its cpuset";
        else if (seen[pu->os_index]++)
            fault = "it names a processing unit twice";
        else if (hwloc_bitmap_weight(pu->cpuset) != 1 || !hwloc_bitmap_isset(pu->cpuset, pu->os_index))
            fault = "the cpuset of a processing unit is not that unit";
    }
    free(seen);
    return fault;
}

/* The cpuset of an object must be the disjoint union of its children's. */
static const char *object_find_fault(hwloc_obj_t object, int depth)
{
    if (object->cpuset == NULL || object->complete_cpuset == NULL)
        return "an object has no cpuset";
    if (depth > DEPTH_MAX)
        return "its objects are nested too deeply";
    if (object->type == HWLOC_OBJ_PU)
        return object->arity > 0 ? "a processing unit has parts" : NULL;
    hwloc_bitmap_t left = hwloc_bitmap_dup(object->cpuset);
    if (left == NULL)
        return "there is not enough memory for it";
    const char *fault = NULL;
    for (unsigned i = 0; i < object->arity && fault == NULL; i++) {
        hwloc_obj_t child = object->children[i];
        fault = object_find_fault(child, depth + 1);
        if (fault == NULL && !hwloc_bitmap_isincluded(child->cpuset, left))
            fault = "the cpusets of its objects overlap or do not nest";
        if (fault == NULL)
            hwloc_bitmap_andnot(left, left, child->cpuset);
    }
    if (fault == NULL && !hwloc_bitmap_iszero(left))
        fault = "an object has processing units that none of its parts has";
    hwloc_bitmap_free(left);
    return fault;
}

const char *tree_find_fault(hwloc_topology_t hwloc)
{
    hwloc_obj_t root = hwloc_get_root_obj(hwloc);
    if (root == NULL || root->type != HWLOC_OBJ_MACHINE || root->cpuset == NULL)
        return "its root is not a Machine";
    const char *fault = pus_find_fault(hwloc, root->cpuset);
    return fault != NULL ? fault : object_find_fault(root, 0);
}
