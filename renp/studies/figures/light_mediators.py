"""Spectra and sensitivities with light vector and scalar mediators: the figures of GP22.

In: the name of a set-up. Out: a :class:`renp.studies.figures.study_figure.StudyFigure` each.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.figure import Figure
from matplotlib.ticker import MultipleLocator
from numpy.typing import NDArray
from scipy.optimize import brentq

from renp.inputs.atoms import ATOMS
from renp.inputs.benchmarks import BENCHMARK_SET, MEDIATOR_FREQUENCIES
from renp.inputs.bounds import bounds_on
from renp.inputs.oscillation import masses as neutrino_masses
from renp.rates.experiment import Experiment, experiment
from renp.rates.labels import set_up
from renp.rates.thresholds import pair_thresholds
from renp.studies.figures.captions import MEASURED, caption, level_in_words
from renp.studies.figures.curves import each, legend, look
from renp.studies.figures.panels import (
    LEGEND_BOX,
    PAIRS,
    WEAK_LABEL,
    draw_limits,
    energies,
    exact_tensor,
    frame_spectrum,
    subplots,
)
from renp.studies.figures.study_figure import study_figure
from renp.studies.sensitivity import sensitivity_curve

if TYPE_CHECKING:
    from matplotlib.axes import Axes

FloatArray = NDArray[np.float64]

_LEVEL: Final = 0.95


def _diagonal(value: float) -> FloatArray:
    return value * np.eye(3)


def _mediator_spectra(axes: Axes, *, options: Mapping[str, Any], mass: float = 1e3) -> Experiment:
    run = experiment(**options)
    omega = energies(1.05)
    scale = mass**2
    curves: list[tuple[str, dict[str, Any]]] = [
        (WEAK_LABEL, {}),
        (
            r"vector, $g_A g_L = 10^{-23}\,\mathrm{eV}^{-2}\,M^2$",
            {"vector": {"mass": mass, "g_A": 1.0, "g_L": _diagonal(1e-23 * scale)}},
        ),
        (
            r"vector, $g_A g_R = 10^{-23}\,\mathrm{eV}^{-2}\,M^2$",
            {"vector": {"mass": mass, "g_A": 1.0, "g_R": _diagonal(1e-23 * scale)}},
        ),
        (
            r"scalar, $y_P y_S^\nu = 3\cdot10^{-17}\,\mathrm{eV}^{-2}\,M^2$",
            {"scalar": {"mass": mass, "y_P": 1.0, "y_S_nu": _diagonal(3e-17 * scale)}},
        ),
        (
            r"scalar, $y_P y_P^\nu = 3\cdot10^{-17}\,\mathrm{eV}^{-2}\,M^2$",
            {"scalar": {"mass": mass, "y_P": 1.0, "y_P_nu": _diagonal(3e-17 * scale)}},
        ),
    ]
    for index, (label, groups) in enumerate(each(curves)):
        drawn = look(index) if index else {"color": "black", "linestyle": "-"}
        axes.plot(omega, run.spectrum(omega, **groups), label=label, **drawn)
    frame_spectrum(axes, omega)
    return run


@study_figure(
    "gp22-fig2",
    "GP22 Fig. 2",
    "weak spectrum and four light mediators: kinks at the six thresholds, all curves end at the highest",
    "As in the paper the vector curves are multiples of the weak one with kinks at 33 and near 11, and a "
    "right-handed coupling changes the spectrum without interference. The coupling sizes of the paper are not "
    "legible in our copy; ours make the same visible change.",
    derived="The spectrum falls like s towards the thresholds, and the second intermediate state takes away four fifths of "
    "what is left. Vector couplings multiply it by about the same factors as in the paper, with kinks that are hardly seen. The "
    "scalar mediator gives no rate at all, and its curves are that of the weak current.",
)
def gp22_fig2(setup: str) -> Figure:
    """Draw the spectra with light mediators (GP22 Fig. 2)."""
    figure, (axes,) = subplots(height=4.8)
    run = _mediator_spectra(axes, options={"setup": setup})
    axes.set_ylim(0, 1.35 * axes.get_ylim()[1])
    legend(axes, loc="upper right", fontsize=9, title=r"$M = 10^3$ eV", title_fontsize=9, **LEGEND_BOX)
    caption(figure, set_up(run, without=MEASURED))
    return figure


@study_figure(
    "gp22-fig2-exact",
    "GP22 Fig. 2, averaged and exact chain",
    "what the average over magnetic numbers changes",
    "The paper averages over magnetic numbers. With the coherent chain 0-1-0 and light along the pair, only "
    "spin components across the pair momentum survive: the weak spectrum falls like s towards the thresholds, "
    "and the pseudoscalar coupling of the electron, which is along it, drops out entirely.",
)
def gp22_fig2_exact() -> Figure:
    """Draw the same spectra with averaged magnetic numbers and with the exact chain."""
    figure, (left, right) = subplots(1, 2, width=10.5, height=4.8)
    run = _mediator_spectra(left, options={})
    _mediator_spectra(right, options={"atomic_tensor": exact_tensor()})
    left.set_title("magnetic numbers averaged, as in the papers", pad=26, fontsize=10)
    right.set_title("exact chain 0-1-0, linear light", pad=26, fontsize=10)
    for axes in (left, right):
        axes.set_yscale("log")
        axes.set_ylim(1e-5, 1)
        axes.xaxis.set_major_locator(MultipleLocator(0.005))
        legend(axes, loc="lower left", fontsize=8, title=r"$M = 10^3$ eV", title_fontsize=8)
    caption(figure, set_up(run, without=[*MEASURED, "chain", "setup"]))
    return figure


def _masses_near_poles() -> FloatArray:
    run = experiment()
    poles = np.sqrt(run.E_eg * (run.E_eg - 2 * np.array(MEDIATOR_FREQUENCIES)))
    steps = np.geomspace(1e-5, 0.15, 8)
    near = np.concatenate([*(poles * (1 + step) for step in steps), *(poles * (1 - step) for step in steps)])
    return np.unique(np.concatenate([np.geomspace(1e-3, 1e4, 43), near]))


def _mediator_limits(
    axes: Axes, couplings: Sequence[tuple[str, str, Mapping[str, Any]]], **settings: Any
) -> list[Experiment]:
    masses = _masses_near_poles()
    runs = []
    for index, (label, name, extra) in enumerate(each(couplings)):
        curve = sensitivity_curve(name, "mediator_mass", masses, level=_LEVEL, **{**settings, **extra})
        draw_limits(axes, curve, label=label, **look(index))
        runs.append(curve.run)
    axes.set_xscale("log")
    if axes.lines:
        axes.set_yscale("log")
    axes.set_xlim(1e-3, 1e4)
    axes.set_xlabel("mediator mass $M$ [eV]")
    return runs


@study_figure(
    "gp22-fig3",
    "GP22 Fig. 3",
    "95% C.L. against mediator mass: plateau below 0.01 eV, poles at s = M^2, slope 2 above",
    "Plateau, slope 2 and one pole for each photon energy are those of the paper, and so are the sizes. "
    "Against its text, the pseudoscalar neutrino coupling has a curve for Majorana neutrinos too, a factor "
    "1.2 to 1.4 below the Dirac one.",
    derived="Plateau, poles and slope stay, but in 40 days at each energy less than one photon is expected. Limits on vector "
    "mediators are 8 to 25 times weaker, for heavy ones weaker than an interaction of the size of the weak one (the dotted "
    "line); g_L and g_R, Dirac and Majorana neutrinos all but agree. There are none on scalar mediators, of any mass.",
)
def gp22_fig3(setup: str) -> Figure:
    """Draw the sensitivity to both mediators against their mass (GP22 Fig. 3)."""
    figure, (left, right) = subplots(1, 2, width=10.5, height=4.8)
    vector: list[tuple[str, str, dict[str, Any]]] = [
        (rf"$g_{{L,{i}{i}}}$, Dirac", f"vector.g_L[{i},{i}]", {}) for i in (1, 2, 3)
    ]
    vector += [
        (r"$g_{R,11}$, Dirac", "vector.g_R[1,1]", {}),
        (r"$g_{R,11}$, Majorana", "vector.g_R[1,1]", {"nature": "majorana"}),
    ]
    runs = _mediator_limits(left, vector, setup=setup)
    slope = bounds_on("vector")[0].magnitude
    masses = np.geomspace(1e-3, 1e4, 30)
    left.plot(
        masses,
        slope * masses**2,
        color="#666666",
        linewidth=1,
        linestyle=(0, (1, 1)),
        label=r"NSI, $|\varepsilon| = 1$",
    )
    left.set_ylabel(r"$|g_A^e\, g_{ii}^\nu|$ excluded above, 95% C.L.")
    scalar: list[tuple[str, str, dict[str, Any]]] = [
        (rf"$y_{{S,{i}{i}}}$, Dirac", f"scalar.y_S_nu[{i},{i}]", {}) for i in (1, 2, 3)
    ]
    scalar += [
        (r"$y_{P,11}$, Dirac", "scalar.y_P_nu[1,1]", {}),
        (r"$y_{P,11}$, Majorana", "scalar.y_P_nu[1,1]", {"nature": "majorana"}),
    ]
    runs += _mediator_limits(right, scalar, setup=setup)
    right.set_ylabel(r"$|y_P^e\, y_{ii}^\nu|$ excluded above, 95% C.L.")
    for axes in (left, right):
        if axes.lines:
            legend(axes, fontsize=8, loc="upper left")
    caption(figure, set_up(*runs), f"{level_in_words(_LEVEL)} limits")
    return figure


@study_figure(
    "gp22-fig3-unitary",
    "GP22 Fig. 3, both propagators",
    "where q q / M^2 matters: light mediators",
    "The paper drops the longitudinal part. It is proportional to neutrino mass over M^2 and takes over below "
    "0.03 eV, where the plateau becomes a fall with slope 2.",
    derived="It matters nowhere: q q / M^2 acts along q, where a target that is prepared and read out along one axis emits "
    "nothing, so both propagators give one curve and the plateau is that of the paper.",
)
def gp22_fig3_unitary(setup: str) -> Figure:
    """Draw the vector sensitivity with and without the longitudinal part of the propagator."""
    figure, (axes,) = subplots(height=4.8)
    curves = []
    for name, text in (("g_L", "g_L"), ("g_R", "g_R")):
        for propagator, label in (("feynman", r"$-g_{\mu\nu}$"), ("unitary", r"$-(g_{\mu\nu} - q_\mu q_\nu/M^2)$")):
            group = {"vector": {"propagator": propagator}}
            curves.append((rf"${text[0]}_{{{text[2]},11}}$, numerator {label}", f"vector.{name}[1,1]", group))
    runs = _mediator_limits(axes, curves, setup=setup)
    axes.set_ylabel(r"$|g_A^e\, g_{11}^\nu|$ excluded above, 95% C.L.")
    legend(axes, fontsize=9, loc="upper left")
    caption(figure, set_up(*runs), f"{level_in_words(_LEVEL)} limits")
    return figure


def _masses_near_crossings(high: float) -> FloatArray:
    """Return lightest masses [eV], with points on both sides of each where a photon energy passes a pair threshold."""
    level = ATOMS["Yb"].E_eg

    def above(mass: float, pair: tuple[int, int], omega: float) -> float:
        thresholds = pair_thresholds(level, neutrino_masses(BENCHMARK_SET, mass))
        return omega - next(threshold.omega for threshold in thresholds if (threshold.i, threshold.j) == pair)

    cases = [(pair, omega) for pair in PAIRS for omega in MEDIATOR_FREQUENCIES]
    crossings = [
        float(brentq(above, 0.0, high, args=case, xtol=1e-12))
        for case in cases
        if above(0.0, *case) < 0 < above(high, *case)
    ]
    sides = np.array([-2e-4, -5e-5, -1e-5, -1e-7, 1e-7, 1e-5, 5e-5, 2e-4])
    near = (np.array(crossings)[:, None] + sides).ravel()
    return np.unique(np.concatenate([np.linspace(0.0, high, 61), near[(near > 0) & (near < high)]]))


@study_figure(
    "gp22-fig4",
    "GP22 Fig. 4",
    "95% C.L. for a massless mediator against the lightest mass: weaker for heavier neutrinos",
    "As in the paper, g_L is the same for Dirac and Majorana neutrinos and the reach falls by a factor of a "
    "few up to 0.05 eV. The steps are photon energies that the pair threshold passes; between our three "
    "energies they sit at other masses than the paper's. The dips before 0.032 and 0.043 eV are real: at 1.0708 "
    "and 1.07 eV pair 12 has closed and taken its weak photons away, while pair 11 is still open.",
    derived="The vector limit is about 12 times weaker. Dirac and Majorana neutrinos differ now: at a threshold Majorana "
    "pairs are emitted along q alone, where nothing is left, and the limit is worse by a factor of two at 0.05 eV. The steps and "
    "dips are gone but for two kinks. The scalar mediator gives no rate.",
)
def gp22_fig4(setup: str) -> Figure:
    """Draw the sensitivity for a massless mediator against the lightest mass (GP22 Fig. 4)."""
    figure, (left, right) = subplots(1, 2, width=10.5, height=4.4)
    masses = _masses_near_crossings(0.05)
    runs = []
    for axes, group, curves in (
        (left, "vector", (("g_L", "dirac"), ("g_L", "majorana"), ("g_R", "dirac"), ("g_R", "majorana"))),
        (right, "scalar", (("y_S_nu", "dirac"), ("y_P_nu", "dirac"), ("y_P_nu", "majorana"))),
    ):
        for index, (name, nature) in enumerate(each(curves)):
            settings: dict[str, Any] = {"nature": nature, "setup": setup, group: {"mass": 1e-6}}
            curve = sensitivity_curve(f"{group}.{name}[1,1]", "lightest_mass", masses, level=_LEVEL, **settings)
            symbol = rf"${name[0]}_{{{name[2]},11}}$"
            draw_limits(axes, curve, label=f"{symbol}, {nature.capitalize()}", **look(index))
            runs.append(curve.run)
        axes.set_xlim(0, 0.05)
        if axes.lines:
            axes.set_yscale("log")
        axes.set_xlabel("lightest neutrino mass [eV]")
        if axes.lines:
            legend(axes, fontsize=9)
    left.set_ylabel(r"$|g_A^e\, g_{11}^\nu|$ excluded above, 95% C.L.")
    right.set_ylabel(r"$|y_P^e\, y_{11}^\nu|$ excluded above, 95% C.L.")
    caption(
        figure,
        set_up(*runs, without=["lightest_mass"]),
        rf"mediator of $10^{{-6}}$ eV; {level_in_words(_LEVEL)} limits",
    )
    return figure
