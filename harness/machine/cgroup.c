/* /proc/self/cgroup says in which group the process is, /proc/self/mountinfo where such groups can be seen.
 * In a container the two may speak of different roots. */
#include "harness/machine/cgroup.h"

#include "harness/base/text.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { FILE_BYTES_MAX = 4 << 20 };

/* O_NONBLOCK: nothing below /proc and /sys that we ask for can wait, and a recorded tree may hold anything.
 */
char *cgroup_read_file(const char *root, const char *path)
{
    struct text name = {0}, content = {0};
    text_add(&name, "%s%s", root, path);
    int file = open(name.data, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    text_free(&name);
    if (file < 0)
        return NULL;
    char bytes[16384];
    ssize_t count;
    while ((count = read(file, bytes, sizeof bytes)) > 0 && content.length < FILE_BYTES_MAX)
        text_add_bytes(&content, bytes, (size_t)count);
    close(file);
    if (count != 0) {
        text_free(&content);
        return NULL;
    }
    text_add(&content, "%s", "");
    if (content.length > 0 && content.data[content.length - 1] == '\n')
        content.data[content.length - 1] = '\0';
    return content.data;
}

/* Whether a comma-separated list holds the word. */
static bool list_holds(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = list; (at = strstr(at, word)) != NULL; at += length)
        if ((at == list || at[-1] == ',') && (at[length] == ',' || at[length] == '\0'))
            return true;
    return false;
}

/* The path of the process in the hierarchy, from lines "id:controllers:path"; v2 has id 0 and no controllers.
 */
static char *membership_find(const char *memberships, const char *controller, bool v2)
{
    char *copy = text_copy(memberships), *rest = NULL, *path = NULL;
    for (char *line = strtok_r(copy, "\n", &rest); line != NULL && path == NULL;
         line = strtok_r(NULL, "\n", &rest)) {
        char *controllers = strchr(line, ':');
        char *where = controllers != NULL ? strchr(controllers + 1, ':') : NULL;
        if (where == NULL || where[1] != '/')
            continue;
        *controllers++ = *where++ = '\0';
        bool matches =
            v2 ? strcmp(line, "0") == 0 && *controllers == '\0' : list_holds(controllers, controller);
        if (matches)
            path = text_copy(where);
    }
    free(copy);
    return path;
}

/* Undoes the octal escapes of mountinfo ("\040" is a blank), in place. */
static void mount_unescape(char *field)
{
    char *to = field;
    for (const char *from = field; *from != '\0'; to++) {
        if (from[0] == '\\' && strspn(from + 1, "01234567") >= 3) {
            *to = (char)((from[1] - '0') * 64 + (from[2] - '0') * 8 + (from[3] - '0'));
            from += 4;
        } else {
            *to = *from++;
        }
    }
    *to = '\0';
}

/* One line of mountinfo: "36 35 98:0 ROOT MOUNT options optional… - TYPE source SUPEROPTIONS". False if it is
 * not a mount of the hierarchy that is looked for. */
static bool mount_parse(char *line, const char *controller, bool v2, char **mount_root, char **mount)
{
    char *tail = strstr(line, " - ");
    if (tail == NULL)
        return false;
    *tail = '\0';
    char *rest = NULL, *type = strtok_r(tail + 3, " ", &rest), *super_options = NULL;
    for (char *field = strtok_r(NULL, " ", &rest); field != NULL; field = strtok_r(NULL, " ", &rest))
        super_options = field;
    if (type == NULL || super_options == NULL || strcmp(type, v2 ? "cgroup2" : "cgroup") != 0 ||
        (!v2 && !list_holds(super_options, controller)))
        return false;
    char *fields[5] = {NULL};
    rest = NULL;
    for (int i = 0; i < 5; i++)
        if ((fields[i] = strtok_r(i == 0 ? line : NULL, " ", &rest)) == NULL)
            return false;
    mount_unescape(fields[3]);
    mount_unescape(fields[4]);
    *mount_root = fields[3];
    *mount = fields[4];
    return true;
}

/* The path of the process as seen below a mount of `mount_root`. A process that is not below it (another
 * namespace) is somewhere under the top of what can be seen. */
static const char *path_below(const char *path, const char *mount_root)
{
    size_t length = strcmp(mount_root, "/") == 0 ? 0 : strlen(mount_root);
    bool below = strncmp(path, mount_root, length) == 0 && (path[length] == '/' || path[length] == '\0');
    if (!below || strncmp(path, "/..", 3) == 0 || strcmp(path + length, "/") == 0)
        return "";
    return path + length;
}

static bool group_exists(const char *root, const struct cgroup *group)
{
    struct text name = {0};
    text_add(&name, "%s%s%s", root, group->mount, group->path);
    bool exists = access(name.data, F_OK) == 0;
    text_free(&name);
    return exists;
}

/* Of several mounts of the hierarchy, the first that shows the group, else the first. */
static bool group_find(const char *root, const char *mounts, const char *controller, const char *path,
    bool v2, struct cgroup *group)
{
    bool found = false, shown = false;
    char *copy = text_copy(mounts), *rest = NULL;
    for (char *line = strtok_r(copy, "\n", &rest); line != NULL && !shown;
         line = strtok_r(NULL, "\n", &rest)) {
        char *mount_root, *mount;
        if (!mount_parse(line, controller, v2, &mount_root, &mount))
            continue;
        struct cgroup next = {
            .v2 = v2, .mount = text_copy(mount), .path = text_copy(path_below(path, mount_root))};
        shown = group_exists(root, &next);
        if (found && shown)
            cgroup_free(group);
        if (!found || shown)
            *group = next;
        else
            cgroup_free(&next);
        found = true;
    }
    free(copy);
    return found;
}

int cgroup_find(const char *root, const char *controller, struct cgroup groups[CGROUPS_MAX])
{
    int count = 0;
    char *memberships = cgroup_read_file(root, "/proc/self/cgroup");
    char *mounts = cgroup_read_file(root, "/proc/self/mountinfo");
    for (int v2 = 0; memberships != NULL && mounts != NULL && v2 < 2; v2++) {
        char *path = membership_find(memberships, controller, v2 == 1);
        if (path != NULL && group_find(root, mounts, controller, path, v2 == 1, &groups[count]))
            count++;
        free(path);
    }
    free(memberships);
    free(mounts);
    return count;
}

void cgroup_free(struct cgroup *group)
{
    free(group->mount);
    free(group->path);
    *group = (struct cgroup){0};
}
