"""Counts and likelihoods: intervals, limits, information."""
