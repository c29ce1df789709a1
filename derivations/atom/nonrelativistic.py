"""Non-relativistic reduction of an electron bilinear (in: ``Bilinear``; out: ``AtomicOperator``).

An electron of momentum ``p`` loses the pair momentum ``q`` and ends with ``p' = p - q``. The ``q`` that a bilinear names
is what its own line receives, so the electron's is the opposite of the pair's. With ``K = (p + p')/2`` and the lower
component ``chi = sigma.p phi / 2 m_e`` (GP23b A.12) the bilinear between two-component spinors is, to first order,

    phi'^+ [ a + (b sigma.p + sigma.p' c) / 2 m_e ] phi,        gamma0 Gamma = ((a, b), (c, .)).

What multiplies ``sigma^k`` and is free of ``K`` is an M1 operator; the unit matrix with ``exp(-i q.x) -> -i q.r``, and
``K/m_e -> -i q^0 r`` (from ``p = i m_e [H, r]``, with both orders of pair and photon), are the E1 operator. The same steps with
``sigma`` in place of the unit matrix give ``r_l sigma_m``, of the same order ``q a_B``. Its part of rank 1 is kept apart, as an
operator ``r x sigma``: it is another number of the atom, and no amplitude takes it yet (derivation ``both_orders``). Dropped: its
ranks 0 and 2, which do not connect J = 0 with J = 1, and everything of order ``1/m_e^2``.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from derivations.algebra.dirac import GAMMA, METRIC, Q_UPPER, SPACETIME, DiracMatrix
from derivations.algebra.ring import TRACE, I, Poly
from derivations.interactions.language import Bilinear
from derivations.interactions.matrices import component
from derivations.steps.notation import vector_latex, vector_text
from derivations.steps.step import Step

Vector = tuple[Poly, Poly, Poly]
Indices = tuple[int, ...]

_ZERO: Vector = (TRACE.zero, TRACE.zero, TRACE.zero)
_Block = Mapping[tuple[int, int], Poly]
_PAULI: tuple[_Block, ...] = (
    {(0, 1): TRACE.one, (1, 0): TRACE.one},
    {(0, 1): -I, (1, 0): I},
    {(0, 0): TRACE.one, (1, 1): -TRACE.one},
)


@dataclass(frozen=True)
class AtomicOperator:
    """Leading M1 and E1 operators of an electron bilinear.

    Attributes
    ----------
    magnetic : ``{upper index values: coefficients of sigma^k}``, k = x, y, z, with q along +z.
    magnetic_order : power of ``1/m_e`` that multiplies ``magnetic``; ``None`` when there is no M1 operator.
    electric : ``{upper index values: coefficients of r^k}``, free of ``m_e``; empty when there is no E1 operator.
    spin_dipole : ``{upper index values: coefficients of (r x sigma)^k}``, free of ``m_e``.
    convective : whether the unit matrix comes with ``K/m_e``, the current of a moving charge: its orbital moment then stands
        beside ``sigma`` at order ``1/m_e``. A scalar density has none, nor has the pseudoscalar that may stand next to it.
    """

    magnetic: Mapping[Indices, Vector]
    magnetic_order: int | None
    electric: Mapping[Indices, Vector]
    convective: bool = False
    spin_dipole: Mapping[Indices, Vector] = field(default_factory=dict)


def atomic_operator(bilinear: Bilinear) -> AtomicOperator:
    """Reduce an electron bilinear to its leading M1 and E1 atomic operators.

    Example
    -------
    >>> from derivations.interactions.language import parse_bilinear
    >>> atomic_operator(parse_bilinear("i gamma5")).magnetic[()][2].as_expr()      # i ebar gamma5 e -> (i/2m_e) q.sigma
    I*qz/2
    >>> once, twice = (atomic_operator(parse_bilinear(text)) for text in ("i gamma5", "i qslash gamma5"))
    >>> twice.magnetic[()][2] == 2 * once.magnetic[()][2]      # q.J_5 = 2 m_e (ebar i gamma5 e), GP23b A.12
    True
    """
    received = bilinear.at_opposite_momentum
    by_order: tuple[dict[Indices, Vector], dict[Indices, Vector]] = ({}, {})
    electric: dict[Indices, Vector] = {}
    spin_dipole: dict[Indices, Vector] = {}
    convective = False
    for values in itertools.product(SPACETIME, repeat=len(bilinear.free_indices)):
        gamma = component(received, dict(zip(bilinear.free_indices, values, strict=True)))
        leading, recoil, moving = _blocks(gamma)
        for order, block in enumerate((leading, recoil)):
            spin = _spin_part(block)
            if any(spin):
                by_order[order][values] = spin
        unit = _unit_part(leading)
        current = tuple(_unit_part(block) for block in moving)
        convective = convective or any(current)
        dipole = tuple(-I * (unit * Q_UPPER[k + 1] + Q_UPPER[0] * current[k]) for k in range(3))
        if any(dipole):
            electric[values] = (dipole[0], dipole[1], dipole[2])
        spinning = _spin_dipole(_spin_part(leading), [_spin_part(block) for block in moving])
        if any(spinning):
            spin_dipole[values] = spinning
    leading_order = 0 if by_order[0] else 1 if by_order[1] else None
    magnetic = {} if leading_order is None else by_order[leading_order]
    return AtomicOperator(magnetic, leading_order, electric, convective, spin_dipole)


def _spin_dipole(at_rest: Vector, moving: Sequence[Vector]) -> Vector:
    """Return what multiplies ``(r x sigma)^k`` in ``-i r_l sigma_m (q_l s_m + q^0 c_lm)``: ``r_l sigma_m -> eps_lmk / 2``."""
    table = [[Q_UPPER[1 + l] * at_rest[m] + Q_UPPER[0] * moving[l][m] for m in range(3)] for l in range(3)]  # noqa: E741
    x, y, z = (-I * (table[k - 2][k - 1] - table[k - 1][k - 2]) / 2 for k in range(3))
    return x, y, z


def _blocks(gamma: DiracMatrix) -> tuple[_Block, _Block, tuple[_Block, ...]]:
    """Return the leading block, the ``q`` block (times m_e) and the ``K^l`` blocks (times m_e)."""
    matrix = (GAMMA[0] @ gamma).entries
    upper = {(i, j): v for (i, j), v in matrix.items() if i < 2 and j < 2}
    right = {(i, j - 2): v for (i, j), v in matrix.items() if i < 2 <= j}
    left = {(i - 2, j): v for (i, j), v in matrix.items() if j < 2 <= i}
    recoil: _Block = {}
    convective: list[_Block] = []
    for axis in range(3):
        incoming = _product(right, _PAULI[axis])
        outgoing = _product(_PAULI[axis], left)
        convective.append(_combined(incoming, outgoing, TRACE.one / 2, TRACE.one / 2))
        momentum = Q_UPPER[axis + 1] / 4
        recoil = _combined(recoil, _combined(incoming, outgoing, momentum, -momentum), TRACE.one, TRACE.one)
    return upper, recoil, tuple(convective)


def _product(left: _Block, right: _Block) -> _Block:
    total: dict[tuple[int, int], Poly] = {}
    for (i, k), x in left.items():
        for (row, j), y in right.items():
            if row == k:
                total[i, j] = total.get((i, j), TRACE.zero) + x * y
    return total


def _combined(first: _Block, second: _Block, a: Poly, b: Poly) -> _Block:
    keys = first.keys() | second.keys()
    return {key: first.get(key, TRACE.zero) * a + second.get(key, TRACE.zero) * b for key in keys}


def _unit_part(block: _Block) -> Poly:
    return (block.get((0, 0), TRACE.zero) + block.get((1, 1), TRACE.zero)) / 2


def _spin_part(block: _Block) -> Vector:
    up, down = block.get((0, 0), TRACE.zero), block.get((1, 1), TRACE.zero)
    plus, minus = block.get((0, 1), TRACE.zero), block.get((1, 0), TRACE.zero)
    return ((plus + minus) / 2, I * (plus - minus) / 2, (up - down) / 2)


def contracted(operator: Mapping[Indices, Vector], matrices: Mapping[Indices, DiracMatrix]) -> tuple[DiracMatrix, ...]:
    """Return ``V^k = sum_I g_II S_I^k N_I``: the neutrino matrix that multiplies ``sigma^k`` (or ``r^k``)."""
    result = []
    for axis in range(3):
        total = DiracMatrix({})
        for values, vector in operator.items():
            if vector[axis] and values in matrices:
                sign = 1
                for value in values:
                    sign *= METRIC[value]
                total = total + matrices[values].scaled(vector[axis] * sign)
        result.append(total)
    return tuple(result)


def divergence(operator: Mapping[Indices, Vector]) -> Vector:
    """Return ``q_mu S^mu`` of a vector operator: the electron side of the longitudinal propagator."""
    total = _ZERO
    for (mu,), vector in operator.items():
        factor = Q_UPPER[mu] * METRIC[mu]
        total = (total[0] + factor * vector[0], total[1] + factor * vector[1], total[2] + factor * vector[2])
    return total


def reduction_step(label: str, bilinear: Bilinear, operator: AtomicOperator) -> Step:
    """Return the derivation step that states the operators of one electron bilinear."""
    text, tex = [], []
    parts = (
        ("M1", "sigma", r"\sigma", operator.magnetic),
        ("E1", "r", "r", operator.electric),
        ("E1, spin", "(r x sigma)", r"(r\times\sigma)", operator.spin_dipole),
    )
    for kind, symbol, tex_symbol, terms in parts:
        for values, vector in terms.items():
            index = "".join(str(v) for v in values)
            recoil = kind == "M1" and bool(operator.magnetic_order)
            body = vector_text(vector, symbol, "/m_e" if recoil else "")
            text.append(f"{kind}{f', component {index}' if index else ''}: {body}")
            body = vector_latex(vector, tex_symbol, "m_e" if recoil else "")
            tex.append(rf"\text{{{kind}}}{f'_{{{index}}}' if index else ''}:\quad {body}")
    return Step(
        f"nonrelativistic-{label}",
        f"Electron bilinear {bilinear.text}: leading atomic operators, the pair's q = q_z along z.",
        text=tuple(text),
        latex=tuple(tex),
        reason="lower component chi = sigma.p phi / 2m_e, p' = p - q; p = i m_e [H, r] for the E1 parts; the one with r x sigma is another "
        "number of the atom, and is not part of the amplitude",
        reference="GP23b A.12-A.20; GP22 Table 1",
    )
