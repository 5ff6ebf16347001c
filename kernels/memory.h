/* Memory of a kernel: reserved without being touched, so that the thread that writes a page first decides
 * where it lives. */
#ifndef ACELERA_MEMORY_H
#define ACELERA_MEMORY_H

#include <stddef.h>

#include <sys/mman.h>

enum { MEMORY_PAGE = 64 * 1024, MEMORY_HUGE_PAGE = 2 * 1024 * 1024 };

static inline size_t memory_round_up(size_t bytes, size_t unit)
{
    return (bytes + unit - 1) / unit * unit;
}

/* What a reservation is rounded up and aligned to: a huge page, or the largest ordinary page of any system.
 */
static inline size_t memory_unit(size_t bytes)
{
    return bytes >= MEMORY_HUGE_PAGE ? MEMORY_HUGE_PAGE : MEMORY_PAGE;
}

/* Reserves `bytes` (at least 1), rounded up and aligned to `unit`; reads as zero. NULL if there is no address
 * space. Release with munmap(). */
static inline void *memory_reserve_aligned(size_t bytes, size_t unit)
{
    if (bytes == 0 || bytes > (size_t)1 << 46)
        return NULL;
    size_t need = memory_round_up(bytes, unit);
    /* One unit more than needed, to align by hand; the ends are given back. */
    char *raw =
        mmap(NULL, need + unit, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (raw == MAP_FAILED)
        return NULL;
    size_t lead = (unit - (size_t)raw % unit) % unit;
    if (lead > 0)
        munmap(raw, lead);
    munmap(raw + lead + need, unit - lead);
    return raw + lead;
}

/* Reserves `bytes` (at least 1), aligned to a huge page where it holds one; reads as zero. Huge pages are
 * asked for, never required. NULL if there is no address space. Release with the same size. */
static inline void *memory_reserve(size_t bytes)
{
    size_t unit = memory_unit(bytes);
    void *memory = memory_reserve_aligned(bytes, unit);
#ifdef MADV_HUGEPAGE
    if (memory != NULL && unit == MEMORY_HUGE_PAGE)
        madvise(memory, memory_round_up(bytes, unit), MADV_HUGEPAGE);
#endif
    return memory;
}

static inline void memory_release(void *memory, size_t bytes)
{
    if (memory != NULL)
        munmap(memory, memory_round_up(bytes, memory_unit(bytes)));
}

#endif
