"""The sampled posterior that the book shows is that of today's fit: its problem, and the numbers beside it."""

from __future__ import annotations

import runpy
from pathlib import Path

import numpy as np
import pytest

import renp

HOWTO = Path(__file__).parents[2] / "docs" / "howto"
EXAMPLES = Path(__file__).parents[2] / "examples"


def test_the_samples_lie_where_the_fits_do() -> None:
    problem = runpy.run_path(str(EXAMPLES / "six_parameters.py"))
    free, priors = problem["FREE"], problem["PRIORS"]
    fits = [
        renp.fit(problem["run"], free, observed=problem["counts"], priors=priors, start={"alpha21": phase})
        for phase in (1.2, 4.5)
    ]
    lines = (EXAMPLES / "fit_emcee.txt").read_text(encoding="utf-8").splitlines()
    for k, (name, line) in enumerate(zip(free, lines[1:7], strict=True)):
        label, value, _, error, median, low, _, high = line.split()
        assert (label, value, error) == (name, f"{fits[0].values[k]:.5g}", f"{fits[0].errors[k]:.2g}")
        # Between them the two solutions of the fit hold what was sampled.
        centres, widths = np.array([(fit.values[k], fit.errors[k]) for fit in fits]).T
        assert (centres - widths).min() < float(median) < (centres + widths).max()
        assert float(low) < float(high) < (centres + 2 * widths).max()


@pytest.mark.parametrize(("page", "record"), [("fit_spectrum", "fit_emcee"), ("use_jax", "fit_numpyro")])
def test_pages_show_what_was_recorded(page: str, record: str) -> None:
    recorded = (EXAMPLES / f"{record}.txt").read_text(encoding="utf-8")
    assert f"```text\n{recorded}```" in (HOWTO / f"{page}.md").read_text(encoding="utf-8")
