/* A cell: one point of the sweep, and the vocabulary that every station of the journey shares. The planner
 * makes cells, the supervisor runs them, the store writes them down, the estimates are about them. */
#ifndef ACELERA_CELL_H
#define ACELERA_CELL_H

#include <stdbool.h>

/* All strings are owned by the cell. Nothing is NULL. */
struct cell {
    int id;           /* index in the plan */
    char *kernel;     /* "matmul" */
    char *variant;    /* "packed" */
    char *type;       /* "f32" | "f64" */
    char *size;       /* "medium", "auto", or "own" for --shape */
    char *shape;      /* "m=1536,n=1536,k=1536", at this cell's thread count */
    char *options;    /* "method=zscore,missing=passthrough"; "" if the kernel has none */
    char *placement;  /* spread compact packed one-pu unbound */
    char *scaling;    /* strong weak */
    char *worker;     /* "x86-64-v3-gomp" */
    int threads;      /* requested team size */
    int *pus;         /* OS index for each thread, `threads` entries; NULL when unbound */
    bool serial_base; /* the serial build's row: the base of speedup_vs_serial */
    int base;   /* id of the one-thread cell of the same variant, worker and placement; −1 for serial */
    int serial; /* id of the serial cell of the default variant; −1 if there is no serial worker */
    double flop, bytes, memory_bytes; /* work, compulsory traffic, reservation of one run at this shape */
    bool rate_is_flop;                /* rate counts flop (GFLOP/s), else bytes (GB/s) */
    bool in_cache;                    /* bytes fit the last-level caches of its PUs; false if unknown */
    bool cache_known;
    bool beyond_quota; /* more threads than the CPU quota gives */
    char *reason;      /* why this point is measured: "all cores" */
};

/* A cell that the plan left out, or that could not be run, and why. */
struct skipped_cell {
    struct cell cell;
    char *why; /* "budget: …", "no such library: …" */
};

void cell_free(struct cell *cell);
/* A deep copy; id, base and serial are copied as they are. */
struct cell cell_copy(const struct cell *cell);
/* "matmul packed f32 m=…,n=…,k=… spread ×2 x86-64-v3-gomp", for messages; into buffer, returned. */
char *cell_label(const struct cell *cell, char *buffer, unsigned long size);

#endif
