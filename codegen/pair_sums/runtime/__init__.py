"""The runtime that is copied, with a header, into every generated package: NumPy only."""
