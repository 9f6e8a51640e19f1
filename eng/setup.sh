# Sourced by the launchers in the repository's root, which set $root first. POSIX sh; everything it says goes to stderr.
# What it may set up: FFmpeg's libraries (apt-get, as root or with passwordless sudo), the restore and the build.

name=$(basename "$0")
stamps=$root/artifacts/stamps
export DOTNET_NOLOGO=1 DOTNET_CLI_TELEMETRY_OPTOUT=1

say() { printf '%s: %s\n' "$name" "$*" >&2; }

fail() {
    say "error: $1"
    shift
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

# The .NET host: in PATH, or where its installers put it.
find_dotnet() {
    dotnet=$(command -v dotnet) && return
    for folder in "${DOTNET_ROOT:-}" "${HOME:-}/.dotnet" /usr/share/dotnet /usr/lib/dotnet /usr/local/share/dotnet; do
        if [ -x "$folder/dotnet" ]; then
            dotnet=$folder/dotnet
            export DOTNET_ROOT="$folder"
            return
        fi
    done
    fail 'the .NET 10 SDK was not found; install it with one of these commands, then try again:' \
        'Ubuntu:  sudo apt-get install dotnet-sdk-10.0' \
        'Fedora:  sudo dnf install dotnet-sdk-10.0' \
        'Arch:    sudo pacman -S dotnet-sdk' \
        'macOS:   brew install dotnet' \
        'Debian and others: see https://dot.net/download (the script dotnet-install.sh needs no root)'
}

require_sdk() {
    (cd "$root" && "$dotnet" --version) >/dev/null 2>&1 && return
    fail "the .NET 10 SDK is needed to build; $dotnet has only:" \
        "$("$dotnet" --list-sdks 2>/dev/null | tr '\n' ' ')" \
        'On Ubuntu: sudo apt-get install dotnet-sdk-10.0; elsewhere see https://dot.net/download'
}

# may_install: whether packages can be installed without a password; sets $as_root.
may_install() {
    as_root=
    command -v apt-get >/dev/null 2>&1 || return 1
    [ "$(id -u)" = 0 ] && return
    as_root='sudo -n'
    command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null
}

# install_packages PACKAGE...: with apt-get, whose output goes to artifacts/setup.log.
install_packages() {
    say "installing $* …"
    mkdir -p "$root/artifacts"
    log=$root/artifacts/setup.log
    apt_install() { $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"; }
    # Package lists may be missing or stale on a bare machine: fetched only when the first try fails.
    apt_install "$@" >"$log" 2>&1 </dev/null && return
    { $as_root apt-get update -q && apt_install "$@"; } >>"$log" 2>&1 </dev/null && return
    tail -n 5 "$log" >&2
    return 1
}

# All of ldconfig's list is read: where grep ends at the first find, ldconfig may die of the closed pipe, which a caller's pipefail takes for a failure.
has_ffmpeg_libraries() {
    [ -n "${ADACONV_FFMPEG_DIR:-}" ] && return
    for library in avformat avcodec avutil swscale; do
        if command -v ldconfig >/dev/null 2>&1; then
            ldconfig -p | grep "lib$library\.so\." >/dev/null || return 1
        elif [ -x /sbin/ldconfig ]; then
            /sbin/ldconfig -p | grep "lib$library\.so\." >/dev/null || return 1
        else
            ls /opt/homebrew/lib/lib$library.*.dylib /usr/local/lib/lib$library.*.dylib >/dev/null 2>&1 || return 1
        fi
    done
}

# The package `ffmpeg` brings the shared libraries and, for the tests, the two command-line tools.
require_ffmpeg() {
    has_ffmpeg_libraries && return
    may_install && install_packages ffmpeg && has_ffmpeg_libraries && return
    fail "FFmpeg's shared libraries (5.1 to 9) were not found; install them with one of these commands, then try again:" \
        'Debian, Ubuntu:  sudo apt-get update && sudo apt-get install ffmpeg' \
        'Fedora:          sudo dnf install ffmpeg-free' \
        'Arch:            sudo pacman -S ffmpeg' \
        'macOS:           brew install ffmpeg' \
        'If they are elsewhere, or the system has another version: export ADACONV_FFMPEG_DIR=/folder/with/the/libraries'
}

# is_stale STAMP PATH...: whether the build the stamp stands for is missing, of another folder or flavour, or older than a source.
# Folders count too: their times tell of deleted files.
is_stale() {
    stamp=$1
    shift
    [ -f "$stamp" ] || return 0
    { read -r stamped; } <"$stamp" || return 0
    [ "$stamped" = "$root|${Torch:-cpu}|${Onnx:-none}" ] || return 0
    newer=$(cd "$root" && find "$@" -newer "$stamp" -print -quit 2>/dev/null) || return 0
    [ -n "$newer" ]
}

# build STAMP PROJECT WORDS OPTION...: restore and build in Release; the stamp bears the time at which the build began.
build() {
    mkdir -p "$stamps" || fail "cannot write to $root/artifacts, where the launcher builds"
    log=$stamps/$(basename "$1").log
    stamp=$1 built=$2
    say "building $3 …"
    shift 3
    started=$(date +%s)
    printf '%s\n' "$root|${Torch:-cpu}|${Onnx:-none}" >"$stamp.new"
    [ -n "${HOME:-}" ] || export DOTNET_CLI_HOME="$root/artifacts"
    # No build server stays behind: it would hold on to the caller's terminal and memory. Many projects are compiled by one that is ended afterwards.
    servers=--disable-build-servers
    [ -z "${compiler_server:-}" ] || servers='-nodeReuse:false -p:UseSharedCompilation=true'
    # shellcheck disable=SC2086
    "$dotnet" build "$root/$built" -c Release -v q --nologo $servers "$@" >"$log" 2>&1 </dev/null && ended=0 || ended=$?
    [ -z "${compiler_server:-}" ] || "$dotnet" build-server shutdown --vbcscompiler >/dev/null 2>&1 </dev/null || true
    if [ "$ended" != 0 ]; then
        rm -f "$stamp.new"
        if [ $# -gt 0 ] && grep -qi crossgen "$log"; then
            rm -rf "$root/artifacts/precompiled"
            say 'without the compiler to native code (its package was not to be had): each start takes a little longer'
            build "$stamp" "$built" "$(basename "$stamp")"
            return
        fi
        grep -E '(error|warning) ' "$log" | sort -u | head -n 20 >&2
        fail "the build failed; its full output is in $log"
    fi
    mv "$stamp.new" "$stamp"
    say "built in $(($(date +%s) - started)) s"
}

house='Directory.Build.props Directory.Build.targets Directory.Packages.props global.json'

# Builds the programs and their tests where any source is newer.
build_all() {
    # shellcheck disable=SC2086
    is_stale "$stamps/tests" $house AdaConv.sln src tests || return 0
    require_sdk
    compiler_server=1
    # Tests start the filter some hundred times.
    build "$stamps/tests" AdaConv.sln 'everything (the first time takes two minutes)' -p:Precompile=true
    compiler_server=
}

# run_project PROJECT ARGUMENT...: builds the program where anything below src or native is newer, then becomes it.
run_project() {
    project=$1 options=
    shift
    if [ "$project" = FrameFilter ]; then
        # Compiled to native code beforehand: a quarter of a start's processor time less.
        options=-p:Precompile=true
    else
        # Huge pages for libtorch's tensors: 8 % less time a frame (one thread, 1280x720). Read by glibc when a process starts.
        export GLIBC_TUNABLES="${GLIBC_TUNABLES:-glibc.malloc.hugetlb=1}"
    fi
    sources="$house src native"
    find_dotnet
    # shellcheck disable=SC2086 # the sources are names without spaces, below $root
    if is_stale "$stamps/$project" $sources; then
        require_sdk
        require_ffmpeg
        mkdir -p "$stamps"
        # Two starts at once: the second waits and finds the work done.
        if command -v flock >/dev/null 2>&1; then
            exec 9>"$stamps/lock"
            flock 9
        fi
        # shellcheck disable=SC2086
        if is_stale "$stamps/$project" $sources; then
            # The first build is of sources as they were committed, and CI has analyzed those: a quarter of its time less.
            [ -d "$root/artifacts/obj" ] || options="$options -p:RunAnalyzers=false"
            # shellcheck disable=SC2086
            build "$stamps/$project" "src/$project/$project.csproj" "$project (the first time takes a minute)" $options
        fi
        exec 9>&-
    fi
    program=$root/artifacts/precompiled/$project/AdaConv.$project.dll
    [ -f "$program" ] || program=$root/artifacts/bin/$project/release/AdaConv.$project.dll
    exec "$dotnet" "$program" "$@"
}
