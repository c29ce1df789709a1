"""The pipeline's atomic operators against the expansion of free spinors, which uses other matrices and other algebra."""

from __future__ import annotations

from itertools import product

import pytest
import sympy as sp

from derivations.algebra.dirac import METRIC, Q_UPPER, SPACETIME, DiracMatrix
from derivations.atom.bilinears import K, Q, spinor_bilinear
from derivations.atom.nonrelativistic import atomic_operator
from derivations.atom.pauli import GAMMA, GAMMA5, PAULI, sigma_tensor
from derivations.interactions.language import parse_bilinear
from derivations.interactions.matrices import component
from derivations.interactions.reader import shipped_interactions

W, Q0 = sp.Symbol("qz"), sp.Symbol("q0")
ALONG_Z = {Q[0]: 0, Q[1]: 0, Q[2]: W}
RECEIVED = (-Q0, 0, 0, -W)
"""Upper components of ``p' - p``: the electron receives what the pair does not carry away."""


def slash(p: tuple[sp.Expr | int, ...]) -> sp.Matrix:
    return sum((GAMMA[mu] * p[mu] * METRIC[mu] for mu in SPACETIME), sp.zeros(4, 4))


BILINEARS = {
    "1": lambda: sp.ImmutableMatrix(sp.eye(4)),
    "i gamma5": lambda: sp.I * GAMMA5,
    "gamma(mu)": lambda mu: GAMMA[mu],
    "gamma(mu) gamma5": lambda mu: GAMMA[mu] * GAMMA5,
    "sigma(mu,nu)": sigma_tensor,
    "i qslash gamma5": lambda: sp.I * slash(RECEIVED) * GAMMA5,
    "i q(mu)": lambda mu: sp.I * RECEIVED[mu] * sp.eye(4),
    "i sigma(mu,nu) q(nu)": lambda mu: (
        sp.I * sum((sigma_tensor(mu, nu) * RECEIVED[nu] * METRIC[nu] for nu in SPACETIME), sp.zeros(4, 4))
    ),
    "q(mu) qslash gamma5": lambda mu: RECEIVED[mu] * slash(RECEIVED) * GAMMA5,
}


def parts(matrix: sp.Matrix) -> tuple[sp.Expr, list[sp.Expr]]:
    """Return the coefficients of the unit matrix and of the Pauli matrices."""
    return matrix.trace() / 2, [sp.expand((matrix * sigma).trace() / 2) for sigma in PAULI]


@pytest.mark.parametrize("text", BILINEARS)
def test_atomic_operators_are_the_leading_terms_of_free_spinors(text: str) -> None:
    operator = atomic_operator(parse_bilinear(text))
    rank = len(parse_bilinear(text).free_indices)
    at_rest = dict.fromkeys(K, 0)
    found: list[dict[tuple[int, ...], list[sp.Expr]]] = [{}, {}]
    for values in product(SPACETIME, repeat=rank):
        gamma = sp.ImmutableMatrix(BILINEARS[text](*values))
        leading, first = (m.subs(ALONG_Z) for m in spinor_bilinear(gamma)[:2])
        for order, matrix in enumerate((leading, first)):
            spin = parts(matrix.subs(at_rest))[1]
            if any(spin):
                found[order][values] = spin
        # exp(-i q.r) -> -i q.r on the unit matrix, K / m_e -> -i q0 r between levels.
        unit, convection = parts(leading)[0], parts(first)[0]
        dipole = [-sp.I * (unit * (0, 0, W)[k] + Q0 * sp.diff(convection, K[k])) for k in range(3)]
        stated = [c.as_expr() for c in operator.electric[values]] if values in operator.electric else [0, 0, 0]
        assert [sp.expand(a - b) for a, b in zip(dipole, stated, strict=True)] == [0, 0, 0], values
        # The same with sigma: the part of r_l sigma_m that is antisymmetric is r x sigma.
        spin, moving = parts(leading)[1], parts(first)[1]
        turned = [
            -sp.I / 2 * sum(
                (
                    sp.LeviCivita(n, m, k) * ((0, 0, W)[n] * spin[m] + Q0 * sp.diff(moving[m], K[n]))
                    for n in range(3)
                    for m in range(3)
                ),
                sp.S.Zero,
            )
            for k in range(3)
        ]  # fmt: skip
        stated = [c.as_expr() for c in operator.spin_dipole[values]] if values in operator.spin_dipole else [0, 0, 0]
        assert [sp.expand(a - b) for a, b in zip(turned, stated, strict=True)] == [0, 0, 0], values
    vanishing = {"1", "i gamma5", "gamma(mu)", "i q(mu)", "i qslash gamma5", "q(mu) qslash gamma5"}
    assert bool(operator.spin_dipole) == (text not in vanishing)
    order = 0 if found[0] else 1
    assert operator.magnetic_order == (order if found[order] else None)
    assert {values: [c.as_expr() for c in vector] for values, vector in operator.magnetic.items()} == found[order]


def contracted_with_q(text: str) -> DiracMatrix:
    total = DiracMatrix({})
    for mu in SPACETIME:
        total = total + component(parse_bilinear(text), {"mu": mu}).scaled(Q_UPPER[mu] * METRIC[mu])
    return total


def test_every_neutrino_vertex_of_the_photon_is_transverse() -> None:
    """The photon sees a conserved current, on shell and off: its gauge drops out."""
    electromagnetic = next(i for i in shipped_interactions() if i.name == "electromagnetic")
    assert {term.coupling for term in electromagnetic.neutrino} == {"mu", "eps", "r2", "anapole"}
    for term in electromagnetic.neutrino:
        assert not contracted_with_q(term.bilinear.text), term.coupling
    assert contracted_with_q("gamma(mu)")
