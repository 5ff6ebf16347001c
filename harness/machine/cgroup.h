/* Where the control groups of this process are in the file system, for v1, v2 and both together. */
#ifndef ACELERA_CGROUP_H
#define ACELERA_CGROUP_H

#include <stdbool.h>
#include <stddef.h>

/* The folder of a group: `mount` + `path`; the visible ancestors are the prefixes of `path`, down to "". */
struct cgroup {
    bool v2;
    char *mount; /* "/sys/fs/cgroup/memory" */
    char *path;  /* "/a/b", or "" at the top of what is visible */
};

enum { CGROUPS_MAX = 2 }; /* a controller may be asked for in v1 and in v2 */

/* The groups that may limit `controller` ("cpu", "memory"); returns how many. `root` is "" or a recorded
 * tree, and not part of the answers. What cannot be read is absent. */
int cgroup_find(const char *root, const char *controller, struct cgroup groups[CGROUPS_MAX]);
void cgroup_free(struct cgroup *group);

/* The whole of a small file below `root`, without its last newline, or NULL. The caller frees. */
char *cgroup_read_file(const char *root, const char *path);

#endif
