# Two commands are enough for a newcomer: `make run` and `make test`.
.PHONY: setup setup-test lock
PY := .venv/bin/python

setup: ## everything `make run` needs
	@bin/setup run

setup-test: ## everything `make test` and `make check` need
	@bin/setup test

lock: ## write the exact versions and hashes of requirements/*.in into requirements/*.txt
	@for name in uv run dev; do .venv/bin/uv pip compile -q --universal --generate-hashes --python-version 3.11 \
	  --no-emit-index-url --custom-compile-command "make lock" requirements/$$name.in -o requirements/$$name.txt; done
