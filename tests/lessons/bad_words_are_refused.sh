. "$(dirname "$0")/lib.sh"
refused 'rcae: not one of' 'did you mean race?' -- teach rcae
refused '--track 45mins' 'did you mean 45min?' -- teach --track 45mins
refused '--format csv' 'not one of' json -- teach capacity --format csv
refused '--lang de' pt_BR -- teach capacity --lang de
refused '--time-limit 0s' -- teach capacity --time-limit 0s
refused '--predict many' 'a number from' -- teach capacity --predict many
refused '--predict: 2 values' 'asks for 1' -- teach capacity --predict 1,5
refused '--predict -3' 'a number from 0' -- teach capacity --predict -3
refused '--predict nan' -- teach capacity --predict nan
refused 'exclude each other' -- teach capacity --track 45min
refused 'exclude each other' -- teach --check --collect .
refused 'name it' -- teach --predict 1
refused 'name it' -- teach --quiz
refused 'exclude each other' -- teach capacity --hint --quiz
refused 'belong to a lesson or a track' -- teach --collect . --save kept
refused 'belong to a lesson or a track' -- teach --present
refused 'words for people' -- teach capacity --hint --format json
refused 'nowhere' -- teach --collect nowhere
mkdir empty
refused 'no .json file' -- teach --collect empty
: >file
run 1 teach capacity --no-ask --save file/deep
[ "$(wc -l <stderr)" -eq 1 ] || fail "an impossible --save is one line"
[ ! -s stdout ] || fail "a lesson begins although it cannot be saved"
if speaks_portuguese; then
    run 2 teach capacity --predict muitos --lang pt_BR
    wants stderr 'um número de'
fi
