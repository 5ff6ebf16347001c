/* A cell: one point of the sweep, and the vocabulary that every station of the journey shares. The planner
 * makes cells, the supervisor runs them, the store writes them down, the estimates are about them. */
#ifndef ACELERA_CELL_H
#define ACELERA_CELL_H

#include <stdbool.h>

/* What a rate counts: GFLOP/s, GB/s, GHz, or nothing. */
enum cell_rate { RATE_FLOP, RATE_BYTES, RATE_CYCLES, RATE_NONE };

enum { CELL_CEILINGS_MAX = 4 };

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
    int cores;        /* distinct cores of its PUs; 0 unknown, as for every count that follows */
    int sharing;      /* the most threads that one core has */
    int classes;      /* kinds of cores among them */
    int domains;      /* memory domains among them */
    bool serial_base; /* the serial build's row: the base of speedup_vs_serial */
    int base;   /* id of the one-thread cell of the same variant, worker and placement; −1 for serial */
    int serial; /* id of the serial cell of the default variant; −1 if there is no serial worker */
    double flop, bytes, memory_bytes; /* work, compulsory traffic, reservation of one run at this shape */
    double cycles;                    /* dependent additions of each thread: the clock's work */
    double regions, barriers;         /* parallel regions of one run, and barriers inside them */
    enum cell_rate rate;
    bool is_reference;              /* a ceiling that is measured because other cells refer to it */
    int ceiling[CELL_CEILINGS_MAX]; /* ids of the cells that bound this one, at the same type and threads */
    int ceiling_count;
    bool in_cache; /* bytes fit the last-level caches of its PUs; false if unknown */
    bool cache_known;
    bool beyond_quota; /* more threads than the CPU quota gives */
    char *reason;      /* why this point is measured: "all cores" */
    char side[2];      /* of a live comparison, "A" or "B"; "" none */
};

/* A cell that the plan left out, or that could not be run, and why. */
struct skipped_cell {
    struct cell cell;
    char *why; /* "budget: …", "no such library: …" */
};

/* "flop" "bytes" "cycles" "none", as workers and run.json have it; CELL_RATES of them. */
extern const char *const cell_rate_names[];
enum { CELL_RATES = 4 };
/* "GFLOP/s" "GB/s" "GHz"; NULL for RATE_NONE. */
const char *cell_rate_unit(enum cell_rate rate);
/* The work that a rate counts, in FLOP, bytes or cycles; 0 for RATE_NONE. */
double cell_work(const struct cell *cell, enum cell_rate rate);

void cell_free(struct cell *cell);
/* A deep copy; id, base and serial are copied as they are. */
struct cell cell_copy(const struct cell *cell);
/* "matmul packed f32 m=…,n=…,k=… spread ×2 x86-64-v3-gomp", for messages; into buffer, returned. */
char *cell_label(const struct cell *cell, char *buffer, unsigned long size);

#endif
