"""Both orders of the pair step and the photon step: denominators, gauge invariance, and what axial and tensor currents add.

In: time-ordered perturbation theory for an atom that is held exactly, as a finite matrix ``H`` with commuting coordinates. Out:
named identities, each of them exact. The pair carries ``(q0, q)`` away, the photon ``omega``, and ``E_e - E_g = q0 + omega``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any

import sympy as sp

from derivations.atom.angular import spin_matrices
from derivations.atom.pauli import PAULI
from derivations.atom.quantum_numbers import angular_momentum
from derivations.steps.step import Derivation, Step

Matrix = Any
"""SymPy's immutable matrix, which has no usable type information."""
ONE, HALF = Fraction(1), Fraction(1, 2)


def denominators() -> tuple[sp.Expr, sp.Expr]:
    """Return ``E_start - E_intermediate`` of the two orders, in ``E_vg``, ``omega`` and ``q0``: the pair first, the photon first.

    Example
    -------
    >>> denominators()
    (-E_vg + omega, -E_vg + q0)
    """
    e, g, v, omega, q0, E_vg = sp.symbols("E_e E_g E_v omega q0 E_vg", real=True)
    # In between stand the atom in |v> and what was emitted first.
    pair_first = (e - (v + q0)).subs(q0, e - g - omega)
    photon_first = (e - (v + omega)).subs(omega, e - g - q0)
    first, second = (sp.expand(gap).subs(v, E_vg + g) for gap in (pair_first, photon_first))
    return sp.expand(first), sp.expand(second)


@dataclass(frozen=True)
class FiniteAtom:
    """An atom as exact matrices: energies of its levels and coordinates x, y, z that commute, in the basis of levels.

    No further property of an atom is used: where the sum over ``|v>`` runs over all levels, they are complete.
    """

    energies: tuple[sp.Rational, ...]
    coordinates: tuple[Matrix, Matrix, Matrix]

    @property
    def hamiltonian(self) -> Matrix:
        """The matrix ``H``."""
        return sp.ImmutableMatrix(sp.diag(*self.energies))

    def velocity(self, operator: Matrix) -> Matrix:
        """Return ``i [H, operator]``; of a coordinate it is ``p/m_e``."""
        return sp.ImmutableMatrix(sp.I * (self.hamiltonian * operator - operator * self.hamiltonian))

    def along(self, vector: Sequence[Any]) -> Matrix:
        """Return ``vector . r``."""
        return sp.ImmutableMatrix(
            sum((a * r for a, r in zip(vector, self.coordinates, strict=True)), sp.zeros(len(self.energies)))
        )


def time_ordered(
    atom: FiniteAtom, pair: Matrix, photon: Matrix, omega: Any, *, excited: int, ground: int = 0
) -> tuple[Any, Any]:
    """Return the two terms of second order, summed over all levels: the pair first, and the photon first.

    ``pair`` and ``photon`` are the operators of the two steps, ``omega`` is the photon energy; the pair takes the rest.

    Example
    -------
    >>> atom = example_atom()
    >>> time_ordered(atom, atom.along((1, 0, 0)), atom.along((1, 0, 0)), sp.Rational(1, 3), excited=2)[0]
    -87/7
    """
    energies = atom.energies
    q0 = energies[excited] - energies[ground] - omega
    first, second = sp.S.Zero, sp.S.Zero
    for v, energy in enumerate(energies):
        first += photon[ground, v] * pair[v, excited] / (energies[excited] - energy - q0)
        second += pair[ground, v] * photon[v, excited] / (energies[excited] - energy - omega)
    return sp.expand(first), sp.expand(second)


@cache
def example_atom() -> FiniteAtom:
    """Return an atom of four levels with nothing special about it: coordinates are polynomials of one symmetric matrix.

    Example
    -------
    >>> x, y, z = example_atom().coordinates
    >>> x * y - y * x == sp.zeros(4), y * z - z * y == sp.zeros(4)
    (True, True)
    """
    energies = tuple(map(sp.Rational, ("0", "7/5", "2", "3")))
    x = sp.ImmutableMatrix([[0, 3, 1, 2], [3, 1, -2, 1], [1, -2, 2, 4], [2, 1, 4, -1]])
    y = sp.ImmutableMatrix(x**2 / 5 - x)
    z = sp.ImmutableMatrix(x**2 / 7 + 2 * x + sp.eye(4))
    return FiniteAtom(energies, (x, y, z))


