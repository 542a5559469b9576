#!/usr/bin/env bash
# Fuzzes one target with AFL++ for a bounded time, beginning from tests/Fuzz/corpus.
# usage: tests/fuzz.sh TARGET [SECONDS]     TARGET: reader, jid or scram; default 60 seconds
# The exit code is 1 when something was found. What was found is in artifacts/fuzz/TARGET/out; once it is fixed, keep the
# input in tests/Fuzz/corpus/TARGET, where ./test.sh runs it ever after.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/packages.sh

target=${1:-} seconds=${2:-60}
if [ ! -d "tests/Fuzz/corpus/$target" ] || [ -z "$target" ] || ! [[ $seconds =~ ^[1-9][0-9]*$ ]]; then
    sed -n '2,5p' "$0" | cut -c3- >&2
    exit 2
fi

require_sdk
require_packages afl++
dotnet tool restore >/dev/null || {
    echo "SharpFuzz.CommandLine is needed and could not be restored; see .config/dotnet-tools.json." >&2
    exit 1
}

# A copy of its own: an instrumented assembly is for nothing else.
work=artifacts/fuzz/$target
rm -rf "$work"
mkdir -p "$work"
dotnet build tests/Fuzz -c Release -nologo -v quiet -o "$work/bin"
dotnet tool run sharpfuzz "$work/bin/XmppChatClient.Protocol.dll"

export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1
nice -n 10 afl-fuzz -V "$seconds" -i "tests/Fuzz/corpus/$target" -o "$work/out" -t 10000 -m none \
    -- dotnet "$work/bin/Fuzz.dll" "$target" >"$work/afl.log" || {
    tail -n 20 "$work/afl.log" >&2
    exit 1
}

sed -n 's/^\(execs_done\|corpus_count\|saved_crashes\|saved_hangs\) *: */\1 /p' "$work/out/default/fuzzer_stats"
found=$(find "$work/out/default/crashes" "$work/out/default/hangs" -type f -name 'id*')
if [ -n "$found" ]; then
    echo "FOUND, see why with 'dotnet run --project tests/Fuzz -- $target FILE':"
    echo "$found"
    exit 1
fi
