#!/usr/bin/env bash
# Two clients write to each other over a bad network, for long: what is lost or doubled, how often the link came back, and
# the memory of the process at the start and at the end.
# usage: tests/soak.sh [SECONDS] [OPTION VALUE]...     default 1800 seconds, against a test server
# 'dotnet run --project tests/Benchmarks -- soak --help' names the options; --server and the accounts take a real server.
# The exit code is 1 when a message was lost without being said to be, or came twice.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. scripts/packages.sh

seconds=1800
if [[ ${1:-} =~ ^[1-9][0-9]*$ ]]; then
    seconds=$1
    shift
fi

require_sdk
dotnet build tests/Benchmarks -c Release -nologo -v quiet
exec dotnet tests/Benchmarks/bin/Release/net10.0/Benchmarks.dll soak --seconds "$seconds" "$@"
