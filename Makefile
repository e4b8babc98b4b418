# What one does with Suivi, one command each. The work is done by the short scripts in .ci/.
.DEFAULT_GOAL := help
.PHONY: help run test check fix bench messages lock backup restore

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Install, migrate, seed and serve on http://127.0.0.1:8000 (PORT, HOST, DATABASE_URL)
	@.ci/serve

test: ## Run all tests, on SQLite and PostgreSQL; a part of them with ARGS="tests/unit -k name"
	@.ci/test $(ARGS)

check: ## Check format, lint, types, templates, migrations, translations, known vulnerabilities
	@.ci/check

fix: ## Format code, and mend the simpler part of lint
	@.ci/check fix

bench: ## Measure list, detail and one write beside two floors
	@.ci/install dev
	@.venv/bin/python -m tests.load.bench $(ARGS)

messages: ## Collect what people read into the catalogues, and compile them
	@.ci/install dev
	@.venv/bin/python .ci/messages

lock: ## Write the locked requirements anew from pyproject.toml; newer versions with ARGS=--upgrade
	@.ci/lock $(ARGS)

backup: ## Write a backup; options of the command with ARGS="…"
	@.ci/install
	@.venv/bin/python manage.py backup $(ARGS)

restore: ## Put a backup back: make restore FILE=path
	@test -n "$(FILE)" || { echo "Say which backup: make restore FILE=path" >&2; exit 2; }
	@.ci/install
	@.venv/bin/python manage.py restore "$(FILE)" $(ARGS)
