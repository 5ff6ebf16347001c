/* Every kernel, one line each. To add one: write kernels/NAME.c, or a folder kernels/NAME/, that exports
 * `const struct kernel TYPED(kernel_NAME)`, and add its line here. CMake, the workers, the tests and
 * `acelera list` all read this list. */
KERNEL(normalize)
KERNEL(matmul)
KERNEL(kmeans)
KERNEL(flops)
KERNEL(stream)
KERNEL(forkjoin)
KERNEL(clock)
