"""The evaluator of a spectral function: everything that does not depend on the photon energy, ready to be called.

With a momentum K imprinted on the target ``s = (E_eg + K) (E_eg - K - 2 omega)``, linear in omega as without it, where K = 0.
With ``t = 2 (E_eg + K) d`` and ``d = (high - omega) + low`` from a two-part threshold nothing cancels at threshold: every
diagonal weight is non-negative. NumPy and the compiled code run the same operations in the same order.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import numba_engine
from .arguments import Inputs, photon_energies, whole_number
from .fold import dyadic, fold, quotient
from .plan import ENGINE, Pole, plan_of, run, run_in, run_numpy
from .tables import Tables

Array = NDArray[np.float64]


@dataclass(frozen=True)
class SpectralEvaluator:
    """The spectral function of one set of masses and couplings; call it with photon energies in eV.

    Attributes
    ----------
    E_eg : energy of the excited state [eV]; photon energies lie in (0, (E_eg - imprinted_momentum)/2).
    thresholds : (pairs,) photon energies ``omega_ij`` [eV] below which the pairs i <= j are emitted.
    plan : everything else as one array of floats, see ``spectral.c``.
    compiled : whether the compiled module runs the plan.
    numba : whether numba may run it otherwise; NumPy does the rest. The result is the same bit for bit.
    imprinted_momentum : momentum K of the target along the pair's direction [eV].
    """

    E_eg: float
    thresholds: tuple[float, ...]
    plan: Array
    compiled: bool
    numba: bool = True
    imprinted_momentum: float = 0.0

    def __call__(self, omega: ArrayLike, *, threads: int = 1) -> Any:
        """Return I(omega), same shape as ``omega``, float64; exactly 0 above every threshold.

        ``threads`` is how many threads the compiled evaluation may use; it does not change a bit of the result.
        """
        if type(threads) is not int or threads < 1:
            threads = whole_number("threads", threads)
        engine = ENGINE if self.compiled else None
        if engine is None and self.numba and numba_engine.usable():
            engine = numba_engine
        if engine is not None:
            result = self._compiled(engine, omega, threads)
            if result is not None:
                return result
        return self._numpy(omega)

    def without_compiled(self) -> SpectralEvaluator:
        """Return the same evaluator with the NumPy evaluation."""
        return replace(self, compiled=False, numba=False)

    def with_numba(self) -> SpectralEvaluator:
        """Return the same evaluator with numba's evaluation, which is compiled now if it was not yet: in some seconds.

        Raises ``RuntimeError`` when numba is not installed or does not work.
        """
        numba_engine.build()
        return replace(self, compiled=False, numba=True)

    def _compiled(self, engine: ModuleType, omega: Any, threads: int) -> Any:
        """Evaluate numbers and contiguous float64 arrays; ``None`` leaves the rest, and every complaint, to NumPy."""
        if type(omega) is float:
            value = engine.one(self.plan, omega)
            return None if value is None else np.float64(value)
        if type(omega) is not np.ndarray:
            if _foreign_namespace(omega) is not None:
                return None
            omega = self._photon_energies(omega)
        if omega.dtype != np.float64 or not omega.flags.c_contiguous or not omega.dtype.isnative:
            omega = np.ascontiguousarray(self._photon_energies(omega))
        result = np.empty(omega.shape)
        if run(engine, self.plan, omega, result, threads):
            return None
        return result[()] if omega.ndim == 0 else result

    def _photon_energies(self, omega: Any) -> Array:
        return photon_energies(omega, self.E_eg, self.imprinted_momentum)

    def _numpy(self, omega: Any) -> Any:
        namespace = _foreign_namespace(omega)
        if namespace is not None:
            return run_in(self.plan, omega, namespace)
        energies = self._photon_energies(omega)
        flat = np.ascontiguousarray(energies).reshape(-1)
        result = run_numpy(self.plan, flat)
        if not np.isfinite(result).all():
            bad = float(flat[~np.isfinite(result)][0])
            raise ValueError(
                f"the spectral function is not finite at omega = {bad!r} eV: s = M^2 is an unphysical pole of a mediator "
                "without width (give its width), or the couplings overflow"
            )
        return result.reshape(energies.shape)[()]


def prepared(tables: Tables, inputs: Inputs) -> SpectralEvaluator:
    """Return the evaluator of checked arguments.

    Couplings that overflow give weights that are not finite; the evaluator refuses them with a message.
    """
    K = inputs.imprinted_momentum
    thresholds = [
        two_part_threshold(inputs.E_eg, inputs.masses[i], inputs.masses[j], imprinted_momentum=K)
        for i in range(len(inputs.masses))
        for j in range(i, len(inputs.masses))
    ]
    poles = tuple(
        Pole(name, *two_part_threshold(inputs.E_eg, mass, imprinted_momentum=K), mass * width / (2 * (inputs.E_eg + K)))
        for name, (mass, width) in inputs.mediators.items()
    )
    plan, fits = plan_of(tables, inputs, fold(tables, inputs), np.array(thresholds), poles)
    edges = tuple(high for high, _ in thresholds)
    return SpectralEvaluator(inputs.E_eg, edges, plan, ENGINE is not None and fits, imprinted_momentum=K)


def two_part_threshold(E_eg: float, *masses: float, imprinted_momentum: float = 0.0) -> tuple[float, float]:
    """Return the photon energy at which s is the square of the sum ``M`` of masses: the nearest float, and that to the rest.

    It is ``(E_eg^2 - K^2 - M^2) / 2 (E_eg + K)`` with the imprinted momentum K. Exact integers, because just below a threshold
    far below E_eg/2 even 106 bits of E_eg/2 would be too few.

    Example
    -------
    >>> two_part_threshold(2.0, 0.5, 0.5)
    (0.75, 0.0)
    >>> two_part_threshold(2.0, 0.5, 0.5, imprinted_momentum=-1.0)
    (1.0, 0.0)
    """
    (energy, momentum, *parts), shift = dyadic((E_eg, imprinted_momentum, *masses))
    over, under = energy**2 - momentum**2 - sum(parts) ** 2, (energy + momentum) << (shift + 1)
    high = quotient(over, under)
    whole, denominator = high.as_integer_ratio()
    return high, quotient(over * denominator - whole * under, under * denominator)


def _foreign_namespace(omega: Any) -> Any:
    if isinstance(omega, np.ndarray | np.generic | float | int):
        return None
    getter = getattr(omega, "__array_namespace__", None)
    if getter is not None:
        return getter()
    if type(omega).__module__.split(".")[0] == "dask":
        return np
    return None
