#!/usr/bin/env bash
# Builds, checks formatting and runs every test; installs the real servers they need.
# usage: ./test.sh [--no-servers]     --no-servers leaves out the tests against Prosody and ejabberd
# Ends with one line "N passed, N failed, N skipped"; the exit code is 0 only when all is well.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. scripts/packages.sh

servers=1
case "${1:-}" in
    '') ;;
    --no-servers) servers=0 ;;
    *) sed -n '2,4p' "$0" | cut -c3- >&2; exit 2 ;;
esac

require_sdk
if [ $servers -eq 1 ]; then
    require_packages prosody prosody-modules lua-sec lua-event lua-dbi-sqlite3 lua-unbound ejabberd erlang-p1-sqlite3 sqlite3 \
        python3 python3-slixmpp profanity gcc zlib1g-dev
    export XMPP_REQUIRE_SERVERS=1
else
    echo "Left out, as asked: tests/Interop.Tests and tests/Conformance.Tests, everything against real Prosody and ejabberd."
fi

results=artifacts/test-results
rm -rf $results
mkdir -p $results
problems=()

echo "== build"
dotnet build XmppChatClient.sln -nologo -v quiet || { echo "The build failed."; echo "0 passed, 1 failed, 0 skipped"; exit 1; }

echo "== format"
dotnet format XmppChatClient.sln --no-restore --verify-no-changes --severity warn \
    || problems+=("formatting: run 'dotnet format XmppChatClient.sln'")

passed=0 failed=0 skipped=0
for project in tests/*.Tests/*.csproj; do
    name=$(basename "$project" .csproj)
    [ $servers -eq 0 ] && [[ "$name" =~ ^(Interop|Conformance)\.Tests$ ]] && continue
    echo "== $name"
    log=$results/$name.log
    dotnet test --project "$project" --no-build --no-progress --timeout 15m 2>&1 | tee "$log" || problems+=("tests of $name")
    # "total:", "failed:", "succeeded:" and "skipped:" of the run's summary
    count() { sed -n "/^Test run summary/,\$s/^ *$1: *\([0-9]*\).*/\1/p" "$log" | head -n 1; }
    total=$(count total)
    if [ -z "$total" ] || [ "$total" = 0 ]; then
        problems+=("$name ran no test")
        failed=$((failed + 1))
        continue
    fi
    passed=$((passed + $(count succeeded)))
    failed=$((failed + $(count failed)))
    skipped=$((skipped + $(count skipped)))
done

if [ $skipped -gt 0 ] && [ "${CI:-}" = true ]; then
    problems+=("$skipped skipped, and nothing may be skipped in CI")
fi
for problem in "${problems[@]}"; do
    echo "FAILED: $problem"
done
[ ${#problems[@]} -gt 0 ] && [ $failed -eq 0 ] && failed=1
echo "$passed passed, $failed failed, $skipped skipped"
[ ${#problems[@]} -eq 0 ]
