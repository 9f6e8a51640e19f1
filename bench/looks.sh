#!/bin/bash
# Clips that show what looks wrong: fades, credits, a fence, a logo. FFmpeg's filters make them, the same in every run; their rate is halved
# and doubled again. A row for each gives the PSNR of its new frames (of the mean squared error of R, G and B) by averaging and by each model.
#   bench/looks.sh CLIPS WORK [MODEL|FILE]...
# CLIPS holds the real clips that are drawn upon: mdn-friday.mp4, sam2-04-coffee.mp4 and soundify-forest.mp4. WORK keeps what was made, to be
# looked at: NAME.full.mkv (truth), NAME.half.mkv (every second frame), NAME.average.mkv and NAME.MODEL.mkv (doubled). Only conversions by a
# model are made anew in a second run. Without models: guided and quality. Credits and logo take the system's sans, or FONT=FILE.
set -euo pipefail
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd)
fail() { echo "looks.sh: $*" >&2; exit 1; }
[ $# -ge 2 ] || fail 'usage: bench/looks.sh CLIPS WORK [MODEL|FILE]...'
clips=$1 work=$2
shift 2
[ $# -gt 0 ] || set -- guided quality
command -v ffmpeg >/dev/null || fail 'the program ffmpeg is missing'
for clip in mdn-friday sam2-04-coffee soundify-forest; do [ -f "$clips/$clip.mp4" ] || fail "$clips/$clip.mp4 is missing"; done
font=${FONT:-$(fc-match -f '%{file}' sans 2>/dev/null || true)}
[ -f "$font" ] || fail 'no font file was found: install fontconfig (fc-match) and a font, DejaVu Sans say, or name one: FONT=FILE'
mkdir -p "$work"

frames=25 # of truth; a half has 13, and 12 lie between them
# quiet NAME COMMAND...: what it says goes to WORK/NAME.log.
quiet() {
    local log=$work/$1.log
    shift
    "$@" >>"$log" 2>&1 </dev/null || { tail -n 5 "$log" >&2; fail "failed: $*"; }
}
made() { [ -s "$1" ]; }

# full NAME FILTERS INPUT...: the truth, at exactly 25 frames a second, so that frames are compared by their number.
full() {
    local name=$1 filters=$2
    shift 2
    names+=("$name")
    made "$work/$name.full.mkv" && return
    quiet "$name" ffmpeg -y "$@" -map 0:v:0 -vf "$filters,format=yuv420p" -frames:v $frames -r 25 -c:v ffv1 "$work/$name.full.part.mkv"
    mv "$work/$name.full.part.mkv" "$work/$name.full.mkv"
}
# from FRAME: 25 frames of a real clip, from that on.
from() { echo "trim=start_frame=$1:end_frame=$(($1 + frames)),setpts=N/(25*TB)"; }

names=()
# Fades to black over 20 frames, 10 of the half: while coffee is poured, and where the kettle is raised. And one over 10,
# whose steps are so large that they were once taken for cuts.
full fade-poured "$(from 150),scale=854:480,fade=out:start_frame=2:nb_frames=20" -i "$clips/sam2-04-coffee.mp4"
full fade-kettle "$(from 60),scale=854:480,fade=out:start_frame=2:nb_frames=20" -i "$clips/sam2-04-coffee.mp4"
full fade-fast "$(from 150),scale=854:480,fade=out:start_frame=12:nb_frames=10" -i "$clips/sam2-04-coffee.mp4"

# White credits on black, lines 30 apart, which move up by so many pixels between two frames of the half.
roles=('Camera' 'First assistant director' 'Editing' 'Sound' 'Gaffer' 'Costumes' 'Script')
people=('Jordan Hale' 'M. Quist' 'Ines Vollmer' 'Tom Akabusi' 'Philippa Grey')
for pixels in 6 12 24; do
    text=
    for ((line = 0; line < 28; line++)); do
        for column in "x=420-text_w:text='${roles[line % 7]}'" "x=440:text='${people[line % 5]}'"; do
            text+=",drawtext=fontfile='$font':fontsize=22:fontcolor=white:$column:y=$((line * 30 + 24))-ascent-$((pixels / 2))*n"
        done
    done
    full "credits-$pixels" "${text#,}" -f lavfi -i color=black:size=854x480:rate=25
done

# A fence of light bars, 12 wide and 40 apart, that moves right by so many pixels between two frames of the half.
for pixels in 12 24; do
    step=$((pixels / 2))
    bars="lum='if(lt(mod(X+960-$step*N\\,40)\\,12)\\,200\\,lum(X\\,Y))'"
    for plane in cb cr; do bars+=":$plane='if(lt(mod(X+480-$step*N/2\\,20)\\,6)\\,128\\,$plane(X\\,Y))'"; done
    full "fence-$pixels" "$(from 40),format=yuv420p,geq=$bars" -i "$clips/mdn-friday.mp4"
done

# A logo and a subtitle that stand still over a moving forest.
full logo "$(from 60),drawbox=x=700:y=36:w=112:h=44:color=red@0.8:t=fill,
    drawtext=fontfile='$font':fontsize=26:fontcolor=white:x=756-text_w/2:y=58-text_h/2:text='LOGO 4',
    drawtext=fontfile='$font':fontsize=24:fontcolor=white:borderw=2:bordercolor=black:x=(w-text_w)/2:y=412:text='We have walked this way before, haven’t we?'" \
    -i "$clips/soundify-forest.mp4"

# score NAME WAY: only the new frames, which have odd numbers; what a conversion has beyond the last frame of truth counts for nothing.
score() {
    local rgb="select=mod(n\\,2)*lt(n\\,$frames),setpts=N/(25*TB),scale=in_color_matrix=bt709:in_range=tv:flags=bicubic+accurate_rnd,format=gbrp"
    ffmpeg -hide_banner -nostats -i "$work/$1.$2.mkv" -i "$work/$1.full.mkv" -lavfi "[0:v]${rgb}[new];[1:v]${rgb}[truth];[new][truth]psnr=shortest=1" \
        -f null - 2>&1 </dev/null | sed -nE 's/.*PSNR .*average:([0-9.]+|inf).*/\1/p' | awk '{ printf "%.2f dB", $1 }'
}

header='| clip | averaging |' line='|---|---|'
for model in "$@"; do header+=" $(basename "$model" .safetensors) |" line+='---|'; done
echo "$header"
echo "$line"
for name in "${names[@]}"; do
    base=$work/$name
    made "$base.half.mkv" || quiet "$name" ffmpeg -y -i "$base.full.mkv" -vf 'select=not(mod(n\,2)),setpts=N/(12.5*TB)' -r 25/2 -c:v ffv1 "$base.half.mkv"
    made "$base.average.mkv" || quiet "$name" "$root/framefilter" convert "$base.half.mkv" "$base.average.mkv" --encoder ffv1 --method average --scene-cut off
    row="| $name | $(score "$name" average) |"
    for model in "$@"; do
        way=$(basename "$model" .safetensors)
        quiet "$name" "$root/framefilter" convert "$base.half.mkv" "$base.$way.mkv" --encoder ffv1 --model "$model" -y
        row+=" $(score "$name" "$way") |"
    done
    echo "$row"
done
