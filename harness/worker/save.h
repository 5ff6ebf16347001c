/* `--save`: one run of a problem, verified, and the arrays of its result as .npy files. Measures nothing. */
#ifndef ACELERA_SAVE_H
#define ACELERA_SAVE_H

/* words: as for --run, and save=FOLDER, which must exist. Writes FOLDER/KERNEL-VARIANT-TYPE-NAME.npy, all of
 * them or none, and prints each path on a line of its own; "KERNEL has nothing to save" where there is
 * nothing. Returns the worker's exit code (worker.h): WORKER_UNVERIFIED, and no file, for a wrong result. */
int worker_save(char **words, int count);

#endif
