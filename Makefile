# graphsvc: every target bootstraps .venv from the hash-pinned requirements and is safe to repeat.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help demo test test-slow bench scoreboard lint serve clean lock

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

$(READY): requirements/dev.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "graphsvc needs Python 3.11 or newer; name one with make PYTHON=…"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $(READY)

demo: $(READY) ## set up, start a real Neo4j, make a world, find its rings, answer a GraphQL query
	$(BIN)/graphsvc demo $(if $(ONCE),--once) $(if $(SELLERS),--sellers $(SELLERS)) $(if $(SEED),--seed $(SEED))

test: $(READY) ## the tests, each of two processes with a real Neo4j (under 15 minutes)
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

test-slow: $(READY) ## the long fault, load and quality runs
	$(BIN)/python -m pytest -m slow

bench: $(READY) ## measure against the named peers, print the tables of docs/benchmarks.md
	$(BIN)/python -m benchmarks

scoreboard: $(READY) ## engines against each other on generated markets: docs/scoreboard.md
	$(BIN)/python -m benchmarks.scoreboard

lint: $(READY) ## ruff, mypy strict, import order
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

serve: $(READY) ## start the local Neo4j and the API
	$(BIN)/graphsvc neo4j start
	$(BIN)/graphsvc serve

clean: ## remove the environment and caches (never your data)
	rm -rf $(VENV) build *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

lock: ## renew requirements/*.txt (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command 'make lock' pyproject.toml -o requirements/run.txt
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 --custom-compile-command 'make lock' --extra dev pyproject.toml requirements/build.in -o requirements/dev.txt
