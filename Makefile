# Thin aliases; `make` alone sets up and runs i2i with the sample photos. SERVE=0 stops after the pictures.
VENV ?= .venv
SERVE ?= 1
DEMO := demo@i2i.example
BIN := $(VENV)/bin
CODE := $(wildcard adapters core i2i plugins bench samples scripts tests)
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo $$p; break; }; done)
ifeq ($(strip $(PYTHON)),)
$(error i2i needs Python 3.11 or newer; name one with make PYTHON=...)
endif
export I2I_HOME ?= $(CURDIR)/var

# The development set contains the running set, so whoever has it needs no second installation.
READY := $(if $(wildcard $(VENV)/.dev),$(VENV)/.dev,$(VENV)/.run)

FRONTEND := adapters/web/frontend
PAGES := adapters/web/static/dist/manifest.json
# Style sheets hold the classes that templates use, so a template is a source too.
SOURCES := $(shell find $(FRONTEND) adapters/web/templates -type f -not -path '*/node_modules/*')

.PHONY: run serve test test-long check format build bench coverage-of-requirements lock clean
.DEFAULT_GOAL := run

run: $(READY) $(PAGES)
	$(BIN)/i2i db upgrade
	@$(BIN)/i2i user demo --json > /dev/null
	$(BIN)/i2i process samples/photos --brief samples/brief.txt -o var/finished --yes --allow flagged --as $(DEMO)
	@echo "The finished pictures are in var/finished; those flagged above deserve a look."
	$(if $(filter-out 0,$(SERVE)),$(BIN)/i2i serve --demo)

serve: $(READY) $(PAGES)
	$(BIN)/i2i serve

test: $(VENV)/.dev $(PAGES)
	$(BIN)/python -m scripts.build_frontend --venv $(VENV) --test
	$(BIN)/python -m pytest -n 2 --dist worksteal

test-long: $(VENV)/.dev $(PAGES)
	$(BIN)/python -m pytest -m long

check: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports --no-logo
	$(BIN)/python scripts/check_sizes.py

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev $(PAGES)
	$(BIN)/python -m bench

REQUIREMENTS ?= ../shared/design/requirements.tsv
coverage-of-requirements: $(VENV)/.dev
	@$(BIN)/python -m scripts.coverage_of_requirements $(REQUIREMENTS)

lock: $(VENV)/.dev
	UV=$(BIN)/uv scripts/lock.sh $(LOCK)

build: $(PAGES)

$(PAGES): $(SOURCES) | $(READY)
	$(BIN)/python -m scripts.build_frontend --venv $(VENV)

clean:
	rm -rf $(VENV) $(FRONTEND)/node_modules $(dir $(PAGES)) var build dist *.egg-info .coverage .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.%: requirements/%.txt requirements/uv.txt setup.cfg scripts/set_up.py
	$(PYTHON) scripts/set_up.py $* --venv $(VENV)
