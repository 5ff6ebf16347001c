. "$(dirname "$0")/lib.sh"
for value in NaN nan inf 0 0% -1% 51 50.1% 1e400 abc 2%% '' % 0x2 '2 %'; do
    refused '--precision' 'above 0' -- run --precision "$value"
done
for value in 60 0s -1s 1e9h abc '' s infs 60S 1d; do
    refused '--budget' '60s, 5m or 1.5h' -- run --budget "$value"
    refused '--timeout' '60s, 5m or 1.5h' -- run --timeout "$value"
done
for value in -1 1.5 abc '' 99999999999999999999 9007199254740992 0x1; do
    refused '--seed' 'whole number' -- run --seed "$value"
    refused '--order-seed' 'whole number' -- run --order-seed "$value"
done
for value in 0 -1 1.5 abc '' 99999999999999999999; do
    refused '--blocks' 'whole number' -- run --blocks "$value"
done
