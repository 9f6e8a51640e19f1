#!/bin/bash
# How plan, status and join of a job grow with its parts: eng/job-scale.sh [PARTS...] (default: 1000 10000 100000)
# Real plans: of one film of a second a part, and of a folder of one file a part. The parts' content is empty: a film's without a frame, a folder's
# files without a byte. Prints a row of docs/machines.md for each number: wall time in seconds, and processor time in brackets.
set -euo pipefail
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
TIMEFORMAT='%R %U %S'
row=''
measure() { # COMMAND...: adds its times to $row
    local code=0
    { time "$root/framefilter" "$@" >last.log 2>&1 || code=$?; } 2>times
    [ $code = 0 ] || { cat last.log >&2; exit 1; }
    row+=" | $(awk '{ printf "%.1f (%.1f)", $1, $2 + $3 }' times)"
}

nothing=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
counts='"counts":{"framesIn":0,"framesOut":0,"interpolated":0,"repeated":0,"cuts":0,"damaged":0}'

# records FOLDER PARTS TEXT: finished parts, each with TEXT in its record.
records() {
    mkdir "$1/parts"
    (cd "$1/parts" && seq -f '%06.0f' 0 $(($2 - 1)) | xargs mkdir)
    awk -v folder="$1" -v parts="$2" -v text="$3" 'BEGIN {
        for (i = 0; i < parts; i++) {
            file = sprintf("%s/parts/%06d/part.json", folder, i)
            printf "{\"part\":%d,\"host\":\"a\",\"seconds\":1,%s}", i, text > file
            close(file)
        }
    }'
}

printf '| parts | film: plan.json | `plan` | `status` | `join` | folder: plan.json | `plan` | `status` | `join` | `work` |\n'
for parts in "${@:-1000 10000 100000}"; do
    for count in $parts; do
        rm -rf -- *
        row=''
        # One frame a second, so that a part is one frame of the input.
        ffmpeg -nostdin -loglevel error -f lavfi -i testsrc2=size=64x48:rate=1 -t "$count" -c:v libx264 -preset ultrafast film.mkv
        measure job plan film.mkv out.mkv film --method average --segment-length 1
        grep -qF "$count parts" last.log
        size=$(stat -c %s film/plan.json)
        records film "$count" "$counts,\"video\":{$counts,\"segments\":[],\"header\":\"\",\"isSought\":true}"
        measure job status film
        measure job join film
        line="$count | $size bytes$row"

        row=''
        for ((i = 0; i < count; i += 1000)); do
            mkdir -p "clips/$((i / 1000))"
            (cd "clips/$((i / 1000))" && for ((j = 0; j < 1000 && i + j < count; j++)); do echo . >"clip-$j.mkv"; done)
        done
        measure job plan clips out folder --method average
        grep -qF "$count parts" last.log
        size=$(stat -c %s folder/plan.json)
        records folder "$count" "$counts,\"file\":{\"name\":\"output.mkv\",\"bytes\":0,\"hash\":\"$nothing\"}"
        (cd folder/parts && seq -f '%06.0f/output.mkv' 0 $((count - 1)) | xargs touch)
        measure job status folder
        work=$row
        row=''
        measure job work folder --index 0
        passed=$row
        row=''
        measure job join folder
        [ "$(find out -name '*.mkv' | wc -l)" = "$count" ]
        printf '| %s | %s bytes%s%s%s |\n' "$line" "$size" "$work" "$row" "$passed"
    done
done
