. "$(dirname "$0")/lib.sh"
refused 'acelera run: --thr 3: unknown option' 'did you mean --threads?' "See 'acelera run --help'" -- run --thr 3
refused '--kernl=matmul' 'did you mean --kernel?' -- run --kernl=matmul
refused '--formt json' 'did you mean --format?' -- topology --formt json
refused '-t 2: unknown option' -- run -t 2
refused 'extra' 'unexpected argument' -- run extra
refused 'two' 'unexpected argument' -- report one two
