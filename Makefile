# Every way into the project. `make` alone lists them; CI runs `lint` and `test` and nothing else.

VENV   ?= .venv
PYTHON ?= $(shell test -x $(VENV)/bin/python && echo $(VENV)/bin/python || echo python3)
PEOPLE ?=
PORT   ?=
TRE_HOME ?=
HOME_DIR ?= $(TRE_HOME)
PYTEST ?=
QUICK  ?=
LONG   ?=
PARTS  ?=

BIN   := $(VENV)/bin
STAMP := $(VENV)/.installed
LOCK  := deploy/lock/requirements.txt deploy/lock/torch.txt deploy/lock/uv.txt

.DEFAULT_GOAL := help
.PHONY: help up install spark test lint fix docs screenshots bench lock clean

help: ## List what can be made, one line each
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "%-14s %s\n", $$1, $$2}'

up: install ## Install, build the world on first use, and serve: make up PEOPLE=200000 PORT=8800
	@TRE_PEOPLE="$(PEOPLE)" TRE_PORT="$(PORT)" TRE_HOME="$(HOME_DIR)" exec $(BIN)/tre up

install: $(STAMP) ## Make .venv from the lock file (about two minutes once, nothing after that)

spark: install ## Add Spark to .venv, for linkages larger than one machine (needs Java 17 or newer)
	@$(BIN)/python -m pip --disable-pip-version-check install -q --no-deps --require-hashes -r deploy/lock/spark.txt

# The stamp holds the folder that it was made in: an environment that was moved is made anew.
$(shell [ "$$(cat $(STAMP) 2>/dev/null)" = "$(CURDIR)" ] || rm -f $(STAMP))

# The stamp is older than what it depends on exactly when something must be installed again.
$(STAMP): pyproject.toml $(LOCK) deploy/install.py
	@$(PYTHON) deploy/install.py $(VENV)

test: install ## Run the tests; says what was skipped and why (LONG=1: all; PYTEST="-k word": some)
	@bash deploy/system_packages.sh chromium
	@TRE_LONG_TESTS="$(LONG)" PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -rs -n 3 \
	  --dist loadgroup --no-loadscope-reorder $(PYTEST)

lint: install ## Format, lint, types, import contracts, stale pages
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/ty check
	@$(BIN)/lint-imports --no-logo
	@$(BIN)/python -m docs.generate --check

fix: install ## Format and mend what can be mended by itself
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

docs: install ## Write the pages that are made from the code's own tables
	@$(BIN)/python -m docs.generate

screenshots: install ## Take the pictures of the documentation again (a test says when they are stale)
	@bash deploy/system_packages.sh chromium
	@TRE_SCREENSHOTS_OF_DOCS=1 $(BIN)/python -m pytest -q tests/desk/looks/test_pictures.py

bench: install ## Measure against other programs, write docs/benchmarks.md (QUICK=1: some minutes)
	@$(BIN)/python -m benchmarks $(if $(QUICK),--quick) $(PARTS)

lock: install ## Pin every package again (deploy/lock), with hashes
	@$(BIN)/python deploy/lock/make_lock.py

clean: ## Remove the environment and caches; the data home (var/) stays
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .ruff_cache .import_linter_cache .hypothesis htmlcov .coverage
