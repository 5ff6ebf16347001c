/* Loading a topology: hwloc works in a limited child process, for this machine too (its discovery may bind
 * the calling thread, and reads environment variables that have no say here). */
#include "harness/machine/topology.h"

#include "harness/machine/affinity.h"
#include "harness/machine/sandbox.h"
#include "harness/machine/topology_source.h"
#include "harness/machine/topology_wire.h"
#include "harness/machine/tree.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The first byte of a reply. */
enum { REPLY_TABLES = 'T', REPLY_ERROR = 'E' };

static void reply_error(int out, const struct error *error)
{
    struct text reply = {0};
    text_add(&reply, "%c%s", REPLY_ERROR, error->text);
    sandbox_write(out, reply.data, reply.length);
    text_free(&reply);
}

static void reply_tables(int out, const struct topology *topology)
{
    struct text reply = {0};
    text_add(&reply, "%c", REPLY_TABLES);
    topology_wire_write(topology, &reply);
    sandbox_write(out, reply.data, reply.length);
    text_free(&reply);
}

/* hwloc's variables could swap the machine for another, or load any library. Device plugins are kept away:
 * they start graphics drivers, and devices are nothing to us. */
static void environment_clear(void)
{
    for (char **entry = environ; entry != NULL && *entry != NULL;) {
        const char *equals = strchr(*entry, '=');
        if (strncmp(*entry, "HWLOC_", 6) != 0 || equals == NULL) {
            entry++;
            continue;
        }
        char *name = memory_new((size_t)(equals - *entry) + 1, 1);
        memcpy(name, *entry, (size_t)(equals - *entry));
        unsetenv(name); /* moves the following entries up */
        free(name);
    }
    setenv("HWLOC_COMPONENTS", "-gl,-opencl,-pci", 1);
    setenv("HWLOC_PLUGINS_BLACKLIST",
        "hwloc_gl.so,hwloc_opencl.so,hwloc_pci.so,hwloc_cuda.so,hwloc_nvml.so,hwloc_rsmi.so,hwloc_levelzero."
        "so",
        1);
}

/* ---- in the child ---- */

static enum status foreign_set(
    hwloc_topology_t hwloc, const char *source, const char *name, struct text *xml, struct error *error)
{
    enum status status = topology_source_read(source, xml, error);
    if (status != STATUS_OK)
        return status;
    if (xml->length == 0 && hwloc_topology_set_synthetic(hwloc, source) != 0)
        return error_set(error, STATUS_FAILED,
            "topology %s: neither a file nor a synthetic string that hwloc understands: give an XML export "
            "or "
            "something like \"package:2 core:4 pu:2\"",
            name);
    if (xml->length > 0 && hwloc_topology_set_xmlbuffer(hwloc, xml->data, (int)xml->length + 1) != 0)
        return error_set(error, STATUS_FAILED,
            "topology %s: not an hwloc XML export (hwloc could not read "
            "it): export one with \"lstopo --of xml FILE\"",
            name);
    return STATUS_OK;
}

static enum status foreign_load(const char *source, struct topology *topology, struct error *error)
{
    char name[200];
    struct text xml = {0};
    hwloc_topology_t hwloc = NULL;
    topology_source_name(source, name, sizeof name);
    enum status status = STATUS_OK;
    if (hwloc_topology_init(&hwloc) != 0) {
        status =
            error_set(error, STATUS_FAILED, "topology %s: hwloc cannot start: %s", name, strerror(errno));
        goto cleanup;
    }
    status = foreign_set(hwloc, source, name, &xml, error);
    if (status != STATUS_OK)
        goto cleanup;
    if (hwloc_topology_set_flags(hwloc, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED) != 0 ||
        hwloc_topology_load(hwloc) != 0) {
        status = error_set(error, STATUS_FAILED,
            "topology %s: hwloc cannot load it (damaged, or in a format "
            "that this hwloc does not know): export one with \"lstopo --of xml FILE\"",
            name);
        goto cleanup;
    }
    const char *fault = tree_find_fault(hwloc);
    if (fault != NULL) {
        status =
            error_set(error, STATUS_FAILED, "topology %s: no machine can be like this (%s): %s", name, fault,
                xml.length > 0 ? "export one with \"lstopo --of xml FILE\""
                               : "correct the indexes of the string");
        goto cleanup;
    }
    struct error cause;
    status = tree_flatten(hwloc, NULL, topology, &cause);
    if (status != STATUS_OK)
        error_set(error, status, "topology %s: %s: export one that allows some", name, cause.text);
cleanup:
    if (hwloc != NULL)
        hwloc_topology_destroy(hwloc);
    text_free(&xml);
    return status;
}

static enum status live_export(hwloc_topology_t hwloc, struct topology *topology, struct error *error)
{
    char *xml = NULL;
    int length = 0;
    if (hwloc_topology_export_xmlbuffer(hwloc, &xml, &length, 0) != 0)
        return error_set(error, STATUS_FAILED, "this machine: hwloc cannot export it: %s", strerror(errno));
    topology->xml = text_copy(xml);
    hwloc_free_xmlbuffer(hwloc, xml);
    return STATUS_OK;
}

