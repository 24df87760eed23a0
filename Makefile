# The verbs of this repository; `make` alone prints them. Each is one command that works without make too.
PYTHON ?= python3
BIN ?= .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup check test quick slow coverage docs texts snapshots counts lock packages

help:       ## print the verbs
	@sed -n 's/^\([a-z]*\): *## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

setup:      ## make .venv with the locked versions, the tests and the checks
	$(PYTHON) -m venv .venv
	$(BIN)/pip install -q -c constraints.txt -e '.[test,check]'

check:      ## lint, format, types, import contracts
	.ci/check

test:       ## every test but the slow ones
	$(BIN)/pytest

quick:      ## the loop while writing: no process, no PostgreSQL, no terminal, no screen
	$(BIN)/pytest -m "not slow and not process and not screen"

slow:       ## the long durability and size proofs
	$(BIN)/pytest -m slow

coverage:   ## the quick loop with the branches it takes, held to a floor for each room
	.ci/coverage

docs:       ## write the tables that the documentation takes from the code
	$(BIN)/python docs/generate.py

texts:      ## compile the Chinese texts and list what has no Chinese
	$(BIN)/python -m agent_assist.locale.texts

snapshots:  ## take the text pictures of the desk again; look at the diff before it is committed
	$(BIN)/pytest tests/tui/test_pictures.py --snapshot-update

counts:     ## circles, twin names, private names of libraries, late imports
	$(BIN)/python -m tests.architecture.counts

lock:       ## lock the newest versions that pyproject.toml allows
	.ci/lock

packages:   ## build sdist and wheel into dist/ and try both
	.ci/packages dist
