#!/bin/sh
# Builds a small FFmpeg for Windows out of Debian's source package, for the tests that convert under Wine: ./eng/windows-ffmpeg.sh
# Its libraries go beside what eng/publish-windows.sh makes. Not for users: without x264 and x265. Needs gcc-mingw-w64-x86-64 and make;
# takes some minutes.
set -eu
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd)
target=$root/artifacts/windows/framefilter/ffmpeg
fail() { echo "windows-ffmpeg: $1" >&2; exit 1; }
command -v x86_64-w64-mingw32-gcc >/dev/null 2>&1 || fail 'no compiler for Windows; type: apt-get install gcc-mingw-w64-x86-64'
sources=/etc/apt/sources.list.d/debian.sources
[ -f "$sources" ] || fail "$sources, whose servers would be asked for the source, is not there"
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
mkdir -p "$temporary/parts" "$temporary/lists/partial"
sed 's/^Types:.*/Types: deb-src/' "$sources" >"$temporary/parts/source.sources"
options="-q -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=$temporary/parts -o Dir::State::Lists=$temporary/lists -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache="
cd "$temporary"
# shellcheck disable=SC2086
{ apt-get $options update && apt-get $options source --download-only ffmpeg; } >"$temporary/log" 2>&1 || { cat "$temporary/log" >&2; fail 'the source was not to be had'; }
tar xf ffmpeg_*.orig.tar.*z
cd ffmpeg-*/
./configure --arch=x86_64 --target-os=mingw32 --cross-prefix=x86_64-w64-mingw32- --enable-cross-compile --prefix="$temporary/built" \
    --enable-shared --disable-static --disable-programs --disable-doc --disable-avdevice --disable-postproc --disable-network \
    --disable-x86asm --disable-debug --disable-autodetect --enable-w32threads --disable-everything --enable-protocol=file,pipe \
    --enable-demuxer=mov,matroska,avi,nut,yuv4mpegpipe,image2 --enable-muxer=mp4,mov,matroska,nut,yuv4mpegpipe,image2 \
    --enable-decoder=h264,mpeg4,ffv1,rawvideo,aac,pcm_s16le --enable-encoder=mpeg4,ffv1,rawvideo,wrapped_avframe,aac \
    --enable-parser=h264,mpeg4video,aac --enable-bsf=extract_extradata,h264_mp4toannexb \
    --enable-filter=scale,format,null,aformat,atempo,bwdif,buffer,buffersink,abuffer,abuffersink,aresample,asetnsamples,anull,atrim >"$temporary/log"
make -j"$(nproc)" >"$temporary/log" 2>&1 || { tail "$temporary/log" >&2; fail 'the build failed'; }
make install >"$temporary/log" 2>&1
mkdir -p "$target"
cp "$temporary"/built/bin/*.dll "$target"
