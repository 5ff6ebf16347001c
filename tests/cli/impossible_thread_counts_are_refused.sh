. "$(dirname "$0")/lib.sh"
for count in 0 -1 1.. ..2 99999 99999999999999999999 1,,2 ',' 2..1 1..2..3 1.5 two '' ladder,2 0..2 1,0 nan 0x2 ' 1'; do
    refused '--threads' -- run --threads "$count"
    refused '--threads' -- run --threads="$count"
done
refused '--threads' 'missing' -- run --threads
refused '--threads' 'missing' -- run --threads --dry-run
refused '--threads 2' 'twice' -- run --threads 1 --threads 2
refused '--threads' '99999' -- run --threads 99999 --placement unbound
