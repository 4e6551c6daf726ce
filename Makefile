# Everything runs in .venv, made from requirements.lock; nothing but Python 3.11+ and make is needed beforehand.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: env demo test lint model kernel bench bench-province bench-http screenshots simulate proofs proofs-control

env: $(STAMP)

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed, this is " + sys.version.split()[0])'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --editable .
	@touch $@

demo: env
	$(BIN)/sandan demo

test: env
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder -rs --ignore tests/proofs

# The proofs at full length, an hour: killed processes, 20 000 steps of needs and orders, a month of 50 communities. The figures stand in
# what they print.
LONG := SANDAN_LONG=1 SANDAN_STEPS=20000 SANDAN_COMMUNITIES=50
proofs: env
	$(LONG) $(BIN)/python -m pytest -s -p no:xdist tests/proofs tests/matcher/test_life.py tests/matcher/clocks/test_month.py

# The same proof with writes that are acknowledged too early must find losses.
proofs-control: env
	SANDAN_CONTROL=1 $(BIN)/python -m pytest -s -p no:xdist tests/proofs/test_control.py

lint: env
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

model: env
	$(BIN)/sandan train --output seed/model.npz

# Ranks many providers faster; needs a C compiler. Whoever has none loses nothing but time.
kernel: env
	$(BIN)/python -m matcher.ranking.kernel.compiled

# SIZES="10000 1000000" for others; with the extra `bench` (pip install -e .[bench]) polars takes part and plots are drawn.
bench: env
	$(BIN)/python -m bench.columns $(SIZES)

# SANDAN_PROVINCE and SANDAN_PROVINCE_STORED say how many; 14 million take some 8 GB.
bench-province: env
	$(BIN)/python -m bench.whole_province

bench-http: env
	$(BIN)/python -m bench.ranking
	$(BIN)/python -m bench.traffic

# The pictures in README; needs Chromium.
screenshots: env
	$(BIN)/python -m bench.screenshots

simulate: env
	$(BIN)/python -m bench.simulate
