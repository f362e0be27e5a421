PYTHON := .venv/bin/python
PURE := .venv-pure/bin/python
MANAGE := $(PYTHON) manage.py
# One process for each processor, and two where tests wait for a browser, a worker or a server. A test that fails may be
# run alone with .venv/bin/python -m pytest PATH.
TWICE := $(shell expr 2 \* $$(nproc))
PURE_TESTS := $(PURE) -m pytest -q -n auto --dist worksteal --rootdir=. -c tests/bocage/pytest.ini tests/bocage src/bocage
PRODUCT_TESTS := $(PYTHON) -m pytest -q -n $(TWICE) --dist worksteal --ignore=tests/bocage

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help setup setup-dev run demo-data test test-pure test-product test-crash lint format bench fuzz lock

help: ## Print this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' $(firstword $(MAKEFILE_LIST)) | expand -t 20

setup: ## Prepare this folder: .venv (with the command bocage) and node_modules
	@tools/setup web

setup-dev: ## Prepare this folder for its developers: setup, then what lint and test need
	@tools/setup dev

run: setup ## Run everything on http://localhost:8000, with a demonstration firm (BOCAGE_PORT=8001 for another port)
	@$(MANAGE) serve --demo

demo-data: setup ## Create the demonstration firm and print its passwords once
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) createcachetable --verbosity 0
	@$(MANAGE) demo_data

test: setup-dev ## Run every test on SQLite; when DATABASE_URL names a PostgreSQL, again on it
	@tools/browser
	@tools/setup pure
	$(PURE_TESTS)
	env -u DATABASE_URL $(PRODUCT_TESTS)
ifneq ($(filter postgres%,$(DATABASE_URL)),)
	$(PRODUCT_TESTS)
endif

test-pure: ## Run the tests of the pure library, without Django and without a network
	@tools/setup pure
	$(PURE_TESTS)

test-product: setup-dev ## Run the tests of the product on one database (DATABASE_URL, SQLite without it)
	$(PRODUCT_TESTS)

test-crash: setup-dev ## Kill workers and servers of its own during SIZE imports (200; WAY=sqlite for one way)
	@PYTHONPATH=src:. $(PYTHON) -m tests.crash --size $(or $(SIZE),200) $(if $(WAY),--only $(WAY)) $(if $(SEED),--seed $(SEED))

lint: setup-dev ## Check style, types, walls between rooms, migrations and production settings
	.venv/bin/ruff check
	.venv/bin/ruff format --check
	.venv/bin/mypy
	.venv/bin/lint-imports
	DJANGO_SETTINGS_MODULE=config.settings.test $(MANAGE) makemigrations --check --dry-run
	@tools/check-production

format: setup-dev ## Rewrite the Python files in the house style
	.venv/bin/ruff check --fix-only
	.venv/bin/ruff format

bench: setup ## Measure speed and memory, as ratios (BENCH=name for one of them)
	@$(PYTHON) -m bench $(BENCH)

fuzz: ## Feed the readers damaged FECs (flat, XML, xlsx, zip), then every property test 5,000 examples
	@tools/setup pure
	@echo "1. Damaged FECs: flat text, XML, workbooks, archives; $(or $(MINUTES),30) minutes (MINUTES=), a new file by seed (SEED=)"
	$(PURE) -m tests.bocage.fec.fuzzing --minutes $(or $(MINUTES),30) --seed $(or $(SEED),1)
	@echo "2. The property tests of the library (FEC, DSN, indicators, facts), 5,000 examples each"
	$(PURE_TESTS) -m hypothesis --hypothesis-profile=fuzz

lock: setup-dev ## Choose the newest allowed versions again and write the lock files
	@tools/lock
