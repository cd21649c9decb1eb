# Farthing's commands. Each sets up what it needs first: a bare Debian with Python 3.11 and make is enough.
#
#   make demo     the main job: a person in need, from registration to a repaid loan, on real parsers and real SQL
#   make run      a small town on a fresh machine, then serve the API and the pages; prints a link for each door
#   make test     the tests, but tidy and long ones     make prove    the slow proofs, and the laws searched at random
#   make long     tests that take seconds each: whole stories, walks through every page, servers that are killed
#   make awkward  what hangs on the calendar, on six days on which calendars are awkward
#   make check    lint, types, package contracts, tidy    make verify   re-derive every balance of the bank in .farthing
#   make docs     write the generated pages               make lock     resolve the two requirement files again
#   make pictures take the pictures of the READMEs anew, in a small town
#   make words    collect what pages say, make the catalogues of both languages
#   make wheel    the package, into dist
#   make setup    runtime only, into .venv                make clean    remove what the others made (not .farthing)

PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check --quiet --no-input
CODE := src tests tools bench

# Debian packages that only the tests use: peers that check our work (pdfsig, openssl, hledger, qpdf) and a browser.
DEBIAN ?= poppler-utils openssl softhsm2 qpdf hledger chromium chromium-headless-shell? fonts-noto-cjk

# The suite opens its banks on an ordinary Wednesday; the slice marked "calendar" is run on these as well.
CALENDAR = $(shell grep -rl --include='*.py' 'mark\.calendar' tests)
AWKWARD ?= 2026-02-28 2026-01-29 2027-01-30 2026-08-31 2028-02-29 2026-12-31

.PHONY: demo run test long awkward check tidy types contracts style prove pictures verify docs words lock setup setup-dev debian clean
.DEFAULT_GOAL := demo

# Byte code is kept, whatever the machine says: tests start this program some hundred times, and compiling it costs more
# each time than what it then does.
unexport PYTHONDONTWRITEBYTECODE

# The story's bank stands apart: its days run ahead, and the bank of `make run` begins today.
demo: setup
	FARTHING_HOME=$${FARTHING_HOME:-var/demo} $(BIN)/farthing story graduate

run: setup
	$(BIN)/farthing town --new --people 60 --months 6
	$(BIN)/farthing migrate
	$(BIN)/farthing serve

verify: setup
	$(BIN)/farthing verify

# The tidy tests are those of `make check`, and run there alone. Three workers on two processors: each waits a third of its time for a browser, a database or a program that it started.
test: setup-dev debian
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder --ignore=tests/tidy -m "not long and not prove"
long: setup-dev debian
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder --ignore=tests/tidy -m "long and not prove" --durations=10

# Two days side by side, each in one process: a day is short, and six pairs of workers cost more to start than to run.
awkward: setup-dev debian
	@printf '%s\n' $(AWKWARD) | xargs -P 2 -I DAY sh -c 'told=$$(FARTHING_OPENS_ON=DAY $(BIN)/pytest \
		-m "calendar and not prove" $(CALENDAR) 2>&1); ended=$$?; echo "== banks that open on DAY"; echo "$$told"; exit $$ended'

prove: setup-dev debian
	@began=$$(date +%s); $(BIN)/pytest -m prove --durations=12; ended=$$?; \
	FARTHING_LAWS=search $(BIN)/pytest -n 2 -m "hypothesis and not prove" --durations=12 || ended=1; \
	echo "make prove took $$(( $$(date +%s) - began )) s"; exit $$ended

wheel: setup
	$(PIP) wheel --no-deps --no-build-isolation --wheel-dir dist .

# Side by side, each told as a whole when it is done: the tidy tests take as long as all the others together.
check: setup-dev
	@$(MAKE) --no-print-directory -k -j 2 -O tidy types contracts style

tidy:
	$(BIN)/pytest tests/tidy
types:
	$(BIN)/mypy
contracts:
	$(BIN)/lint-imports
style:
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)

words: setup-dev
	$(BIN)/python tools/catalogues.py

docs: setup
	$(BIN)/python tools/errors_page.py
	$(BIN)/python tools/events_page.py

setup: .venv/.runtime
setup-dev: .venv/.development

pictures: setup-dev debian
	FARTHING_PICTURES=1 $(BIN)/pytest -m prove tests/web/test_pictures.py

debian:
	@sh tools/debian.sh $(DEBIAN)

.venv/bin/python:
	@PYTHON="$(PYTHON)" sh tools/venv.sh .venv

.venv/.runtime: .venv/bin/python requirements.lock pyproject.toml
	@echo "Installing what Farthing runs on (requirements.lock): a minute or two where it is downloaded, and nothing is printed meanwhile"
	@$(PIP) install --require-hashes -r requirements.lock
	@$(PIP) install --no-deps --no-build-isolation -e .
	@touch $@

# What only tests bring in is compiled when it is first brought in, and most of it never is.
.venv/.development: .venv/.runtime requirements-dev.lock
	@echo "Installing what Farthing is tested with (requirements-dev.lock): a minute or two where it is downloaded"
	@$(PIP) install --require-hashes --no-deps --no-compile -r requirements-dev.lock
	@touch $@

# The lock files name no host: pip asks whichever index this machine is set up with, and the hashes decide.
LOCK := .venv/bin/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-header --no-annotate --extra build

lock: .venv/bin/python
	$(PIP) install uv
	$(LOCK) -o requirements.lock
	$(LOCK) --extra dev -c requirements.lock -o requirements-dev.lock

clean:
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist var src/*.egg-info
