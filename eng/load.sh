#!/bin/bash
# Much work for one process, and what it holds meanwhile: eng/load.sh [FRAMES FILES ARRIVALS]; default 10000 2000 1000; 0 leaves a part out.
#   FRAMES    of one video of 854×480: resident memory at its end against that after 500 frames
#   FILES     tiny videos of a batch, and ARRIVALS of a watched folder, with names of every kind: open files and threads after a tenth and at the end
# Averages instead of the network, which would take hours and whose memory is laid out once.
set -euo pipefail
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd)
. "$root/eng/setup.sh"
find_dotnet
frames=${1:-10000} files=${2:-2000} arrivals=${3:-1000} bad=0
filter=("$dotnet" "$root/artifacts/bin/FrameFilter/release/AdaConv.FrameFilter.dll")
[ -f "${filter[1]}" ] || fail 'build first: ./framefilter --version'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

resident() { awk '/^VmRSS:/ { print $2 }' "/proc/$1/status" 2>/dev/null; }
threads() { awk '/^Threads:/ { print $2 }' "/proc/$1/status" 2>/dev/null; }
# Without .NET's own libraries, which it opens when code that needs them is compiled (again): two handles each, once.
open_files() { { find "/proc/$1/fd" -mindepth 1 ! -lname '*.dll' -printf x 2>/dev/null || true; } | wc -c; }
outputs() { { find "$1" -name '*.mkv' ! -name '.*' -printf x 2>/dev/null || true; } | wc -c; } # none while there is no folder
judge() { if [ "$1" -gt "$2" ]; then bad=$((bad + 1)); echo "TOO MUCH: $3"; fi; }

if [ "$frames" != 0 ]; then
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=854x480:rate=25 -frames:v "$frames" -c:v mpeg4 -b:v 2M long.mkv
    "${filter[@]}" convert long.mkv out.mkv --method average --encoder-preset ultrafast --segment-length 30 --progress json >/dev/null 2>events &
    process=$! early=0 late=0 most=0
    while kill -0 $process 2>/dev/null; do
        done=$(tail -n 1 events 2>/dev/null | sed -n 's/.*"framesIn":\([0-9]*\).*/\1/p')
        now=$(resident $process) || true
        if [ "${done:-0}" -ge 500 ] && [ -n "$now" ]; then
            [ "$early" != 0 ] || early=$now
            late=$now
            [ "$now" -le "$most" ] || most=$now
        fi
        sleep 0.5
    done
    wait $process || { bad=$((bad + 1)); tail -n 1 events; }
    echo "| $frames frames of 854×480 | after 500 frames $((early >> 10)) MiB, at the end $((late >> 10)) MiB, most $((most >> 10)) MiB |"
    judge "$late" $((early * 105 / 100)) "memory grew from $early to $late KiB"
    rm -f long.mkv out.mkv
fi

# name NUMBER: of a copy of a tiny clip, of every kind.
kinds=('plain' 'with blanks' "apostrophe's" 'quote"s' 'ümläut' '日本' '-dash' 'per%cent' 'semi;colon' '$dollar' '#hash' 'brack[et]' 'emoji😀' 'new
line' 'back\slash' '~tilde' '&and' 'star*' 'question?' '.dot' "$(printf 'x%.0s' {1..230})" $'bytes\xff\xfe')
bad_names() { echo $(($1 / ${#kinds[@]})); } # the last kind is no text, and is refused by name
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=32x32:rate=25 -frames:v 3 -c:v ffv1 tiny.mkv
name() { printf '%s' "${kinds[$(($1 % ${#kinds[@]}))]} $1.mkv" | sed 's/^\.dot/dot./'; }

# least NAME VALUE: keeps the smallest of a variable's values; 0 is none.
least() { [ "${!1}" != 0 ] && [ "${!1}" -le "$2" ] || printf -v "$1" %s "$2"; }

# held PROCESS FOLDER COUNT WORDS: looks until FOLDER has COUNT outputs. What a conversion at work holds comes and goes: compared is the least while a
# tenth to a fifth of them are there, and while the last tenth comes.
held() {
    local process=$1 folder=$2 count=$3 words=$4 n when files threads
    early_files=0 early_threads=0 early_memory=0 late_files=0 late_threads=0 late_memory=0
    while kill -0 "$process" 2>/dev/null; do
        n=$(outputs "$folder")
        [ "$n" -lt "$count" ] || break
        when=none
        [ "$n" -lt $((count / 10)) ] || [ "$n" -gt $((count / 5)) ] || when=early
        [ "$n" -lt $((count * 9 / 10)) ] || when=late
        if [ $when != none ]; then
            files=$(open_files "$process") threads=$(threads "$process") memory=$(resident "$process") || true
            if [ -n "$memory" ] && [ -n "$threads" ]; then
                least ${when}_files "$files"
                least ${when}_threads "$threads"
                least ${when}_memory "$memory"
            fi
        fi
        sleep 0.1
    done
    echo "| $words | open files $early_files, then $late_files; threads $early_threads, then $late_threads; memory $((early_memory >> 10)) MiB, then $((late_memory >> 10)) MiB |"
    judge "$late_files" $((early_files + 2)) 'open files grew'
    judge "$late_threads" $((early_threads + 6)) 'threads grew' # .NET's pool takes a few more or fewer as it measures
}

if [ "$files" != 0 ]; then
    mkdir videos
    for ((i = 0; i < files; i++)); do cp tiny.mkv "videos/$(name $i)"; done
    "${filter[@]}" batch videos done --method average --encoder ffv1 --progress json >/dev/null 2>events &
    process=$!
    refused=$(bad_names "$files")
    held $process done $((files - refused)) "batch of $files tiny files, $refused of them with names that are no text"
    code=0; wait $process || code=$?
    [ $code = $((refused > 0)) ] && grep -q "\"failed\":$refused," events || { bad=$((bad + 1)); tail -n 1 events; }
    [ "$(outputs done)" = $((files - refused)) ] || { bad=$((bad + 1)); echo "only $(outputs done) outputs"; }
    rm -rf videos done
fi

if [ "$arrivals" != 0 ]; then
    mkdir incoming
    "${filter[@]}" watch incoming done --method average --encoder ffv1 --settle 0.5 >log 2>&1 </dev/null &
    process=$!
    (for ((i = 0; i < arrivals; i++)); do cp tiny.mkv "incoming/$(name $i)"; [ $((i % 20)) != 0 ] || sleep 0.5; done) &
    refused=$(bad_names "$arrivals")
    held $process done $((arrivals - refused)) "watch with $arrivals arrivals, $refused of them with names that are no text"
    wait $! || true
    for ((n = 0; n < 600; n++)); do
        [ "$(grep -ac 'failed:' log)" != "$refused" ] || break
        sleep 0.1
    done
    kill -TERM $process
    wait $process || { bad=$((bad + 1)); tail -n 1 log; }
    [ "$(grep -ac 'failed:' log)" = "$refused" ] || { bad=$((bad + 1)); echo "$(grep -ac 'failed:' log) told as failed"; }
    [ "$(outputs done)" = $((arrivals - refused)) ] || { bad=$((bad + 1)); echo "only $(outputs done) outputs"; }
fi

echo "$bad faults"
[ "$bad" = 0 ]
