/* Every lesson in the order of the catalogue, one line each. To add one: write lessons/NAME.c that exports
 * `const struct lesson lesson_NAME`, its experiment (experiments/), its translation (po/LANGUAGE/NAME.po),
 * and add its line here. */
LESSON(capacity)
LESSON(waiting)
LESSON(twobytwo)
LESSON(globallock)
LESSON(race)
LESSON(fixes)
LESSON(falseshare)
LESSON(schedule)
LESSON(grain)
LESSON(limit)
LESSON(bandwidth)
LESSON(place)
LESSON(firsttouch)
LESSON(pipeline)
LESSON(python)
