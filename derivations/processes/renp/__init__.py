"""Radiative emission of neutrino pairs: amplitude, spectral function, interferences, rate, kernel."""
