#!/bin/sh
# Whether a package of the two programs is known to be vulnerable, as the registry knows it: ./eng/vulnerabilities.sh
# Exits with 1 where one is, with 0 where none is, and with 77 where the registry cannot tell; the last line says which.
set -eu
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd)
. "$root/eng/setup.sh"
name=vulnerabilities
find_dotnet
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# The SDK says "no vulnerable packages" also where the registry has no list of them: a package that is on every list shows which it is.
cat >"$work/control.csproj" <<'PROJECT'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup><TargetFramework>net10.0</TargetFramework><NuGetAudit>false</NuGetAudit></PropertyGroup>
  <ItemGroup><PackageReference Include="Newtonsoft.Json" Version="12.0.3" /></ItemGroup>
</Project>
PROJECT
known() { "$dotnet" list "$1" package --vulnerable --include-transitive </dev/null 2>&1; }
if ! "$dotnet" restore "$work/control.csproj" -v q --nologo </dev/null >/dev/null 2>&1 || ! known "$work/control.csproj" | grep -q Newtonsoft; then
    say 'could not be checked: the package registry has no list of vulnerable packages'
    exit 77
fi

for project in FrameFilter Training; do
    "$dotnet" restore "$root/src/$project" -v q --nologo </dev/null
    if known "$root/src/$project" | tee "$work/found" | grep -q '^ *>'; then
        cat "$work/found"
        say "a package of $project is known to be vulnerable"
        exit 1
    fi
done
say 'no package is known to be vulnerable'
