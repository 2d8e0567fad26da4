# Everything works on a fresh clone with Python 3.11+, git and make alone.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed

REPOS ?= .
COMMITS ?= 300
ORDERS ?= canonical random
SEEDS ?= 1 2 3
JOBS ?= 2
OUT ?= bench-history.md

.PHONY: help demo test check bench bench-history scenarios clean

help:
	@echo "make demo       set up and replay the demo session"
	@echo "make test       set up and run the tests"
	@echo "make check      style, types and layers"
	@echo "make bench      speed and memory, as ratios against a bare server"
	@echo "make bench-history REPOS=\"DIR DIR\"  what is foreseen of real commits; COMMITS, ORDERS, SEEDS, JOBS, OUT"
	@echo "make scenarios  record the scenarios again by driving the real server"
	@echo "make client-test  types and units of the VS Code client; needs Node 20+"
	@echo "make vsix       build the VS Code client with the server's wheel inside; needs Node 20+"

$(STAMP): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $(STAMP)

demo: $(STAMP)
	$(BIN)/proactive-lsp replay scenarios/demo

test: $(STAMP)
	$(BIN)/python -m pytest

check: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

bench: $(STAMP)
	$(BIN)/python bench/run.py

bench-history: $(STAMP)
	$(BIN)/proactive-lsp bench history $(REPOS) --commits $(COMMITS) --jobs $(JOBS) --markdown $(OUT) \
		$(foreach order,$(ORDERS),--order $(order)) $(foreach seed,$(SEEDS),--seed $(seed))

scenarios: $(STAMP)
	$(BIN)/python scenarios/record.py

clean:
	rm -rf .venv .pytest_cache .ruff_cache .hypothesis build dist

# The VS Code client; needs Node 20+ and npm.
CLIENT := clients/vscode
NODE_STAMP := $(CLIENT)/node_modules/.installed

.PHONY: vsix client-test

$(NODE_STAMP): $(CLIENT)/package-lock.json
	cd $(CLIENT) && npm ci --ignore-scripts --no-audit --no-fund
	@touch $(NODE_STAMP)

vsix: $(STAMP) $(NODE_STAMP)
	rm -rf $(CLIENT)/server
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --wheel-dir $(CLIENT)/server .
	mkdir -p dist
	cd $(CLIENT) && node scripts/package.mjs

client-test: $(NODE_STAMP)
	cd $(CLIENT) && npm test
