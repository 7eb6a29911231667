#!/usr/bin/env bash
# Every test: groups beside each other, four at a time, since much of their time is waiting. Each pretend city's
# addresses are used in one group only. The main job and the screens that are timed come first, without other groups.
set -uo pipefail
cd "$(dirname "$0")/.."
python=.venv/bin/python
log=$(mktemp -d)
trap 'rm -rf "$log"' EXIT
export PYTHONDONTWRITEBYTECODE=  # where it is set, every group would compile pytest, Hypothesis and Playwright again

# One process that has the program loaded: the groups, and what tests start and kill, are forks of it. It ends with its
# standard input.
export VMS_TESTS_FORKS=$log/forks
mkfifo "$log/ready"
exec 9> >(exec $python -m tests.builders.forked_python "$VMS_TESTS_FORKS" --for-tests >"$log/ready")
forks=$!
read -r _ <"$log/ready"

run() {  # NAME PATHS…: runs them, keeps the output until the end
    local name=$1; shift
    $python -m tests.builders.forked_pytest --timeout=300 --durations=8 --durations-min=2 -o "cache_dir=$log/$name.cache" \
        -W ignore::pytest.PytestAssertRewriteWarning "$@" >"$log/$name" 2>"$log/$name.time" 9>&-
    local code=$?
    echo "== $name: $(tail -n 1 "$log/$name"); $(tail -n 1 "$log/$name.time")"
    if [ $code -ne 0 ]; then
        echo "$name" >>"$log/failed"; cat "$log/$name" "$log/$name.time"
    else
        sed -n '/slowest/,$p' "$log/$name" | grep -E '^[0-9.]+s'
    fi
    return $code
}

again() {  # NAME: what failed beside the other groups is run once more, alone; it is told, and red when it fails again
    local name=$1
    local failed; failed=$(grep -cE '^(FAILED|ERROR) ' "$log/$name")
    if [ "$failed" -eq 0 ] || [ "$failed" -gt 3 ]; then echo "== $name: $failed failed; red"; return 1; fi
    echo "== $name: $failed failed beside the other groups; once more, alone"
    # shellcheck disable=SC2086 # each path is a word
    $python -m pytest --timeout=300 --last-failed --last-failed-no-failures none -o "cache_dir=$log/$name.cache" ${groups[$name]} 9>&-
}

# Screens over the demo, whose addresses are always the same, are one group; the other screens have servers of their own.
of_demo=()
screens=()
for path in tests/browser/test_*.py; do
    [[ $path == */test_command_desk.py ]] && continue
    if grep -qw visit "$path"; then of_demo+=("$path"); else screens+=("$path"); fi
done
# What is in no group is in the last one.
declare -A groups=(
    [unit]="tests/unit"
    [demo]="${of_demo[*]}"
    [screens]="${screens[*]}"
    [cameras]="$(echo tests/integration/{sim,devices,media,services_coverage} tests/integration/test_supervisor.py)"
    [health]="$(echo tests/integration/health tests/system/test_kill_poller.py)"
    [killed]="tests/system/test_kill_server.py"
    [inventory]="$(echo tests/integration/services_inventory tests/system/test_{kill_sweep,sweep_of_many}.py)"
    [commands]="$(echo tests/system/test_{command_line,registration}.py)"
    [tasks]="$(echo tests/integration/{device_tasks,credentials} \
        tests/system/test_{kill_task,kill_import,task_commands,no_password_gets_out}.py)"
    [interface]="tests/integration/api"
    [repairs]="$(echo tests/integration/{alerts,outages,services_assessment,work_orders} tests/system/test_kill_dispatcher.py)"
)
others=()
for path in tests/integration/* tests/system/*.py; do
    [[ $path == *__pycache__* || $path == */test_main_job.py || " ${groups[*]} " == *" $path "* ]] || others+=("$path")
done
groups[others]="${others[*]}"

groups[main-job]=tests/system/test_main_job.py
groups[timed-screens]=tests/browser/test_command_desk.py
for name in main-job timed-screens; do
    # shellcheck disable=SC2086 # each path is a word
    run "$name" ${groups[$name]}
done

# The longest first.
running=()
for name in demo screens unit cameras inventory interface others health killed repairs tasks commands; do
    while [ ${#running[@]} -ge 4 ]; do
        wait -n "${running[@]}" || true
        left=()
        for pid in "${running[@]}"; do kill -0 "$pid" 2>/dev/null && left+=("$pid"); done
        running=("${left[@]}")
    done
    # shellcheck disable=SC2086 # each path is a word
    run "$name" ${groups[$name]} &
    running+=($!)
done
wait "${running[@]}"
tested=0
if [ -e "$log/failed" ]; then
    while read -r name; do again "$name" || { tested=1; break; }; done <"$log/failed"
fi
exec 9>&-
wait $forks
exit $tested
