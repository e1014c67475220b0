# Fastwright's own commands; `make` lists them. All that has to be there is Python 3.11 or newer: `.venv` is made by the
# standard library, uv is installed into it, and uv installs the rest from requirements.lock.

.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
RUN := $(CURDIR)/$(BIN)
# Set PYTHON to choose; otherwise the first of these that runs and is new enough.
PYTHONS := python3 python3.13 python3.12 python3.11 python3.14 python
PYTHON ?=
XDIST ?= auto

.PHONY: help setup test test-slow test-faults bench demo examples lint-openapi lock format clean

help: ## List the commands
	@awk 'BEGIN { FS = ":.*## " } /^[a-z-]+:.*## / { printf "  make %-13s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: .venv/.installed ## Make .venv with the locked dependencies (the other commands do it by themselves)

$(BIN)/uv:
	@for python in $(or $(PYTHON),$(PYTHONS)); do \
	    if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then found=$$python; break; fi; \
	done; \
	if [ -z "$$found" ]; then \
	    echo "Fastwright needs Python 3.11 or newer; none of these is: $(or $(PYTHON),$(PYTHONS))." >&2; \
	    echo "Install one, or name it: make setup PYTHON=/path/to/python3.12" >&2; \
	    exit 2; \
	fi; \
	echo "Making .venv with $$($$found --version)"; \
	$$found -m venv --clear .venv && $(BIN)/python -m pip install --quiet uv

.venv/.installed: requirements.lock pyproject.toml | $(BIN)/uv
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

test: setup ## Check style and types, and run the tests that take seconds
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/basedpyright
	$(BIN)/pytest -n $(XDIST) --dist loadgroup -m "not slow and not faults"

test-slow: setup ## Run the tests that take minutes: whole backends, from random designs
	$(BIN)/pytest -n $(XDIST) --dist loadgroup -m slow

test-faults: setup ## Load two processes of the shop for ten minutes while things break, and audit the books
	$(BIN)/pytest -n 0 -s -m faults tests/scale

bench: setup ## Measure the generated backend beside what people would use instead, and write benchmarks/RESULTS.md
	$(BIN)/python -m benchmarks.backend.run --write

demo: setup ## Write and prove the shop, tour it with real requests, and ask for four changes of another app
	@started=$$(date +%s); \
	rm -rf build/demo && mkdir -p build/demo && \
	(cd build/demo && $(RUN)/fastwright new shop --design ../../examples/shop.yaml) && \
	$(MAKE) --no-print-directory -C build/demo/shop UV=$(RUN)/uv sync && \
	$(BIN)/python examples/tour.py build/demo/shop && \
	$(BIN)/python examples/asks.py build/demo/bazaar --python build/demo/shop/.venv/bin/python && \
	echo "The demo took $$(($$(date +%s) - started)) s. The backend is in build/demo/shop: try \`make dev\` there."

examples: setup ## Write examples/shop anew, to see in its diff what a change of templates does
	$(BIN)/python scripts/example.py

lint-openapi: setup ## Lint the shop's OpenAPI document with Spectral and its OWASP rules (needs npm)
	$(BIN)/python scripts/spectral.py

lock: $(BIN)/uv ## Compile requirements.lock from pyproject.toml
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	    --no-emit-find-links --no-annotate --custom-compile-command 'make lock' --group dev pyproject.toml -o requirements.lock
	@if grep -n '://' requirements.lock; then echo "requirements.lock must not name any host" >&2; exit 1; fi

format: setup ## Format, and fix what can be fixed by itself
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

clean: ## Remove what was built and cached; .venv stays
	rm -rf build dist .cache .pytest_cache .ruff_cache .hypothesis .coverage
