"""A simulated measurement for fits with six parameters: what is measured, what is free, what is known before."""

import numpy as np

import renp

run = renp.experiment(
    nature="majorana",
    lightest_mass=0.08,
    majorana_phases=(2.0, 0.0),
    volume_cm3=4e4,
    exposure_days=400,
    frequencies=np.linspace(1.0575, 1.0667, 24),
)
"""A large target of ytterbium; the highest photon energies lie above all thresholds and measure the background."""

BACKGROUND = 50.0
FREE = ["lightest_mass", "atmospheric", "sin2_theta12", "alpha21", "amplitude", "background"]
PRIORS = {"atmospheric": (2.55e-3, 0.03e-3), "sin2_theta12": (0.318, 0.016)}
"""Oscillation experiments: de Salas et al. 2021, table 3."""

counts = np.random.default_rng(2026).poisson(run.counts() + BACKGROUND)