static enum status live_load(struct topology *topology, struct error *error)
{
    hwloc_topology_t hwloc = NULL;
    hwloc_bitmap_t affinity = NULL;
    struct affinity mask = {0};
    enum status status = affinity_read(&mask, error); /* before hwloc, which may bind the thread */
    if (status != STATUS_OK)
        return status;
    affinity = hwloc_bitmap_alloc();
    for (int i = 0; i < mask.count; i++)
        hwloc_bitmap_set(affinity, (unsigned)mask.cpu[i]);
    if (hwloc_topology_init(&hwloc) != 0 ||
        hwloc_topology_set_flags(hwloc, HWLOC_TOPOLOGY_FLAG_INCLUDE_DISALLOWED) != 0 ||
        hwloc_topology_load(hwloc) != 0) {
        status =
            error_set(error, STATUS_FAILED, "this machine: hwloc cannot discover it: %s", strerror(errno));
        goto cleanup;
    }
    const char *fault = tree_find_fault(hwloc);
    if (fault == NULL && !hwloc_topology_is_thissystem(hwloc))
        fault = "it is not the system that we run on";
    if (fault != NULL) {
        status = error_set(error, STATUS_FAILED, "this machine: hwloc's view of it is faulty (%s)", fault);
        goto cleanup;
    }
    status = tree_flatten(hwloc, affinity, topology, error);
    if (status == STATUS_OK)
        status = live_export(hwloc, topology, error);
cleanup:
    if (hwloc != NULL)
        hwloc_topology_destroy(hwloc);
    hwloc_bitmap_free(affinity);
    affinity_free(&mask);
    return status;
}

/* The body of the child: `source` is NULL for this machine. */
static void load_and_reply(int out, const void *source)
{
    struct topology topology = {0};
    struct error error;
    environment_clear();
    enum status status =
        source != NULL ? foreign_load(source, &topology, &error) : live_load(&topology, &error);
    if (status == STATUS_OK)
        reply_tables(out, &topology);
    else
        reply_error(out, &error);
    topology_free(&topology);
}

/* ---- in the parent ---- */

/* What to say of a child that gave no answer that can be used. */
static enum status explain_end(
    enum sandbox_end end, const struct sandbox_limits *limits, const char *source, struct error *error)
{
    char name[200] = "of this machine";
    if (source != NULL)
        topology_source_name(source, name, sizeof name);
    switch (end) {
    case SANDBOX_TIMEOUT:
        return error_set(error, STATUS_FAILED,
            "topology %s: hwloc did not finish it in %.1f s of processor time (%.0f s in all): give a "
            "smaller "
            "or a sound one",
            name, limits->cpu_s, limits->deadline_s);
    case SANDBOX_NONE:
        return error_set(error, STATUS_FAILED,
            "topology %s: no process can be started to load it: %s: free "
            "processes or memory",
            name, strerror(errno));
    default:
        if (source == NULL)
            return error_set(error, STATUS_FAILED,
                "topology %s: hwloc broke off while it looked: too few file descriptors or too little memory "
                "are allowed (ulimit -n, -v), or /sys is faulty",
                name);
        return error_set(error, STATUS_FAILED,
            "topology %s: not a sound hwloc topology (hwloc crashed over "
            "it): export one with \"lstopo --of xml FILE\"",
            name);
    }
}

static enum status topology_load(
    const char *source, const struct sandbox_limits *limits, struct topology *topology, struct error *error)
{
    struct text reply = {0};
    enum sandbox_end end = sandbox_run(limits, load_and_reply, source, &reply);
    enum status status;
    struct topology loaded;
    if (end == SANDBOX_DONE && reply.length > 1 && reply.data[0] == REPLY_ERROR) {
        status = error_set(error, STATUS_FAILED, "%s", reply.data + 1);
    } else if (end == SANDBOX_DONE && reply.length > 1 && reply.data[0] == REPLY_TABLES &&
               topology_wire_read(reply.data + 1, reply.length - 1, &loaded)) {
        loaded.live = source == NULL;
        loaded.source = text_copy(source != NULL ? source : "this machine");
        *topology = loaded;
        status = STATUS_OK;
    } else {
        status = explain_end(end, limits, source, error);
    }
    text_free(&reply);
    return status;
}

enum status topology_load_live(struct topology *topology, struct error *error)
{
    static const struct sandbox_limits limits = {.deadline_s = 20, .cpu_s = 20, .reply_bytes = 64 << 20};
    return topology_load(NULL, &limits, topology, error);
}

enum status topology_load_foreign(const char *file_or_string, struct topology *topology, struct error *error)
{
    /* A busy machine makes no topology unbelievable: what may be short is the processor time. */
    static const struct sandbox_limits limits = {
        .deadline_s = 20, .cpu_s = 0.8, .memory_bytes = 1 << 30, .reply_bytes = 64 << 20, .no_trace = true};
    return topology_load(file_or_string, &limits, topology, error);
}

void topology_free(struct topology *topology)
{
    free(topology->source);
    free(topology->pu);
    free(topology->domain_cores);
    free(topology->class_cores);
    free(topology->spread);
    free(topology->compact);
    free(topology->packed);
    free(topology->cache);
    free(topology->kind);
    free(topology->llc);
    free(topology->host);
    free(topology->cpu_model);
    free(topology->xml);
    *topology = (struct topology){0};
}
