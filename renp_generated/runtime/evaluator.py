"""The evaluator of a spectral function: everything that does not depend on the photon energy, ready to be called.

With a momentum K imprinted on the target ``s = (E_eg + K) (E_eg - K - 2 omega)``, linear in omega as without it, where K = 0.
With ``t = 2 (E_eg + K) ((high - omega) + low)`` from a two-part threshold nothing cancels at threshold, and the rate is a sum of
squares of amplitudes, each summed with its rounding errors: nothing cancels at an interference either.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from . import numpy_engine
from .arguments import Inputs, photon_energies, whole_number
from .compiled import ENGINE, run
from .numbers import prepared_program
from .numpy_engine import Folded, fold
from .structure import E_EG, MOMENTUM, Program
from .tables import Tables

Array = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SpectralEvaluator:
    """The spectral function of one set of masses and couplings; call it with photon energies in eV.

    Attributes
    ----------
    program : what is summed.
    numbers : the checked arguments in the order of the program.
    compiled : whether the compiled module runs the program; NumPy does otherwise, with the same bits.
    """

    program: Program
    numbers: Array
    compiled: bool

    @property
    def E_eg(self) -> float:
        """Energy of the excited state [eV]; photon energies lie in (0, (E_eg - imprinted_momentum)/2)."""
        return float(self.numbers[E_EG])

    @property
    def imprinted_momentum(self) -> float:
        """Momentum K of the target along the pair's direction [eV]."""
        return float(self.numbers[MOMENTUM])

    @property
    def thresholds(self) -> tuple[float, ...]:
        """Photon energies ``omega_ij`` [eV] below which the pairs i <= j are emitted."""
        return tuple(float(pair.threshold[0]) for pair in self.folded.pairs)

    @cached_property
    def folded(self) -> Folded:
        """The program with its numbers, for NumPy."""
        return fold(self.program, self.numbers)

    @cached_property
    def plan(self) -> Array:
        """The same as one array of doubles, for the compiled code; see ``spectral.c``."""
        assert ENGINE is not None
        plan = np.zeros(ENGINE.plan_length(self.program.code))
        ENGINE.prepare(self.program.code, self.program.constants, self.numbers, plan)
        return plan

    def __call__(self, omega: ArrayLike, *, threads: int = 1) -> Any:
        """Return I(omega), same shape as ``omega``, float64; exactly 0 above every threshold.

        ``threads`` is how many threads the compiled evaluation may use; it does not change a bit of the result.
        """
        if type(threads) is not int or threads < 1:
            threads = whole_number("threads", threads)
        if self.compiled and ENGINE is not None:
            result = self._compiled(omega, threads)
            if result is not None:
                return result
        return self._numpy(omega)

    def without_compiled(self) -> SpectralEvaluator:
        """Return the same evaluator with the NumPy evaluation."""
        return replace(self, compiled=False)

    def _compiled(self, omega: Any, threads: int) -> Any:
        """Evaluate numbers and contiguous float64 arrays; ``None`` leaves the rest, and every complaint, to NumPy."""
        assert ENGINE is not None
        if type(omega) is float:
            value = ENGINE.one(self.plan, omega)
            return None if value is None else np.float64(value)
        if type(omega) is not np.ndarray:
            if _foreign_namespace(omega) is not None:
                return None
            omega = self._photon_energies(omega)
        if omega.dtype != np.float64 or not omega.flags.c_contiguous or not omega.dtype.isnative:
            omega = np.ascontiguousarray(self._photon_energies(omega))
        result = np.empty(omega.shape)
        if run(ENGINE, self.plan, omega, result, threads):
            return None
        return result[()] if omega.ndim == 0 else result

    def _photon_energies(self, omega: Any) -> Array:
        return photon_energies(omega, self.E_eg, self.imprinted_momentum)

    def _numpy(self, omega: Any) -> Any:
        namespace = _foreign_namespace(omega)
        if namespace is not None:
            return numpy_engine.spectrum(self.folded, omega, namespace)
        energies = self._photon_energies(omega)
        flat = np.ascontiguousarray(energies).reshape(-1)
        result = numpy_engine.run(self.folded, flat)
        if not np.isfinite(result).all():
            bad = float(flat[~np.isfinite(result)][0])
            raise ValueError(
                f"the spectral function is not finite at omega = {bad!r} eV: s = M^2 is an unphysical pole of a mediator "
                "without width (give its width), or the couplings overflow"
            )
        return result.reshape(energies.shape)[()]


def prepared(tables: Tables, inputs: Inputs) -> SpectralEvaluator:
    """Return the evaluator of checked arguments."""
    program, numbers = prepared_program(tables, inputs)
    return SpectralEvaluator(program, numbers, ENGINE is not None)


def _foreign_namespace(omega: Any) -> Any:
    if isinstance(omega, np.ndarray | np.generic | float | int):
        return None
    getter = getattr(omega, "__array_namespace__", None)
    if getter is not None:
        return getter()
    if type(omega).__module__.split(".")[0] == "dask":
        return np
    return None
