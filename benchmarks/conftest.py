"""Benchmarks are no tests: `make bench` runs them."""

collect_ignore_glob = ["*"]
