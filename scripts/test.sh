#!/usr/bin/env bash
# Every test, two halves side by side on two cores. Each pretend city's addresses are used in one half only; the main job
# and the browser measure time and run alone.
set -uo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT

half() {  # NAME PATHS…: runs them, keeps the output until the end
    local name=$1; shift
    $python -m pytest --timeout=300 "$@" >"$log/$name" 2>&1
    local code=$?
    echo "== $name: $(tail -n 1 "$log/$name")"
    [ $code -eq 0 ] || { cat "$log/$name"; return 1; }
}
both() {  # waits for the two halves that run
    local failed=0
    wait "$first" || failed=1
    wait "$second" || failed=1
    [ $failed -eq 0 ] || exit 1
}
missing=$(comm -23 <(ls -d tests/integration/*/ tests/integration/*.py tests/system/*.py | grep -v __pycache__ | sed 's#/$##' | sort) \
    <(grep -oE 'tests/(integration|system)/[a-z_]+(\.py)?' scripts/test.sh | sort -u))
[ -z "$missing" ] || { echo "scripts/test.sh does not run: $missing"; exit 1; }

half "pure rooms, store, interface; killed in the middle" tests/unit tests/integration/api tests/integration/maps \
    tests/integration/store tests/integration/services_inventory tests/system/test_kill_import.py \
    tests/system/test_kill_server.py & first=$!
half "cameras, media, health, commands" tests/integration/sim tests/integration/devices tests/integration/media \
    tests/integration/health tests/integration/services_coverage tests/integration/test_supervisor.py \
    tests/system/test_kill_poller.py tests/system/test_registration.py tests/system/test_command_line.py & second=$!
both
half "the main job" tests/system/test_main_job.py || exit 1
half "the console in a browser" tests/browser
