# Salio's commands; `make` alone lists them. Needs Python 3.11 or later, pip, git and make.
# Every command does its own set-up in .venv; the second time that takes no time.

PYTHON ?= python3
ARGS ?=
UPGRADE ?=
# Half as many again as there are cores: tests wait for disks and other processes a third of their time.
WORKERS ?= $(shell echo $$(( ($$(nproc) * 3 + 1) / 2 )))
TIMES ?= 1
SECONDS ?= 600

VENV := .venv
BIN := $(VENV)/bin
CODE := $(wildcard src tests bench)
UV := $(BIN)/uv
SDK := $(VENV)/sdk
FRAMEWORKS := $(VENV)/frameworks
PROGRAMS := $(VENV)/programs
CHECKS := check-format check-style check-types check-floors
PROOFS := tests/journeys tests/kill tests/sabotage tests/simulation tests/openapi tests/core tests/storage tests/vault tests/wire tests/programs
PARALLEL = -n $(WORKERS) --maxprocesses 8 --dist worksteal
# None takes a minute; one that hangs costs its worker only, and tells where each of its threads stood.
LIMIT = -o faulthandler_timeout=300 -o faulthandler_exit_on_timeout=true

# pip is told where packages come from in its own settings, which uv does not read: pass them on.
PIP := $(BIN)/python -m pip
PIP_INDEX = $${PIP_INDEX_URL:-$$($(PIP) config get global.index-url 2>/dev/null || true)}
INSTALL = UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$(PIP_INDEX)}" $(UV) pip
INTO = --quiet --python $(BIN)/python

# The checks start hundreds of processes; without bytecode each would compile all that it imports.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev run test lint $(CHECKS) check-tests prove prove-timing fuzz bench bench-scale bench-postgres bench-client frameworks get-programs programs format openapi lock clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- set-up ------------------------------------------------------------------------------------------

setup: $(VENV)/.ready-to-run ## set up the command .venv/bin/salio
setup-dev: $(VENV)/.ready-to-test ## the same with everything the checks need

# Where the distribution splits ensurepip off Python, the machine's own pip fills the environment.
$(VENV)/.has-uv: requirements/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo "Salio needs Python 3.11 or later, and $(PYTHON) is not: try make PYTHON=python3.12 …" >&2; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) >/dev/null 2>&1 \
	  || { rm -rf $(VENV); $(PYTHON) -m venv --without-pip $(VENV); }
	@if $(PIP) --version >/dev/null 2>&1; then pip="$(PIP)"; else pip="$(PYTHON) -m pip --python $(BIN)/python"; fi; \
	  $$pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

# After `make test` the environment holds the larger set; `make run` must not take it away again.
$(VENV)/.ready-to-run: $(VENV)/.has-uv requirements/platform.txt pyproject.toml
	@set=platform; test ! -e $(VENV)/.ready-to-test || set=dev; \
	  $(INSTALL) sync $(INTO) --require-hashes requirements/$$set.txt
	@$(INSTALL) install $(INTO) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.ready-to-test: $(VENV)/.has-uv requirements/dev.txt pyproject.toml
	@$(INSTALL) sync $(INTO) --require-hashes requirements/dev.txt
	@$(INSTALL) install $(INTO) --no-deps --no-build-isolation --editable .
	@touch $(VENV)/.ready-to-run $@

# What every other environment has is exactly its lock; this one is that of the checks and atheris besides.
$(VENV)/.ready-to-fuzz: $(VENV)/.ready-to-test requirements/fuzz.txt
	@$(INSTALL) install $(INTO) --require-hashes -r requirements/fuzz.txt
	@touch $@

# --- the platform ------------------------------------------------------------------------------------

run: setup ## start the platform; options go in ARGS="…"
	@$(BIN)/salio up $(ARGS)

# --- checks ------------------------------------------------------------------------------------------

# One check that fails does not hide the next: -k runs them all, and the tests last.
test: setup-dev ## every check and test, at most five minutes on two cores
	@$(MAKE) --no-print-directory -k $(CHECKS) check-tests

lint: setup-dev ## formatting, style, types and floors, without the tests
	@$(MAKE) --no-print-directory -k $(CHECKS)

check-format:
	$(BIN)/ruff format --check $(CODE)

check-style:
	$(BIN)/ruff check $(CODE)

check-types:
	$(BIN)/mypy $(CODE)

