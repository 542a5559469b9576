#!/usr/bin/env bash
# Fuzzes one target for a bounded time, beginning from tests/Fuzz/corpus.
# usage: tests/fuzz.sh TARGET [SECONDS]     TARGET: reader, jid or scram; default 60 seconds
# With AFL++; with libFuzzer, as fast and with other ideas, when LIBFUZZER_DOTNET names the program that
# 'clang++ -O1 -fsanitize=fuzzer libfuzzer-dotnet.cc' (Debian: clang, libclang-rt-14-dev) makes of the source of
# github.com/Metalnem/libfuzzer-dotnet.
# The exit code is 1 when something was found. What was found is in artifacts/fuzz/TARGET/out; once it is fixed, keep the
# input in tests/Fuzz/corpus/TARGET, where ./test.sh runs it ever after.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/packages.sh

target=${1:-} seconds=${2:-60}
if [ ! -d "tests/Fuzz/corpus/$target" ] || [ -z "$target" ] || ! [[ $seconds =~ ^[1-9][0-9]*$ ]]; then
    sed -n '2,8p' "$0" | cut -c3- >&2
    exit 2
fi

require_sdk
[ -n "${LIBFUZZER_DOTNET:-}" ] || require_packages afl++
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

mkdir "$work/out"
run_afl() {
    export AFL_SKIP_BIN_CHECK=1 AFL_SKIP_CPUFREQ=1 AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 AFL_NO_UI=1
    nice -n 10 afl-fuzz -V "$seconds" -i "tests/Fuzz/corpus/$target" -o "$work/out" -t 10000 -m none \
        -- dotnet "$work/bin/Fuzz.dll" "$target" >"$work/afl.log" || {
        tail -n 20 "$work/afl.log" >&2
        exit 1
    }

    sed -n 's/^\(execs_done\|corpus_count\|saved_crashes\|saved_hangs\) *: */\1 /p' "$work/out/default/fuzzer_stats"
}

# One finding ends it, unlike AFL++, which goes on.
run_libfuzzer() {
    mkdir "$work/queue"
    nice -n 10 "$LIBFUZZER_DOTNET" --target_path="$work/bin/Fuzz" --target_arg="$target" "$work/queue" "tests/Fuzz/corpus/$target" \
        -max_total_time="$seconds" -timeout=10 -max_len=65536 -print_final_stats=1 -artifact_prefix="$work/out/" 2>"$work/libfuzzer.log" \
        >"$work/target.log" || [ -n "$(ls "$work/out")" ] || {
        tail -n 20 "$work/target.log" "$work/libfuzzer.log" >&2
        exit 1
    }
    sed -n 's/^stat::\(number_of_executed_units\|new_units_added\): */\1 /p' "$work/libfuzzer.log"
}

if [ -n "${LIBFUZZER_DOTNET:-}" ]; then run_libfuzzer; else run_afl; fi

# AFL++ keeps findings by the names id*, libFuzzer by crash-*, timeout-* and oom-*.
found=$(find "$work/out" -type f \( -path '*/crashes/id*' -o -path '*/hangs/id*' -o -name 'crash-*' -o -name 'timeout-*' -o -name 'oom-*' \))
if [ -n "$found" ]; then
    echo "FOUND, see why with 'dotnet run --project tests/Fuzz -- $target FILE':"
    echo "$found"
    exit 1
fi
