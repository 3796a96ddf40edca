# make run: the product on http://127.0.0.1:8000 · make test: everything it is tested with
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
INDEX  ?= .fawen/index
HOST   ?= 127.0.0.1
PORT   ?= 8000

.PHONY: help install install-dev clients run test check fix bench clean

help:
	@echo "make install  create .venv/ and put fawen with pinned dependencies into it"
	@echo "make run      index reports/ and serve http://$(HOST):$(PORT) (HOST=, PORT=, INDEX= to change)"
	@echo "make test     install what the tests need, then run them"
	@echo "make clients  LangChain and LlamaIndex in .venv-clients/, for the tests that call the server with them"
	@echo "make check    lint, format check and types;  make fix  format"
	@echo "make bench    the measurements that the README quotes"

install: $(VENV)/.installed
install-dev: $(VENV)/.installed-dev

$(VENV)/.installed: pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check torch -c constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[mcp]' -c constraints.txt
	touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]' -c constraints.txt
	touch $@

run: install
	@test -e $(INDEX)/CURRENT || $(BIN)/fawen index reports --index $(INDEX)
	$(BIN)/fawen serve --index $(INDEX) --host $(HOST) --port $(PORT)

# Not part of make test: about a minute and 350 MB. Without them their tests skip and say so.
clients: .venv-clients/.installed

.venv-clients/.installed: tests/clients/requirements.txt
	$(PYTHON) -m venv .venv-clients
	.venv-clients/bin/python -m pip install --quiet --disable-pip-version-check -r tests/clients/requirements.txt
	touch $@

# A browser for the page's tests: installed where we may install packages, else those tests skip and say so.
test: install-dev
	@command -v chromium >/dev/null || { test "$$(id -u)" = 0 && command -v apt-get >/dev/null \
	  && apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium fonts-noto-cjk >/dev/null; } \
	  || echo "no chromium: the browser tests will be skipped"
	$(BIN)/python -m pytest

check: install-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fix: install-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install-dev
	$(BIN)/python -m benchmarks.retrieval
	$(BIN)/python -m benchmarks.serving

clean:
	rm -rf $(VENV) .venv-clients .fawen build dist *.egg-info .mypy_cache .pytest_cache .ruff_cache .hypothesis
