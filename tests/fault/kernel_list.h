/* A worker whose kernel misbehaves on purpose. */
KERNEL(faulty)
