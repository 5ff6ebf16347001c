/* From what the pilot block took to what the run will do: how many blocks, how many iterations in each
 * process, and what has to be left out so that the budget holds. Pure arithmetic. */
#ifndef ACELERA_SCHEDULE_H
#define ACELERA_SCHEDULE_H

#include <stdbool.h>
#include <stddef.h>

/* What the pilot found out about one cell. */
struct pilot_cell {
    double overhead_s;  /* a process without its timed iterations: start, filling, checks */
    double iteration_s; /* one timed region */
    int threads;
    bool kept;   /* never dropped: 1, a boundary of the machine, asked for by name */
    bool spare;  /* the first to go: a ceiling that bounds the rate of no row */
    bool absent; /* failed in the pilot: not measured again */
};

struct schedule {
    int blocks;       /* planned; more follow while precision is wanting and the budget lasts */
    double block_s;   /* what one block is expected to take */
    bool over_budget; /* the fewest do not fit */
};

/* How many blocks it takes: to be worth anything, and to be good. */
struct block_needs {
    int asked; /* exactly so many, whatever it takes; 0 not asked for */
    int fewest, wanted;
};

enum {
    BLOCKS_WANTED = 10,
    BLOCKS_TO_JUDGE = 8, /* precision is judged from here on */
    BLOCKS_LEAST = 6,    /* a 95 % interval for a median exists from here on */
};

/* Of a sweep; of a comparison of so many pairs of cells, whose verdicts need more of them (verdict.h). */
struct block_needs schedule_needs(int asked, int pairs);

/* iterations[c]: timed iterations of each process of cell c. dropped[c] is set for cells left out; none is
 * where the number of blocks was asked for. */
void schedule_make(const struct pilot_cell *cells, int count, double remaining_s,
    const struct block_needs *needs, struct schedule *schedule, long *iterations, bool *dropped);

/* The number of blocks after `blocks` at which precision is judged: 8, 12, 18, 27, … */
int schedule_next_look(int blocks);

/* Whether precision is judged after `blocks` blocks. */
bool schedule_judges_after(int blocks);

/* Whether a cell needs no further block: the interval of the median of its process medians is within
 * ± precision of it. Never before a look, or the interval would cover less than it says. */
bool schedule_is_precise(const double *medians, size_t processes, double precision);

#endif
