# Giao Ước. `make run` serves the demo, `make test` checks everything. Only Python 3.11+ and make
# are needed; nothing outside this folder is touched.
.DELETE_ON_ERROR:
SHELL := /bin/bash
PORT ?= 8000
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check look bench mutate docs coverage lock format clean help

help: ## Show the targets
	@grep -E '^[a-z-]+:.*##' Makefile | sed 's/:.*## /\t/'

run: .venv/installed ## Serve the demo on 127.0.0.1:$(PORT)
	@"$(BIN)/python" .ci/serve_demo.py "$(PORT)"

test: .venv/installed-dev ## Lint, types and every test on SQLite and on PostgreSQL
	@"$(BIN)/python" .ci/check.py

check: .venv/installed-dev ## Lint and types only
	@"$(BIN)/python" .ci/check.py --static

coverage: .venv/installed-dev ## Which lines the tests reach, on SQLite; fails under 85 %
	@"$(BIN)/python" .ci/check.py --coverage

bench: .venv/installed-dev ## Measure the pages beside their floors on PostgreSQL; writes bench/results.json
	@"$(BIN)/python" .ci/bench.py

look: .venv/installed-dev ## Every page of the demo in a browser: axe-core, and a phone's width (minutes)
	@"$(BIN)/python" .ci/check.py --look

mutate: .venv/installed-dev ## Mutation testing of scoring/rules (about 20 minutes; MODULES="difference past" for some)
	@"$(BIN)/python" .ci/mutate.py $(MODULES)

docs: .venv/installed-dev ## Regenerate docs/permissions.md
	@DEMO=1 SECRET_KEY=docs ENV_FILE= "$(BIN)/python" manage.py write_docs

format: .venv/installed-dev ## Format Python and templates
	@"$(BIN)/ruff" check --fix . ; "$(BIN)/ruff" format . ; "$(BIN)/djlint" templates --reformat --quiet

lock: .venv/installed-dev ## Lock the requirements
	@"$(BIN)/uv" pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header -q requirements.in -o requirements.txt
	@"$(BIN)/uv" pip compile --universal --python-version 3.11 --generate-hashes --no-strip-extras --no-header -q requirements-dev.in -o requirements-dev.txt

clean: ## Remove the environment and the demo's data
	rm -rf .venv var .env.demo

.venv/created:
	@"$(PYTHON)" .ci/make_environment.py
	@touch "$@"

.venv/installed: .venv/created requirements.txt
	@echo "Installing (once) …"
	@"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch "$@"

.venv/installed-dev: .venv/installed requirements-dev.txt
	@echo "Installing what the tests need (once) …"
	@"$(BIN)/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch "$@"
