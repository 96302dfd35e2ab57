# What a developer needs. `make` alone says so.

PORT ?= 8000
BIN := .venv/bin

.PHONY: help setup setup-dev run test check check-real bench bench-full requirements messages torture clean

help: ## Say what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1 \2/p' Makefile | awk '{printf "  %s %-13s", $$1, $$2; $$1=$$2=""; print}'

setup: ## Install everything that a hall needs, into .venv and node_modules
	@sh tools/setup.sh

setup-dev: ## The same with what developers need
	@sh tools/setup.sh dev

run: setup ## Load the starter lists and serve the hall at http://127.0.0.1:8000 (PORT= to change)
	@$(BIN)/guildhall migrate
	@$(BIN)/guildhall load-starter
	@exec $(BIN)/guildhall serve --port $(PORT)

test: setup-dev ## Check and test everything (COMPLETE=1 fails where something must be left out)
	@$(BIN)/python tools/test.py $(if $(COMPLETE),--complete)

check: setup-dev ## Lint, format, types and import contracts, without the tests
	@$(BIN)/python tools/test.py --only-checks

check-real: setup-dev ## Read the real files of ../shared/data (GUILDHALL_REAL_DATA= for another folder)
	@GUILDHALL_REAL_DATA=$${GUILDHALL_REAL_DATA:-../shared/data} $(BIN)/python -m pytest tests/real

bench: setup-dev ## Measure, within 14 minutes, beside what people use today (BENCH=publish for one)
	@$(BIN)/python bench/run.py $(BENCH)

bench-full: setup-dev ## Measure at full size, however long it takes
	@BENCH_FULL=1 $(BIN)/python bench/run.py $(BENCH)

torture: setup-dev ## Kill everything that writes, at random moments, and look for losses (ROUNDS= SEED= ONLY=)
	@PYTHONPATH=tools nice -n 10 $(BIN)/python -m torture --rounds $(or $(ROUNDS),5) $(if $(SEED),--seed $(SEED)) $(if $(ONLY),--only $(ONLY))

requirements: ## Pin every package again, after a change in pyproject.toml (UPGRADE=1 for newer ones)
	@sh tools/requirements.sh $(if $(UPGRADE),--upgrade)

messages: setup-dev ## Collect the words of the pages for translators
	@$(BIN)/python tools/messages.py

clean: ## Remove all that was made, but never the data in var
	@rm -rf .venv node_modules build src/*.egg-info src/guildhall/kit/static/guildhall.css
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
