# `make` alone lists the targets. Every target makes what it needs: a virtual
# environment in .venv, filled from the lock files with hashes checked.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
DIR    ?= demo
PIP    := $(BIN)/python -m pip --disable-pip-version-check

RENDERER := service/sandbox/look/renderer

SOURCES := $(shell find service config -type f -not -name '*.pyc' 2>/dev/null) pyproject.toml README.md

.DEFAULT_GOAL := help
.PHONY: help install demo test proof image-check bench lint docs format reference cards lock clean

install: $(VENV)/.natverket ## install natverket into .venv, from the lock with hashes checked

help: ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s'|'

demo: $(VENV)/.natverket ## play the year 2023 against a tenant in a box (DIR=demo)
	$(BIN)/natverket demo --dir $(DIR)

test: $(VENV)/.dev ## the tests, on the installed package
	$(BIN)/pytest -n auto

proof: $(VENV)/.dev ## the tests that take longer than 20 seconds
	$(BIN)/pytest -n auto -m proof

image-check: $(VENV)/.dev ## carry out the Dockerfile in an empty Debian, start the unit in another (root, debootstrap)
	$(BIN)/pytest -m proof -s -rs tests/deploy

bench: $(VENV)/.dev ## measure, beside rclone and pandas too: one JSON in benchmarks/results (needs gcc)
	$(BIN)/python -m benchmarks

lint: $(VENV)/.dev ## style, types, import directions
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: $(VENV)/.dev ## the documentation as a site, in site/
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict --quiet
	@echo "· open site/index.html"

format: $(VENV)/.dev ## mend style where a machine can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

reference: $(VENV)/.dev ## write the pages and the example file that are made from the code
	$(BIN)/python -m service.settings > config/natverket.example.env
	$(BIN)/python -m service.sandbox.reference > docs/reference/sandbox.md
	$(BIN)/python -m service.cli.reference

cards: | $(BIN)/python ## fetch Microsoft's card renderer for the sandbox's page (with npm)
	@$(BIN)/python $(RENDERER)/build.py
	@touch $(VENV)/.cards

lock: $(VENV)/.dev ## choose the newest allowed libraries and write requirements/*.txt
	$(BIN)/pip-compile $(LOCK) --extra build --extra demo --extra postgresql -o requirements/demo.txt pyproject.toml
	$(BIN)/pip-compile $(LOCK) -c requirements/demo.txt --extra build --extra postgresql -o requirements/run.txt pyproject.toml
	$(BIN)/pip-compile $(LOCK) -c requirements/demo.txt --extra build --extra demo --extra postgresql --extra dev -o requirements/dev.txt pyproject.toml

LOCK := --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras --no-header --no-annotate --no-emit-index-url --no-emit-find-links --no-emit-trusted-host

clean: ## remove the virtual environment, the demo and what builds left behind
	rm -rf $(VENV) $(DIR) build dist site service/sandbox/look/built .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name one with make PYTHON=…")'
	@echo "· making the virtual environment $(VENV)"
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.libraries: requirements/demo.txt | $(BIN)/python
	@echo "· installing $$(grep -c '==' $<) libraries from $< (about 150 MB the first time; a minute or two)"
	@$(PIP) install --quiet --progress-bar on --no-compile --require-hashes -r $<
	@touch $@

# Nothing else needs it: without npm or network it says so and goes on.
$(VENV)/.cards: $(RENDERER)/package-lock.json $(RENDERER)/build.py | $(BIN)/python
	@$(BIN)/python $(RENDERER)/build.py
	@touch $@

$(VENV)/.natverket: $(VENV)/.libraries $(VENV)/.cards $(SOURCES)
	@echo "· installing natverket from this checkout"
	@$(PIP) install --quiet --no-deps --no-index --no-build-isolation --force-reinstall .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.natverket
	@echo "· installing $$(grep -c '==' $<) libraries from $<, the tests' own among them"
	@$(PIP) install --quiet --progress-bar on --no-compile --require-hashes -r $<
	@touch $@
