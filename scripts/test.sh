#!/usr/bin/env bash
# Every test: groups one after the other, three at a time, since most of their time is waiting. Each pretend city's
# addresses are used in one group only; the main job and the screens that are timed run alone.
set -uo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT
TIMEFORMAT='%U s of CPU, and %S s in the system'

run() {  # NAME PATHS…: runs them, keeps the output until the end
    local name=$1; shift
    { time $python -m pytest --timeout=300 --durations=8 --durations-min=2 -o "cache_dir=$log/$name.cache" "$@" \
        >"$log/$name" 2>&1; } 2>"$log/$name.time"
    local code=$?
    echo "== $name: $(tail -n 1 "$log/$name"); $(cat "$log/$name.time")"
    if [ $code -ne 0 ]; then echo "$name" >>"$log/failed"; cat "$log/$name"; else sed -n '/slowest/,$p' "$log/$name" | grep -E '^[0-9.]+s' ; fi
    return $code
}

again() {  # NAME: what failed beside the other groups is run once more, alone; it is told, and red when it fails again
    local name=$1
    local failed; failed=$(grep -cE '^(FAILED|ERROR) ' "$log/$name")
    if [ "$failed" -eq 0 ] || [ "$failed" -gt 3 ]; then echo "== $name: $failed failed; red"; return 1; fi
    echo "== $name: $failed failed beside the other groups; once more, alone"
    # shellcheck disable=SC2086 # each path is a word
    $python -m pytest --timeout=300 --last-failed --last-failed-no-failures none -o "cache_dir=$log/$name.cache" ${groups[$name]}
}

# The longest first. What is in no group is in the last one.
declare -A groups=(
    [cameras]="$(echo tests/integration/{sim,devices,media,health,services_coverage} tests/integration/test_supervisor.py \
        tests/system/test_{kill_poller,registration,command_line}.py)"
    [killed]="$(echo tests/system/test_kill_{server,import}.py)"
    [inventory]="$(echo tests/integration/services_inventory tests/system/test_{kill_sweep,sweep_of_many}.py)"
    [tasks]="$(echo tests/integration/{device_tasks,credentials} \
        tests/system/test_{kill_task,task_commands,no_password_gets_out}.py)"
    [interface]="tests/integration/api"
    [repairs]="$(echo tests/integration/{alerts,outages,services_assessment,work_orders} tests/system/test_kill_dispatcher.py)"
)
timed=(tests/browser/test_{command_desk,long_inventory}.py)
screens=()
for path in tests/browser/test_*.py; do
    [[ " ${timed[*]} " == *" $path "* ]] || screens+=("$path")
done
groups[screens]="${screens[*]}"
others=(tests/unit)
for path in tests/integration/* tests/system/*.py; do
    [[ $path == *__pycache__* || $path == */test_main_job.py || " ${groups[*]} " == *" $path "* ]] || others+=("$path")
done
groups[others]="${others[*]}"

for name in screens cameras killed inventory interface tasks repairs others; do
    while [ "$(jobs -rp | wc -l)" -ge 3 ]; do wait -n || true; done
    # shellcheck disable=SC2086 # each path is a word
    run "$name" ${groups[$name]} &
done
wait
if [ -e "$log/failed" ]; then
    while read -r name; do again "$name" || exit 1; done <"$log/failed"
fi
groups[main-job]=tests/system/test_main_job.py
groups[timed-screens]="${timed[*]}"
for name in main-job timed-screens; do
    # shellcheck disable=SC2086 # each path is a word
    run "$name" ${groups[$name]} || again "$name" || exit 1
done
