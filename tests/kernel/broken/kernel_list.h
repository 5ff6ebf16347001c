/* Kernels that are wrong on purpose: each variant must be refused by the check of the kernel that it
 * imitates. */
KERNEL(broken_normalize)
KERNEL(broken_matmul)
KERNEL(broken_kmeans)
