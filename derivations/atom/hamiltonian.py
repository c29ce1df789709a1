"""From the Dirac equation to the two-component Hamiltonian with vector and axial external fields.

In: ``L = ebar (i dslash - m) e - V_mu ebar gamma^mu e - A_mu ebar gamma^mu gamma5 e``. Out: the terms of the
Hamiltonian to order ``1/m_e``, split into atomic levels, photon emission and pair emission, with their transition
types.

The photon is ``V = -e A_em`` (electron of charge ``-e``); the weak current is ``V = (G_F/sqrt2) v_ij J``,
``A = -(G_F/sqrt2) a_ij J``. Three-vectors have upper indices throughout.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

import sympy as sp

from derivations.atom.pauli import PAULI
from derivations.atom.word_algebra import eliminated_lower_component, foldy_wouthuysen
from derivations.steps.step import Derivation, Step

X = sp.symbols("x y z", real=True)
MASS = sp.Symbol("m_e", positive=True)

Spinor = Any
"""A SymPy 2x1 matrix of functions of position; SymPy carries no usable type information."""


@dataclass(frozen=True)
class Fields:
    """External fields: the vector ``(V0, V)`` and the axial ``(A0, A)``, SymPy expressions in ``x, y, z``."""

    V0: sp.Expr
    V: tuple[sp.Expr, sp.Expr, sp.Expr]
    A0: sp.Expr
    A: tuple[sp.Expr, sp.Expr, sp.Expr]


@dataclass(frozen=True)
class HamiltonianTerm:
    """One term of the two-component Hamiltonian.

    Attributes
    ----------
    name : short identifier.
    order : power of ``1/m_e``.
    latex, text : the term in print.
    operator : ``phi -> (term) phi`` for given fields.
    """

    name: str
    order: int
    latex: str
    text: str
    operator: Callable[[Fields, Spinor], Spinor]


def generic_fields() -> Fields:
    """Return fields whose eight components are arbitrary functions of position.

    Example
    -------
    >>> generic_fields().V0
    V0(x, y, z)
    """
    names = ("x", "y", "z")
    return Fields(
        sp.Function("V0")(*X),
        tuple(sp.Function(f"V{n}")(*X) for n in names),
        sp.Function("A0")(*X),
        tuple(sp.Function(f"A{n}")(*X) for n in names),
    )


def plane_wave_fields(q: tuple[sp.Expr, ...]) -> Fields:
    """Return constant amplitudes times ``exp(-i q.x)``: emission of a momentum ``q``.

    Example
    -------
    >>> plane_wave_fields(sp.symbols("qx qy qz")).V0
    v0*exp(-I*(qx*x + qy*y + qz*z))
    """
    wave = sp.exp(-sp.I * sum((a * b for a, b in zip(q, X, strict=True)), sp.S.Zero))
    v, a = sp.symbols("v0:4"), sp.symbols("a0:4")
    return Fields(v[0] * wave, tuple(c * wave for c in v[1:]), a[0] * wave, tuple(c * wave for c in a[1:]))


def eliminated(fields: Fields, phi: Spinor) -> Spinor:
    """Return ``H phi`` to order ``1/m_e`` as elimination gives it.

    ``(V0 - sigma.A) phi + (sigma.Pi + A0)^2 phi / 2m_e``, with ``Pi = p - V``.
    """
    twice = _coupling(fields, _coupling(fields, phi))
    spin = sum((fields.A[k] * PAULI[k] * phi for k in range(3)), sp.zeros(2, 1))
    return fields.V0 * phi - spin + twice / (2 * MASS)


@cache
def hamiltonian_terms() -> tuple[HamiltonianTerm, ...]:
    """Return the expanded terms of the two-component Hamiltonian to order ``1/m_e``.

    Example
    -------
    >>> [term.name for term in hamiltonian_terms()][:3]
    ['kinetic', 'scalar-potential', 'axial-spin']
    """
    return (
        HamiltonianTerm(
            "kinetic", 1, r"\frac{p^2}{2m_e}", "p^2/2m_e",
            lambda _, phi: _each(lambda k: _p(k, _p(k, phi))) / (2 * MASS),
        ),
        HamiltonianTerm("scalar-potential", 0, "V^0", "V0", lambda f, phi: f.V0 * phi),
        HamiltonianTerm(
            "axial-spin", 0, r"-\vec\sigma\cdot\vec A", "-sigma.A",
            lambda f, phi: -_each(lambda k: f.A[k] * PAULI[k] * phi),
        ),
        HamiltonianTerm(
            "convection", 1, r"-\frac{\vec p\cdot\vec V+\vec V\cdot\vec p}{2m_e}", "-(p.V + V.p)/2m_e",
            lambda f, phi: -_each(lambda k: _p(k, f.V[k] * phi) + f.V[k] * _p(k, phi)) / (2 * MASS),
        ),
        HamiltonianTerm(
            "magnetic-spin", 1, r"-\frac{1}{2m_e}\vec\sigma\cdot(\nabla\times\vec V)", "-sigma.(curl V)/2m_e",
            lambda f, phi: -_each(lambda k: _curl(f.V)[k] * PAULI[k] * phi) / (2 * MASS),
        ),
        HamiltonianTerm(
            "axial-charge", 1, r"\frac{\vec\sigma\cdot\vec p\,A^0+A^0\,\vec\sigma\cdot\vec p}{2m_e}",
            "(sigma.p A0 + A0 sigma.p)/2m_e",
            lambda f, phi: _each(lambda k: PAULI[k] * (_p(k, f.A0 * phi) + f.A0 * _p(k, phi))) / (2 * MASS),
        ),
        HamiltonianTerm(
            "seagull", 1, r"\frac{\vec V^2}{2m_e}", "V.V/2m_e",
            lambda f, phi: _each(lambda k: f.V[k] ** 2 * phi) / (2 * MASS),
        ),
        HamiltonianTerm(
            "axial-seagull", 1, r"\frac{(A^0)^2-2A^0\,\vec\sigma\cdot\vec V}{2m_e}", "(A0^2 - 2 A0 sigma.V)/2m_e",
            lambda f, phi: (f.A0**2 * phi - 2 * f.A0 * _each(lambda k: f.V[k] * PAULI[k] * phi)) / (2 * MASS),
        ),
    )  # fmt: skip


def expanded(fields: Fields, phi: Spinor) -> Spinor:
    """Return ``H phi`` to order ``1/m_e`` as the sum of :func:`hamiltonian_terms`."""
    return sum((term.operator(fields, phi) for term in hamiltonian_terms()), sp.zeros(2, 1))


def linear_plane_wave_matrix(p: tuple[sp.Expr, ...], q: tuple[sp.Expr, ...]) -> sp.ImmutableMatrix:
    """Return the terms of first order in the fields between ``exp(ip.x)`` and ``exp(i(p-q).x)``, a 2x2 matrix.

    The fields are those of :func:`plane_wave_fields`, with amplitudes ``v0..v3`` and ``a0..a3`` (upper indices).

    Example
    -------
    >>> zero = (sp.S.Zero,) * 3
    >>> linear_plane_wave_matrix(zero, zero)[0, 0]
    -a3 + v0
    """
    fields = plane_wave_fields(q)
    phase = sp.exp(sp.I * sum((a * b for a, b in zip(p, X, strict=True)), sp.S.Zero))
    recoil = sp.exp(-sp.I * sum(((a - b) * c for a, b, c in zip(p, q, X, strict=True)), sp.S.Zero))
    linear = [term for term in hamiltonian_terms() if term.name not in ("kinetic", "seagull", "axial-seagull")]
    columns = []
    for column in range(2):
        phi = sp.Matrix([int(row == column) for row in range(2)]) * phase
        total = sum((term.operator(fields, phi) for term in linear), sp.zeros(2, 1))
        columns.append((total * recoil).applyfunc(lambda entry: sp.expand(sp.powsimp(sp.expand(entry)))))
    return sp.ImmutableMatrix(sp.Matrix.hstack(*columns))


def routes_agree() -> bool:
    """Check ``(sigma.Pi + A0)^2`` against its expansion for arbitrary fields and an arbitrary two-component ``phi``.

    Example
    -------
    >>> routes_agree()
    True
    """
    fields = generic_fields()
    phi = sp.Matrix([sp.Function("f")(*X), sp.Function("g")(*X)])
    difference = eliminated(fields, phi) - expanded(fields, phi)
    return bool(difference.applyfunc(lambda entry: sp.expand(entry.doit())).is_zero_matrix)


def hamiltonian_derivation() -> Derivation:
    """Derive the two-component Hamiltonian, its split into levels, photon and pair emission, and the dropped terms.

    Example
    -------
    >>> [step.name for step in hamiltonian_derivation()][:2]
    ['dirac-equation', 'dirac-representation']
    """
    if not routes_agree():
        raise ArithmeticError("the expansion of (sigma.Pi + A0)^2 does not reproduce the eliminated Hamiltonian")
    second = eliminated_lower_component()
    transformed = foldy_wouthuysen(2).upper_block()
    if {k: v for k, v in transformed.terms.items() if k[2]} != dict(second.terms):
        raise ArithmeticError("elimination and the Foldy-Wouthuysen transformation disagree at order 1/m_e^2")
    terms = hamiltonian_terms()
    return Derivation("hamiltonian", "From the Dirac equation to the electron's two-component Hamiltonian").then(
        *_reduction_steps(terms), *_split_steps(), *_dropped_steps()
    )


def _reduction_steps(terms: tuple[HamiltonianTerm, ...]) -> tuple[Step, ...]:
    return (
        Step(
            "dirac-equation",
            "The electron sees an external vector field V and an external axial field A.",
            (
                r"\left[\gamma^\mu(i\partial_\mu - V_\mu) - A_\mu\gamma^\mu\gamma_5 - m_e\right]e = 0",
                r"V_\mu = -eA^{em}_\mu + \frac{G_F}{\sqrt2}v_{ij}J_\mu,\quad A_\mu = -\frac{G_F}{\sqrt2}a_{ij}J_\mu",
            ),
            (
                "[gamma^mu (i d_mu - V_mu) - A_mu gamma^mu gamma5 - m_e] e = 0",
                "V = -e A_em + (G_F/sqrt2) v_ij J,  A = -(G_F/sqrt2) a_ij J",
            ),
            "Euler-Lagrange equation; the electron has charge -e",
            "GP23b A.1-A.3",
        ),
        Step(
            "dirac-representation",
            "Multiplied by gamma0 the equation is i d_t e = H e. gamma0 gamma^k gamma5 = Sigma^k is even, gamma5 "
            "is odd.",
            (
                r"H = \beta m_e + \mathcal E + \mathcal O,\quad \mathcal E = V^0 - \vec\Sigma\cdot\vec A,\quad"
                r" \mathcal O = \vec\alpha\cdot(\vec p-\vec V) + \gamma_5 A^0",
            ),
            ("H = beta m_e + E + O,  E = V0 - Sigma.A,  O = alpha.(p - V) + gamma5 A0",),
            "alpha = gamma5 Sigma, so both odd terms act on two components as sigma.Pi + A0 with Pi = p - V",
            "GP23b A.10-A.11",
        ),
        Step(
            "lower-component",
            "The lower component follows from the upper one and is small.",
            (r"\chi = \frac{\vec\sigma\cdot\vec\Pi + A^0}{2m_e}\,\varphi + O(m_e^{-2})",),
            ("chi = (sigma.Pi + A0) phi / 2m_e + O(1/m_e^2)",),
            "the energy above m_e is of order alpha^2 m_e, so 2 m_e dominates the bracket it is added to",
            "GP23b A.12",
        ),
        Step(
            "two-component-hamiltonian",
            "Put back into the upper equation this is the Hamiltonian to order 1/m_e.",
            (
                r"H = \frac{(\vec\sigma\cdot\vec\Pi + A^0)^2}{2m_e} + V^0 - \vec\sigma\cdot\vec A",
                r"(\vec\sigma\cdot\vec\Pi)^2 = \vec\Pi^2 - \vec\sigma\cdot(\nabla\times\vec V)",
            ),
            ("H = (sigma.Pi + A0)^2/2m_e + V0 - sigma.A", "(sigma.Pi)^2 = Pi^2 - sigma.(curl V)"),
            "(sigma.A)(sigma.B) = A.B + i sigma.(A x B), and Pi x Pi = i curl V for Pi = p - V",
            "GP23b A.13-A.15",
        ),
        Step(
            "expanded-hamiltonian",
            "Written out, the Hamiltonian has eight terms.",
            tuple(("H = " if i == 0 else r"\quad + ") + f"{{{t.latex}}}" for i, t in enumerate(terms)),
            tuple(f"{t.name:17s} {t.text}   [order 1/m_e^{t.order}]" for t in terms),
            "checked by acting on an arbitrary two-component function with eight arbitrary field components",
            "GP23b A.15-A.16",
        ),
        Step(
            "second-route",
            "The Foldy-Wouthuysen transformation gives the same operators, and fixes the first dropped order: "
            "elimination with a renormalised upper component agrees with it word by word to order 1/m_e^2.",
            (
                r"H_{FW} = \beta m_e + \mathcal E + \frac{\beta\mathcal O^2}{2m_e}"
                r" - \frac{1}{8m_e^2}[\mathcal O,[\mathcal O,\mathcal E]] + O(m_e^{-3})",
            ),
            ("H_FW = beta m_e + E + beta O^2/2m_e - [O,[O,E]]/8m_e^2 + O(1/m_e^3)",),
            "commutators of non-commuting words; for time-dependent fields E is replaced by E - i d_t. "
            "A third route, matrix elements of free spinors, gives the same linear terms (derivation 'bilinears')",
        ),
    )


def _split_steps() -> tuple[Step, ...]:
    return (
        Step(
            "atomic-levels",
            "The classical electric field of the atom gives the levels.",
            (r"H_0 = \frac{p^2}{2m_e} + V^0_{cl},\quad V^0_{cl} = -e\,\phi_{cl}",),
            ("H_0 = p^2/2m_e + V0_cl,  V0_cl = -e phi_cl",),
            "the static field of the nucleus and of the other electrons has no vector potential at this order",
            "GP23b A.17",
        ),
        Step(
            "photon-emission",
            "Terms linear in the quantised photon field: the convection term is E1, the spin term is M1.",
            (
                r"H_\gamma = \frac{e}{m_e}\vec A\cdot\vec p + \frac{e}{2m_e}\vec\sigma\cdot\vec B",
                r"\frac{e}{m_e}\langle\vec p\rangle\cdot\vec A = -\vec d\cdot\vec E,\quad \vec d = -e\vec r"
                r"\quad\text{(E1)}",
                r"\frac{e}{2m_e}\vec\sigma\cdot\vec B = \mu_B\,2\vec S\cdot\vec B\quad\text{(M1, orbital part "
                r"missing)}",
            ),
            (
                "H_gamma = (e/m_e) A.p + (e/2m_e) sigma.B in Coulomb gauge, V = -e A_em",
                "E1: (e/m_e) <p>.A = -d.E with d = -e r, because <p> = -i omega m_e <r> and E = -dA/dt = -i omega A",
                "M1: (e/2m_e) sigma.B = mu_B 2S.B; the orbital part mu_B L.B sits in the next order of exp(-i k.x)",
            ),
            "p = i m_e [H_0, r]; V0 and A^2 do not connect two levels with one photon. Size: M1/E1 = (k/2m_e)/(k "
            "a_B) = "
            "alpha/2 in the amplitude",
            "GP23b A.18-A.19",
        ),
        Step(
            "pair-emission",
            "Terms linear in the neutrino current. The axial spin term is M1 and not suppressed; everything else is.",
            (
                r"H_{\nu\nu} = V^0 - \vec\sigma\cdot\vec A - \frac{\vec p\cdot\vec V+\vec V\cdot\vec p}{2m_e}"
                r" + \frac{\{\vec\sigma\cdot\vec p, A^0\}}{2m_e} - \frac{\vec\sigma\cdot(\nabla\times\vec V)}{2m_e}",
            ),
            (
                "-sigma.A                    M1, order 1",
                "V0 -> -i (q.r) V0           E1, order q a_B (the unit operator itself gives <f|i> = 0)",
                "-(p.V + V.p)/2m_e           E1, order q a_B: <p>/m_e = -i q0 <r>",
                "(sigma.p A0 + A0 sigma.p)/2m_e  parity odd, order q0 a_B; its M1 part (derivation 'multipoles') "
                "is q/2m_e",
                "-sigma.(curl V)/2m_e        M1, order q/2m_e",
            ),
            "parity: sigma is even, r and p are odd; between states of equal parity only the first and the last "
            "survive",
            "GP23b A.20",
        ),
        Step(
            "contact-terms",
            "V.V/2m_e and A0 sigma.V/m_e hold a photon and a pair at one point. They skip the intermediate state; "
            "the papers drop them.",
            (r"\frac{\vec V_\gamma\cdot\vec V_\nu}{m_e} - \frac{A^0_\nu\,\vec\sigma\cdot\vec V_\gamma}{m_e}",),
            ("V_gamma.V_nu/m_e - A0_nu sigma.V_gamma/m_e",),
            "against -d.E times sigma.A over an energy defect of the order of a level spacing the second is "
            "suppressed by "
            "1/(m_e a_B) = alpha; the first carries the unit operator, so it also needs another power of q.r",
        ),
    )


def _dropped_steps() -> tuple[Step, ...]:
    return (
        Step(
            "dropped-terms",
            "Each dropped term with its order. Here a_B = 1/(alpha m_e), 1/alpha is close to 137, q is an optical "
            "energy.",
            (
                r"\frac{p^4}{8m_e^3},\ \frac{\nabla^2V^0}{8m_e^2},\ \text{spin-orbit}\ \sim\ \alpha^2\ \text{of a "
                r"level}",
                r"\frac{\{\vec\sigma\cdot\vec p,\vec A\cdot\vec p\}}{4m_e^2},\ldots\ \sim\ \alpha^2"
                r"\ \text{of}\ \vec\sigma\cdot\vec A",
                r"(\vec q\cdot\vec r)^2\ \sim\ (q\,a_B)^2,\qquad \frac{q}{2m_e} = \frac{\alpha}{2}\,q\,a_B",
            ),
            (
                "kinetic p^4/8m_e^3, Darwin, spin-orbit: alpha^2 of a level, about 5/10^5",
                "1/m_e^2 corrections of sigma.A: alpha^2 of it, about 5/10^5",
                "retardation (q.r)^2 of sigma.A: (q a_B)^2, about 10^-7 for q = 1 eV in one Bohr radius",
                "sigma.p A0/m_e against sigma.A: q0 a_B, about 3/10^4 per eV, but parity odd",
                "sigma.(curl V)/2m_e against sigma.A: q/2m_e, about 10^-6 per eV",
                "photon M1 against photon E1: alpha/2, about 1/274",
                "close to the nucleus alpha becomes Z alpha: (Z alpha)^2 is near 26 % for Yb (Z = 70), 16 % for "
                "Xe (Z = 54)",
            ),
            "estimates with alpha, q/m_e and q a_B; the outer electrons of Yb and Xe move at alpha c, but their wave "
            "functions near the nucleus do not, which is why spin-orbit mixing (derivation 'intermediate_states') "
            "is large",
        ),
    )


def _coupling(fields: Fields, phi: Spinor) -> Spinor:
    return fields.A0 * phi + _each(lambda k: PAULI[k] * (_p(k, phi) - fields.V[k] * phi))


def _p(k: int, phi: Spinor) -> Spinor:
    return -sp.I * phi.diff(X[k])


def _each(component: Callable[[int], Spinor]) -> Spinor:
    return component(0) + component(1) + component(2)


def _curl(v: tuple[sp.Expr, sp.Expr, sp.Expr]) -> tuple[sp.Expr, ...]:
    return tuple(
        sum((sp.LeviCivita(k, a, b) * sp.diff(v[b], X[a]) for a in range(3) for b in range(3)), sp.S.Zero)
        for k in range(3)
    )
