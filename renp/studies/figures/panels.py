"""What the panels of several figures share: pairs, labels, photon energies close to each threshold, the frame of a spectrum.

In: Matplotlib axes. Out: the same axes, framed and labelled.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from matplotlib.figure import Figure
from numpy.typing import NDArray

from derivations.atom import atomic_tensor
from renp.inputs.atoms import ATOMS
from renp.rates.experiment import experiment
from renp.studies.figures.plotting import mark_thresholds, say
from renp.studies.sensitivity import SensitivityCurve

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = [
    "LEGEND_BOX",
    "OMEGA_LABEL",
    "PAIRS",
    "SPECTRUM_LABEL",
    "WEAK_LABEL",
    "draw_limits",
    "energies",
    "exact_tensor",
    "frame_spectrum",
    "subplots",
]

FloatArray = NDArray[np.float64]

PAIRS: Final = tuple(combinations_with_replacement((1, 2, 3), 2))
WEAK_LABEL: Final = "weak current alone"
OMEGA_LABEL: Final = r"photon energy $\omega$ [eV]"
LEGEND_BOX: Final[Mapping[str, Any]] = {"frameon": True, "framealpha": 1.0, "edgecolor": "white", "fancybox": False}
SPECTRUM_LABEL: Final = r"spectral function $I(\omega)$"


def subplots(rows: int = 1, columns: int = 1, width: float = 6.4, height: float = 4.4) -> tuple[Figure, list[Axes]]:
    """Return a figure of ``width`` x ``height`` inches and its panels, row by row.

    Example
    -------
    >>> len(subplots(2, 2)[1])
    4
    """
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, list(figure.subplots(rows, columns, squeeze=False).ravel())


def energies(low: float = 1.063, high: float = 1.0717, number: int = 800) -> FloatArray:
    """Return photon energies [eV]: an even grid, with points close to each threshold of the benchmark, where curves bend.

    Example
    -------
    >>> bool((np.diff(energies()) > 0).all())
    True
    """
    run = experiment()
    edges = np.array([threshold.omega for threshold in run.thresholds])
    near = (edges[:, None] + np.array([-1e-5, -3e-6, -1e-6, 0.0, 1e-6])).ravel()
    grid = np.concatenate([np.linspace(low, high, number), near])
    return np.unique(grid[(grid >= low) & (grid <= high)])


def frame_spectrum(axes: Axes, omega: FloatArray, *, marks: bool = True) -> None:
    """Label the axes of a spectrum over ``omega`` [eV], and mark the thresholds of the benchmark.

    Example
    -------
    >>> frame_spectrum(subplots()[1][0], energies())
    """
    run = experiment()
    axes.set_xlim(float(omega[0]), float(omega[-1]))
    axes.set_ylim(bottom=0)
    axes.set_xlabel(OMEGA_LABEL)
    axes.set_ylabel(SPECTRUM_LABEL)
    if marks:
        mark_thresholds(axes, run.thresholds)


def draw_limits(axes: Axes, curve: SensitivityCurve, **look: Any) -> None:
    """Draw limits along a parameter; where there is none at all, say why in words.

    Parameters
    ----------
    axes : of the plot.
    curve : the limits.
    look : keywords of the line.

    Example
    -------
    >>> from renp.studies.sensitivity import sensitivity_curve
    >>> axes = subplots()[1][0]
    >>> scalar = {"setup": "derived", "scalar": {"mass": 1.0}}
    >>> draw_limits(axes, sensitivity_curve("scalar.y_S_nu[1,1]", "exposure_days", [40, 400], **scalar))
    >>> len(axes.lines), axes.texts[0].get_text()
    (0, 'no limit:\\nthe atomic tensor lets nothing of it through')
    """
    if np.isfinite(curve.magnitude).any():
        axes.plot(curve.values, curve.magnitude, **look)
        return
    words = f"no limit:\n{curve.limits[0].reason}"
    if words not in [text.get_text() for text in axes.texts]:
        say(axes, words)


def exact_tensor(atom: str = "Yb") -> NDArray[np.complex128]:
    """Return the tensor of the coherent chain with linear light, shape (3, 3).

    Example
    -------
    >>> exact_tensor().shape
    (3, 3)
    """
    record = ATOMS[atom]
    exact = atomic_tensor(record.J_e, record.J_v, record.J_g, (1, 0, 0))
    return np.array(exact.tolist(), dtype=np.complex128)
