"""Preparation by two or three photons: the coherence that they drive between ``|g>`` and ``|e>``, exact, on two routes.

In: angular momenta, polarisations, directions and multipoles of the photons. Out: ``rho_{M_e M_g}`` of unit norm.

Each photon carries a tensor: E1 its polarisation ``e``, M1 the magnetic field ``k x e``, E2 the symmetric traceless part
of ``k e``. The two couple to a tensor ``F`` of the rank that ``J_e`` and ``J_g`` allow, and the Wigner-Eckart theorem leaves
``rho_{M_e M_g} ~ sum_Q (-1)^Q F_{-Q} <J_g M_g; K Q|J_e M_e>``. The second route contracts Cartesian tensors with products of
matrices that obey the commutators of vector operators.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from itertools import pairwise, permutations, product
from typing import Any, Literal, Protocol

import sympy as sp

from derivations.atom.angular import projections, vector_operator
from derivations.atom.arguments import exact_entry, is_zero, tidy
from derivations.atom.prepared import checked_coherence, coefficient
from derivations.atom.quantum_numbers import angular_momentum

Multipole = Literal["E1", "M1", "E2"]
Vector = tuple[sp.Expr, sp.Expr, sp.Expr]

RANKS: dict[str, int] = {"E1": 1, "M1": 1, "E2": 2}
"""Rank of the tensor that a photon of each multipole carries."""

PARITIES: dict[str, int] = {"E1": -1, "M1": 1, "E2": 1}
"""Parity of the atomic operator of each multipole: -1 takes an odd level to an even one."""


ROUNDING = 10**24
"""A polarisation may have this part of its square along its direction, inverse: what is left of floats."""


class Level(Protocol):
    """A level of an atom: its angular momentum and its parity."""

    @property
    def J(self) -> Any: ...  # noqa: D102

    @property
    def parity(self) -> int: ...  # noqa: D102


class Target(Protocol):
    """An atom with a name and its two levels, as ``renp.ATOMS["Xe"]``."""

    @property
    def symbol(self) -> str: ...  # noqa: D102

    @property
    def e(self) -> Level: ...  # noqa: D102

    @property
    def g(self) -> Level: ...  # noqa: D102


def two_photon_coherence(
    J_e: Any,
    J_g: Any,
    first: Any,
    second: Any,
    multipoles: Sequence[str] = ("E1", "E1"),
    directions: Sequence[Any] = (1, -1),
    *,
    rank: int | None = None,
    exchange: bool = False,
) -> sp.ImmutableMatrix:
    """Return the coherence that two photons drive from an unpolarised ``|g>``, of unit norm.

    Parameters
    ----------
    J_e, J_g : int, Fraction, SymPy rational or float that is exactly a multiple of 1/2.
    first, second : polarisations of the two absorbed photons, Cartesian 3-vectors orthogonal to their directions;
        absorption has the amplitude ``e.d``.
    multipoles : how the first and the second photon act, each ``"E1"``, ``"M1"`` or ``"E2"``.
    directions : of the two photons, ``+1`` or ``-1`` along z, or a Cartesian 3-vector.
    rank : rank K of the two-photon operator, ``|J_e - J_g| <= K <= J_e + J_g``. ``None`` is the lowest, the only one
        for ``J_g = 0``. Where several are allowed, the reduced matrix elements of the atom decide how they mix.
    exchange : add the amplitude in which the two photons swap their multipoles, with equal weight: two photons of one
        frequency. Two counter-propagating ones of equal circular sense then cannot drive an odd transition.

    Returns
    -------
    sympy.ImmutableMatrix : (2J_e+1, 2J_g+1), rows ``M_e = -J_e ... J_e``, columns ``M_g = -J_g ... J_g``.

    Raises
    ------
    TypeError : a number or a vector is none.
    ValueError : a value is not allowed; the two multipoles do not couple to the rank; the fields drive nothing.

    Example
    -------
    >>> two_photon_coherence(2, 0, (1, sp.I, 0), (1, -sp.I, 0), ("E1", "M1")).T
    Matrix([[0, 0, I, 0, 0]])
    """
    spins, photons, kinds, order = _checked(J_e, J_g, first, second, multipoles, directions, rank)
    field = _field(photons, kinds, order)
    if exchange:
        field = [tidy(a + b) for a, b in zip(field, _field(photons[::-1], kinds, order), strict=True)]
    return _of_unit_norm(_driven(spins, field, order), spins, kinds, order)


def three_photon_coherence(
    J_e: Any, J_g: Any, polarisations: Sequence[Any], directions: Sequence[Any] = (1, 1, -1), *, pair_rank: int = 2
) -> sp.ImmutableMatrix:
    """Return the coherence that three different E1 photons drive from an unpolarised ``|g>``, of unit norm.

    The tensor is ``{{e1 e2}^k e3}^K`` with the lowest rank K that the levels allow. How the ranks ``k`` of the first two
    photons mix depends on the photon energies and on the atom, so one is chosen. With all light along one axis the
    coherence has an odd ``M_e - M_g``, and the pair takes the projection 0.

    Parameters
    ----------
    J_e, J_g : as in :func:`two_photon_coherence`.
    polarisations, directions : of the three absorbed photons, each as in :func:`two_photon_coherence`.
    pair_rank : rank k of the first two photons, 0, 1 or 2.

    Raises
    ------
    TypeError, ValueError : as :func:`two_photon_coherence`.

    Example
    -------
    >>> three_photon_coherence(2, 0, ((1, sp.I, 0), (1, sp.I, 0), (1, -sp.I, 0))).T
    Matrix([[0, 0, 0, -1, 0]])
    """
    spins = _checked_spins(J_e, J_g)
    order = int(abs(spins[0] - spins[1]))
    if pair_rank not in (0, 1, 2) or not abs(pair_rank - 1) <= order <= pair_rank + 1:
        raise ValueError(
            f"pair_rank = {pair_rank!r} is not allowed (rule: triangle): it is 0, 1 or 2, and with the third photon it must "
            f"reach the rank {order} of J_e, J_g = {spins[0]}, {spins[1]}"
        )
    photons = _checked_photons(polarisations, directions, ("polarisations[0]", "polarisations[1]", "polarisations[2]"))
    first, second, third = (_spherical(polarisation) for polarisation, _ in photons)
    field = _coupled(_coupled(first, second, pair_rank), third, order)
    return _of_unit_norm(_driven(spins, field, order), spins, ("E1", "E1", "E1"), order)


def coherence_by_matrices(
    J_e: Any,
    J_g: Any,
    first: Any,
    second: Any,
    multipoles: Sequence[str] = ("E1", "E1"),
    directions: Sequence[Any] = (1, -1),
    *,
    rank: int | None = None,
) -> sp.ImmutableMatrix:
    """Return the same coherence up to a phase, from Cartesian tensors and vector operators; no Clebsch-Gordan sum.

    Example
    -------
    >>> abs(coherence_by_matrices(2, 0, (1, sp.I, 0), (1, -sp.I, 0), ("E1", "M1"))[2])
    1
    """
    spins, photons, kinds, order = _checked(J_e, J_g, first, second, multipoles, directions, rank)
    tensor = _cartesian_field(photons, kinds, order)
    total = sp.zeros(int(2 * spins[0]) + 1, int(2 * spins[1]) + 1)
    for chain in _chains(spins[1], spins[0], order):
        operators = [vector_operator(end, start) for start, end in pairwise(chain)]
        total = sp.zeros(*total.shape)
        for indices, value in tensor.items():
            matrix = sp.eye(int(2 * spins[1]) + 1)
            for k, operator in zip(indices, operators, strict=True):
                matrix = operator[k] * matrix
            total += value * matrix
        total = total.applyfunc(tidy)
        if not total.is_zero_matrix:
            break
    return _of_unit_norm(total[::-1, ::-1], spins, kinds, order)


def prepared_coherence(
    atom: Target,
    first: Any,
    second: Any,
    multipoles: Sequence[str],
    directions: Sequence[Any] = (1, -1),
    *,
    exchange: bool = False,
) -> sp.ImmutableMatrix:
    """Return :func:`two_photon_coherence` of a named atom, whose levels also have a parity.

    Parameters
    ----------
    atom : anything with ``symbol``, ``e`` and ``g``, each level with ``J`` and ``parity``: ``renp.ATOMS["Xe"]``.

    Raises
    ------
    TypeError, ValueError : as :func:`two_photon_coherence`, and where parity forbids the combination.

    Example
    -------
    >>> from types import SimpleNamespace
    >>> from derivations.atom.selection import AtomicState
    >>> xenon = SimpleNamespace(symbol="Xe", e=AtomicState(2, -1), g=AtomicState(0, 1))
    >>> prepared_coherence(xenon, (1, sp.I, 0), (1, -sp.I, 0), ("E1", "M1")).T
    Matrix([[0, 0, I, 0, 0]])
    """
    require_parity(atom, multipoles)
    return two_photon_coherence(atom.e.J, atom.g.J, first, second, multipoles, directions, exchange=exchange)


def require_parity(atom: Target, multipoles: Sequence[str]) -> None:
    """Raise ``ValueError`` unless the multipoles together connect the parities of ``|g>`` and ``|e>``.

    Example
    -------
    >>> from types import SimpleNamespace
    >>> from derivations.atom.selection import AtomicState
    >>> require_parity(SimpleNamespace(symbol="Yb", e=AtomicState(0, -1), g=AtomicState(0, 1)), ("E1", "M1"))
    """
    kinds = _checked_multipoles(multipoles)
    wanted = atom.e.parity * atom.g.parity
    if PARITIES[kinds[0]] * PARITIES[kinds[1]] != wanted:
        allowed = [f"{a} {b}" for a, b in product(RANKS, repeat=2) if PARITIES[a] * PARITIES[b] == wanted]
        even, odd = ("even" if atom.g.parity > 0 else "odd"), ("even" if atom.e.parity > 0 else "odd")
        verb = "keeps" if PARITIES[kinds[0]] * PARITIES[kinds[1]] > 0 else "flips"
        raise ValueError(
            f"multipoles = {kinds!r} is not allowed for {atom.symbol} (rule: parity): |g> is {even} and |e> is {odd}, and "
            f"{' '.join(kinds)} {verb} parity; allowed are {', '.join(allowed)}"
        )


def ranks_of_identical_photons(number: int) -> frozenset[int]:
    """Return the ranks in the product of ``number`` equal vectors, counted by projections: photons of one beam.

    Two give 0 and 2, three give 1 and 3: three equal E1 photons reach neither ``J_e = 0`` nor ``J_e = 2`` from ``J_g = 0``.

    Example
    -------
    >>> sorted(ranks_of_identical_photons(3))
    [1, 3]
    """
    totals = [plus - minus for plus in range(number + 1) for minus in range(number + 1 - plus)]
    count = {M: totals.count(M) for M in range(number + 2)}
    return frozenset(M for M in range(number + 1) if count[M] > count[M + 1])


def pair_projections(absorbed: int) -> frozenset[int]:
    """Return the projections ``q`` on the beam that the pair can take, all light along one axis: ``q = sum m - m_gamma``.

    Each photon along the axis has the helicity +1 or -1, whatever its multipole, and ``J_z`` is conserved. With two
    exciting photons the pair takes +1 or -1 and never 0, with three it takes 0.

    Parameters
    ----------
    absorbed : number of exciting photons.

    Example
    -------
    >>> sorted(pair_projections(2)), sorted(pair_projections(3))
    ([-1, 1], [0])
    """
    helicities = product((1, -1), repeat=absorbed + 1)
    return frozenset(q for q in (sum(m[:-1]) - m[-1] for m in helicities) if abs(q) <= 1)


Photon = tuple[Vector, Vector]
"""Polarisation and direction."""


def _checked(
    J_e: Any, J_g: Any, first: Any, second: Any, multipoles: Any, directions: Any, rank: int | None
) -> tuple[tuple[Fraction, Fraction], list[Photon], tuple[str, str], int]:
    spins, kinds = _checked_spins(J_e, J_g), _checked_multipoles(multipoles)
    photons = _checked_photons((first, second), directions, ("first", "second"))
    low, high = abs(spins[0] - spins[1]), spins[0] + spins[1]
    reach = (abs(RANKS[kinds[0]] - RANKS[kinds[1]]), RANKS[kinds[0]] + RANKS[kinds[1]])
    order = int(low) if rank is None else rank
    if not (isinstance(order, int) and low <= order <= high):
        raise ValueError(f"rank = {rank!r} is not allowed: J_e, J_g = {spins[0]}, {spins[1]} allow {low} to {high}")
    if not reach[0] <= order <= reach[1]:
        raise ValueError(
            f"multipoles = {kinds!r} is not allowed (rule: triangle): {' '.join(kinds)} couple to the ranks {reach[0]} to "
            f"{reach[1]}, and J_e, J_g = {spins[0]}, {spins[1]} need {order if rank is not None else f'{low} to {high}'}"
        )
    return spins, photons, kinds, order


def _checked_spins(J_e: Any, J_g: Any) -> tuple[Fraction, Fraction]:
    spins = (angular_momentum(J_e, "J_e"), angular_momentum(J_g, "J_g"))
    if (spins[0] - spins[1]).denominator != 1:
        raise ValueError(f"J_e, J_g = {spins[0]}, {spins[1]} is not allowed: both must be integer or both half-integer")
    return spins


def _checked_photons(polarisations: Any, directions: Any, names: Sequence[str]) -> list[Photon]:
    """Return polarisation and direction of each photon; ``names`` are what the polarisations are called."""
    for name, values in (("directions", directions), ("polarisations", polarisations)):
        if isinstance(values, str | bytes) or not isinstance(values, Iterable) or len(list(values)) != len(names):
            raise ValueError(
                f"{name} = {values!r} is not allowed: it must have {len(names)} entries, one for each photon"
            )
    ways = [_direction(value, f"directions[{n}]") for n, value in enumerate(directions)]
    return [(_polarisation(e, name, way), way) for e, name, way in zip(polarisations, names, ways, strict=True)]


def _checked_multipoles(multipoles: Any) -> tuple[str, str]:
    kinds = tuple(multipoles) if isinstance(multipoles, list | tuple) else ()
    if len(kinds) != 2 or any(not isinstance(kind, str) or kind not in RANKS for kind in kinds):
        raise ValueError(f"multipoles = {multipoles!r} is not allowed: it must be a pair out of {', '.join(RANKS)}")
    return kinds[0], kinds[1]


def _vector(value: Any, name: str) -> Vector:
    if isinstance(value, str | bytes) or not isinstance(value, Iterable):
        raise TypeError(f"{name} = {value!r} is not allowed: it must be a Cartesian 3-vector")
    entries = list(value)
    if len(entries) != 3:
        raise ValueError(f"{name} has {len(entries)} entries, which is not allowed: it must be a Cartesian 3-vector")
    x, y, z = (exact_entry(entry, f"{name}[{index}]") for index, entry in enumerate(entries))
    if all(is_zero(entry) for entry in (x, y, z)):
        raise ValueError(f"{name} = (0, 0, 0) is not allowed: it must not be zero")
    return x, y, z


def _direction(value: Any, name: str) -> Vector:
    if isinstance(value, Iterable) and not isinstance(value, str | bytes):
        way = _vector(value, name)
        length = sp.sqrt(tidy(way[0] ** 2 + way[1] ** 2 + way[2] ** 2))
        return way[0] / length, way[1] / length, way[2] / length
    if isinstance(value, bool) or value not in (1, -1):
        raise ValueError(f"{name} = {value!r} is not allowed: it must be +1 or -1 (along z) or a Cartesian 3-vector")
    return sp.S.Zero, sp.S.Zero, sp.Integer(int(value))


def _polarisation(value: Any, name: str, direction: Vector) -> Vector:
    vector = _vector(value, name)
    along = tidy(sum(a * b for a, b in zip(vector, direction, strict=True)))
    size = tidy(sum(a * sp.conjugate(a) for a in vector))
    # Vectors given as floats are orthogonal up to rounding.
    slip = along * sp.conjugate(along) - size / ROUNDING
    if not is_zero(along) and (along.free_symbols or sp.expand(slip).is_negative is not True):
        raise ValueError(f"{name} = {value!r} is not allowed: a polarisation is orthogonal to its photon's direction")
    return vector


def _cross(a: Vector, b: Vector) -> Vector:
    return a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]


def _spherical(vector: Vector) -> list[sp.Expr]:
    """Return the components q = 1, 0, -1 of a vector."""
    x, y, z = vector
    return [-(x + sp.I * y) / sp.sqrt(2), z, (x - sp.I * y) / sp.sqrt(2)]


def _coupled(first: Sequence[sp.Expr], second: Sequence[sp.Expr], order: int) -> list[sp.Expr]:
    """Return the components Q = order ... -order of two tensors coupled to one, each listed the same way."""
    a, b = (len(first) - 1) // 2, (len(second) - 1) // 2

    def component(Q: int) -> sp.Expr:
        return tidy(
            sum(
                (
                    coefficient(Fraction(a), Fraction(m), b, Q - m, Fraction(order), Fraction(Q))
                    * first[a - m]
                    * second[b - (Q - m)]
                    for m in range(-a, a + 1)
                    if abs(Q - m) <= b
                ),
                sp.S.Zero,
            )
        )

    return [component(Q) for Q in range(order, -order - 1, -1)]


def _carried(polarisation: Vector, direction: Vector, kind: str) -> Vector:
    """Return the field that a photon brings: its magnetic one for M1, its electric one else."""
    return _cross(direction, polarisation) if kind == "M1" else polarisation


def _driven(spins: tuple[Fraction, Fraction], field: Sequence[sp.Expr], order: int) -> sp.Matrix:
    """Return ``sum_Q (-1)^Q F_{-Q} <J_g M_g; K Q|J_e M_e>``, rows and columns with rising magnetic numbers."""
    ends, starts = projections(spins[0])[::-1], projections(spins[1])[::-1]

    def entry(row: int, column: int) -> sp.Expr:
        q = ends[row] - starts[column]
        if abs(q) > order:
            return sp.S.Zero
        number = coefficient(spins[1], starts[column], order, int(q), spins[0], ends[row])
        return (-1) ** abs(int(q)) * field[order + int(q)] * number

    return sp.Matrix(len(ends), len(starts), entry)


def _field(photons: Sequence[Photon], kinds: Sequence[str], order: int) -> list[sp.Expr]:
    tensors = []
    for (polarisation, direction), kind in zip(photons, kinds, strict=True):
        tensor = _spherical(_carried(polarisation, direction, kind))
        tensors.append(_coupled(_spherical(direction), tensor, 2) if kind == "E2" else tensor)
    return _coupled(tensors[0], tensors[1], order)


Indices = tuple[int, ...]


def _cartesian_field(photons: Sequence[Photon], kinds: Sequence[str], order: int) -> dict[Indices, sp.Expr]:
    """Return the part of a given rank as a Cartesian tensor with ``order`` indices, symmetric and traceless."""
    tensors = []
    for (polarisation, direction), kind in zip(photons, kinds, strict=True):
        vector = _carried(polarisation, direction, kind)
        if kind == "E2":
            tensors.append(_traceless({(i, j): direction[i] * polarisation[j] for i, j in product(range(3), repeat=2)}))
        else:
            tensors.append({(i,): vector[i] for i in range(3)})
    ranks = [RANKS[kind] for kind in kinds]
    contracted = (ranks[0] + ranks[1] - order) // 2
    crossed = (ranks[0] + ranks[1] - order) % 2
    result: dict[Indices, sp.Expr] = {}
    for (left, a), (right, b) in product(tensors[0].items(), tensors[1].items()):
        if left[:contracted] != right[:contracted]:
            continue
        free_left, free_right = left[contracted:], right[contracted:]
        if not crossed:
            key = free_left + free_right
            result[key] = result.get(key, sp.S.Zero) + a * b
            continue
        for k in range(3):
            sign = sp.LeviCivita(k, free_left[0], free_right[0])
            key = (k, *free_left[1:], *free_right[1:])
            if sign:
                result[key] = result.get(key, sp.S.Zero) + sign * a * b
    return _traceless(result)


def _traceless(tensor: dict[Indices, sp.Expr]) -> dict[Indices, sp.Expr]:
    """Return the symmetric traceless part of a tensor with up to three indices."""
    order = len(next(iter(tensor)))
    if order < 2:
        return tensor
    indices = list(product(range(3), repeat=order))
    orders = list(permutations(range(order)))
    symmetric = {
        key: sum((tensor.get(tuple(key[p] for p in place), sp.S.Zero) for place in orders), sp.S.Zero) / len(orders)
        for key in indices
    }
    if order == 2:
        trace = sum(symmetric[k, k] for k in range(3))
        return {(i, j): symmetric[i, j] - (trace / 3 if i == j else 0) for i, j in indices}
    traces = [sum(symmetric[k, k, n] for k in range(3)) for n in range(3)]
    return {
        (i, j, n): symmetric[i, j, n]
        - (int(i == j) * traces[n] + int(j == n) * traces[i] + int(i == n) * traces[j]) / sp.Integer(5)
        for i, j, n in indices
    }


def _chains(start: Fraction, end: Fraction, steps: int) -> list[tuple[Fraction, ...]]:
    """Return the chains of angular momenta that vector operators can take from one to another."""
    if steps == 0:
        return [(start,)] if start == end else []
    found = []
    for shift in (1, 0, -1):
        middle = start + shift
        if middle >= 0 and not start == middle == 0:
            found += [(start, *rest) for rest in _chains(middle, end, steps - 1)]
    return found


def _of_unit_norm(
    matrix: sp.Matrix, spins: tuple[Fraction, Fraction], kinds: Sequence[str], order: int
) -> sp.ImmutableMatrix:
    tidied = matrix.applyfunc(tidy)
    if all(is_zero(entry) for entry in tidied):
        raise ValueError(
            f"polarisations and directions are not allowed: the part of rank {order} of these {' '.join(kinds)} fields "
            f"vanishes, and J_e, J_g = {spins[0]}, {spins[1]} are driven by it alone"
        )
    return sp.ImmutableMatrix(checked_coherence(*spins, tidied).applyfunc(tidy))
