#!/bin/sh
# Fetches NVIDIA's assembler ptxas to artifacts/cuda, for the tests that report the kernels' registers: ./eng/cuda-tools.sh
# It comes out of Debian's package nvidia-cuda-toolkit (non-free, 84 MB), which is unpacked and not installed.
set -eu
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd)
target=$root/artifacts/cuda
[ -x "$target/ptxas" ] && exit 0
fail() { echo "cuda-tools: $1" >&2; exit 1; }
command -v apt-get >/dev/null 2>&1 || fail 'only Debian packages ptxas so that it can be fetched; put a ptxas into PATH'
sources=/etc/apt/sources.list.d/debian.sources
[ -f "$sources" ] || fail "$sources, whose servers would be asked, is not there"
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
mkdir -p "$target" "$temporary/parts" "$temporary/lists/partial"
sed 's/^Components:.*/Components: main contrib non-free/' "$sources" >"$temporary/parts/non-free.sources"
# Lists of its own: the system's stay as they are.
options="-q -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=$temporary/parts -o Dir::State::Lists=$temporary/lists -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache="
cd "$temporary"
# shellcheck disable=SC2086
{ apt-get $options update && apt-get $options download nvidia-cuda-toolkit; } >"$target/fetch.log" 2>&1 || fail "see $target/fetch.log"
dpkg --fsys-tarfile nvidia-cuda-toolkit_*.deb | tar x -C "$temporary" ./usr/bin/ptxas
mv "$temporary/usr/bin/ptxas" "$target/ptxas"
