"""Sample the posterior of the six parameters with emcee (pip install emcee) and compare it with the fit."""

from pathlib import Path

import emcee
import matplotlib.pyplot as plt
import numpy as np
from six_parameters import FREE, PRIORS, counts, run

import renp

HERE = Path(__file__).parent
best, second = (renp.fit(run, FREE, observed=counts, priors=PRIORS, start={"alpha21": phase}) for phase in (1.2, 4.5))
free = renp.parametrisation(run, FREE)
low, high = free.bounds
low[FREE.index("alpha21")], high[FREE.index("alpha21")] = 0.0, 2 * np.pi


def log_posterior(points):
    """Return the logarithm of the posterior at points of shape (walkers, 6)."""
    inside = ((points > low) & (points < high)).all(axis=1)
    total = np.full(len(points), -np.inf)
    expected = free.predictions(points[inside])
    with np.errstate(divide="ignore", invalid="ignore"):
        logarithms = np.where(counts > 0, counts * np.log(expected), 0.0)
    total[inside] = (logarithms - expected).sum(axis=1)
    for name, (centre, sigma) in PRIORS.items():
        total -= ((points[:, FREE.index(name)] - centre) / sigma) ** 2 / 2
    return total


random = np.random.default_rng(1)
walkers, steps, burn_in = 64, 5000, 1000
centres = np.repeat([best.values, second.values], walkers // 2, axis=0)
start = centres + best.errors * random.normal(size=centres.shape) / 2
moves = [(emcee.moves.StretchMove(), 0.6), (emcee.moves.DEMove(), 0.4)]
sampler = emcee.EnsembleSampler(walkers, len(FREE), log_posterior, moves=moves, vectorize=True)
sampler.random_state = np.random.RandomState(1).get_state()
sampler.run_mcmc(np.clip(start, low + 1e-9, high - 1e-9), steps)
samples = sampler.get_chain(discard=burn_in, flat=True)

lines = [f"{'parameter':14} {'fit':>22} {'emcee: median and 68%':>34}"]
for k, name in enumerate(FREE):
    lower, median, upper = np.percentile(samples[:, k], [15.87, 50, 84.13])
    fitted = f"{best.values[k]:.5g} +- {best.errors[k]:.2g}"
    lines.append(f"{name:14} {fitted:>22} {median:>14.5g}  {lower:.5g} to {upper:.5g}")
autocorrelation = sampler.get_autocorr_time(discard=burn_in, quiet=True)
lines.append(f"{len(samples)} samples, longest autocorrelation time {max(autocorrelation):.0f} steps")
(HERE / "fit_emcee.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
print("\n".join(lines))

figure, axes = plt.subplots(figsize=(6.4, 4.4), layout="constrained")
x, y = FREE.index("lightest_mass"), FREE.index("alpha21")
axes.hist2d(1e3 * samples[:, x], samples[:, y], bins=60, cmap="Blues")
turn = np.linspace(0, 2 * np.pi, 200)
for found, label in ((best, "covariance of each fit"), (second, None)):
    root = np.linalg.cholesky(found.covariance[np.ix_([x, y], [x, y])])
    ellipse = found.values[[x, y], None] + root @ np.array([np.cos(turn), np.sin(turn)])
    axes.plot(1e3 * ellipse[0], ellipse[1], color="#d55e00", label=label)
axes.set(
    xlabel="lightest neutrino mass [meV]",
    ylabel=r"Majorana phase $\alpha_{21}$ [rad]",
)
axes.legend()
figure.savefig(HERE.parent / "docs" / "_static" / "fit_emcee.png", dpi=110)
