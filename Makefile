# Two commands are enough: `make run` and `make test`. `make help` tells of the others.
PORT ?= 8000
DATA ?= .fieldlot
SCREENS ?= screens
PYTHON := .venv/bin/python
# set-up.sh puts a Node into .venv when the system's is too old.
NPM := PATH="$(CURDIR)/.venv/bin:$$PATH" npm

.PHONY: help run test test-long check format bench soak screens startup sample clean
.DEFAULT_GOAL := help

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 20

run: ## set up and run Fieldlot until interrupted: make run PORT=8123 DATA=/some/folder
	@./set-up.sh run
	@PORT="$(PORT)" DATA="$(DATA)" exec setpriv --pdeathsig TERM -- $(PYTHON) -m backend.launcher

test: ## set up and run all tests but the long ones; they start their own services
	@./set-up.sh test
	$(PYTHON) -m pytest -m "not long" -n 2 --no-loadscope-reorder
	@if [ -f package.json ]; then $(NPM) test --if-present; fi

test-long: ## the long tests: the whole demo, kills on the way, great numbers
	@./set-up.sh test
	$(PYTHON) -m pytest -m long

check: ## format, lint, types, import contracts
	@./set-up.sh test
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	@if [ -f package.json ]; then $(NPM) run check --if-present; fi

format: ## put the code into its Sunday clothes
	@./set-up.sh test
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

bench: ## print the ratios of docs/bench.md side by side
	@./set-up.sh test
	$(PYTHON) -m backend.bench

soak: ## 10,000 submissions through a bad network and kills, counted: make soak SOAK="--submissions 200 --phones 10"
	@./set-up.sh test
	$(PYTHON) -m backend.soak $(SOAK)

screens: ## pictures of every screen of the phone, both languages, light and dark: make screens SCREENS=/some/folder
	@./set-up.sh test
	$(PYTHON) -m tests.browser.screens $(SCREENS)

startup: ## how long the phone's app takes to start on a processor four times slower
	@./set-up.sh test
	$(PYTHON) -m tests.browser.startup

sample: ## make the invented sample in the running instance of DATA
	@./set-up.sh run
	DATA="$(DATA)" .venv/bin/fieldlot sample

clean: ## remove what was built; DATA stays
	rm -rf .venv node_modules backend/look/dist field_api/phone/dist .set-up.lock *.egg-info
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
