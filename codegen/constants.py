"""Physical constants for generated code: CODATA through SciPy, each as the nearest double, with its source."""

from __future__ import annotations

import mpmath
from scipy import constants as si

from codegen.pair_sums.kernel import Constant

_DIGITS = 40


def physical_constants() -> tuple[Constant, ...]:
    """Return the named constants that kernels may use, in natural units of eV.

    Example
    -------
    >>> {c.name: c.units for c in physical_constants()}["mu_B"]
    'eV^-1'
    """
    with mpmath.workdps(_DIGITS):
        pi, root2 = +mpmath.pi, mpmath.sqrt(2)
        fermi = _codata("Fermi coupling constant") * mpmath.mpf("1e-18")
        alpha = _codata("fine-structure constant")
        m_e = _codata("electron mass energy equivalent in MeV") * mpmath.mpf("1e6")
        charge = mpmath.sqrt(4 * pi * alpha)
        planck, light, coulomb = (mpmath.mpf(repr(value)) for value in (si.h, si.c, si.e))
        hbar_c = planck / (2 * pi) / coulomb * light * 100
        return (
            _constant("sqrt2", root2, "1", "square root of two"),
            _constant("sqrt2_over_G_F", root2 / fermi, "eV^2", "CODATA Fermi coupling constant"),
            _constant("m_e", m_e, "eV", "CODATA electron mass energy equivalent"),
            _constant("e", charge, "1", "sqrt(4 pi alpha), CODATA fine-structure constant"),
            _constant("mu_B", charge / (2 * m_e), "eV^-1", "e / (2 m_e), CODATA"),
            _constant("hbar_c", hbar_c, "eV cm", "h c / (2 pi), exact in the SI"),
            _constant("bohr_radius", 1 / (alpha * m_e), "eV^-1", "1 / (alpha m_e), CODATA"),
        )


def weak_mixing() -> Constant:
    """Return sin^2 theta_W on shell, what a nucleus has for a weak charge where nothing else is said.

    Example
    -------
    >>> weak_mixing().name
    'sin2_theta_w'
    """
    source = "CODATA weak mixing angle, on shell 1 - (m_W/m_Z)^2"
    return _constant("sin2_theta_w", _codata("weak mixing angle"), "1", source)


def natural_constants() -> tuple[Constant, ...]:
    """Return the constants that readable formulas name, in natural units of eV.

    Example
    -------
    >>> [constant.name for constant in natural_constants()]
    ['G_F', 'm_e', 'e', 'mu_B', 'hbar_c', 'bohr_radius']
    """
    with mpmath.workdps(_DIGITS):
        fermi = _codata("Fermi coupling constant") * mpmath.mpf("1e-18")
        strength = _constant("G_F", fermi, "eV^-2", "CODATA Fermi coupling constant")
    return strength, *(constant for constant in physical_constants() if not constant.name.startswith("sqrt2"))


def _codata(name: str) -> mpmath.mpf:
    return mpmath.mpf(repr(si.physical_constants[name][0]))


def _constant(name: str, value: mpmath.mpf, units: str, source: str) -> Constant:
    return Constant(name, repr(float(value)), units, source)
