SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

.PHONY: help demo test check fast bench format lock docs clean
help:  ## list what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-8s %s\n", $$1, $$2}'

.venv/installed: requirements.lock requirements-town.lock scripts/setup.sh
	@PYTHON=$(PYTHON) scripts/setup.sh install
.venv/ready: .venv/installed
	@scripts/setup.sh compile
.venv/ready-dev: .venv/installed requirements-dev.lock requirements-outsiders.lock
	@PYTHON=$(PYTHON) scripts/setup.sh dev

demo: .venv/ready  ## the whole job on this machine: pretend city, discovery, health, coverage, an incident, live pictures
	@$(BIN)/vms demo

test: .venv/ready .venv/ready-dev  ## every test: unit, sockets, databases, system, browser
	@scripts/debian.sh test
	@scripts/test.sh

fast: .venv/ready .venv/ready-dev  ## the tests without the whole program and the browser
	@$(BIN)/python -m pytest tests/unit

check: .venv/ready .venv/ready-dev  ## format, lint, types, layers, documents
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/python scripts/check_docs.py

bench: .venv/ready .venv/ready-dev  ## the promises about speed, ours and a peer's from the same run
	@scripts/debian.sh bench
	@for file in bench/bench_*.py; do echo "== $$file"; $(BIN)/python $$file || exit 1; done

format: .venv/ready-dev  ## put the code into the house's form
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

docs: .venv/ready  ## write the generated documents anew
	@$(BIN)/python scripts/check_docs.py --write

lock: .venv/ready-dev  ## make the lock files anew from pyproject.toml
	@PATH=$(CURDIR)/$(BIN):$$PATH scripts/lock.sh

clean:  ## remove what was installed and made
	@rm -rf .venv .venv-outsiders var build dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
