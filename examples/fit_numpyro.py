"""Sample the same posterior with numpyro (pip install "renp[jax]" numpyro), which follows the derivatives of renp_generated.jax."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
from jax.nn import logsumexp, sigmoid
from numpyro.diagnostics import effective_sample_size, split_gelman_rubin
from numpyro.infer import MCMC, NUTS, init_to_value
from six_parameters import BACKGROUND, FREE, PRIORS, counts, run

from renp_generated.jax import spectral_function

numpyro.enable_x64()
HERE = Path(__file__).parent
FIXED = {"E_eg": run.E_eg, "E_vg": run.E_vg, "nature": "majorana"}
solar = run.masses[1] ** 2 - run.masses[0] ** 2
sin2_theta13 = run.axial[2, 2].real + 0.5
phase = np.angle(run.axial[0, 2])
events = run.counts().max() / spectral_function(run.frequencies, **FIXED, masses=run.masses, axial=run.axial).max()


def spectrum(lightest_mass, atmospheric, sin2_theta12, alpha21):
    """Return I at the measured photon energies: normal ordering, a_ij = U*_ei U_ej - delta_ij / 2."""
    masses = jnp.sqrt(lightest_mass**2 + jnp.stack([0.0, solar, atmospheric]))
    shares = jnp.stack([1 - sin2_theta12, sin2_theta12, sin2_theta13 / (1 - sin2_theta13)]) * (1 - sin2_theta13)
    row = jnp.sqrt(shares) * jnp.exp(1j * jnp.stack([0.0, alpha21 / 2, phase]))
    axial = row.conj()[:, None] * row - jnp.eye(3) / 2
    return spectral_function(run.frequencies, **FIXED, masses=masses, axial=axial)


def known(name):
    """Return a parameter with a prior, sampled in units of the prior's width."""
    centre, sigma = PRIORS[name]
    return numpyro.deterministic(name, centre + sigma * numpyro.sample(f"{name}_pull", dist.Normal()))


def model(observed):
    """Both solutions for the phase, almost mirror images, are added in the likelihood: no chain has to find the other one."""
    mirrored = numpyro.sample("mirrored", dist.Uniform(0.0, np.pi))
    mass = numpyro.sample("lightest_mass", dist.Uniform(0.0795, 0.0805))
    others = mass, known("atmospheric"), known("sin2_theta12")
    both = jnp.stack([spectrum(*others, mirrored), spectrum(*others, 2 * np.pi - mirrored)])
    amplitude = numpyro.sample("amplitude", dist.Uniform(0.9, 1.1))
    background = numpyro.sample("background", dist.Uniform(0.0, 200.0))
    likelihoods = dist.Poisson(amplitude * events * both + background).log_prob(observed).sum(axis=1)
    numpyro.factor("counts", logsumexp(likelihoods))
    numpyro.deterministic("share", sigmoid(likelihoods[1] - likelihoods[0]))


first = {"lightest_mass": 0.08, "mirrored": 2.0, "amplitude": 1.0, "background": BACKGROUND}
chains = []
for seed in range(2):
    kernel = NUTS(model, dense_mass=True, init_strategy=init_to_value(values=first))
    sampler = MCMC(kernel, num_warmup=1000, num_samples=2000, progress_bar=False)
    sampler.run(jax.random.key(seed), observed=counts)
    chain = {name: np.asarray(values) for name, values in sampler.get_samples().items()}
    turned = np.random.default_rng(seed).uniform(size=2000) < chain["share"]
    chains.append(chain | {"alpha21": np.where(turned, 2 * np.pi - chain["mirrored"], chain["mirrored"])})

lines = [f"{'parameter':14} {'numpyro: median and 68%':>34} {'effective samples':>18} {'R-hat':>6}"]
for name in FREE:
    both = np.array([chain[name] for chain in chains])
    lower, median, upper = np.percentile(both, [15.87, 50, 84.13])
    numbers = f"{effective_sample_size(both):18.0f} {split_gelman_rubin(both):6.2f}"
    lines.append(f"{name:14} {median:>14.5g}  {lower:.5g} to {upper:.5g}".ljust(49) + numbers)
(HERE / "fit_numpyro.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
print("\n".join(lines))
