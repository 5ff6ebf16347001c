. "$(dirname "$0")/lib.sh"
for shape in q=3 n=3,n=4 n n= n=0 n=-1 n=1.5 n=x '' ',' 'n=1,' n=99999999999999999999 n=9223372036854775807 =3 n=1=2 N=3; do
    refused '--shape' -- run --kernel matmul --shape "$shape"
done
refused '--shape' -- run --kernel kmeans --shape n=1,d=1,k=9223372036854775807,iterations=1
refused '--shape' -- run --shape n=8
refused '--shape' -- run --kernel matmul,kmeans --shape n=8
refused '--shape' '--size auto' -- run --kernel matmul --shape n=8 --size auto
# Larger than any memory: refused before anything is reserved, with both figures.
refused 'iB' 'may be used here' -- run --kernel matmul --shape n=1000000
refused '300x300x300' 'write m=N,n=N,k=N' -- run --kernel matmul --shape 300x300x300
