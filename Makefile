# HydrateAll. `make run` hydrates a subject from nothing; `make test` proves the code; `make down` ends it all.
BOARD    ?= CBSE
GRADE    ?= 10
SUBJECT  ?= SCIENCE
LANGUAGE ?= en
# A realm of documents that the content stands on; `samples` takes in the sample documents first.
GROUND   ?=
# Who writes: offline, mock (the real client against a server on this machine), or openai.
MODEL    ?= $(or $(HYDRATEALL_MODEL_PROVIDER),offline)
PYTHON   ?= python3
# The chaos test: how often, by which plan, and which run of it only.
RUNS     ?= 30
SEED     ?= 1
ONLY     ?=
BIN      := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help install dev run down test lint types check bench bench-gateway bench-validation bench-duplicates bench-control bench-documents crashes chaos drills lock

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 20

run: export HYDRATEALL_MODEL_PROVIDER := $(MODEL)
run: install  ## Start the stack, hydrate BOARD GRADE SUBJECT LANGUAGE by MODEL, on the documents of GROUND
	@$(BIN)/hydrateall up
	$(if $(filter samples,$(GROUND)),@$(BIN)/hydrateall documents samples --wait)
	@$(BIN)/hydrateall hydrate --board $(BOARD) --grade $(GRADE) --subject $(SUBJECT) --language $(LANGUAGE) $(if $(GROUND),--ground $(GROUND)) --wait --attach

down: install  ## Stop everything that `make run` started
	@$(BIN)/hydrateall down

test: check  ## Lint, type-check and test
	@$(BIN)/pytest -n 2 -m "not e2e"
	@$(BIN)/pytest -m e2e

bench: install  ## Measure the cascade against its ideal, through the real scheduler
	@$(BIN)/python benchmarks/cascade.py --mock

bench-gateway: install  ## Measure what the gateway adds to a call, beside the bare client
	@$(BIN)/python benchmarks/gateway.py

bench-validation: dev  ## Measure what the gates catch of a labelled corpus, how often they cry wolf, and their speed
	@$(BIN)/python benchmarks/validation.py

bench-duplicates: dev  ## Measure the index of near duplicates at a million questions: size, lookups, recall
	@$(BIN)/python benchmarks/duplicates.py

bench-control: dev  ## Measure admin API, pages and reconciler over 2,000 jobs and 500,000 items
	@$(BIN)/python benchmarks/control_plane.py

bench-documents: dev  ## Measure reading, chunking and search of documents, and 1,000 of them through the pipeline
	@$(BIN)/python benchmarks/conversion.py
	@$(BIN)/python benchmarks/chunking.py
	@$(BIN)/python benchmarks/retrieval.py
	@$(BIN)/python benchmarks/documents.py

drills: install  ## Try the gateway's promises: fault storm, budget, cancel, cache, rate
	@$(BIN)/python benchmarks/drills.py

crashes: install  ## Kill -9 a task, the scheduler and the database, and compare with a calm run
	@$(BIN)/python benchmarks/crashes.py

chaos: install  ## Kill -9 at random moments, RUNS times (RUNS=30 SEED=1; ONLY=17 repeats one), and count what is lost
	@$(BIN)/python benchmarks/chaos.py --runs $(RUNS) --seed $(SEED) $(if $(ONLY),--only $(ONLY))

check: lint types  ## Lint and type-check

lint: dev
	@$(BIN)/ruff check --quiet . && $(BIN)/ruff format --check --quiet .

types: dev
	@$(BIN)/mypy

install: .venv/.runtime  ## Install what the product runs on, hash-locked, into .venv

dev: .venv/.dev

.venv/.uv: requirements/bootstrap.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "HydrateAll needs Python 3.11 or newer; set PYTHON=python3.12 or the like."; exit 1; }
	@$(PYTHON) -m venv .venv || { echo "This Python has no venv module; install it (Debian: python3-venv)."; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@touch $@

.venv/.runtime: .venv/.uv requirements/runtime.txt pyproject.toml
	@echo "· Installing the locked requirements"
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/runtime.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.dev: .venv/.runtime requirements/dev.txt
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements/dev.txt
	@touch $@

LOCK := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --exclude-newer 2026-09-22

lock:  ## Compile the hash locks from requirements/*.in
	@for name in bootstrap runtime dev compose; do $(BIN)/$(LOCK) requirements/$$name.in -o requirements/$$name.txt; done
