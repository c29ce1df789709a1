"""Sums over neutrino pairs: kernels and what is printed from them, in Python, C, Fortran and LaTeX."""
