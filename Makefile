# Two commands are enough for a newcomer: `make run` and `make test`.
.PHONY: help run demo-large setup reset test test-long check bench faults format frontend lock bundle
PY := .venv/bin/python
# Without compiled files every start would compile the whole house and its libraries again.
unexport PYTHONDONTWRITEBYTECODE

help: ## list the commands
	@sed -n 's/^\([a-z-]*\): ## /  make \1\t/p' $(MAKEFILE_LIST)

run: ## set up everything and serve http://127.0.0.1:8000/ (PORT=… overrides)
	@bin/setup run
	@$(PY) bin/run

demo-large: ## add 20,000 made-up firms with labels to the data of `make run`, and match them
	@DEMO=1 $(PY) manage.py seed_large

setup: ## what `make run`, `make test` and `make check` need
	@bin/setup test

reset: ## wipe the data of `make run`
	@bin/reset

test: ## the tests in two halves at once: on SQLite, and on PostgreSQL and Redis
	@bin/setup test
	@bin/test

test-long: ## the tests at full strength: more fuzz and examples, all of the database on PostgreSQL too
	@LONG_TESTS=1 bin/setup test
	@LONG_TESTS=1 bin/test

check: ## formatting, lint, types, import contracts, migrations, compose file, Dockerfile, frontend
	@bin/setup test
	@bin/check

bench: ## the benchmarks; benchmarks/README.md says what they measure
	@bin/setup test
	@bin/bench

faults: ## break servers, processes, clocks and disks under votes and jobs; about a quarter of an hour
	@bin/setup test
	@bin/faults

format: ## format the Python files
	@.venv/bin/ruff format
	@.venv/bin/ruff check --fix

frontend: ## rebuild the voter's page and the custodian's page into static/
	@bin/frontend build

bundle: ## pack everything that a server without access to registries needs into var/bundle
	@bin/setup run
	@bin/bundle

lock: ## write exact versions and hashes of requirements/*.in into requirements/*.txt
	@for name in uv run dev; do .venv/bin/uv pip compile -q --universal --generate-hashes --python-version 3.11 \
	  --no-emit-index-url --custom-compile-command "make lock" requirements/$$name.in -o requirements/$$name.txt; done
