"""The runtime of every spectral function: checked arguments in, numbers out. NumPy only, written by hand, once."""
