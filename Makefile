# make lab      opens the lessons in JupyterLab
# make test     runs every test
# make release  writes the zip that students get, without solutions
# make lessons  rebuilds the notebooks from solutions/*.py
# make lint     checks style and types
# make screenshots  takes every lesson in JupyterLab, wide and narrow, light and dark, into dist/screenshots
# make pixels   takes the pictures anew that the tests compare to the pixel
# make bench    measures how fast the library is beside others (QUICK=1: roughly, in a few minutes);
#               its parts are make bench-engine, make bench-grading and make bench-explorers
#
# Each makes a virtual environment in .venv first if there is none, and installs into it only what changed;
# bench has its own: .benchmarks, with PyTorch and JAX in it, and .benchmarks-grading, with other graders.
# To choose a Python:  make lab PYTHON=python3.12

PYTHON ?=
LESSONS ?=
LAB_OPTIONS ?=
TEST_OPTIONS ?=

# Some machines ask Python to keep nothing that it compiles; then each kernel would compile JupyterLab's parts anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help lab test release lessons lint screenshots pixels bench bench-engine bench-grading bench-explorers

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

lab:
	@sh tools/environment requirements.txt '$(PYTHON)'
	@sh tools/lab notebooks/00_start_here.ipynb $(LAB_OPTIONS)

test:
	@sh tools/environment tests/requirements.txt '$(PYTHON)'
	@sh tools/test $(TEST_OPTIONS)

release:
	@sh tools/environment tests/requirements.txt '$(PYTHON)'
	@sh tools/release

lessons:
	@sh tools/environment tests/requirements.txt '$(PYTHON)'
	.venv/bin/python solutions/build.py $(LESSONS)

lint:
	@sh tools/environment tests/requirements.txt '$(PYTHON)'
	.venv/bin/python -m ruff check
	.venv/bin/python -m ruff format --check
	.venv/bin/python -m pyright

screenshots:
	@sh tools/environment tests/requirements.txt '$(PYTHON)'
	.venv/bin/python -m tools.screenshots $(LESSONS)

pixels:
	@sh tools/environment tests/requirements.txt '$(PYTHON)'
	.venv/bin/python -m tools.pixels

bench: bench-engine bench-grading bench-explorers

bench-engine:
	@sh tools/environment benchmarks/requirements.txt '$(PYTHON)' .benchmarks
	.benchmarks/bin/python benchmarks/parity.py
	.benchmarks/bin/python benchmarks/measure.py $(if $(QUICK),--quick)
ifndef QUICK
	@sh tools/environment tests/requirements.txt '$(PYTHON)'
	.venv/bin/python benchmarks/startup.py
endif

bench-grading:
	@sh tools/environment benchmarks/requirements-grading.txt '$(PYTHON)' .benchmarks-grading
	.benchmarks-grading/bin/python benchmarks/grading_speed.py $(if $(QUICK),--quick)

bench-explorers:
	@sh tools/environment tests/requirements.txt '$(PYTHON)'
	.venv/bin/python benchmarks/explorer_latency.py $(if $(QUICK),--presses 9)
