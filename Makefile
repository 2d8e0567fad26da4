# Everything works on a fresh clone with Python 3.11+, git and make alone.
PYTHON ?= python3
BIN := .venv/bin
STAMP := .venv/.installed
MODEL_STAMP := .venv/.model-installed

# What every x86-64 processor of the last ten years can do. Without these llama.cpp builds either
# for the machine at hand alone, or for one of 2003, which is many times slower.
ifneq (,$(filter x86_64 amd64,$(shell uname -m)))
LLAMA_FLAGS := -DGGML_NATIVE=OFF -DGGML_AVX=ON -DGGML_AVX2=ON -DGGML_FMA=ON -DGGML_F16C=ON -DGGML_BMI2=ON
endif

REPOS ?= .
COMMITS ?= 300
ORDERS ?= canonical random
SEEDS ?= 1 2 3
JOBS ?= 2
OUT ?= bench-history.md
PORT ?= 11434
PREDICTIONS ?= 200
SAMPLE ?= 100

.PHONY: help demo test test-model model-server check bench bench-history bench-model scenarios scenarios-results clean

help:
	@echo "make demo       set up and replay the demo session; ends with a page to look at"
	@echo "make test       set up and run the tests"
	@echo "make test-model build llama.cpp, then test with a small model that really answers; needs a C++ compiler"
	@echo "make model-server  serve that model as Ollama would, on PORT"
	@echo "make check      style, types and layers"
	@echo "make bench      speed and memory, as ratios against a bare server"
	@echo "make bench-history REPOS=\"DIR DIR\"  what is foreseen of real commits; COMMITS, ORDERS, SEEDS, JOBS, OUT"
	@echo "make bench-model REPOS=\"DIR DIR\"  what the small model foresees, costs and is refused for; SAMPLE, PREDICTIONS"
	@echo "make scenarios  record the scenarios again by driving the real server"
	@echo "make scenarios-results  write what they come to now to scenarios/results.csv; its diff is the review"
	@echo "make client-test  types and units of the VS Code client; needs Node 20+"
	@echo "make vsix       build the VS Code client with the server's wheel inside; needs Node 20+"
	@echo "make e2e        drive that client in a real VS Code, in Debian's chromium; needs Node 20 and a C++ compiler"

$(STAMP): pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $(STAMP)

$(MODEL_STAMP): $(STAMP)
	@command -v c++ > /dev/null || command -v g++ > /dev/null || command -v clang++ > /dev/null || { echo "llama.cpp needs a C++ compiler; on Debian: apt install g++"; exit 1; }
	CMAKE_ARGS="$(LLAMA_FLAGS)" $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev,model]"
	@touch $(MODEL_STAMP)

demo: $(STAMP)
	@mkdir -p dist
	$(BIN)/proactive-lsp replay scenarios/demo --html dist/demo.html

test: $(STAMP) programs
	$(BIN)/python -m pytest

.PHONY: programs

# Editors and a browser, where they can be had; their tests are skipped without them.
programs:
	@sh tests/editors/install.sh
	@sh tests/annotate/install.sh

test-model: $(MODEL_STAMP)
	$(BIN)/python -m pytest tests/model

model-server: $(MODEL_STAMP)
	$(BIN)/python -m tests.model.server --port $(PORT)

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

bench-model: $(MODEL_STAMP)
	$(BIN)/python -m bench.model $(REPOS) --predictions $(PREDICTIONS) --sample $(SAMPLE) $(BENCH_MODEL)

scenarios: $(STAMP)
	$(BIN)/python scenarios/record.py

scenarios-results: $(STAMP)
	$(BIN)/proactive-lsp replay scenarios --csv scenarios/results.csv --check

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

# A real VS Code and a browser to look at it; E2E_BREAK=publish shows that it can fail.
E2E := $(CLIENT)/e2e
E2E_STAMP := $(E2E)/node_modules/.installed

.PHONY: e2e

$(E2E_STAMP): $(E2E)/package-lock.json $(E2E)/install.mjs
	node $(E2E)/install.mjs
	@touch $(E2E_STAMP)

e2e: vsix $(E2E_STAMP)
	node $(E2E)/run.mjs
