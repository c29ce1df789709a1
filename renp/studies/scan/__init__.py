"""Scans over parameters: the study file, the computation, the data set."""
