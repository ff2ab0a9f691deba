"""Measurements, each as a ratio to the stock way taken in the same run: `python -m tests.bench [name ...]`."""
