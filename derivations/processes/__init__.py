"""Processes: what the neutrino line does between a source and the photon."""
