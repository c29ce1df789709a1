"""Speed and accuracy of the evaluators, measured side by side in one run: ``python -m benchmarks``."""
