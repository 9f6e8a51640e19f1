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
open_files() { { find "/proc/$1/fd" -mindepth 1 2>/dev/null || true; } | wc -l; }
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
line' 'back\slash' '~tilde' '&and' 'star*' 'question?' '.dot')
ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=32x32:rate=25 -frames:v 3 -c:v ffv1 tiny.mkv
name() { printf '%s' "${kinds[$(($1 % ${#kinds[@]}))]} $1.mkv" | sed 's/^\.dot/dot./'; }

# held PROCESS FOLDER COUNT WORDS: waits until FOLDER has a tenth of COUNT outputs, then all, and compares.
held() {
    local process=$1 folder=$2 count=$3 words=$4 early_files=0 early_threads=0 n last_files=0 last_threads=0
    early_memory=0 last_memory=0
    while kill -0 "$process" 2>/dev/null; do
        n=$(outputs "$folder")
        if [ "$n" -ge $((count / 10)) ]; then
            f=$(open_files "$process") t=$(threads "$process") || true
            if [ "$early_files" = 0 ]; then early_files=$f early_threads=$t early_memory=$(resident "$process") || true; fi
            [ "$n" -ge "$count" ] || { last_files=$f last_threads=${t:-0} last_memory=$(resident "$process") || true; }
            [ "$n" -lt "$count" ] || break
        fi
        sleep 0.5
    done
    echo "| $words | open files $early_files, then $last_files; threads $early_threads, then $last_threads; memory $((early_memory >> 10)) MiB, then $((last_memory >> 10)) MiB |"
    # What a conversion at work has open differs by the moment.
    judge "$last_files" $((early_files + 12)) 'open files grew'
    judge "$last_threads" $((early_threads + 12)) 'threads grew'
}

if [ "$files" != 0 ]; then
    mkdir videos
    for ((i = 0; i < files; i++)); do cp tiny.mkv "videos/$(name $i)"; done
    "${filter[@]}" batch videos done --method average --encoder ffv1 --progress json >/dev/null 2>events &
    process=$!
    held $process done "$files" "batch of $files tiny files"
    wait $process || { bad=$((bad + 1)); tail -n 1 events; }
    [ "$(outputs done)" = "$files" ] || { bad=$((bad + 1)); echo "only $(outputs done) outputs"; }
    rm -rf videos done
fi

if [ "$arrivals" != 0 ]; then
    mkdir incoming
    "${filter[@]}" watch incoming done --method average --encoder ffv1 --settle 0.5 >log 2>&1 </dev/null &
    process=$!
    (for ((i = 0; i < arrivals; i++)); do cp tiny.mkv "incoming/$(name $i)"; [ $((i % 20)) != 0 ] || sleep 0.5; done) &
    held $process done "$arrivals" "watch with $arrivals arrivals"
    wait $! || true
    kill -TERM $process
    wait $process || { bad=$((bad + 1)); tail -n 1 log; }
    [ "$(outputs done)" = "$arrivals" ] || { bad=$((bad + 1)); echo "only $(outputs done) outputs"; }
fi

echo "$bad faults"
[ "$bad" = 0 ]
