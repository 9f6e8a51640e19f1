#!/bin/sh
# Publishes the filter for Windows, from any system, and checks that everything is there that it must hold: ./eng/publish-windows.sh
# The program is then artifacts/windows/framefilter/AdaConv.FrameFilter.exe.
set -eu
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd)
. "$root/eng/setup.sh"
name=publish-windows
target=$root/artifacts/windows/framefilter
find_dotnet
rm -rf "$target.new"
# A build of its own, so that the one for this system stays as it is; the analyzers, which look at the sources, have their say there.
# One compiler for all projects: it is ended afterwards.
published=0
"$dotnet" publish "$root/src/FrameFilter" -c Release -r win-x64 --self-contained -p:ArtifactsPath="$root/artifacts/windows" -o "$target.new" \
    -v q --nologo -nodeReuse:false -p:UseSharedCompilation=true -p:RunAnalyzers=false </dev/null || published=$?
"$dotnet" build-server shutdown --vbcscompiler >/dev/null 2>&1 </dev/null || true
[ "$published" = 0 ] || exit "$published"
missing=
need() {
    for file in "$@"; do [ -s "$target.new/$file" ] || missing="$missing $file"; done
}
need AdaConv.FrameFilter.exe AdaConv.FrameFilter.dll AdaConv.FFmpeg.dll AdaConv.Model.dll AdaConv.Engine.dll AdaConv.Reports.dll
need coreclr.dll hostfxr.dll
need filter.yaml presets/schema.json
for file in "$root"/presets/*.yaml "$root"/models/*.safetensors; do
    [ "${file##*/}" = guided-open.safetensors ] || need "${file#"$root"/}" # which stays in the repository
done
[ -z "$missing" ] || { echo "publish-windows: without$missing" >&2; exit 1; }
# The kernels for CUDA lie inside the engine's library.
grep -q separable_forward "$target.new/AdaConv.Engine.dll" || { echo 'publish-windows: AdaConv.Engine.dll is without the CUDA kernels' >&2; exit 1; }
[ ! -d "$target/ffmpeg" ] || mv "$target/ffmpeg" "$target.new/ffmpeg"
rm -rf "$target"
mv "$target.new" "$target"
