/* Every experiment, one line each. To add one: write lessons/experiments/NAME.c that exports
 * `const struct experiment experiment_NAME`, and add its line here. */
EXPERIMENT(spin)
EXPERIMENT(waiting)
EXPERIMENT(twobytwo)
EXPERIMENT(globallock)
EXPERIMENT(limit)
EXPERIMENT(bandwidth)
EXPERIMENT(place)
EXPERIMENT(firsttouch)
EXPERIMENT(pipeline)
