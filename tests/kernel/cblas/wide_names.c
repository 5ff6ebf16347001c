/* A CBLAS of 64-bit integers whose names say so: it has no other. */
void cblas_sgemm64_(void);
void cblas_sgemm64_(void)
{
}
