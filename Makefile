# Every target sets up .venv by itself, once. `make` alone lists them.
UV ?= uv
WORKERS ?= 2
ifeq ($(OS),Windows_NT)
PYTHON ?= python
BIN := .venv/Scripts
else
PYTHON ?= python3
BIN := .venv/bin
endif

define HELP
make lab       open the course in JupyterLab            (ARGS="--port 8890 --no-browser")
make test      run every test this machine can run      (ARGS="-k descent")

For whoever writes the course:
make lint      check the style of code and notebooks
make course    run the lessons and write them back      (ARGS="01-step-size-and-curvature")
make release   make release/ from source/, and the table of exercises in source/README.md
make bench     measure the speed of figures and code
make lock      resolve requirements.lock anew, with uv

PYTHON=/path/to/python3 chooses the Python (3.11 or newer) that .venv is made with.
endef

.PHONY: help setup lab test lint course release bench lock

help:
	$(info $(HELP))
	@:

setup:
	@$(PYTHON) helpers/bootstrap.py

lab: setup
	@$(BIN)/downhill lab $(ARGS)

# How files are spread over the workers stands in tests/conftest.py; browsers come early, because they take long.
test: lint
	@$(BIN)/python -m pytest --nbval --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder -r fE \
	  tests helpers course $(ARGS)

lint: setup
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .

course: setup
	@$(BIN)/python -m ruff format --quiet course
	@$(BIN)/downhill course $(ARGS)

release: setup
	@$(BIN)/python -m ruff format --quiet source
	@$(BIN)/downhill release
	@$(BIN)/downhill exercises

bench: setup
	@$(BIN)/python -m tests.bench

# The lock holds for every platform and names no index: pip takes the one it is configured for.
lock:
	@$(UV) --version >/dev/null 2>&1 || { echo "uv is needed to resolve the lock: install it (pipx install uv), then run 'make lock' again."; exit 1; }
	@$(UV) pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-emit-find-links --no-annotate --no-header --quiet -o requirements.lock
