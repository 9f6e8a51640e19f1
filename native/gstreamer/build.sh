#!/bin/sh
# Builds the GStreamer element adaconv: native/gstreamer/build.sh [--output FOLDER]; usual: artifacts/plugin, where native/plugin/build.sh puts
# libadaconv.so, which it needs there. Then: GST_PLUGIN_PATH=FOLDER gst-inspect-1.0 adaconv
# Needs gcc, pkg-config, and the packages libgstreamer1.0-dev and libgstreamer-plugins-base1.0-dev (1.22 or later).
set -eu
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/../.." && pwd)
. "$root/eng/setup.sh"

output=$root/artifacts/plugin
while [ $# -gt 0 ]; do
    case $1 in
        --output) output=$2; shift 2 ;;
        *) fail "native/gstreamer/build.sh does not know '$1'; its first lines say what it knows" ;;
    esac
done
[ -f "$output/libadaconv.so" ] || fail "$output/libadaconv.so is missing: run native/plugin/build.sh first"
command -v gcc >/dev/null 2>&1 || fail 'gcc is missing'
pkg-config --atleast-version=1.22 gstreamer-video-1.0 2>/dev/null ||
    fail "GStreamer's headers are missing: install pkg-config, libgstreamer1.0-dev and libgstreamer-plugins-base1.0-dev, 1.22 or later"

version=$(sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' "$root/Directory.Build.props")
# The plugin finds the library and the models beside itself.
# shellcheck disable=SC2046
gcc -std=gnu11 -D_GNU_SOURCE -O2 -Wall -Wextra -Werror -Wno-missing-field-initializers -fPIC -shared -fvisibility=hidden "-DADACONV_VERSION=\"$version\"" -I "$root/native" \
    $(pkg-config --cflags gstreamer-video-1.0) -o "$output/libgstadaconv.so.new" "$root"/native/gstreamer/*.c \
    -L "$output" -ladaconv $(pkg-config --libs gstreamer-video-1.0) -ldl -Wl,-rpath,'$ORIGIN',-z,defs
mv -f "$output/libgstadaconv.so.new" "$output/libgstadaconv.so"
mkdir -p "$output/models"
for model in "$root"/models/*.safetensors; do
    cmp -s "$model" "$output/models/$(basename "$model")" || cp "$model" "$output/models/"
done
say "$output/libgstadaconv.so"
