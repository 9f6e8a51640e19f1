#!/bin/sh
# Makes what people take who have not the repository, and checks it: ./eng/package.sh [SYSTEM]   (linux-x64, linux-arm64, win-x64, osx-arm64; this one by default)
# artifacts/packages then holds the program as one file, in a folder named by the system, and the packages for dotnet tool install.
set -eu
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd)
. "$root/eng/setup.sh"
name=package
find_dotnet
here=$("$dotnet" --info | sed -n 's/^ *RID: *//p')
system=${1:-$here}
packages=$root/artifacts/packages
builds=$root/artifacts/packaging
mkdir -p "$packages"
rm -rf "${packages:?}/$system" "$packages"/AdaConv*.nupkg

# Builds of their own, so that those for this system stay as they are.
"$dotnet" publish "$root/src/FrameFilter" -c Release -r "$system" -p:PublishSingleFile=true -p:DebugType=none -p:ArtifactsPath="$builds/$system" \
    -o "$packages/$system" -v q --nologo --disable-build-servers
"$dotnet" pack "$root/src/FrameFilter" -c Release -p:ToolSystems="$system" -p:ArtifactsPath="$builds/tool" -o "$packages" -v q --nologo --disable-build-servers

program=$(ls "$packages/$system"/AdaConv.FrameFilter*)
[ "$(ls "$packages/$system" | wc -l)" = 1 ] || fail "more than one file lies in $packages/$system"
size=$(wc -c <"$program")
[ "$size" -le 60000000 ] || fail "$program takes $size bytes, more than 60 MB"
say "$program: $size bytes"
for package in "$packages"/AdaConv*.nupkg; do say "$package: $(wc -c <"$package") bytes"; done
[ "$system" = "$here" ] || exit 0

# They are tried where they can run.
tried=$(mktemp -d)
trap 'rm -rf "$tried"' EXIT
NUGET_PACKAGES=$tried/cache "$dotnet" tool install AdaConv --tool-path "$tried/tools" --source "$packages" >&2
printf 'YUV4MPEG2 W32 H32 F25:1 Ip A1:1 C420\n' >"$tried/in.y4m"
for frame in 1 2 3; do
    printf 'FRAME\n' >>"$tried/in.y4m"
    head -c 1536 /dev/zero | tr '\0' "\\$((100 + 20 * frame))" >>"$tried/in.y4m"
done
for command in "$program" "$tried/tools/framefilter"; do
    DOTNET_BUNDLE_EXTRACT_BASE_DIR=$tried/unpacked "$command" convert "$tried/in.y4m" "$tried/out.mkv" --overwrite || fail "$command does not convert"
done
