#!/bin/bash
# Kills framefilter and training at random moments, and looks whether the same command then ends as an unbroken run: eng/kills.sh [CONVERT BATCH WATCH TRAINING]
#   the numbers of kills; default 40 25 20 15. SEED=N repeats a run. The last line is: N kills, N differ.
set -euo pipefail
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd)
. "$root/eng/setup.sh"
find_dotnet
kills=("${1:-40}" "${2:-25}" "${3:-20}" "${4:-15}")
RANDOM=${SEED:=$RANDOM}
filter=("$dotnet" "$root/artifacts/bin/FrameFilter/release/AdaConv.FrameFilter.dll")
training=("$dotnet" "$root/artifacts/bin/Training/release/AdaConv.Training.dll")
[ -f "${filter[1]}" ] && { [ "${kills[3]}" = 0 ] || [ -f "${training[1]}" ]; } || fail 'build first: ./framefilter --version; ./training --help'
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
differ=0 total=0 finished=0

clip() { ffmpeg -nostdin -v error -y -f lavfi -i "testsrc2=size=192x144:rate=25" -f lavfi -i sine -t "$1" -c:v mpeg4 -bf 2 -c:a libvorbis "$2"; }
frames() { ffmpeg -nostdin -v error -i "$1" -map 0 -c copy -f framehash -; }

# kill_after SECONDS COMMAND...: SIGKILL, unless it ends before.
kill_after() {
    local seconds=$1 process
    shift
    "$@" >/dev/null 2>&1 </dev/null &
    process=$!
    sleep "$seconds"
    if kill -9 $process 2>/dev/null; then total=$((total + 1)); else finished=$((finished + 1)); fi
    wait $process 2>/dev/null || true
}

# moment: seconds at random, up to what an unbroken run took.
moment() { awk -v most="$1" -v r=$RANDOM 'BEGIN { printf "%.3f", most * r / 32768 }'; }
since() { awk -v a="$1" -v b="$(date +%s.%N)" 'BEGIN { print b - a }'; }
wrong() { differ=$((differ + 1)); echo "DIFFERS: $*"; }

convert() { "${filter[@]}" convert in.mkv "$1" -y --method average --encoder ffv1 --segment-length 1; }
kill_convert() {
    mkdir convert && cd convert
    clip 8 in.mkv
    local start i
    start=$(date +%s.%N)
    convert whole.mkv >/dev/null 2>&1
    took=$(since "$start")
    frames whole.mkv >../whole.txt
    for ((i = 0; i < kills[0]; i++)); do
        kill_after "$(moment "$took")" "${filter[@]}" convert in.mkv out.mkv -y --method average --encoder ffv1 --segment-length 1
        # Two kills of one conversion, and then its end.
        [ $((i % 2)) = 1 ] || continue
        convert out.mkv >log 2>&1 || wrong "convert $i: $(tail -n 1 log)"
        frames out.mkv | cmp -s - ../whole.txt || wrong "convert $i: other frames"
        rm -f log out.mkv
        [ "$(ls -A)" = $'in.mkv\nwhole.mkv' ] || wrong "convert $i leaves $(ls -A)"
    done
    cd ..
}

kill_batch() {
    mkdir -p batch/videos/deeper && cd batch
    local i start
    for i in 1 2 3 4 5; do clip 0.$i videos/v$i.mkv; done
    cp videos/v1.mkv videos/deeper/v6.mkv
    start=$(date +%s.%N)
    "${filter[@]}" batch videos whole --method average --encoder ffv1 >/dev/null 2>&1
    took=$(since "$start")
    for ((i = 0; i < kills[1]; i++)); do
        kill_after "$(moment "$took")" "${filter[@]}" batch videos done --method average --encoder ffv1
        [ $((i % 2)) = 1 ] || [ $i = $((kills[1] - 1)) ] || continue
        "${filter[@]}" batch videos done --method average --encoder ffv1 >log 2>&1 || wrong "batch $i: $(tail -n 1 log)"
        same_folders "batch $i"
        rm -rf done
    done
    cd ..
}

