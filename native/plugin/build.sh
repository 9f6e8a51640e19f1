#!/bin/sh
# Builds libadaconv.so: native/plugin/build.sh [--level 2|3|4|best|all] [--output FOLDER]
#   --level   the levels of x86-64 that it holds code for: all (usual; 2: SSE4.2, 3: AVX2, 4: AVX-512), one of them, or best (what this machine has)
#   --output  where libadaconv.so and adaconv.h go; usual: artifacts/plugin
# The managed code is compiled once for each level (NativeAOT knows one level for a whole program), its symbols are made local, and all are
# linked with dispatch.c, which chooses at run time. Needs the .NET SDK, gcc 12 or later and binutils.
set -eu
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/../.." && pwd)
. "$root/eng/setup.sh"

levels=all output=$root/artifacts/plugin
while [ $# -gt 0 ]; do
    case $1 in
        --level) levels=$2; shift 2 ;;
        --output) output=$2; shift 2 ;;
        *) fail "native/plugin/build.sh does not know '$1'; its first lines say what it knows" ;;
    esac
done
for tool in gcc ld objcopy nm; do
    command -v "$tool" >/dev/null 2>&1 || fail "$tool is missing: install gcc and binutils"
done
find_dotnet

case $(uname -m) in
    x86_64) runtime=linux-x64 ;;
    aarch64) runtime=linux-arm64 levels=1 ;;
    *) fail "libadaconv can be built on x86_64 and aarch64, not on $(uname -m)" ;;
esac
case $levels in
    all) levels='2 3 4' ;;
    best)
        levels=2
        if grep -qw avx2 /proc/cpuinfo && grep -qw fma /proc/cpuinfo; then levels=3; fi
        if grep -qw avx512vl /proc/cpuinfo && grep -qw avx512dq /proc/cpuinfo; then levels=4; fi ;;
    1 | 2 | 3 | 4) ;;
    *) fail "--level is all, best, 2, 3 or 4, not '$levels'" ;;
esac

work=$root/artifacts/obj/Plugin/library
mkdir -p "$work" "$output"
objects= defines=
for level in $levels; do
    say "compiling libadaconv for level $level …"
    set_of=
    if [ "$level" != 1 ]; then set_of=-p:IlcInstructionSet=x86-64-v$level; fi
    # shellcheck disable=SC2086
    "$dotnet" publish "$root/src/Plugin" -c Release -r "$runtime" -v q -nologo -nodeReuse:false -p:UseSharedCompilation=true -p:AheadOfTime=true -p:NativeLib=Static -p:NativeDebugSymbols=false \
        -p:IlcExportUnmanagedEntrypoints=true $set_of "-p:NativeIntermediateOutputPath=$work/$level/" -o "$work/$level/published" </dev/null
    # The folder of the runtime's own objects, as the compiler was told it.
    native=$(sed -n 's/^-r:\(.*\)\/System\.Private\.CoreLib\.dll$/\1/p' "$work/$level/AdaConv.Plugin.ilc.rsp" | head -n 1)
    part=$work/$level/part
    # shellcheck disable=SC2046
    ld -r --force-group-allocation -o "$part.o" "$work/$level/AdaConv.Plugin.o" "$native/libbootstrapperdll.o" --start-group \
        "$native/libRuntime.WorkstationGC.a" "$native/libeventpipe-disabled.a" "$native/libstandalonegc-disabled.a" "$native/libaotminipal.a" \
        $(ls "$native/libRuntime.VxsortEnabled.a" 2>/dev/null) "$native/libstdc++compat.a" "$native/libSystem.Native.a" \
        "$native/libSystem.Security.Cryptography.Native.OpenSsl.a" --end-group
    # Each level's functions get a name of their own, and so do the sections whose bounds the linker makes symbols of.
    nm "$part.o" | awk '$2 == "T" && $3 ~ /^adaconv_/ { print $3 }' >"$part.functions"
    sed "s/.*/level${level}_&/" "$part.functions" >"$part.keep"
    sed "s/.*/& level${level}_&/" "$part.functions" >"$part.names"
    nm "$part.o" | awk '$1 == "U" { print $2 }' | grep -E '^__(start|stop)_' | sort -u >"$part.bounds"
    sed "s/.*/& &_$level/" "$part.bounds" >>"$part.names"
    sections=$(sed -nE "s/^__start_(.*)/--rename-section \1=\1_$level/p" "$part.bounds")
    # shellcheck disable=SC2086
    objcopy --redefine-syms="$part.names" $sections "$part.o" "$part.named.o"
    objcopy --keep-global-symbols="$part.keep" "$part.named.o" "$work/$level.o"
    objects="$objects $work/$level.o" defines="$defines -DADACONV_LEVEL_$level=1"
done
"$dotnet" build-server shutdown --vbcscompiler >/dev/null 2>&1 </dev/null || true

version=$(sed -n 's/.*<Version>\(.*\)<\/Version>.*/\1/p' "$root/Directory.Build.props")
printf '{ global: adaconv_*; local: *; };\n' >"$work/exports"
# shellcheck disable=SC2086
gcc -std=c11 -O2 -Wall -Wextra -Werror -fPIC -fvisibility=hidden $defines "-DADACONV_VERSION=\"$version\"" -c -o "$work/dispatch.o" "$root/native/plugin/dispatch.c"
# shellcheck disable=SC2086
gcc -shared -o "$work/libadaconv.so" "$work/dispatch.o" $objects -Wl,-soname,libadaconv.so "-Wl,--version-script=$work/exports" -Wl,--gc-sections \
    -Wl,-z,relro,-z,now,-z,nodelete,-z,noexecstack,--as-needed,--eh-frame-hdr,--strip-all -pthread -ldl -lm -lrt
mv -f "$work/libadaconv.so" "$output/libadaconv.so"
cp "$root/native/adaconv.h" "$output/adaconv.h"
echo "$levels" >"$work/levels"
say "$output/libadaconv.so: $(($(wc -c <"$output/libadaconv.so") / 1000)) kB, level $levels"
