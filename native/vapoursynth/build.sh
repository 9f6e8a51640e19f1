#!/bin/sh
# Builds the VapourSynth plug-in: native/vapoursynth/build.sh [--include FOLDER] [--output FOLDER]
#   --include  the folder that holds VapourSynth4.h; usual: $VAPOURSYNTH_INCLUDE, else what pkg-config vapoursynth says, else /usr/include/vapoursynth
#   --output   artifacts/plugin, where native/plugin/build.sh puts libadaconv.so, which it needs there
set -eu
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/../.." && pwd)
. "$root/eng/setup.sh"

output=$root/artifacts/plugin include=${VAPOURSYNTH_INCLUDE:-}
while [ $# -gt 0 ]; do
    case $1 in
        --include) include=$2; shift 2 ;;
        --output) output=$2; shift 2 ;;
        *) fail "native/vapoursynth/build.sh does not know '$1'; its first lines say what it knows" ;;
    esac
done
[ -n "$include" ] || include=$(pkg-config --variable=includedir vapoursynth 2>/dev/null)/vapoursynth || true
[ -f "$include/VapourSynth4.h" ] || include=/usr/include/vapoursynth
[ -f "$include/VapourSynth4.h" ] || fail 'VapourSynth4.h was not found: install VapourSynth (R55 or later) or give its folder with --include'
[ -f "$output/libadaconv.so" ] || fail "$output/libadaconv.so is missing: run native/plugin/build.sh first"
gcc -std=c11 -O2 -Wall -Wextra -Werror -fPIC -shared -fvisibility=hidden -I "$include" -o "$output/libvsadaconv.so.new" "$root/native/vapoursynth/adaconv.c" \
    -L "$output" -ladaconv -ldl -Wl,-rpath,'$ORIGIN',-z,defs
mv -f "$output/libvsadaconv.so.new" "$output/libvsadaconv.so"
mkdir -p "$output/models"
for model in "$root"/models/*.safetensors; do
    cmp -s "$model" "$output/models/$(basename "$model")" || cp "$model" "$output/models/"
done
say "$output/libvsadaconv.so"
