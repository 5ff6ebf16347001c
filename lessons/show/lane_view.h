/* What each lane of an observation did, from its stamps: for pictures, which show windows of time. Draws
 * nothing.
 *
 * A stamped piece of work that lost its CPU in the middle lasts as long as the time without a CPU: drawn as
 * work, two threads that take turns on one CPU would seem to compute at once. Such pieces are called
 * interrupted: those of a lane that are longest, as long as they account for the time that it had no CPU. */
#ifndef ACELERA_LESSON_LANE_VIEW_H
#define ACELERA_LESSON_LANE_VIEW_H

#include "lessons/engine/observation.h"
#include "lessons/engine/picture.h"

enum lane_doing { LANE_NOTHING, LANE_WORK, LANE_PARTLY, LANE_WAIT, LANE_INTERRUPTED };

/* interrupted[span], for observed_lane.span; the caller's to free. NULL: no spans. */
bool *lane_view_interrupted(const struct observation *observation, int lane);

/* What the lane did for the most part in each of `windows` equal windows from 0 to `end_s`. LANE_PARTLY:
 * it worked, but for less than three quarters of the window. */
void lane_view_windows(
    const struct observation *observation, int lane, double end_s, int windows, enum lane_doing *doing);

/* The end of the last span of all lanes. */
double lane_view_end(const struct observation *observation);

/* The end of the time that each part of a picture of lanes shows. One scale for all, so that they compare;
 * where the longest is more than 24 times the shortest, each has its own, and false is returned. */
bool lane_view_scales(const struct picture *picture, double end_s[PICTURE_PARTS_MAX]);

/* "2 threads on 2 CPUs", with its time where it has a scale of its own; the caller's to free. */
char *lane_view_heading(const struct picture *picture, int part, bool shared, double end_s);

/* "thread 1, CPU 3" for people, in their language; the caller's to free. */
char *lane_view_label(const struct observation *observation, int lane);

#endif
