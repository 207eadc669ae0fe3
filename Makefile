# make demo        the product with a sandbox DolphinScheduler; needs Python 3.11 and make, nothing else
# make test        everything, beside real servers; as root on Debian 12 it installs what is missing
# make test-fast   the inner loop: SQLite and the sandbox, without long tables of cases
# make check       formatting, lint, types, translations, missing migrations
# make docs        the book: docs/ as HTML in .cache/docs, its links checked; any warning fails
# make soak        the whole fault matrix on the real DolphinScheduler, long runs and load
# make bench       performance goals as ratios; BENCH="--quick" leaves the million out
.DEFAULT_GOAL := help
PYTHON ?= python3
PORT ?= 8000

.PHONY: help demo test test-fast soak check docs bench clean

help:
	@sed -n 's/^# //p' Makefile

.venv/ready: requirements.txt
	@echo "installing Python packages into .venv, once ..."
	$(PYTHON) -m venv .venv
	.venv/bin/pip install --quiet --disable-pip-version-check -r requirements.txt
	touch $@

.venv-test/ready: requirements.txt requirements-mysql.txt requirements-ldap.txt requirements-oidc.txt requirements-docs.txt requirements-dev.txt
	if [ "$$(id -u)" = 0 ]; then sh tests/services/compiler.sh; fi
	$(PYTHON) -m venv .venv-test
	.venv-test/bin/pip install --quiet --disable-pip-version-check -r requirements-dev.txt -r requirements-mysql.txt
	touch $@

demo: .venv/ready
	.venv/bin/python -m operations.demo.env .demo
	SNAPSHOTTER_ENV_FILE=.demo/env .venv/bin/python manage.py demo --port $(PORT)

test: .venv-test/ready
	.venv-test/bin/python -m tests.services install
	$(MAKE) check
	.venv-test/bin/python -m tests.services run -- sh tests/tiers.sh .venv-test/bin/python

test-fast: .venv-test/ready
	.venv-test/bin/python -m pytest -q -n 2 -m "not browser and not matrix and not table"

soak: .venv-test/ready
	.venv-test/bin/python -m tests.services install
	.venv-test/bin/python -m tests.services run -- env SNAPSHOTTER_SOAK=1 sh tests/soak.sh .venv-test/bin/python

check: .venv-test/ready
	.venv-test/bin/ruff format --check .
	.venv-test/bin/ruff check .
	.venv-test/bin/mypy .
	.venv-test/bin/djade --check $$(git ls-files 'templates/*.html')

docs: .venv-test/ready
	.venv-test/bin/python -m sphinx -W --keep-going -q -b html docs .cache/docs

bench: .venv-test/ready
	.venv-test/bin/python -m tests.services run --only mysql,mariadb,redis,dolphin311,dolphin311mysql -- .venv-test/bin/python -m tests.bench $(BENCH)

clean:
	rm -rf .venv .venv-test .demo .cache staticfiles
