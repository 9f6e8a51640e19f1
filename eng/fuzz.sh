#!/bin/bash
# Damages inputs of every kind (clips, settings, weights, logs, segments, jobs) and puts them through framefilter: eng/fuzz.sh [OPTION...]
#   --minutes N   ends after so many minutes (default 10)
#   --mutants N   ends after so many mutants
#   --seed S      what all mutants follow from (default 1)
#   --only N      that mutant alone
#   --first N     begins with that mutant
#   --jobs N      so many at a time (default 1)
#   --resume      goes on where an earlier run of the seed was ended, and counts what it found; what was a fault runs again
#   --kind KIND   mutants of that kind alone, such as BitFlips or Settings
# Clips, the mutants that found a fault, and what came of each (SEED.tsv) are kept in artifacts/fuzz. A run that is interrupted writes its table. The last line is: N mutants, N faults.
set -euo pipefail
root=$(CDPATH='' cd -P -- "$(dirname -- "$0")/.." && pwd)
. "$root/eng/setup.sh"
find_dotnet
require_sdk
require_ffmpeg
command -v ffmpeg >/dev/null 2>&1 || fail 'the program ffmpeg is needed, which makes the clips'
build "$stamps/fuzz" tests/Fuzz/Fuzz.csproj 'the fuzzer'
limit=(--minutes 10)
case " $* " in *' --minutes '* | *' --mutants '* | *' --only '*) limit=() ;; esac
exec "$dotnet" "$root/artifacts/bin/Fuzz/release/AdaConv.Fuzz.dll" --folder "$root/artifacts/fuzz" "${limit[@]}" "$@"