# The outputs of whole/ are in done/, with the same frames, and nothing else but the log.
same_folders() {
    local file
    cmp -s <(cd whole && find . -type f | sort) <(cd done && find . -type f | sort) || wrong "$1 has $(cd done && find . -type f | sort | tr '\n' ' ')"
    while IFS= read -r file; do
        cmp -s <(frames "whole/$file") <(frames "done/$file") || wrong "$1: other frames in $file"
    done < <(cd whole && find . -name '*.mkv')
}

kill_watch() {
    mkdir watch && cd watch
    cp -r ../batch/videos ../batch/whole .
    local i process n
    for ((i = 0; i < kills[2]; i++)); do
        kill_after "$(moment 5)" "${filter[@]}" watch videos done --method average --encoder ffv1 --settle 0.2
        [ $((i % 2)) = 1 ] || [ $i = $((kills[2] - 1)) ] || continue
        "${filter[@]}" watch videos done --method average --encoder ffv1 --settle 0.2 >log 2>&1 </dev/null &
        process=$!
        for ((n = 0; n < 300; n++)); do
            [ "$(find done -name '*.mkv' ! -name '.*' 2>/dev/null | wc -l)" = 6 ] && break
            sleep 0.2
        done
        kill -TERM $process
        wait $process || wrong "watch $i: $(tail -n 1 log)"
        same_folders "watch $i"
        rm -rf done
    done
    cd ..
}

train() { "${training[@]}" train --run "$1" --cache cache --clips clips --steps 8 --batch 2 --patch 64 --seed 3 --threads 1; }
weights() { find "$1" -name '*.safetensors' ! -path '*checkpoint*' | sort | xargs sha256sum | cut -d ' ' -f 1; }

# Checkpoints are minutes apart: an interruption writes one, the run that resumes from it is killed, and a third ends.
kill_training() {
    mkdir -p training/clips && cd training
    ffmpeg -nostdin -v error -f lavfi -i testsrc2=size=320x240:rate=25 -t 4 -c:v ffv1 clips/a.mkv
    local start i process
    start=$(date +%s.%N)
    train whole >log 2>&1 || { tail -n 3 log; wrong 'training does not run'; cd ..; return; }
    took=$(since "$start")
    weights whole >whole.txt
    [ -s whole.txt ] || wrong 'training leaves no weights'
    for ((i = 0; i < kills[3]; i++)); do
        "${training[@]}" train --run run --cache cache --clips clips --steps 8 --batch 2 --patch 64 --seed 3 --threads 1 >/dev/null 2>&1 </dev/null &
        process=$!
        sleep "$(moment "$took")"
        kill -TERM $process 2>/dev/null || true
        wait $process || true
        kill_after "$(moment "$took")" "${training[@]}" train --run run --cache cache --clips clips --steps 8 --batch 2 --patch 64 --seed 3 --threads 1
        train run >log 2>&1 || wrong "training $i: $(tail -n 1 log)"
        weights run | cmp -s - whole.txt || wrong "training $i: other weights"
        cmp -s <(cd whole && find . | sort) <(cd run && find . | sort) || wrong "training $i leaves $(cd run && find . | sort | tr '\n' ' ')"
        rm -rf run
    done
    cd ..
}

echo "seed $SEED"
for part in convert batch watch training; do
    before=$total bad=$differ
    case $part in
        convert) n=${kills[0]} ;;
        batch) n=$((kills[1] + kills[2])) ;; # its whole outputs are those of watch
        watch) n=${kills[2]} ;;
        *) n=${kills[3]} ;;
    esac
    [ "$n" != 0 ] || continue
    "kill_$part"
    echo "| $part | $((total - before)) | $((differ - bad)) |"
done
echo "$finished commands had ended before they could be killed"
echo "$total kills, $differ differ"
[ "$differ" = 0 ]
