# Two commands do all the set-up: `make demo` and `make test`. Nothing here needs root.
SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help demo lab-newsletter lab-down test test-long lint format bench score-effects score-checks score-reading docs clean

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/installed ## Break a small mail service on purpose and heal it by its own runbook
	@$(BIN)/python lab/postroom/demo.py

lab-newsletter: $(VENV)/installed ## Start the Newsletter lab in containers (asks before it installs anything)
	@PYTHONPATH=lab/images $(BIN)/python lab/newsletter/lab.py up

lab-down: $(VENV)/installed ## Remove the lab's containers and their data
	@PYTHONPATH=lab/images $(BIN)/python lab/newsletter/lab.py down

test: $(VENV)/installed-dev ## Run every test that a change must pass (about 3 minutes)
	PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n 3 --dist worksteal

test-long: $(VENV)/installed-dev ## Run the long forms too: more kills, more fuzzing, more hostile values
	MIDWATCH_LONG=1 PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -n 2 --dist worksteal --timeout 3600

lint: $(VENV)/installed-dev ## Check style, types and the order of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/installed-dev ## Put the code into the house format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/installed-dev ## Measure, each figure beside its peer in one run
	$(BIN)/python bench/start_up.py
	$(BIN)/python bench/effects_speed.py
	$(BIN)/python bench/check_speed.py
	$(BIN)/python bench/run_overhead.py
	$(BIN)/python bench/intake.py
	$(BIN)/python bench/watch_latency.py
	$(BIN)/python bench/open_incidents.py
	$(BIN)/python bench/many_runs.py

score-effects: $(VENV)/installed-dev ## Score the effects engine against the labelled seed commands
	$(BIN)/python bench/score_effects.py

score-reading: $(VENV)/installed-dev ## Score the reader against the seeds' inventory and the corpora
	$(BIN)/python bench/score_reading.py

score-checks: $(VENV)/installed-dev ## Score the checks against the seeds' listed defects
	$(BIN)/python bench/score_checks.py

docs: $(VENV)/installed-dev ## Write the reference pages that are generated from the code
	$(BIN)/python -m midwatch.checks.pages docs/rules

clean: ## Remove what these targets made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

$(VENV)/bin/python:
	@sh .ci/venv $(VENV)

$(VENV)/installed: $(VENV)/bin/python pyproject.toml
	@echo "Installing Midwatch into $(VENV) ..."
	@$(BIN)/python -m pip install --no-input --disable-pip-version-check -e .
	@touch $@

$(VENV)/installed-dev: $(VENV)/bin/python pyproject.toml
	@echo "Installing Midwatch and its test tools into $(VENV) ..."
	@$(BIN)/python -m pip install --no-input --disable-pip-version-check -e '.[dev]'
	@touch $@ $(VENV)/installed
