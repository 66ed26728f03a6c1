"""Benchmarks: ratios measured within one run, each against a stated bound (`README.md`)."""
