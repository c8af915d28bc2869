"""Measurements, each a documented command: `python -m benchmarks.NAME --help`. None is installed."""
