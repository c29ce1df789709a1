"""Exact algebra that knows no interaction: the polynomial ring, Dirac matrices, mass dimensions."""
