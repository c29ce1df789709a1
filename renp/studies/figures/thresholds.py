"""The six thresholds against the lightest mass, in both orderings.

In: nothing but the set-up of the papers. Out: a :class:`renp.studies.figures.study_figure.StudyFigure`.
"""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from renp.inputs.benchmarks import BENCHMARK_SET
from renp.rates.experiment import experiment
from renp.rates.labels import set_up
from renp.studies.figures.captions import MEASURED, caption, shared_entries
from renp.studies.figures.curves import each, look
from renp.studies.figures.panels import PAIRS, subplots
from renp.studies.figures.study_figure import study_figure


@study_figure(
    "threshold-ladder",
    "six thresholds of GP22 13 against the lightest mass",
    "distance of each pair threshold from E_eg/2 in both orderings",
    "Not in the papers, which show one mass, the dotted line. In the normal ordering 33 opens last, in the inverted one first, "
    "and the ladder closes as the masses become degenerate.",
)
def threshold_ladder() -> Figure:
    """Draw the six thresholds against the lightest mass for both orderings."""
    figure, panels = subplots(1, 2, width=10.5, height=4.6)
    first = []
    lightest = np.linspace(0, 0.1, 101)
    for axes, (ordering, name) in zip(
        panels, each((("normal", BENCHMARK_SET), ("inverted", "desalas-2021-io"))), strict=True
    ):
        runs = [experiment(oscillation=name, lightest_mass=float(mass)) for mass in lightest]
        first.append(runs[0])
        ladders = [run.thresholds for run in runs]
        for index, (i, j) in enumerate(PAIRS):
            gap = [
                1e3 * (runs[0].E_eg / 2 - next(t.omega for t in ladder if (t.i, t.j) == (i, j))) for ladder in ladders
            ]
            axes.plot(lightest, gap, label=f"pair {i}{j}", **look(index))
        axes.axvline(
            0.01, color="#666666", linewidth=0.8, linestyle=(0, (1, 1)), label="papers' lightest mass, 0.01 eV"
        )
        axes.set_xlim(0, 0.1)
        axes.set_ylim(10, 0)
        axes.set_title(f"{ordering} ordering, {name}", fontsize=10)
        axes.set_xlabel("lightest neutrino mass [eV]")
        axes.set_ylabel(r"$E_{eg}/2 - \omega_{ij}$ [meV]")
    # Thresholds depend on the level and on the masses alone.
    words = set_up(*first, without=[*MEASURED, "nature", "lightest_mass", "chain", "setup"])
    caption(figure, f"{words}, E_eg = {first[0].E_eg:.7g} eV", entries=shared_entries(panels))
    return figure
