/* Tables to bytes and back. The two directions share one walk over the fields, so that they cannot disagree;
 * sizes and byte order are those of this machine, because both ends are this program. */
#include "harness/machine/topology_wire.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

enum { COUNT_MAX = 65536, XML_BYTES_MAX = 32 << 20 };

/* One end of the wire: reading from `next` when `out` is NULL. */
struct wire {
    struct text *out;
    const char *next;
    size_t left;
    bool broken;
};

static void wire_bytes(struct wire *wire, void *bytes, size_t count)
{
    if (wire->out != NULL) {
        text_add_bytes(wire->out, bytes, count);
    } else if (!wire->broken && count <= wire->left) {
        memcpy(bytes, wire->next, count);
        wire->next += count;
        wire->left -= count;
    } else {
        wire->broken = true;
    }
}

static void wire_int(struct wire *wire, int *value)
{
    wire_bytes(wire, value, sizeof *value);
}

/* An array with its length; a length that the bytes at hand cannot hold is refused before any allocation. */
static void wire_array(struct wire *wire, void **array, int *count, size_t size)
{
    wire_int(wire, count);
    if (wire->out == NULL) {
        if (wire->broken || *count < 0 || *count > COUNT_MAX || (size_t)*count * size > wire->left) {
            wire->broken = true;
            *count = 0;
        }
        *array = memory_new((size_t)*count, size);
    }
    if (*count > 0)
        wire_bytes(wire, *array, (size_t)*count * size);
}

static void wire_string(struct wire *wire, char **string)
{
    int length = wire->out != NULL && *string != NULL ? (int)strnlen(*string, XML_BYTES_MAX) : 0;
    wire_int(wire, &length);
    if (wire->out == NULL) {
        if (wire->broken || length < 0 || length > XML_BYTES_MAX || (size_t)length > wire->left) {
            wire->broken = true;
            length = 0;
        }
        *string = memory_new((size_t)length + 1, 1);
    }
    if (length > 0)
        wire_bytes(wire, *string, (size_t)length);
}

static void wire_topology(struct wire *wire, struct topology *t)
{
    int *const numbers[] = {
        &t->packages, &t->numa_nodes, &t->cores, &t->pus, &t->allowed_pus, &t->usable_cores, &t->max_smt};
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
        wire_int(wire, numbers[i]);
    wire_array(wire, (void **)&t->pu, &t->usable_pus, sizeof *t->pu);
    wire_array(wire, (void **)&t->domain_cores, &t->domain_count, sizeof *t->domain_cores);
    wire_array(wire, (void **)&t->class_cores, &t->class_count, sizeof *t->class_cores);
    int **const orders[] = {&t->spread, &t->compact, &t->packed};
    for (size_t i = 0; i < sizeof orders / sizeof orders[0]; i++) {
        int entries = t->usable_pus;
        wire_array(wire, (void **)orders[i], &entries, sizeof **orders[i]);
        wire->broken |= entries != t->usable_pus;
    }
    wire_array(wire, (void **)&t->cache, &t->cache_count, sizeof *t->cache);
    wire_array(wire, (void **)&t->kind, &t->kind_count, sizeof *t->kind);
    wire_array(wire, (void **)&t->llc, &t->llc_count, sizeof *t->llc);
    wire_string(wire, &t->host);
    wire_string(wire, &t->cpu_model);
    wire_string(wire, &t->xml);
}

void topology_wire_write(const struct topology *topology, struct text *bytes)
{
    struct topology copy = *topology; /* the walk takes addresses of fields; writing changes none */
    struct wire wire = {.out = bytes};
    wire_topology(&wire, &copy);
}

static bool within(int value, int below)
{
    return value >= 0 && value < below;
}

/* Each order must name each usable PU once: `seen` counts them by OS index. */
static bool order_is_permutation(const struct topology *t, const int *order, unsigned char *seen)
{
    memset(seen, 0, TOPOLOGY_PU_LIMIT);
    for (int i = 0; i < t->usable_pus; i++)
        seen[t->pu[i].os_index] = 1;
    for (int i = 0; i < t->usable_pus; i++) {
        if (!within(order[i], TOPOLOGY_PU_LIMIT) || !seen[order[i]])
            return false;
        seen[order[i]] = 0;
    }
    return true;
}

/* PUs come core by core, with ranks 0, 1, … in each, and unique OS indexes. */
static bool pus_are_believable(const struct topology *t, unsigned char *seen)
{
    int core = -1, smt = 0, max_smt = 0;
    memset(seen, 0, TOPOLOGY_PU_LIMIT);
    for (int i = 0; i < t->usable_pus; i++) {
        const struct topology_pu *pu = &t->pu[i];
        smt = pu->core == core ? smt + 1 : 0;
        core += pu->core != core;
        max_smt = smt + 1 > max_smt ? smt + 1 : max_smt;
        if (pu->core != core || pu->smt != smt || !within(pu->class, t->class_count) ||
            !within(pu->domain, t->domain_count) || !within(pu->package, t->packages + 1) || pu->llc < -1 ||
            pu->llc >= t->llc_count || !within(pu->os_index, TOPOLOGY_PU_LIMIT) || seen[pu->os_index]++)
            return false;
    }
    return t->usable_cores == core + 1 && t->max_smt == max_smt;
}

static bool sums_to(const int *part, int count, int total)
{
    long long sum = 0;
    for (int i = 0; i < count; i++) {
        if (part[i] <= 0)
            return false;
        sum += part[i];
    }
    return sum == total;
}

static bool topology_is_believable(const struct topology *t)
{
    if (t->usable_pus < 1 || t->usable_pus > t->allowed_pus || t->allowed_pus > t->pus ||
        t->pus > COUNT_MAX || !within(t->packages, INT_MAX) || !within(t->numa_nodes, INT_MAX) ||
        !within(t->cores, INT_MAX))
        return false;
    if (!sums_to(t->domain_cores, t->domain_count, t->usable_cores) ||
        !sums_to(t->class_cores, t->class_count, t->usable_cores))
        return false;
    unsigned char *seen = memory_new(TOPOLOGY_PU_LIMIT, 1);
    bool believable = pus_are_believable(t, seen) && order_is_permutation(t, t->spread, seen) &&
                      order_is_permutation(t, t->compact, seen) && order_is_permutation(t, t->packed, seen);
    free(seen);
    for (int i = 0; i < t->cache_count; i++)
        believable &= t->cache[i].level > 0 && t->cache[i].bytes >= 0 && t->cache[i].count > 0;
    for (int i = 0; i < t->llc_count; i++)
        believable &= t->llc[i].level > 0 && t->llc[i].bytes >= 0;
    for (int i = 0; i < t->kind_count; i++)
        believable &= t->kind[i].pus >= 0;
    return believable;
}

bool topology_wire_read(const void *bytes, size_t count, struct topology *topology)
{
    struct topology read = {0};
    struct wire wire = {.next = bytes, .left = count};
    wire_topology(&wire, &read);
    if (wire.broken || wire.left > 0 || !topology_is_believable(&read)) {
        topology_free(&read);
        return false;
    }
    *topology = read;
    return true;
}