def vector_operators(atom: FiniteAtom, q: Sequence[Any], q0: Any, J: Sequence[Any]) -> tuple[Matrix, Matrix]:
    """Return the E1 operator of a vector current ``J = (J^0, J^k)`` as it comes, and as a field strength times the dipole.

    As it comes: ``J_0 rho - J.j`` with ``rho = -i q.r`` and ``j = p/m_e``. The other one is ``i r.(q0 J - q J_0)``.
    """
    bare = -sp.I * J[0] * atom.along(q) - atom.velocity(atom.along(J[1:]))
    field = sp.I * atom.along([q0 * j - k * J[0] for j, k in zip(J[1:], q, strict=True)])
    return bare, field


def identities() -> dict[str, tuple[sp.Expr, sp.Expr]]:
    """Return two sides of each identity on the four-level atom: what must be equal.

    ``gauge`` : a current ``J^mu = q^mu`` against nothing.
    ``length`` : a vector current as it comes against field strength times dipole.
    ``photon`` : the photon as ``p.A`` against ``-i omega r.A``.
    ``axial-charge`` : ``sigma.p/m_e`` against ``-i q0 sigma.r``, the spin being a spectator of H.

    Example
    -------
    >>> all(sp.expand(left - right) == 0 for left, right in identities().values())
    True
    """
    atom, excited, omega = example_atom(), 2, sp.Rational(1, 3)
    q0 = atom.energies[excited] - omega
    q, J, polarisation = (0, 0, sp.Rational(2, 3)), (2, 1, -3, sp.Rational(1, 2)), (1, sp.I, 0)
    light = atom.along(polarisation)

    def whole(pair: Matrix, photon: Matrix = light) -> sp.Expr:
        return sp.expand(sum(time_ordered(atom, pair, photon, omega, excited=excited)))

    bare, field = vector_operators(atom, q, q0, J)
    along_q, _ = vector_operators(atom, q, q0, (q0, *q))
    spinless = [atom.along([int(k == n) for n in range(3)]) for k in range(3)]
    charge, moved = sp.S.Zero, sp.S.Zero
    for k in range(3):
        # sigma_k multiplies both sides as it stands: it commutes with H, r and the photon's operator.
        weight = sp.Rational(2 * k + 1, 3)
        charge += weight * whole(atom.velocity(spinless[k]))
        moved += weight * whole(-sp.I * q0 * spinless[k])
    return {
        "gauge": (whole(along_q), sp.S.Zero),
        "length": (whole(bare), whole(field)),
        "photon": (whole(field, atom.velocity(light)), whole(field, -sp.I * omega * light)),
        "axial-charge": (sp.expand(charge), sp.expand(moved)),
    }


def one_order_alone() -> tuple[sp.Expr, sp.Expr]:
    """Return the length identity with the pair-first order alone: its two sides differ.

    Example
    -------
    >>> left, right = one_order_alone()
    >>> left == right
    False
    """
    atom, excited, omega = example_atom(), 2, sp.Rational(1, 3)
    q0 = atom.energies[excited] - omega
    q, J = (0, 0, sp.Rational(2, 3)), (2, 1, -3, sp.Rational(1, 2))
    light = atom.along((1, sp.I, 0))
    left, right = (
        time_ordered(atom, operator, light, omega, excited=excited)[0] for operator in vector_operators(atom, q, q0, J)
    )
    return left, right


def spin_dipole_ranks(J_e: Any, J_v: Any) -> tuple[int, ...]:
    """Return the ranks of ``r_i sigma_j`` that connect two levels of opposite parity: those that obey the triangle rule.

    Rank 0 is ``sigma.r``, of the axial charge too; rank 1 is ``r x sigma``, rank 2 the symmetric traceless part.

    Raises
    ------
    TypeError, ValueError : a quantum number that is no non-negative multiple of 1/2.

    Example
    -------
    >>> spin_dipole_ranks(0, 1), spin_dipole_ranks(2, 1), spin_dipole_ranks(0, 0)
    ((1,), (1, 2), (0,))
    """
    start, end = angular_momentum(J_e, "J_e"), angular_momentum(J_v, "J_v")
    if (start - end).denominator != 1:
        return ()
    return tuple(k for k in range(3) if abs(start - end) <= k <= start + end)


