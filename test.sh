#!/usr/bin/env bash
# Builds, checks formatting and runs every test; installs the real servers they need.
# usage: ./test.sh [--no-servers]     --no-servers leaves out the tests against Prosody and ejabberd
# Ends with what failed, a line for each test, and with one line "N passed, N failed, N skipped"; the exit code is 0 only
# when all is well.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
. scripts/packages.sh

servers=1
case "${1:-}" in
    '') ;;
    --no-servers) servers=0 ;;
    *) sed -n '2,5p' "$0" | cut -c3- >&2; exit 2 ;;
esac

require_sdk
if [ $servers -eq 1 ]; then
    require_packages 'prosody>=13' 'prosody-modules>=0.0~hg20250402' 'ejabberd>=24.12' 'erlang-p1-sqlite3>=1.1.15' lua-sec lua-event \
        lua-dbi-sqlite3 lua-unbound sqlite3 \
        python3 python3-slixmpp profanity chromium gcc zlib1g-dev
    export XMPP_REQUIRE_SERVERS=1
else
    echo "Left out, as asked: tests/Interop.Tests and tests/Conformance.Tests, everything against real Prosody and ejabberd."
fi

# Seconds that a project's tests may take, and all of them: whoever waits for this script must hear which one hangs. The
# runner's own --timeout asks a test to end, and waits for one that does not hear.
longest=720
deadline=$((SECONDS + 3000))

results=artifacts/test-results
rm -rf $results
mkdir -p $results
problems=()

echo "== build"
dotnet build XmppChatClient.sln -nologo -v quiet || { echo "The build failed."; echo "0 passed, 1 failed, 0 skipped"; exit 1; }

echo "== format"
dotnet format XmppChatClient.sln --no-restore --verify-no-changes --severity warn \
    || problems+=("formatting: run 'dotnet format XmppChatClient.sln'")

# Those of a log, a line each, and when the run was cut short those that it never came to the end of.
failed_tests() {
    LC_ALL=C tr -cd '\n -~' <"$2" | LC_ALL=C awk -f scripts/failed-tests.awk
    if ! grep -q '^Exit code: 2$' "$2"; then
        dotnet test --project "$1" --no-build --list-tests | sed -n 's/^  //p' | sort >"$2.all"
        sed -nE 's/^(passed|failed|skipped) (.*) \([0-9hms ]+\)$/\2/p' "$2" | sort | comm -23 "$2.all" - | sed 's/$/: never ended/'
    fi
}

tests=()
passed=0 failed=0 skipped=0
for project in tests/*.Tests/*.csproj; do
    name=$(basename "$project" .csproj)
    [ $servers -eq 0 ] && [[ "$name" =~ ^(Interop|Conformance)\.Tests$ ]] && continue
    echo "== $name"
    log=$results/$name.log
    limit=$((deadline - SECONDS < longest ? deadline - SECONDS : longest))
    [ $limit -lt 1 ] && limit=1
    # The file has every test; the screen those that did not pass, and what the others measured.
    if ! timeout -k 30 $limit dotnet test --project "$project" --no-build --no-progress --output Detailed 2>&1 \
        | tee "$log" | awk -f scripts/shown-tests.awk; then
        problems+=("tests of $name")
        mapfile -t -O ${#tests[@]} tests < <(failed_tests "$project" "$log")
    fi
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
# Short enough for who sees only the end: about 1,000 characters, unless there are many.
for test in "${tests[@]:0:10}"; do
    echo "  ${test:0:$((${#tests[@]} > 4 ? 150 : 300))}"
done
[ ${#tests[@]} -gt 10 ] && echo "  and $((${#tests[@]} - 10)) more"
[ ${#problems[@]} -gt 0 ] && [ $failed -eq 0 ] && failed=1
echo "$passed passed, $failed failed, $skipped skipped"
[ ${#problems[@]} -eq 0 ]
