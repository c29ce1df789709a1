"""The number systems in which the brute-force route can run: double, extended double, and mpmath.

Arrays are NumPy arrays throughout; for mpmath they have ``dtype=object`` and hold ``mpc`` numbers, so that one
text serves every precision.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import mpmath
import numpy as np
from numpy.typing import NDArray
from scipy import constants as codata

Array = NDArray[Any]
GUARD_DIGITS = 20


@dataclass(frozen=True)
class Arithmetic:
    """One number system: conversions from user input, and the few functions that the route needs.

    ``real`` and ``complex_`` convert a scalar (Python or NumPy number, decimal string, mpmath number) without
    rounding beyond the system's own precision; ``sqrt``, ``cos`` and ``sin`` act on scalars and arrays.
    """

    name: str
    dtype: Any
    real: Callable[[Any], Any]
    complex_: Callable[[Any], Any]
    sqrt: Callable[[Any], Any]
    cos: Callable[[Any], Any]
    sin: Callable[[Any], Any]
    pi: Any

    def array(self, values: Any) -> Array:
        """Convert nested sequences or arrays to a complex array of this number system."""
        source = np.asarray(values, dtype=object)
        out = np.empty(source.shape, dtype=self.dtype)
        for index in np.ndindex(source.shape):
            out[index] = self.complex_(source[index])
        return out

    def zeros(self, *shape: int) -> Array:
        """Return a complex array of exact zeros."""
        out = np.empty(shape, dtype=self.dtype)
        out[...] = self.complex_(0)
        return out


def _mp_real(value: Any) -> Any:
    if isinstance(value, str | mpmath.mpf | int):
        return mpmath.mpf(value)
    return mpmath.mpf(float(value))


def _mp_complex(value: Any) -> Any:
    if isinstance(value, str | mpmath.mpf | int):
        return mpmath.mpc(mpmath.mpf(value))
    if isinstance(value, mpmath.mpc):
        return value
    value = complex(value)
    return mpmath.mpc(value.real, value.imag)


@contextmanager
def arithmetic(precision: str | int) -> Iterator[Arithmetic]:
    """Yield a number system: ``"double"``, ``"longdouble"``, or mpmath with that many digits plus guard digits.

    Raises ``ValueError`` for any other precision.
    """
    if isinstance(precision, int) and not isinstance(precision, bool) and precision >= 15:
        with mpmath.workdps(precision + GUARD_DIGITS):
            sqrt, cos, sin = (np.frompyfunc(f, 1, 1) for f in (mpmath.sqrt, mpmath.cos, mpmath.sin))
            yield Arithmetic(f"mp{precision}", object, _mp_real, _mp_complex, sqrt, cos, sin, +mpmath.pi)
    elif precision in ("double", "longdouble"):
        real, complex_ = (np.float64, np.complex128) if precision == "double" else (np.longdouble, np.clongdouble)
        pi = 4 * np.arctan(real(1))
        yield Arithmetic(str(precision), complex_, real, complex_, np.sqrt, np.cos, np.sin, pi)
    else:
        raise ValueError(f'precision must be "double", "longdouble" or an integer >= 15, found {precision!r}')


@dataclass(frozen=True)
class Constants:
    """Physical constants in powers of eV.

    ``G_F`` [eV^-2], ``m_e`` [eV], ``alpha`` [1], ``hbar_c`` [eV cm]; ``e = sqrt(4 pi alpha)``, the Bohr magneton
    ``e / (2 m_e)`` [1/eV] and the Bohr radius ``1 / (alpha m_e)`` [1/eV] follow.
    """

    G_F: Any
    m_e: Any
    alpha: Any
    hbar_c: Any
    e: Any
    bohr_magneton: Any
    bohr_radius: Any


def codata_constants(system: Arithmetic) -> Constants:
    """Return SciPy's CODATA constants, read as the decimal numbers that CODATA prints."""

    def decimal(value: float) -> Any:
        return system.real(repr(float(value)))

    def recommended(name: str) -> Any:
        return decimal(codata.physical_constants[name][0])

    ten = system.real(10)
    G_F = recommended("Fermi coupling constant") / ten**18
    m_e = recommended("electron mass energy equivalent in MeV") * ten**6
    alpha = recommended("fine-structure constant")
    hbar_c = decimal(codata.h) / (2 * system.pi) * decimal(codata.c) / decimal(codata.e) * 100
    e = system.sqrt(4 * system.pi * alpha)
    return Constants(G_F, m_e, alpha, hbar_c, e, e / (2 * m_e), 1 / (alpha * m_e))
