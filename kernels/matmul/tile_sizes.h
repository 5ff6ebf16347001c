/* One function for each size of tile: X(rows, vectors) for all heights up to one. Refuses to know what a
 * function of one size does. */
#ifndef ACELERA_MATMUL_TILE_SIZES_H
#define ACELERA_MATMUL_TILE_SIZES_H

#define ROWS_TO_4(X, V)     X(1, V) X(2, V) X(3, V) X(4, V)
#define ROWS_TO_5(X, V)     ROWS_TO_4(X, V) X(5, V)
#define ROWS_TO_6(X, V)     ROWS_TO_5(X, V) X(6, V)
#define ROWS_TO_8(X, V)     ROWS_TO_6(X, V) X(7, V) X(8, V)
#define ROWS_TO_14(X, V)    ROWS_TO_8(X, V) X(9, V) X(10, V) X(11, V) X(12, V) X(13, V) X(14, V)
#define EXPAND(NAME, COUNT) NAME##COUNT
#define ROWS_TO(COUNT)      EXPAND(ROWS_TO_, COUNT) /* COUNT may be a name */

#endif
