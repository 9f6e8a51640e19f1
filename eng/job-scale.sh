#!/bin/bash
# How plan, status and join of a job grow with its parts: eng/job-scale.sh [PARTS...] (default: 1000 10000 100000)
# The parts are of empty content: a film's without a frame, and a folder's files without a byte. Prints a row for each number.
set -euo pipefail
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd)
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
filter() { "$root/framefilter" "$@"; }
seconds() { # COMMAND...: its wall time goes to $took
    local begin=$EPOCHREALTIME code=0
    "$@" >last.log 2>&1 || code=$?
    took=$(awk "BEGIN { printf \"%.2f\", $EPOCHREALTIME - $begin }")
    [ $code = 0 ] || { cat last.log >&2; exit 1; }
}

ffmpeg -nostdin -loglevel error -f lavfi -i testsrc2=size=64x48:rate=25 -t 2 -c:v libx264 -preset ultrafast film.mkv
filter job plan film.mkv out.mkv template --method average --segment-length 1 >/dev/null
nothing=e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855
counts='"counts":{"framesIn":0,"framesOut":0,"interpolated":0,"repeated":0,"cuts":0,"damaged":0}'

# records FOLDER PARTS TEXT: finished parts, each with TEXT in its record.
records() {
    (cd "$1/parts" && seq -f '%06.0f' 0 $(($2 - 1)) | xargs mkdir)
    awk -v folder="$1" -v parts="$2" -v text="$3" 'BEGIN {
        for (i = 0; i < parts; i++) {
            file = sprintf("%s/parts/%06d/part.json", folder, i)
            printf "{\"part\":%d,\"host\":\"a\",\"seconds\":1,%s}", i, text > file
            close(file)
        }
    }'
}

printf '| parts | plan.json of a film, bytes | its status, s | its join, s | plan.json of a folder, bytes | its status, s | its join, s |\n'
for parts in "${@:-1000 10000 100000}"; do
    for count in $parts; do
        rm -rf film folder out out.mkv
        mkdir -p film/parts folder/parts
        sed -E "s/\"parts\":[0-9]+,\"segmentsPerPart\":[0-9]+/\"parts\":$count,\"segmentsPerPart\":1/" template/plan.json >film/plan.json
        records film "$count" "$counts,\"video\":{$counts,\"segments\":[],\"header\":\"\",\"isSought\":true}"
        seconds filter job status film
        row="$count | $(stat -c %s film/plan.json) | $took"
        seconds filter job join film
        row+=" | $took"

        # A folder of files: the film's entry again and again, as a whole file.
        awk -v parts="$count" '{
            head = substr($0, 1, index($0, "\"files\":[") + 8); entry = substr($0, length(head) + 1); sub(/\]}$/, "", entry)
            sub(/"parts":[0-9]+,"segmentsPerPart":[0-9]+/, "\"parts\":1", entry); sub(/"segments":[0-9]+,/, "", entry)
            printf "%s", head
            for (i = 0; i < parts; i++) {
                one = entry
                sub(/"output":"[^"]*"/, sprintf("\"output\":\"../out/%03d/clip-%06d.mkv\"", i / 1000, i), one)
                sub(/"firstPart":0/, "\"firstPart\":" i, one)
                printf "%s%s", i ? "," : "", one
            }
            printf "]}"
        }' template/plan.json >folder/plan.json
        records folder "$count" "$counts,\"file\":{\"name\":\"output.mkv\",\"bytes\":0,\"hash\":\"$nothing\"}"
        (cd folder/parts && seq -f '%06.0f/output.mkv' 0 $((count - 1)) | xargs touch)
        seconds filter job status folder
        row+=" | $(stat -c %s folder/plan.json) | $took"
        seconds filter job join folder
        printf '| %s | %s |\n' "$row" "$took"
        [ "$(find out -name '*.mkv' | wc -l)" = "$count" ]
    done
done
