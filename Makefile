# Two commands matter: `make up` and `make test`. Both build .venv first, and only when the lock is newer.
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3)
PORT ?= 8000
BIN := .venv/bin
# What one run compiles is kept for the next one.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup up test lint messages lock clean

help:
	@echo "make up [PORT=8000]   the whole product on http://127.0.0.1:8000/, nothing else to install"
	@echo "make test             the whole suite (tests whose service is missing are left out, and named)"
	@echo "make lint             style, types, layers, migrations"
	@echo "make messages         the English catalogue, brought up to date with the French words of pages"
	@echo "make lock             the two hashed locks, from the two .in files"

setup: .venv/.ready

.venv/.ready: requirements-dev.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

up: setup
	@exec $(BIN)/python manage.py up --port $(PORT)

# Once on SQLite, then what touches the streams on PostgreSQL (left out, and said, when there is none).
test: setup
	$(BIN)/python -m pytest -n auto --dist worksteal
	$(BIN)/python -m tests.postgresql -n auto --dist worksteal

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run

messages: setup
	@$(BIN)/python manage.py messages

# uv writes locks with hashes and without addresses; only whoever changes a dependency needs it.
lock:
	rm -rf .lock-venv && $(PYTHON) -m venv .lock-venv && .lock-venv/bin/pip install --quiet --disable-pip-version-check uv
	for name in requirements requirements-dev; do UV_CUSTOM_COMPILE_COMMAND="make lock" .lock-venv/bin/uv pip compile --quiet \
		--universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links $$name.in -o $$name.txt; done
	rm -rf .lock-venv

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .import_linter_cache
