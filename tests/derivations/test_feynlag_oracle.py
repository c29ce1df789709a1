"""Independent oracle: feynlag's covariant traces, which know gamma strings and dot products and no explicit momenta.

feynlag splits off masses and contracts what SymPy's Clifford algebra leaves; its constant of the gamma5 trace is its
own. Open indices meet unit vectors here, so that every component of ``Tr[(p_i-slash + m_i) V^k (p_j-slash - m_j)
Vbar^l]`` is compared as a polynomial.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import sympy as sp

from derivations.algebra import ring
from derivations.algebra.dirac import GAMMA, GAMMA5, IDENTITY, METRIC, Q_UPPER, DiracMatrix, dirac_bar, sigma
from derivations.algebra.ring import TRACE, I
from derivations.neutrino.rows import Row
from derivations.neutrino.spin_sums import P_I, P_J, SPIN_SUM_I, SPIN_SUM_J, dressed, spin_sum, structure_functions

pheno = pytest.importorskip(
    "feynlag.pheno", reason="feynlag is not installed (PyPI: feynlag); its traces are not compared"
)
from feynlag.pheno.epsilon import levi_civita_array  # noqa: E402
from feynlag.pheno.lorentz import index, momentum, slashed  # noqa: E402
from sympy.physics.hep.gamma_matrices import LorentzIndex  # noqa: E402

SPACE = (1, 2, 3)
VECTOR = tuple(GAMMA[k] for k in SPACE)
AXIAL = tuple(GAMMA[k] @ GAMMA5 for k in SPACE)
LEFT = tuple(GAMMA[k] - GAMMA[k] @ GAMMA5 for k in SPACE)
MASS_I, MASS_J = ring.m_i.as_expr(), ring.m_j.as_expr()


def row(matrices: tuple[DiracMatrix, ...]) -> Row:
    x, y, z = matrices
    return Row("test", (x, y, z), 1)


def ours(left: tuple[DiracMatrix, ...], right: tuple[DiracMatrix, ...]) -> list[list[Any]]:
    n, m = dressed(row(left)), dressed(row(right))
    return [[spin_sum(n, m, k, l) for l in range(3)] for k in range(3)]  # noqa: E741


def lower(k: int) -> tuple[Any, ...]:
    """Return the upper components of the vector ``e`` with ``e.gamma = gamma^k``."""
    return tuple(TRACE.one * (METRIC[k] if mu == k else 0) for mu in range(4))


def dot(a: tuple[Any, ...], b: tuple[Any, ...]) -> sp.Expr:
    return sp.sympify(sum((x * y * g for x, y, g in zip(a, b, METRIC, strict=True)), TRACE.zero).as_expr())


def traced(build: Callable[..., Any], vectors: dict[str, tuple[Any, ...]]) -> Any:
    """Return feynlag's trace of ``build(slash of each vector)`` in components, as an element of the ring."""
    heads = {name: momentum(name) for name in vectors}
    chain = build(*(slashed(head, index(f"mu_{name}")) for name, head in heads.items()))
    trace = pheno.dirac_trace(chain)
    if hasattr(trace, "contract_metric"):
        trace = trace.contract_metric(LorentzIndex.metric)
    value = pheno.contract_to_dots(trace, lambda a, b: dot(vectors[a.name], vectors[b.name]))
    return TRACE.from_expr(sp.expand(value))


def theirs(second_mass: sp.Expr) -> list[list[Any]]:
    """Return ``Tr[(p_i-slash + m_i) gamma^k (p_j-slash + second_mass) gamma^l]`` by feynlag."""

    def build(p: Any, e: Any, r: Any, f: Any) -> Any:
        return (p + MASS_I) * e * (r + second_mass) * f

    return [[traced(build, {"p": P_I, "e": lower(k), "r": P_J, "f": lower(l)}) for l in SPACE] for k in SPACE]  # noqa: E741


