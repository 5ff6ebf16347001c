# Each bad option is a usage error: exit code 2 and nothing on standard output. Called as: script PYTHON RUN
python=$1
run=$2
for words in --quik '--threads 0' '--threads x' '--threads 1,999999' '--only nothing' '--blocks 0' '--blocks -3' extra; do
    # shellcheck disable=SC2086 # words are several
    printed=$("$python" "$run" $words 2>/dev/null)
    code=$?
    if [ $code -ne 2 ] || [ -n "$printed" ]; then
        echo "FAILED: exit code $code, and '$printed' on standard output, for: $words"
        exit 1
    fi
done
