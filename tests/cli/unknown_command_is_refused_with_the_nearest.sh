. "$(dirname "$0")/lib.sh"
refused 'rum' 'did you mean run?' -- rum
refused 'topolgy' 'did you mean topology?' -- topolgy --format json
refused '--versoin' 'did you mean --version?' -- --versoin
refused 'frobnicate' "acelera --help" -- frobnicate
refused 'no command' 'acelera --help' --
refused 'rum' 'did you mean run?' -- help rum