def epsilon_part() -> list[list[Any]]:
    """Return ``Tr[p_i-slash gamma^k p_j-slash gamma^l gamma5]`` by feynlag's constant and its Levi-Civita tensor."""
    number = sp.sympify(pheno.gamma5_trace_coefficient())
    constant = TRACE(ring.gaussian(*map(_fraction, number.as_real_imag())))
    tensor = levi_civita_array()
    return [
        [
            sum(
                (
                    constant * int(tensor[a, k, b, l]) * METRIC[a] * METRIC[b] * P_I[a] * P_J[b]
                    for a, b in itertools.product(range(4), repeat=2)
                ),
                TRACE.zero,
            )
            for l in SPACE  # noqa: E741
        ]
        for k in SPACE
    ]


def _fraction(number: sp.Expr) -> Fraction:
    return Fraction(int(number.p), int(number.q))


@pytest.fixture(scope="module")
def vector_trace() -> list[list[Any]]:
    return theirs(-MASS_J)


@pytest.fixture(scope="module")
def axial_trace() -> list[list[Any]]:
    # gamma5 (p_j-slash - m_j) gamma^l gamma5 = (p_j-slash + m_j) gamma^l.
    return theirs(MASS_J)


def test_vector_and_axial_currents(vector_trace: list[list[Any]], axial_trace: list[list[Any]]) -> None:
    assert ours(VECTOR, VECTOR) == vector_trace
    assert ours(AXIAL, AXIAL) == axial_trace
    assert vector_trace != axial_trace


def test_the_epsilon_part_of_v_minus_a() -> None:
    epsilon = epsilon_part()
    assert epsilon[0][1] == -epsilon[1][0] != 0
    assert ours(VECTOR, AXIAL) == epsilon
    assert ours(AXIAL, VECTOR) == epsilon


def test_the_left_handed_current(vector_trace: list[list[Any]], axial_trace: list[list[Any]]) -> None:
    epsilon = epsilon_part()
    for k, l in itertools.product(range(3), repeat=2):  # noqa: E741
        total = vector_trace[k][l] + axial_trace[k][l] - 2 * epsilon[k][l]
        assert ours(LEFT, LEFT)[k][l] == total


def test_the_circular_structure_function_of_v_minus_a_is_the_epsilon_part() -> None:
    n, m = dressed(row(VECTOR)), dressed(row(AXIAL))
    along, across, circular = structure_functions(n, m)
    assert not along
    assert not across
    epsilon = epsilon_part()
    # E_i p_j,z - E_j p_i,z = E |q| - q0 p_z, which no average over the azimuth touches.
    assert circular == (epsilon[0][1] - epsilon[1][0]) / 2 != 0
    assert circular == 4 * I * (Q_UPPER[0] * ring.pz - ring.E * Q_UPPER[3])


@pytest.mark.parametrize(("matrix", "sign"), [(IDENTITY, -1), (GAMMA5.scaled(I), 1)], ids=["scalar", "pseudoscalar"])
def test_scalar_currents(matrix: DiracMatrix, sign: int) -> None:
    found = (SPIN_SUM_I @ matrix @ SPIN_SUM_J).trace_with(dirac_bar(matrix))
    assert found == traced(lambda p, r: (p + MASS_I) * (r + sign * MASS_J), {"p": P_I, "r": P_J})


@pytest.mark.parametrize(("mu", "nu", "k"), [(0, 1, 1), (1, 3, 3)])
def test_vector_tensor_interference(mu: int, nu: int, k: int) -> None:
    # sigma^{mu nu} = i gamma^mu gamma^nu for mu != nu.
    found = (SPIN_SUM_I @ GAMMA[k] @ SPIN_SUM_J).trace_with(dirac_bar(sigma(mu, nu)))
    vectors = {"p": P_I, "e": lower(k), "r": P_J, "f": lower(mu), "h": lower(nu)}
    expected = traced(lambda p, e, r, f, h: (p + MASS_I) * e * (r - MASS_J) * f * h, vectors)
    assert found == I * expected != 0
