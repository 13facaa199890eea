# Everything starts here; only Python 3.11+, pip, venv and make are needed beforehand.
PYTHON ?= python3
PORT ?= 8501
REGION ?= ijmond
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo serve test browser verapdf check fix types bench bench-analysis bench-pages bench-load bench-protect crawl snapshots lock screenshots clean help

help:  ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/'

demo: $(READY)  ## sample deliveries for IJmond, build, publish, serve on http://localhost:8501
	$(BIN)/jeugdbeeld sample data/sample --region $(REGION)
	$(BIN)/jeugdbeeld build --deliveries data/sample --published data/published --region $(REGION)
	$(BIN)/jeugdbeeld serve --published data/published --port $(PORT)

serve: $(READY)  ## serve the last publication
	$(BIN)/jeugdbeeld serve --published data/published --port $(PORT)

test: $(READY) browser verapdf check  ## all tests, browser included
	$(BIN)/python -m pytest -n 2 --dist loadgroup

browser:  ## an installed Chromium, else Debian's package when root
	@sh tests/find_browser.sh

verapdf:  ## Java for the check of the PDF, else Debian's package when root
	@sh tests/find_verapdf.sh

check: $(READY)  ## style and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

fix: $(READY)  ## mend style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(READY)  ## a million suspect rows against a bare DuckDB script; the full build of Twente, and ten times that; five publications; one more count
	$(BIN)/python tests/bench/bench_suspects.py
	$(BIN)/python tests/bench/bench_build.py
	$(BIN)/python -m tests.bench.bench_publications ijmond
	$(BIN)/python -m tests.bench.bench_publications twente
	$(BIN)/python -m tests.bench.bench_extra

bench-protect: $(READY)  ## protection of drawn tables, up to a million cells
	$(BIN)/python -m tests.bench.bench_protect

bench-pages: $(READY)  ## a rerun of each page against an empty page with the same chart (after make demo)
	JEUGDBEELD_PUBLISHED=$${JEUGDBEELD_PUBLISHED:-data/published} $(BIN)/python -m tests.bench.bench_pages

bench-load: $(READY)  ## fifty visitors, then two hundred open sessions: speed, memory, first page (after make demo)
	JEUGDBEELD_PUBLISHED=$${JEUGDBEELD_PUBLISHED:-data/published} $(BIN)/python -m tests.bench.bench_load

screenshots: $(READY) browser  ## a picture of every page of the last publication, on a desk, a phone and paper, and of the board pack
	@sh tests/find_office.sh
	$(BIN)/python -m tests.screenshots

bench-analysis: $(READY)  ## the statistics: false arrows, false effects, false signals, speed
	$(BIN)/python -m tests.bench.bench_analysis
	$(BIN)/python -m tests.bench.bench_signals

crawl: $(READY) browser  ## 300 random states of every page, twice: no number but shown figures (after make demo)
	$(BIN)/python -m tests.crawler --published data/published --states 300

snapshots: $(READY)  ## renew the approved SQL of the indicators, the tables of docs/method.md and docs/sentences.md; read the diff before committing
	JEUGDBEELD_SNAPSHOTS=renew $(BIN)/python -m pytest tests/test_snapshots.py tests/test_method_tables.py tests/test_sentence_list.py

lock: $(READY)  ## renew requirements.lock (hashes, no index addresses)
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes \
		--no-emit-index-url --no-annotate --custom-compile-command "make lock" -o requirements.lock

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

clean:  ## remove what the demo made
	rm -rf data/sample data/published data/work
