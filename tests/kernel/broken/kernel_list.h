/* Kernels that are wrong on purpose: each variant must be refused by the check of the kernel that it
 * imitates. */
KERNEL(broken_normalize)
KERNEL(broken_matmul)
KERNEL(broken_kmeans)
KERNEL(broken_flops)
KERNEL(broken_stream)
KERNEL(broken_forkjoin)
KERNEL(broken_clock)
