"""Several intermediate states: the two amplitudes of Yb and Xe through ``3P1`` and ``1P1`` and their relative sign.

In: the mixing angle of ``3P1`` and ``1P1``. Out: exact expressions for the amplitudes ``c_v`` of
``sum_v c_v / (E_vg,v - omega)``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import sympy as sp

from derivations.steps.step import Derivation, Step


@dataclass(frozen=True)
class TwoStateAmplitudes:
    """Step by step products of the two chains ``3P0 -> v -> 1S0`` in units of the two LS-allowed matrix elements.

    Attributes
    ----------
    pair : ``<v|S|3P0> / <3P1|S|3P0>_LS`` for the lower (``3P1``-like) and the upper (``1P1``-like) state.
    photon : ``<1S0|d|v> / <1S0|d|1P1>_LS`` for the same two states.
    amplitudes : the products ``c_v = pair * photon``.
    """

    pair: tuple[sp.Expr, sp.Expr]
    photon: tuple[sp.Expr, sp.Expr]
    amplitudes: tuple[sp.Expr, sp.Expr]


def two_state_amplitudes(theta: Any) -> TwoStateAmplitudes:
    """Return the amplitudes of the two chains through the mixed states of angle ``theta``.

    ``|lower> = cos(theta) |3P1> + sin(theta) |1P1>``, ``|upper> = -sin(theta) |3P1> + cos(theta) |1P1>``. The spin
    operator reaches the triplet alone, the dipole operator reaches the ground state from the singlet alone.

    Parameters
    ----------
    theta : mixing angle, a SymPy expression or an exact number.

    Raises
    ------
    TypeError : ``theta`` is text, a float or no number.

    Example
    -------
    >>> two_state_amplitudes(sp.pi / 12).amplitudes
    (1/4, -1/4)
    """
    if isinstance(theta, str | bytes | bool | float | complex) or theta is None:
        raise TypeError(f"theta = {theta!r} is not allowed: it must be a SymPy expression or an exact number")
    angle = sp.sympify(theta)
    mixing = sp.ImmutableMatrix([[sp.cos(angle), sp.sin(angle)], [-sp.sin(angle), sp.cos(angle)]])
    triplet, singlet = mixing[:, 0], mixing[:, 1]
    first, second = (sp.simplify(a * b) for a, b in zip(triplet, singlet, strict=True))
    return TwoStateAmplitudes((triplet[0], triplet[1]), (singlet[0], singlet[1]), (first, second))


def single_state_ratio(E_1: Any, E_2: Any, omega: Any) -> sp.Expr:
    """Return the two-state amplitude over the papers' single-state one, ``(E_2 - E_1)/(E_2 - omega)``; square it
    for the rate.

    Parameters
    ----------
    E_1, E_2 : exact energies of the lower and the upper intermediate state above the ground state.
    omega : exact photon energy, in the same unit.

    Example
    -------
    >>> single_state_ratio(2, 3, 1)
    1/2
    """
    low, high, photon = (sp.sympify(value) for value in (E_1, E_2, omega))
    c_1, c_2 = two_state_amplitudes(sp.pi / 4).amplitudes
    return sp.factor(sp.together((c_1 / (low - photon) + c_2 / (high - photon)) * (low - photon) / c_1))


YB_3P1 = sp.Rational(223072, 10**5)
"""Yb 6s6p 3P1 above the ground state [eV], exact decimal of the benchmark value."""

YB_1P1 = sp.Rational(310806, 10**5)
"""Yb 6s6p 1P1 above the ground state [eV], exact decimal."""

YB_EXCITED = sp.Rational(214349, 10**5)
"""Yb 6s6p 3P0 above the ground state [eV], exact decimal of the benchmark value."""


XE_LOWER = sp.Rational(84365, 10**4)
"""Xe 5p5 6s 2[3/2] J=1 above the ground state [eV], exact decimal of the benchmark value."""

XE_UPPER = sp.Rational(95697, 10**4)
"""Xe 5p5 6s 2[1/2] J=1 above the ground state [eV], exact decimal."""

XE_EXCITED = sp.Rational(83153, 10**4)
"""Xe 5p5 6s 2[3/2] J=2 above the ground state [eV], exact decimal of the benchmark value."""


def intermediate_states_derivation() -> Derivation:
    """Derive the sum over intermediate states and what the single-state formula misses for Yb and Xe.

    Example
    -------
    >>> [step.name for step in intermediate_states_derivation()][0]
    'second-order'
    """
    theta = sp.Symbol("theta", real=True)
    low, high, omega = sp.symbols("E_1 E_2 omega", positive=True)
    result = two_state_amplitudes(theta)
    if sp.simplify(sum(result.amplitudes)) != 0:
        raise ArithmeticError("the two amplitudes do not cancel by closure")
    ratio = single_state_ratio(low, high, omega)
    numbers = {
        name: single_state_ratio(YB_3P1, YB_1P1, value) for name, value in (("0", 0), ("E_eg/2", YB_EXCITED / 2))
    }
    text = {name: (_percent(value), _percent(value**2)) for name, value in numbers.items()}
    xenon = {
        name: single_state_ratio(XE_LOWER, XE_UPPER, value) for name, value in (("0", 0), ("E_eg/2", XE_EXCITED / 2))
    }
    c_1, c_2 = (sp.latex(value) for value in result.amplitudes)
    return Derivation("intermediate_states", "Several intermediate states: Yb and Xe through 3P1 and 1P1").then(
        Step(
            "second-order",
            "Every state |v> that both steps reach adds to the amplitude with its own energy denominator.",
            (
                r"\mathcal A = \sum_v \frac{\langle g|d|v\rangle\langle v|S|e\rangle}{E_{vg,v}-\omega}"
                r" = \sum_v \frac{c_v}{E_{vg,v}-\omega}",
            ),
            ("A = sum_v <g|d|v><v|S|e> / (E_vg,v - omega) = sum_v c_v / (E_vg,v - omega)",),
            "second-order perturbation theory; after the pair has left, the energy defect is "
            "E_v + q0 - E_e = E_vg - omega",
            "GP23b 3.14 with one state",
        ),
        Step(
            "mixing",
            "Spin-orbit coupling mixes 3P1 and 1P1 by an angle theta; 3P0 and 1S0 have no partner in 6s6p and 6s^2.",
            (
                r"|v_1\rangle = \cos\theta\,|{}^3P_1\rangle + \sin\theta\,|{}^1P_1\rangle",
                r"|v_2\rangle = -\sin\theta\,|{}^3P_1\rangle + \cos\theta\,|{}^1P_1\rangle",
            ),
            ("|v1> = cos(theta) |3P1> + sin(theta) |1P1>", "|v2> = -sin(theta) |3P1> + cos(theta) |1P1>"),
            "spin-orbit coupling conserves J and parity, and 6s6p holds two states of J = 1",
        ),
        Step(
            "two-steps",
            "The total spin keeps the singlet and the triplet apart, so the pair step sees the triplet part; the "
            "dipole "
            "does not touch the spin, so the photon step sees the singlet part.",
            (
                r"\langle v_1|S|e\rangle,\ \langle v_2|S|e\rangle = S_{LS}\,(\cos\theta,\ -\sin\theta)",
                r"\langle g|d|v_1\rangle,\ \langle g|d|v_2\rangle = d_{LS}\,(\sin\theta,\ \cos\theta)",
            ),
            ("<v|S|e> = S_LS (cos, -sin)", "<g|d|v> = d_LS (sin, cos)"),
            "[S_total, S_total^2] = 0 and [d, S_total] = 0",
        ),
        Step(
            "relative-sign",
            "The two amplitudes are equal and opposite for every mixing angle.",
            (rf"c_1 = {c_1}\,S_{{LS}}d_{{LS}},\quad c_2 = {c_2}\,S_{{LS}}d_{{LS}},\quad c_1 + c_2 = 0",),
            (f"c_1 = {result.amplitudes[0]}, c_2 = {result.amplitudes[1]}, in units of S_LS d_LS; c_1 + c_2 = 0",),
            "closure: summed over all |v> with one denominator the amplitude is <1S0|d S|3P0>, and S|3P0> is a "
            "triplet; "
            "the same argument holds for any number of mixed states",
        ),
        Step(
            "what-one-state-misses",
            "Normalised to c_1 = 1 the measured width of 3P1 fixes everything; the second state then multiplies the "
            "single-state amplitude by a factor below one, the same for every interaction whose pair step is M1.",
            (
                rf"\frac{{\mathcal A}}{{\mathcal A_1}} = {sp.latex(ratio)}",
                r"(c_1, c_2) = (1, -1)",
            ),
            (f"A / A_single = {ratio}", "intermediate_amplitudes = (1, -1)"),
            "the factor does not depend on theta, because c_2/c_1 = -1 does not",
        ),
        Step(
            "ytterbium",
            "For Yb (3P1 at 2.23072 eV, 1P1 at 3.10806 eV) the single-state formula overestimates the rate "
            "several times: "
            + "; ".join(
                f"at omega = {name} the amplitude is {amplitude} and the rate {rate} of the single-state value"
                for name, (amplitude, rate) in text.items()
            )
            + ".",
            tuple(
                rf"\left.\mathcal A/\mathcal A_1\right|_{{\omega={name.replace('_eg', '_{eg}')}}}"
                rf" = {sp.latex(value)}"
                for name, value in numbers.items()
            ),
            tuple(f"A / A_single at omega = {name}: {value}" for name, value in numbers.items()),
            "two states, LS coupling with one mixing angle and one common radial function; the different radial "
            "functions of "
            "p1/2 and p3/2, other configurations of J = 1 and core polarisation are left out",
        ),
        Step(
            "xenon",
            "The same holds for the two levels of J = 1 of 5p5 6s, and |e>, the only level of J = 2, is a pure triplet. The "
            "levels are closer, so the closure takes more: "
            + "; ".join(
                f"at omega = {name} the amplitude is {_percent(value)} and the rate {_percent(value**2)} of the single-state "
                f"value"
                for name, value in xenon.items()
            )
            + ".",
            tuple(
                rf"\left.\mathcal A/\mathcal A_1\right|_{{\omega={name.replace('_eg', '_{eg}')}}} = {sp.latex(value)}"
                for name, value in xenon.items()
            ),
            tuple(f"A / A_single at omega = {name}: {value}" for name, value in xenon.items()),
            "8.4365 and 9.5697 eV; the argument of the steps above with a p hole in place of the p electron",
        ),
    )


def _percent(value: sp.Rational) -> str:
    return f"{round(1000 * value) // 10}.{round(1000 * value) % 10} %"
