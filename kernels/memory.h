/* Memory of a kernel: reserved without being touched, so that the thread that writes a page first decides
 * where it lives. */
#ifndef ACELERA_MEMORY_H
#define ACELERA_MEMORY_H

#include <stddef.h>

#include <sys/mman.h>

enum { MEMORY_ALIGNMENT = 64, MEMORY_HUGE_PAGE = 2 * 1024 * 1024 };

static inline size_t memory_round_up(size_t bytes, size_t unit)
{
    return (bytes + unit - 1) / unit * unit;
}

/* Reserves `bytes` (at least 1), aligned to a huge page where it is larger than one; reads as zero. Huge
 * pages are asked for, never required. NULL if there is no address space. Release with the same size. */
static inline void *memory_reserve(size_t bytes)
{
    if (bytes == 0 || bytes > (size_t)1 << 46)
        return NULL;
    size_t need = memory_round_up(bytes, MEMORY_HUGE_PAGE);
    /* One huge page more than needed, to align by hand; the ends are given back. */
    char *raw = mmap(NULL, need + MEMORY_HUGE_PAGE, PROT_READ | PROT_WRITE,
        MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (raw == MAP_FAILED)
        return NULL;
    size_t lead = (MEMORY_HUGE_PAGE - (size_t)raw % MEMORY_HUGE_PAGE) % MEMORY_HUGE_PAGE;
    if (lead > 0)
        munmap(raw, lead);
    if (MEMORY_HUGE_PAGE - lead > 0)
        munmap(raw + lead + need, MEMORY_HUGE_PAGE - lead);
#ifdef MADV_HUGEPAGE
    if (bytes >= MEMORY_HUGE_PAGE)
        madvise(raw + lead, need, MADV_HUGEPAGE);
#endif
    return raw + lead;
}

static inline void memory_release(void *memory, size_t bytes)
{
    if (memory != NULL)
        munmap(memory, memory_round_up(bytes, MEMORY_HUGE_PAGE));
}

#endif
