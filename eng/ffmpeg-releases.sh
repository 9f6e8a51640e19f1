#!/bin/sh
# Brings newer FFmpegs than the system's to artifacts/ffmpeg, for the tests that convert with each of them: ./eng/ffmpeg-releases.sh
# They come out of Debian's packages, from the servers that this machine uses; with all that they need, the C library included. They are
# unpacked, not installed: artifacts/ffmpeg/<release>/run PROGRAM.dll ARGUMENT... runs a .NET program on them.
set -eu
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd)
target=$root/artifacts/ffmpeg
releases='7.1 trixie libavformat61 libavfilter10
8 sid libavformat62 libavfilter11
9 sid libavformat63 libavfilter12'
say() { echo "ffmpeg-releases: $*" >&2; }
fail() { say "$1"; exit 1; }

# The muxer "dotnet" finds its runtimes beside itself, and "itself" is the newer C library's loader: so that bears its name.
write_runner() {
    folder=$1 libraries=$2
    mkdir -p "$folder/host"
    cp -L "$(ls "$libraries"/ld-linux-*.so.*)" "$folder/host/dotnet"
    cat >"$folder/run.new" <<RUN
#!/bin/sh
real=\$(readlink -f "\$(command -v dotnet)")
ln -sfn "\$(dirname "\$real")/host" "$folder/host/host"
ln -sfn "\$(dirname "\$real")/shared" "$folder/host/shared"
export ADACONV_FFMPEG_DIR="$folder"
exec "$folder/host/dotnet" --library-path "$folder:$libraries" "\$real" "\$@"
RUN
    chmod +x "$folder/run.new"
    mv "$folder/run.new" "$folder/run"
}

# fetch SUITE PACKAGE...: the packages and all that they need, as if nothing were installed, to $temporary/SUITE/archives.
fetch() {
    suite=$1
    shift
    state=$temporary/$suite
    options="-q -o Dir::Etc::SourceList=/dev/null -o Dir::Etc::SourceParts=$state/parts -o Dir::State::Lists=$state/lists
        -o Dir::State::status=$state/status -o Dir::Cache=$state -o Dir::Cache::pkgcache= -o Dir::Cache::srcpkgcache= -o APT::Sandbox::User=root"
    if [ ! -d "$state" ]; then
        mkdir -p "$state/parts" "$state/lists/partial" "$state/archives/partial"
        : >"$state/status"
        # The first paragraph is that of the suite itself; the security updates of another one do not exist.
        sed -e '/^$/q' -e "s/^Suites:.*/Suites: $suite/" "$sources" >"$state/parts/$suite.sources"
        # shellcheck disable=SC2086
        apt-get $options update || return 1
    fi
    rm -f "$state"/archives/*.list
    # shellcheck disable=SC2086
    apt-get $options -y --no-install-recommends --download-only install "$@" &&
        apt-get $options -y --no-install-recommends --simulate install "$@" | sed -n 's/^Inst \([^ ]*\) .*/\1/p' >"$state/archives/wanted.list"
}

# unpack SUITE FOLDER: FFmpeg's own libraries into the release's folder, the rest beside it, shared by the releases of a suite.
unpack() {
    while read -r package; do
        archive=$(ls "$temporary/$1/archives/${package%%:*}"_*.deb)
        case $package in libav[cdfu]*|libsw*|libpostproc*) into=$2 ;; *) into=$target/$1 ;; esac
        mkdir -p "$into" "$temporary/unpacked/usr/lib"
        dpkg-deb -x "$archive" "$temporary/unpacked"
        find "$temporary/unpacked/usr/lib" -mindepth 2 -maxdepth 2 -name '*.so*' ! -type d -exec mv -t "$into" {} +
        rm -rf "$temporary/unpacked"
    done <"$temporary/$1/archives/wanted.list"
}

missing=
while read -r release _; do [ -x "$target/$release/run" ] || missing="$missing $release"; done <<END
$releases
END
[ -n "$missing" ] || exit 0
command -v apt-get >/dev/null 2>&1 || fail 'only Debian packages the releases of FFmpeg so that they can be fetched'
sources=/etc/apt/sources.list.d/debian.sources
[ -f "$sources" ] || fail "$sources, whose servers would be asked, is not there"
mkdir -p "$target"
temporary=$(mktemp -d)
trap 'rm -rf "$temporary"' EXIT
bad=0
while read -r release suite packages; do
    [ ! -x "$target/$release/run" ] || continue
    # shellcheck disable=SC2086
    if fetch "$suite" $packages >"$target/$release.log" 2>&1 </dev/null; then
        unpack "$suite" "$target/$release"
        write_runner "$target/$release" "$target/$suite"
    else
        say "FFmpeg $release was not to be had: see $target/$release.log"
        bad=1
    fi
done <<END
$releases
END
exit $bad
