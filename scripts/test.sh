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
# What has pretend cities of its own stays in one half; everything else is the other.
cameras=(tests/integration/{sim,devices,media,health,services_coverage} tests/integration/test_supervisor.py
    tests/system/test_{kill_poller,registration,command_line}.py)
others=(tests/unit)
for path in tests/integration/* tests/system/*.py; do
    [[ $path == *__pycache__* || $path == */test_main_job.py || " ${cameras[*]} " == *" $path "* ]] || others+=("$path")
done

half "pure rooms, store, interface; killed in the middle" "${others[@]}" & first=$!
half "cameras, media, health, commands" "${cameras[@]}" & second=$!
both
half "the main job" tests/system/test_main_job.py || exit 1
half "the console in a browser" tests/browser
