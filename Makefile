# Everything runs in .venv, which is made when it is missing and renewed when a lock file changes. Needs Python 3.11+ and make.
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory
# Start-up time counts here: without bytecode it is two to three times as long.
unexport PYTHONDONTWRITEBYTECODE

PYTHON ?= python3
BIN := .venv/bin
LOCAL ?= functions.local_server
# Three on two cores: a good part of every test is waiting for a simulator or an emulator.
PYTEST_ARGS ?= -n 3 --dist loadfile
RUN_ARGS ?=
BENCH_ARGS ?=

.PHONY: help run test check format bench openapi lock clean

help:  ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-9s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: .venv/run.stamp  ## everything on this machine, with a practice school; Ctrl-C ends it
	@exec $(BIN)/python -m $(LOCAL) $(RUN_ARGS)

test: check  ## check, then all tests; LONG=1: ten times as many histories of exports
	$(BIN)/python -m pytest $(PYTEST_ARGS)

check: .venv/dev.stamp  ## format, lint, types, layers, the API document
	$(BIN)/ruff format --check
	$(BIN)/ruff check
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m functions.openapi --check

format: .venv/dev.stamp  ## put the code in shape
	$(BIN)/ruff format
	$(BIN)/ruff check --fix

bench: .venv/bench.stamp  ## side-by-side measurements, as ratios and as JSON
	$(BIN)/python -m bench $(BENCH_ARGS)

openapi: .venv/dev.stamp  ## write the API document anew
	$(BIN)/python -m functions.openapi > docs/openapi.json

lock: .venv/dev.stamp  ## compile the lock files anew from pyproject.toml, newest versions
	$(BIN)/uv pip compile -q --upgrade --generate-hashes pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --extra dev pyproject.toml -c requirements.txt -o requirements-dev.txt
	$(BIN)/uv pip compile -q --upgrade --generate-hashes --extra bench pyproject.toml -c requirements-dev.txt -o requirements-bench.txt

clean:  ## remove what was made: .venv and caches; the data of `make run` stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis .schemathesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---- set-up

# uv is fetched by its own hashed lines of the lock, and installs the rest in seconds. Where it cannot be had, pip does.
install = { $(BIN)/uv --version >/dev/null 2>&1 \
	    || { sed -n '/^uv==/,/[^\\]$$/p' requirements-dev.txt > .venv/uv.txt \
	         && $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes -r .venv/uv.txt; }; } \
	  && $(BIN)/uv pip install -q --python $(BIN)/python --compile-bytecode --require-hashes $(1:%=-r %) \
	  || { echo "uv is not to be had here: pip installs, which takes longer" \
	       && $(BIN)/python -m pip install -q --disable-pip-version-check --require-hashes $(1:%=-r %); }

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version). Name another: make PYTHON=python3.12 …"; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "python3 -m venv failed; on Debian: apt-get install python3-venv"; exit 1; }

# `run` needs only what runs in the cloud.
.venv/run.stamp: requirements.txt | $(BIN)/python
	@echo "Installing $<…"
	@$(call install,requirements.txt)
	@touch $@

.venv/dev.stamp: requirements.txt requirements-dev.txt | $(BIN)/python
	@echo "Installing requirements-dev.txt…"
	@$(call install,requirements-dev.txt)
	@touch .venv/run.stamp $@

.venv/bench.stamp: .venv/dev.stamp requirements-bench.txt
	@echo "Installing requirements-bench.txt…"
	@$(call install,requirements-bench.txt)
	@touch $@
