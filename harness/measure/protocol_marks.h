/* Lines of samples.jsonl about the run itself, not about a measurement: the machine was warmed up; the run
 * was carried on. */
#ifndef ACELERA_PROTOCOL_MARKS_H
#define ACELERA_PROTOCOL_MARKS_H

/* end_process: the last line of the worker that did it, whose clocks are taken over; NULL unknown. The caller
 * frees. */
char *protocol_warm(double seconds, const char *end_process);

/* seconds_before: what the run had spent of its budget. The time is now. The caller frees. */
char *protocol_resume(const char *version, double seconds_before);

#endif
