#!/bin/bash
# Picture quality by the command line that users type: clips are halved in rate, doubled again, and their new frames compared with
# the dropped ones, beside plain averaging and FFmpeg's minterpolate; and the same on the Middlebury pairs.
#   bench/quality.sh CLIPS MIDDLEBURY WORK [MODEL]
# CLIPS and MIDDLEBURY are folders; WORK keeps what was made, so that a second run only does what is new. Figures go to stdout.
set -euo pipefail
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd)
clips=$1 middlebury=$2 work=$3 model=${4:-guided}
mkdir -p "$work"
quiet() { "$@" >>"$work/log" 2>&1 </dev/null; }
score() { "$root/training" score "$1" "$2" 2>>"$work/log" </dev/null | sed -E 's/.*PSNR ([0-9.]+) dB.*error ([0-9.]+)/\1 \2/'; }
# Exactly 25 frames a second on all sides: what is compared is frames, by their number.
made() { [ -s "$1" ]; }

rows=$work/rows.$model
: >"$rows"
for clip in "$clips"/*; do
    name=$(basename "${clip%.*}") base=$work/$(basename "${clip%.*}")
    made "$base.full.mkv" || quiet ffmpeg -y -i "$clip" -map 0:v:0 -vf 'setpts=N/(25*TB)' -r 25 -c:v ffv1 "$base.full.mkv"
    made "$base.half.mkv" || quiet ffmpeg -y -i "$base.full.mkv" -vf 'select=not(mod(n\,2)),setpts=N/(12.5*TB)' -r 25/2 -c:v ffv1 "$base.half.mkv"
    made "$base.mci.mkv" || quiet ffmpeg -y -i "$base.half.mkv" -vf 'minterpolate=fps=25:mi_mode=mci:scd=none' -c:v ffv1 "$base.mci.mkv"
    made "$base.average.mkv" || quiet "$root/framefilter" convert "$base.half.mkv" "$base.average.mkv" --encoder ffv1 --method average --scene-cut off
    quiet "$root/framefilter" convert "$base.half.mkv" "$base.$model.mkv" --encoder ffv1 --model "$model" -y
    for method in average mci "$model"; do
        made "$base.$method.score" && [ "$method" != "$model" ] || score "$base.full.mkv" "$base.$method.mkv" >"$base.$method.score"
        echo "$name $method $(cat "$base.$method.score")" >>"$rows"
    done
done

for sequence in "$middlebury"/*/; do
    name=$(basename "$sequence") base=$work/middlebury-$(basename "$sequence")
    # minterpolate looks at neighbours too: each frame is given three times, and the one halfway between the two is taken.
    made "$base.full.mkv" || quiet ffmpeg -y -i "$sequence/frame10.png" -i "$sequence/frame10i11.png" -i "$sequence/frame11.png" \
        -filter_complex '[0][1][2]concat=n=3,setpts=N/(25*TB),format=gbrp' -r 25 -c:v ffv1 "$base.full.mkv"
    made "$base.half.mkv" || quiet ffmpeg -y -i "$base.full.mkv" -vf 'select=not(mod(n\,2)),setpts=N/(12.5*TB)' -r 25/2 -c:v ffv1 "$base.half.mkv"
    made "$base.mci.mkv" || quiet ffmpeg -y -i "$base.half.mkv" \
        -vf 'loop=2:1:0,setpts=N/(12.5*TB),loop=2:1:3,setpts=N/(12.5*TB),minterpolate=fps=25:mi_mode=mci:scd=none,select=between(n\,4\,6),setpts=N/(25*TB)' \
        -r 25 -c:v ffv1 "$base.mci.mkv"
    made "$base.average.mkv" || quiet "$root/framefilter" convert "$base.half.mkv" "$base.average.mkv" --encoder ffv1 --method average --scene-cut off
    quiet "$root/framefilter" convert "$base.half.mkv" "$base.$model.mkv" --encoder ffv1 --model "$model" --scene-cut off -y
    for method in average mci "$model"; do
        made "$base.$method.score" && [ "$method" != "$model" ] || score "$base.full.mkv" "$base.$method.mkv" >"$base.$method.score"
        echo "Middlebury/$name $method $(cat "$base.$method.score")" >>"$rows"
    done
done

echo '| clip or pair | averaging | minterpolate (mci) | ours |'
echo '|---|---|---|---|'
awk -v model="$model" '
    { score[$1, $2] = $3 " dB, " $4; if (!($1 in seen)) { seen[$1] = 1; order[++n] = $1 }
      set = $1 ~ /^Middlebury/ ? "Middlebury" : "clips"; psnr[set, $2] += $3; error[set, $2] += $4; count[set, $2]++ }
    END {
        for (i = 1; i <= n; i++) print "| " order[i] " | " score[order[i], "average"] " | " score[order[i], "mci"] " | " score[order[i], model] " |"
        split("clips Middlebury", sets, " ")
        for (s = 1; s <= 2; s++) {
            line = "| **mean, " sets[s] "** |"
            split("average mci " model, methods, " ")
            for (m = 1; m <= 3; m++) { c = count[sets[s], methods[m]]; if (c) line = line sprintf(" %.2f dB, %.3f |", psnr[sets[s], methods[m]] / c, error[sets[s], methods[m]] / c) }
            print line
        }
    }' "$rows"
