"""Other probes of the form factors: effective quantities of experiments, and what sets of probes cannot see."""
