/* A library with one of the two functions only. */
void cblas_sgemm(void);
void cblas_sgemm(void)
{
}
