# Every target sets up what it needs in .venv; python >= 3.11 and make are all it takes.

PYTHON ?= $(shell for p in python3.13 python3.12 python3.11 python3.14 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
VENV := .venv
BIN := $(VENV)/bin

# Arguments for a tool, for example `make test ARGS="-k selectors"`.
ARGS ?=

# How long each script in tests/fuzz runs.
FUZZ_SECONDS ?= 60

.DEFAULT_GOAL := help
.PHONY: help browser demo test lint check fmt goldens conformance oracles fuzz bench reference hooks peers clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

test: $(VENV)/dev ## run all tests
	$(BIN)/python -m pytest -n auto $(ARGS)

lint: $(VENV)/dev ## format, lint, types and import layers, as CI holds them
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/python -m pytest -q tests/test_layers.py

check: lint test ## lint and test: what must pass before a commit

fmt: $(VENV)/dev ## format the code and make safe repairs
	$(BIN)/ruff check --fix-only .
	$(BIN)/ruff format .

demo: $(VENV)/run ## check and compile a worked example
	$(BIN)/python policies/demo.py

bench: $(VENV)/run ## time, memory and output of each stage, on generated tailnets
	$(BIN)/python -m bench $(ARGS)

goldens: $(VENV)/dev ## write tests/golden anew; look at the diff before you commit it
	$(BIN)/python -m pytest -n auto --update-goldens $(ARGS)

conformance: $(VENV)/dev ## compare with recorded answers of the real control plane (needs the corpus)
	$(BIN)/python -m tests.conformance $(ARGS)

oracles: $(VENV)/dev ## promises, sessions, capabilities and questions against oracles that share no code, some minutes
	ACLC_ORACLES=10 $(BIN)/python -m pytest -n auto -q tests/oracles
	$(BIN)/python -m tests.oracles $(ARGS)

browser: $(VENV)/browser ## look at the HTML pages in a real browser (needs chromium and chromedriver; skips without)
	ACLC_BROWSER=1 $(BIN)/python -m pytest -rs tests/browser $(ARGS)

fuzz: $(VENV)/dev ## broken and generated input: new examples each time, and many of them
	@for script in $(basename $(notdir $(wildcard tests/fuzz/fuzz_*.py))); do \
		echo "$$script, $(FUZZ_SECONDS) seconds"; \
		$(BIN)/python -m tests.fuzz.$$script --seconds $(FUZZ_SECONDS) --seed $$(date +%s) || exit 1; done
	$(BIN)/python -m pytest -n auto --hypothesis-profile=thorough -m hypothesis $(ARGS)

reference: $(VENV)/dev ## compare the formatter with the reference one on generated texts (needs Go)
	$(BIN)/python -m tests.reference.compare_format --seed $$(date +%s) $(ARGS)

peers: $(VENV)/dev ## write docs/comparison.md: what other tools say of the same policies (needs them on PATH, and Go)
	$(BIN)/python -m scripts.compare_peers > docs/comparison.new
	mv docs/comparison.new docs/comparison.md

hooks: $(VENV)/dev ## run the hooks for pre-commit in a scratch repository, and actionlint where it is installed
	$(BIN)/python -m tests.integrations.try_hooks
	@if command -v actionlint >/dev/null; then actionlint integrations/github/workflow.yml && echo "actionlint: content"; \
		else echo "actionlint: skipped, it is not on PATH"; fi

clean: ## remove what make made
	rm -rf $(VENV) out build dist .mypy_cache .pytest_cache .ruff_cache .hypothesis

# Two stamps: a demo needs only what aclc needs at run time.
$(VENV)/run: pyproject.toml
	@test -n "$(PYTHON)" || { \
		echo "aclc needs Python 3.11 or newer and found none; name one: make PYTHON=/path/to/python3.11 ..." >&2; exit 1; }
	@"$(PYTHON)" -m venv $(VENV) || { \
		echo "$(PYTHON) cannot make a virtual environment (on Debian and Ubuntu: apt install python3-venv)" >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/dev: pyproject.toml $(VENV)/run
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

$(VENV)/browser: pyproject.toml $(VENV)/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,browser]'
	@touch $@