check-floors:
	$(BIN)/lint-imports

check-tests:
	$(BIN)/pytest $(PARALLEL) $(LIMIT) $(ARGS)

prove: setup-dev get-programs ## the long proofs; TIMES=5 makes each five times as long
	SALIO_PROVE=$(TIMES) SALIO_ENGINES=all SALIO_PROGRAMS=$(PROGRAMS) $(BIN)/pytest -rs $(PARALLEL) $(PROOFS) $(ARGS)

# Times are nobody's if others run beside: no workers here, and not a part of `prove`.
prove-timing: setup-dev ## whether answers' times tell secrets; needs a quiet machine, docs/timing.md
	SALIO_PROVE=$(TIMES) $(BIN)/pytest tests/timing $(ARGS)

fuzz: $(VENV)/.ready-to-fuzz ## fuzz each parser for SECONDS=600; what is found joins its corpus
	$(BIN)/python -m tests.fuzz --seconds $(SECONDS) $(ARGS)

bench: setup-dev ## measure speed; docs/performance.md explains the rows
	$(BIN)/python -m bench $(ARGS)

bench-scale: setup-dev ## measure at ten million transactions: three quarters of an hour, 30 GB of disk
	$(BIN)/python -m bench --scale $(ARGS)

bench-postgres: setup-dev ## measure several processes on one PostgreSQL, beside the server alone
	$(BIN)/python -m bench.postgres $(ARGS)

# In an environment of its own: it wants other versions than we have.
bench-client: setup-dev ## measure the client beside bare httpx2 and another SDK, and the receiver
	@test -x $(SDK)/bin/python \
	  || { $(UV) venv --quiet $(SDK) && $(INSTALL) install --quiet --python $(SDK)/bin/python mpesakit==2.2.0; } \
	  || { rm -rf $(SDK); echo "mpesakit 2.2.0 cannot be installed here, so it is not measured" >&2; }
	$(BIN)/python -m bench.client --sdk $(SDK)/bin/python $(ARGS)

# In a folder of their own, which SALIO_FRAMEWORKS names to the tests of docs/recipes.md.
frameworks: setup-dev ## get FastAPI and Django for the tests of the recipes
	@test -d $(FRAMEWORKS) || $(INSTALL) install --quiet --python $(BIN)/python --target $(FRAMEWORKS) fastapi==0.165.0 django==5.2.19

# From three registries, each in a folder of its own; SALIO_PROGRAMS names them all to tests/programs.
get-programs: setup-dev
	@UV_DEFAULT_INDEX="$${UV_DEFAULT_INDEX:-$(PIP_INDEX)}" $(BIN)/python -m tests.programs.getting $(PROGRAMS)

programs: get-programs ## run programs of others under salio run, as docs/run.md tells of them
	SALIO_PROGRAMS=$(PROGRAMS) $(BIN)/pytest -rs $(PARALLEL) tests/programs $(ARGS)

# --- upkeep ------------------------------------------------------------------------------------------

format: setup-dev ## put the code in its one format
	$(BIN)/ruff check --fix $(CODE)
	$(BIN)/ruff format $(CODE)

openapi: setup ## write both OpenAPI documents in docs/ again from their tables
	@$(BIN)/python -c 'import pathlib, salio; from salio.gateway import openapi; from salio.sandbox.control import all_calls; \
	  pathlib.Path("docs/openapi.json").write_bytes(openapi.document(salio.__version__)); \
	  pathlib.Path("docs/control.openapi.json").write_bytes(all_calls.document())'

COMPILE = $(INSTALL) compile --quiet --universal --python-version 3.11 --generate-hashes $(UPGRADE) \
  --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

lock: $(VENV)/.has-uv ## write requirements/*.txt again; UPGRADE=--upgrade takes the newest
	$(COMPILE) requirements/bootstrap.in -o requirements/bootstrap.txt
	$(COMPILE) pyproject.toml requirements/build.in --extra platform -o requirements/platform.txt
	$(COMPILE) pyproject.toml requirements/build.in --extra platform --extra postgres --extra psycopg --group dev \
	  --constraints requirements/platform.txt -o requirements/dev.txt
	$(COMPILE) --group fuzz -o requirements/fuzz.txt

clean: ## remove the environment and all caches; data folders stay
	rm -rf $(VENV) dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find $(CODE) -name __pycache__ -type d -prune -exec rm -rf {} +