def spin_dipole_over_dipole(j_v: Fraction) -> sp.Expr:
    """Return ``<p_j|| r x sigma ||s_1/2> / <p_j|| r ||s_1/2>`` of one electron, from explicit matrices.

    Parameters
    ----------
    j_v : 1/2 or 3/2.

    Raises
    ------
    ValueError : another ``j_v``.

    Example
    -------
    >>> spin_dipole_over_dipole(Fraction(3, 2)), spin_dipole_over_dipole(Fraction(1, 2))
    (-I, 2*I)
    """
    if j_v not in (HALF, 3 * HALF):
        raise ValueError(f"j_v = {j_v} is not allowed: an s electron reaches p_1/2 and p_3/2 by a dipole")
    # Cartesian p states: r_k |s> = |p_k>; the orbital moment acts as (L_m)_{kl} = -i eps_mkl.
    moment = [sp.ImmutableMatrix(3, 3, lambda k, n, m=m: -sp.I * sp.LeviCivita(m, k, n)) for m in range(3)]
    coupled = sum((sp.kronecker_product(a, s) for a, s in zip(moment, PAULI, strict=True)), sp.zeros(6))
    values = {HALF: -2, 3 * HALF: 1}
    other = values[2 * ONE - j_v]
    projector = (coupled - other * sp.eye(6)) / (values[j_v] - other)
    dipole = [sp.kronecker_product(sp.eye(3)[:, k], sp.eye(2)) for k in range(3)]
    ratios = set()
    for k in range(3):
        crossed = sum(
            (
                sp.LeviCivita(k, a, b) * sp.kronecker_product(sp.eye(3)[:, a], PAULI[b])
                for a in range(3)
                for b in range(3)
            ),
            sp.zeros(6, 2),
        )
        pairs = zip(projector * crossed, projector * dipole[k], strict=True)
        for x, y in pairs:
            if y == 0 and x != 0:
                raise ArithmeticError("r x sigma is not proportional to r on a level")
            if y != 0:
                ratios.add(sp.simplify(x / y))
    if len(ratios) != 1:
        raise ArithmeticError("r x sigma is not proportional to r on a level")
    return ratios.pop()


def rank_decomposition_holds() -> bool:
    """Check ``(q.r)(sigma.J) = (q.J)(r.sigma)/3 + (q x J).(r x sigma)/2 + rest``, the rest symmetric and traceless in r, sigma.

    Example
    -------
    >>> rank_decomposition_holds()
    True
    """
    q, J, r, s = (sp.Matrix(sp.symbols(f"{name}1:4")) for name in "qJrs")
    rest = sp.expand(q.dot(r) * s.dot(J) - q.dot(J) * r.dot(s) / 3 - q.cross(J).dot(r.cross(s)) / 2)
    table = sp.Matrix(3, 3, lambda i, j: rest.coeff(r[i]).coeff(s[j]))
    return bool(sp.expand(table - table.T).is_zero_matrix and sp.expand(table.trace()) == 0)


def singlets_are_blind() -> bool:
    """Check that no operator ``sum_i r_i sigma_i`` of two electrons connects two singlets, whatever the orbitals.

    Between singlets the spins enter by ``<S=0| sigma_k(i) |S=0>`` alone, which vanishes for either electron.

    Example
    -------
    >>> singlets_are_blind()
    True
    """
    half = spin_matrices(HALF)
    singlet = sp.Matrix([0, 1, -1, 0]) / sp.sqrt(2)
    return all(
        (singlet.T * sp.kronecker_product(*pair) * singlet)[0] == 0
        for spin in half
        for pair in ((spin, sp.eye(2)), (sp.eye(2), spin))
    )


