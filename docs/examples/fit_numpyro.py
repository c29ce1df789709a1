"""Sample the same posterior with numpyro (pip install "renp[jax]" numpyro), which follows the derivatives of renp_generated.jax."""

from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import numpyro
import numpyro.distributions as dist
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
    values = {
        "lightest_mass": numpyro.sample("lightest_mass", dist.Uniform(0.0795, 0.0805)),
        "atmospheric": known("atmospheric"),
        "sin2_theta12": known("sin2_theta12"),
        "alpha21": numpyro.sample("alpha21", dist.Uniform(0.0, 2 * np.pi)),
    }
    amplitude = numpyro.sample("amplitude", dist.Uniform(0.9, 1.1))
    background = numpyro.sample("background", dist.Uniform(0.0, 200.0))
    expected = amplitude * events * spectrum(**values) + background
    numpyro.sample("counts", dist.Poisson(expected), obs=observed)


# One chain starts at each of the two solutions for the phase.
lines = [f"{'parameter':14} {'numpyro: median and 68%':>34} {'effective samples':>18} {'R-hat':>6}"]
chains = []
for seed, start in enumerate((2.0, 4.3)):
    first = {"lightest_mass": 0.08, "alpha21": start, "amplitude": 1.0}
    kernel = NUTS(model, dense_mass=True, init_strategy=init_to_value(values=first | {"background": BACKGROUND}))
    sampler = MCMC(kernel, num_warmup=1000, num_samples=2000, progress_bar=False)
    sampler.run(jax.random.key(seed), observed=counts)
    chains.append(sampler.get_samples())
for name in FREE:
    both = np.array([chain[name] for chain in chains])
    lower, median, upper = np.percentile(both, [15.87, 50, 84.13])
    numbers = f"{effective_sample_size(both):18.0f} {split_gelman_rubin(both):6.2f}"
    lines.append(f"{name:14} {median:>14.5g}  {lower:.5g} to {upper:.5g}".ljust(49) + numbers)
(HERE / "fit_numpyro.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
print("\n".join(lines))
