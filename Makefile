# `make demo` and `make test` do all the set-up themselves; `make help` lists the rest.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/installed
PIP := $(BIN)/python -m pip install --disable-pip-version-check
# Pins, hashes and wheels only: nothing is built here from source, so nothing unpinned can slip in.
LOCKED := --require-hashes --only-binary :all:
# Hashes in the locks are those of the public index, whatever mirror or folder of wheels this machine prefers.
LOCK := env -u PIP_FIND_LINKS -u PIP_EXTRA_INDEX_URL PIP_CONFIG_FILE=/dev/null CUSTOM_COMPILE_COMMAND='make lock' \
	$(BIN)/pip-compile --quiet --generate-hashes --strip-extras --allow-unsafe \
	--no-emit-index-url --no-emit-find-links --no-emit-options

# Root and an ordinary user may both work in one tree: what one of them leaves behind must not stop the other.
CACHE := .cache-$(shell id -u)
export COVERAGE_FILE := $(CURDIR)/$(CACHE)/coverage
export HYPOTHESIS_STORAGE_DIRECTORY := $(CURDIR)/$(CACHE)/hypothesis
export MYPY_CACHE_DIR := $(CACHE)/mypy
export RUFF_CACHE_DIR := $(CACHE)/ruff

.PHONY: help install demo test lint docs format lock bench clean

help: ## show this list
	@sed -nE 's/^([a-z]+):.*## (.*)$$/  make \1\t\2/p' Makefile | expand -t 16

install: $(INSTALLED) ## set up .venv with the command line in it

demo: install ## play two and a half years of a consortium and serve it; ARGS=--no-serve ends after the summary
	@$(BIN)/consortium-ledger demo $(ARGS)

test: lint ## everything that must pass: style, types, imports, then the tests with coverage
	@echo '== pytest'
	@$(BIN)/pytest --numprocesses auto --maxprocesses 4 --dist worksteal --cov -o cache_dir=$(CACHE)/pytest

lint: install ## style, types and import contracts alone
	@mkdir -p $(CACHE)
	@echo '== ruff check'
	@$(BIN)/ruff check
	@echo '== ruff format --check'
	@$(BIN)/ruff format --check
	@echo '== mypy --strict'
	@$(BIN)/mypy --strict
	@echo '== lint-imports'
	@$(BIN)/lint-imports --no-logo --cache-dir $(CACHE)/imports

docs: install ## write the reference in docs/ from the code
	@$(BIN)/python -m tests.reference.render

format: install ## lay the code out and mend what can be mended safely
	@$(BIN)/ruff check --fix
	@$(BIN)/ruff format

lock: install ## pin the dependencies again; ARGS=--upgrade takes newer ones
	$(LOCK) $(ARGS) -o requirements/install.txt pyproject.toml requirements/build.in
	$(LOCK) $(ARGS) --extra test -c requirements/install.txt -o requirements/test.txt pyproject.toml requirements/build.in

bench: install ## measure and compare with the stated bounds; ARGS=proofs runs one, ARGS='--json all' for programs
	@$(BIN)/python -m bench $(or $(ARGS),all)

clean: ## remove caches and what a build leaves; .venv stays
	@rm -rf build dist *.egg-info .cache-* .coverage* .*_cache .hypothesis htmlcov
	@find . -path ./$(VENV) -prune -o -type d -name __pycache__ -exec rm -rf {} +

# The stamp is written last, so an interrupted set-up is taken up again. With every pin in place pip asks no network.
$(INSTALLED): requirements/test.txt pyproject.toml $(BIN)/python
	@rm -f $@
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || bash requirements/virtual-environment.sh $(VENV)
	@echo '== pip install (about a minute the first time)'
	@$(PIP) --quiet $(LOCKED) -r requirements/test.txt
	@$(PIP) -qq --no-deps --no-build-isolation --editable .
	@touch $@

# Nothing to do here: a missing Python, or one whose link dangles after a system upgrade, makes the stamp's recipe run.
$(BIN)/python: ;
