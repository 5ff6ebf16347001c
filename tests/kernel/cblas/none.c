/* A good shared library that is no CBLAS. */
int acelera_is_no_cblas(void);
int acelera_is_no_cblas(void)
{
    return 1;
}
