"""Tools for tests of evaluators: reproducible random arguments."""
