"""Spectra and expected counts."""