def both_orders_derivation() -> Derivation:
    """Derive the amplitude of an E1 pair step with both orders of the steps, and the E1 parts of axial and tensor currents.

    Raises ``ArithmeticError`` when an identity does not hold.

    Example
    -------
    >>> [step.name for step in both_orders_derivation()][:3]
    ['denominators', 'resolvent', 'gauge-invariance']
    """
    failed = [name for name, (left, right) in identities().items() if sp.expand(left - right) != 0]
    if failed or not rank_decomposition_holds() or not singlets_are_blind():
        raise ArithmeticError(f"an identity of the two orders fails: {failed}")
    pair_first, photon_first = denominators()
    left, right = one_order_alone()
    upper, lower = spin_dipole_over_dipole(3 * HALF), spin_dipole_over_dipole(HALF)
    by_J = [f"J_e = {a} -> J_v = {b}: ranks {', '.join(map(str, spin_dipole_ranks(a, b)))}" for a, b in _CHAINS]
    return Derivation("both_orders", "E1 pair step: the pair first, or the photon first").then(
        Step(
            "denominators",
            "Second order of time-ordered perturbation theory: either the pair or the photon is emitted first.",
            (
                r"\mathcal M = \sum_v \frac{\langle g|V_\gamma|v\rangle\langle v|V_\nu|e\rangle}{E_e - E_v - q_0}"
                r" + \frac{\langle g|V_\nu|v\rangle\langle v|V_\gamma|e\rangle}{E_e - E_v - \omega}",
                r"E_e - E_v - q_0 = -(E_{vg} - \omega), \qquad E_e - E_v - \omega = -(E_{vg} - q_0)",
            ),
            (
                f"pair first:   E_e - E_v - q0 = {pair_first}",
                f"photon first: E_e - E_v - omega = {photon_first}",
            ),
            "in between stand the atom in |v> and what was emitted first; E_e - E_g = q0 + omega",
        ),
        Step(
            "resolvent",
            "An operator that moves with the phase of the pair cancels the denominators of both orders.",
            (
                r"V = [H, R] + q_0 R:\quad \sum_v\frac{|v\rangle\langle v|V|e\rangle}{E_e - E_v - q_0} = -R|e\rangle,\quad"
                r" \sum_v\frac{\langle g|V|v\rangle\langle v|}{E_e - E_v - \omega} = \langle g|R",
                r"\mathcal M[V] = \langle g|[R, V_\gamma]|e\rangle",
            ),
            (
                "V = [H, R] + q0 R: <v|V|e> = (E_v - E_e + q0) R_ve and <g|V|v> = (E_g - E_v + q0) R_gv",
                "sum of both orders over all |v>: <g|[R, V_photon]|e>",
            ),
            "completeness; for R and V_photon made of r alone the commutator vanishes",
        ),
        Step(
            "gauge-invariance",
            "A pair current along q^mu adds nothing to the sum of both orders.",
            (
                r"J^\mu \to J^\mu + \chi\,q^\mu:\quad \delta V = -i\chi\,([H, \vec q\cdot\vec r] + q_0\,\vec q\cdot\vec r)",
            ),
            ("J -> J + chi q: delta V = -i chi ([H, q.r] + q0 q.r), so delta M = 0",),
            "the identity above with R = q.r; exact on an atom of four levels with complex polarisation",
        ),
        Step(
            "field-strength",
            "With both orders and all states the vector current acts as a field strength on the dipole, with q0 in each order.",
            (r"J_0\rho - \vec J\cdot\vec j \;\to\; i\,\vec r\cdot(q_0\vec J - \vec q\,J^0)",),
            (
                "-i q.r J^0 - J.p/m_e = i r.(q0 J - q J^0) - i ([H, J.r] + q0 J.r)",
                f"one order alone does not have it: {left} against {right} on the four levels",
            ),
            "the difference is of the form above with R = J.r. A single state has p/m_e = i (E_v - E_e) r instead of -i q0 r",
            "GP23b 3.8",
        ),
        Step(
            "one-amplitude",
            "For J = 0 -> 1 -> 0 both orders have the same angular factor, and their states add in one sum.",
            (r"\sum_v \frac{c_v}{E_{vg,v} - \omega} + \sum_u \frac{c_u}{E_{vg,u} - q_0}",),
            ("A = sum_v c_v/(E_vg,v - omega) + sum_u c_u/(E_vg,u - q0)",),
            "a scalar product eps.A is all that two dipoles make of J = 0 and J = 0; with E1 x E1 the same states stand in both "
            "sums, c_u = c_v; with M1 x E1 the second sum runs over states of the parity of |g>",
        ),
        Step(
            "parity",
            "E1 x E1 needs |e> and |g> of the same parity, M1 x E1 opposite ones.",
            (r"\pi_e \pi_g = +1 \text{ (E1}\times\text{E1)}, \qquad -1 \text{ (M1}\times\text{E1)}",),
            (
                "Yb 3P0 and Xe 6s[3/2]2 are odd, their ground states even: E1 x E1 is closed",
                "open, and metastable by |J_e - J_g| = 2: (n-1)d ns 3D2 and 1D2 of Ba, np2 3P2 and 1D2 of Pb, over odd levels",
            ),
            "each E1 step turns the parity",
        ),
        Step(
            "axial-and-tensor",
            "Axial and tensor currents have E1 parts of the order q a_B of the vector one: spin times position.",
            (
                r"J_\mu\,\bar e\gamma^\mu\gamma_5 e\big|_{E1} = i(\vec q\cdot\vec r)(\vec\sigma\cdot\vec J)"
                r" + J^0\,\frac{\vec\sigma\cdot\vec p}{m_e}",
                r"\bar e\sigma^{kl}e\big|_{E1} = -i(\vec q\cdot\vec r)\,\epsilon^{klm}\sigma^m, \qquad"
                r" \bar e\sigma^{0k}e\big|_{E1} = -\frac{(\vec p\times\vec\sigma)^k}{m_e}",
            ),
            (
                "axial: i (q.r)(sigma.J) + J^0 sigma.p/m_e",
                "tensor: sigma^{kl} -> -i (q.r) eps^{klm} sigma^m, sigma^{0k} -> -(p x sigma)^k/m_e",
                "between two levels p/m_e is i (E_v - E_e) r, an atomic energy and not q0; in the sum of both orders it is -i q0 r",
            ),
            "retardation of sigma, and the small components; lines A0, Ak, T0k and Tkl of the table of bilinears",
        ),
        Step(
            "ranks",
            "Position times spin has ranks 0, 1 and 2. Which of them act is decided by J_e and J_v.",
            (
                r"(\vec q\cdot\vec r)(\vec\sigma\cdot\vec J) = \tfrac13(\vec q\cdot\vec J)(\vec r\cdot\vec\sigma)"
                r" + \tfrac12(\vec q\times\vec J)\cdot(\vec r\times\vec\sigma) + \text{rank 2}",
            ),
            (*by_J, "the axial charge, sigma.r, is rank 0: it vanishes unless J_v = J_e"),
            "triangle rule; the decomposition is checked term by term",
        ),
        Step(
            "spin-dipole",
            "The rank-one part r x sigma survives J = 0 -> 1. It is blind to singlets, and else as large as the dipole.",
            (
                rf"\frac{{\langle p_{{3/2}}\|\vec r\times\vec\sigma\|s_{{1/2}}\rangle}}"
                rf"{{\langle p_{{3/2}}\|\vec r\|s_{{1/2}}\rangle}} = {sp.latex(upper)}, \qquad"
                rf" \frac{{\langle p_{{1/2}}\|\vec r\times\vec\sigma\|s_{{1/2}}\rangle}}"
                rf"{{\langle p_{{1/2}}\|\vec r\|s_{{1/2}}\rangle}} = {sp.latex(lower)}",
            ),
            (
                f"r x sigma over r, one electron: {upper} for s_1/2 -> p_3/2, {lower} for s_1/2 -> p_1/2",
                "between singlets every sigma of one electron vanishes: 1S0 -> 1P1 -> 1S0 has the vector and the scalar current alone",
            ),
            "(r x sigma)_k |s> = -i (sigma.L) r_k |s>. An E1 pair step of the evaluators keeps the dipole r; for levels that are no "
            "singlets the axial and tensor currents add r x sigma, one more number of the atom",
        ),
    )


_CHAINS = ((0, 1), (1, 0), (1, 1), (2, 1), (2, 2))
