#!/bin/sh
# Builds the committed sources twice, in folders of different names, and compares all that came out, byte by byte:
# ./eng/reproducible.sh [-p:NAME=VALUE...] [PROJECT...]
# PROJECT is a folder such as src/FrameFilter (the default, which is published), src/Training or src/Plugin; properties such as -p:Precompile=true hold for all.
set -eu
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd)
. "$root/eng/setup.sh"
name=reproducible
find_dotnet
properties='' projects=''
for word in "$@"; do
    case $word in -*) properties="$properties $word" ;; *) projects="$projects $word" ;; esac
done
: "${projects:=src/FrameFilter}"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for folder in first second-of-a-longer-name; do
    git clone -q --no-hardlinks "$root" "$work/$folder"
    for project in $projects; do
        # shellcheck disable=SC2086 # words apart
        "$dotnet" publish "$work/$folder/$project" -c Release -o "$work/$folder/out/$project" $properties -v q --nologo --disable-build-servers </dev/null
    done
    [ ! -d "$work/$folder/artifacts/precompiled" ] || mv "$work/$folder/artifacts/precompiled" "$work/$folder/out"
    (cd "$work/$folder/out" && find . -type f | LC_ALL=C sort | xargs -d '\n' sha256sum) >"$work/$folder.sums"
done
count=$(wc -l <"$work/first.sums")
[ "$count" -gt 0 ] || { say 'nothing was built'; exit 1; }
if ! diff "$work/first.sums" "$work/second-of-a-longer-name.sums"; then
    say 'the builds differ'
    exit 1
fi
say "$count files of $(echo $projects$properties) are the same in both builds"
