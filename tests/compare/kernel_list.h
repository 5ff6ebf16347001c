/* A worker whose kernel can be made slower by a known share. */
KERNEL(slowed)
