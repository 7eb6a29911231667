#!/usr/bin/env bash
# Makes the virtual environment: `install` what the product needs, `compile` it once, `dev` what its tests need too, and
# .venv-outsiders. `compile` and `dev` may run beside each other.
set -euo pipefail
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}
say() { printf '%s\n' "$*"; }

trouble=$(mktemp)
trap 'rm -f "$trouble"' EXIT
make_venv() {
    "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
        say "vms needs Python 3.11 or later; $("$PYTHON" --version) was found. Name another: make PYTHON=/path/to/python3 …"; exit 1; }
    if [ ! -x .venv/bin/pip ]; then
        if ! "$PYTHON" -c 'import ensurepip' 2>/dev/null; then
            scripts/debian.sh venv
        fi
        "$PYTHON" -m venv .venv
    fi
    [ -x .venv/bin/uv ] || .venv/bin/pip install -q --disable-pip-version-check uv
    # An older .venv: onvif-zeep-async has written its package `onvif` over that of onvif-zeep; both go, ours comes anew.
    if compgen -G '.venv/lib/python*/site-packages/onvif_zeep_async-*' >/dev/null; then
        .venv/bin/pip uninstall -q -y onvif-zeep-async onvif-zeep
    fi
}
install_into() {  # with the lock file's hashes; by pip where uv cannot reach the index that pip is configured for
    local venv=$1
    shift
    .venv/bin/uv pip install -q --python "$venv/bin/python" --require-hashes "$@" 2>"$trouble" ||
        "$venv/bin/pip" install -q --disable-pip-version-check --require-hashes "$@" || { cat "$trouble" >&2; return 1; }
}
compile_once() {  # else every process of vms does it again at its start, wherever PYTHONDONTWRITEBYTECODE is set
    export PYTHONDONTWRITEBYTECODE=
    .venv/bin/python - <<'END' &
from vms.maps.tiles.warm import warm_up_tiles
from vms.planning.warm import warm_up_planning
from vms.roads.warm import warm_up_roads

warm_up_tiles()
warm_up_roads()
warm_up_planning()
END
    local beside=$!
    .venv/bin/python - <<'END'
from vms.coverage.warm import warm_up

warm_up()

import alembic.command
import scipy.optimize, scipy.sparse
import uvicorn.protocols.http.httptools_impl

import vms.app.gateway, vms.app.jobs, vms.app.poller, vms.app.serve, vms.app.web
import vms.devices.onvif.deep
import vms.app.planner, vms.cli.demo, vms.cli.health, vms.cli.inventory, vms.cli.linkage
import vms.sim.__main__
END
    wait $beside
}
case "${1:-install}" in
install)
    say "Installing what vms needs into .venv (some 600 MB, once) …"
    make_venv
    install_into .venv -r requirements.lock
    .venv/bin/uv pip install -q --python .venv/bin/python --no-deps -e . 2>/dev/null ||
        .venv/bin/pip install -q --disable-pip-version-check --no-deps -e .
    install_into .venv --no-deps -r requirements-town.lock 2>/dev/null || say "The real town could not be installed; the demo makes one up."
    touch .venv/installed ;;
compile)
    compile_once
    touch .venv/ready ;;
dev)
    say "Installing what the tests need …"
    install_into .venv -r requirements-dev.lock
    [ -x .venv-outsiders/bin/python ] || "$PYTHON" -m venv .venv-outsiders
    install_into .venv-outsiders -r requirements-outsiders.lock
    touch .venv/ready-dev ;;
esac
