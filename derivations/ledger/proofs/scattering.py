"""Other places where the form factors act: nu-e scattering, radiative decay, plasmon decay, loop moments.

Traces of slashed vectors are computed here by their recursion in scalar products, a third way besides explicit matrices
and FORM. Vectors are tuples of upper components.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations, product

from sympy import QQ_I, Expr, I, Integer, Rational, Symbol, cancel, conjugate, expand, pi, simplify, sqrt, symbols
from sympy.combinatorics.permutations import Permutation

from derivations.ledger.oracle import (
    GAMMA5,
    IDENTITY,
    RING,
    Poly,
    add,
    average,
    current,
    current_spin_sum,
    m_i,
    m_j,
    multiply,
    q0,
    scale,
    w,
)
from derivations.ledger.proofs.proof import Proof, parts, require
from derivations.symbols import ANAPOLE, EPS, G_F, MU, RADIUS

Vector = Sequence[Expr]
METRIC = (1, -1, -1, -1)
UNITS: tuple[Vector, ...] = tuple(tuple(Integer(int(mu == nu)) for nu in range(4)) for mu in range(4))


def dot(a: Vector, b: Vector) -> Expr:
    """Return the Minkowski product."""
    return expand(sum((METRIC[mu] * a[mu] * b[mu] for mu in range(4)), Integer(0)))


def trace(*vectors: Vector) -> Expr:
    """Return ``Tr[a-slash b-slash ...]`` by recursion.

    Example
    -------
    >>> t, x = UNITS[0], UNITS[1]
    >>> trace(t, x, t, x)
    4
    """
    if not vectors:
        return Integer(4)
    if len(vectors) % 2:
        return Integer(0)
    first, *rest = vectors
    total: Expr = Integer(0)
    for k, other in enumerate(rest):
        factor = dot(first, other)
        if factor != 0:
            total += (-1) ** k * factor * trace(*rest[:k], *rest[k + 1 :])
    return total


def trace5(a: Vector, b: Vector, c: Vector, d: Vector) -> Expr:
    """Return ``Tr[gamma5 a-slash b-slash c-slash d-slash]`` with ``gamma5 = i gamma0 gamma1 gamma2 gamma3``.

    Example
    -------
    >>> trace5(*UNITS)
    4*I
    """
    total: Expr = Integer(0)
    for order in permutations(range(4)):
        sign = Permutation(list(order)).signature()
        total += sign * a[order[0]] * b[order[1]] * c[order[2]] * d[order[3]]
    # slashed unit vectors have lower-index components: gamma_0 gamma_1 gamma_2 gamma_3 = - gamma^0..gamma^3 = i gamma5
    return 4 * I * total


def _electron_kinematics() -> tuple[Vector, Vector, Vector, Vector, Symbol, Symbol, Symbol, Expr]:
    """Return k, k', p, p', E, T, m_e and the rule's squared transverse momentum of k'."""
    energy, recoil, mass, across = symbols("E T m_e k_x", positive=True)
    along = energy - recoil - mass * recoil / energy
    outgoing = (energy - recoil, across, Integer(0), along)
    incoming = (energy, Integer(0), Integer(0), energy)
    target = (mass, Integer(0), Integer(0), Integer(0))
    final = tuple(a + b - c for a, b, c in zip(incoming, target, outgoing, strict=True))
    return incoming, outgoing, target, final, energy, recoil, mass, expand((energy - recoil) ** 2 - along**2)


def _on_shell(expression: Expr, squared: Expr) -> Expr:
    across = Symbol("k_x", positive=True)
    result: Expr = Integer(0)
    for power, coefficient in expand(expression).as_poly(across).as_dict().items():
        result += coefficient * squared ** (power[0] // 2)
    return result


def electron_scattering() -> Proof:
    """Decide the standard-model cross section of nu-e scattering."""
    k, k_out, p, p_out, energy, recoil, mass, squared = _electron_kinematics()
    v, a = symbols("v a", real=True)

    def cross_section(incoming: Vector, outgoing: Vector) -> Expr:
        total: Expr = Integer(0)
        for mu, nu in product(range(4), repeat=2):
            e_mu, e_nu = UNITS[mu], UNITS[nu]
            neutrino = 2 * (trace(outgoing, e_mu, incoming, e_nu) - _five(outgoing, e_mu, incoming, e_nu))
            electron = (
                (v**2 + a**2) * trace(p_out, e_mu, p, e_nu)
                - 2 * v * a * _five(p_out, e_mu, p, e_nu)
                + mass**2 * (v**2 - a**2) * trace(e_mu, e_nu)
            )
            total += METRIC[mu] * METRIC[nu] * neutrino * electron
        return G_F**2 / 4 * _on_shell(total, squared) / (32 * pi * mass * energy**2)

    derived = cross_section(k, k_out)
    printed = (
        G_F**2
        * mass
        / (2 * pi)
        * ((v + a) ** 2 + (v - a) ** 2 * (1 - recoil / energy) ** 2 + (a**2 - v**2) * mass * recoil / energy**2)
    )
    steps = (
        require(
            cancel(derived - printed) == 0, "contraction of the two traces, electron at rest: printed - derived = 0"
        ),
        require(
            cancel(cross_section(k_out, k) - printed.subs(a, -a)) == 0,
            "antineutrinos (k and k' exchanged in the neutrino trace): a -> -a",
        ),
    )
    return Proof("confirmed", "Identity in E, T, m_e, v and a.", steps)


def _five(first: Vector, second: Vector, third: Vector, fourth: Vector) -> Expr:
    """Return ``Tr[first second third fourth gamma5]``."""
    return trace5(first, second, third, fourth)


def vector_shift() -> Proof:
    """Decide where charge radius and anapole enter nu-e scattering."""
    one = RING.one
    left = scale(one / 2, add(IDENTITY, scale(-one, GAMMA5)))
    charge = Symbol("e", positive=True)
    shift = charge * (RADIUS / 6 - ANAPOLE) / (sqrt(2) * G_F)
    steps = (
        require(
            multiply(GAMMA5, left) == scale(-one, left),
            "on left-handed neutrinos (r2/6 + a gamma5) P_L = (r2/6 - a) P_L: one number for both",
        ),
        require(
            all(
                multiply(current("anapole", mu), left) == scale(-one, multiply(current("radius", mu), left))
                for mu in range(4)
            ),
            "anapole structure on P_L = - charge-radius structure on P_L",
        ),
        require(
            simplify(G_F / sqrt(2) * shift - charge * (RADIUS / 6 - ANAPOLE) / 2) == 0,
            "the photon couples to ebar gamma^mu e alone: v_ij -> v_ij + e (r2_ij/6 - a_ij)/(sqrt2 G_F), a_ij unchanged",
        ),
    )
    return Proof(
        "confirmed",
        "The combination is r2_ij/6 - a_ij (vertex in units where L = - nubar Lambda nu A). RENP separates the two, because"
        " there the neutrinos are not ultra-relativistic.",
        steps,
    )


def radius_unit() -> Proof:
    """Decide the unit of the charge radius."""
    alpha, m_w, sine = symbols("alpha m_W sin2", positive=True)
    charge = sqrt(4 * pi * alpha)
    here = charge * RADIUS / 6 / (sqrt(2) * G_F)
    printed = sqrt(2) * pi * alpha * RADIUS / (3 * G_F)
    weak = Rational(2, 3) * m_w**2 * sine * RADIUS
    tree_level = {G_F: sqrt(2) * charge**2 / (8 * sine * m_w**2)}
    steps = (
        require(simplify(charge * here - printed) == 0, "e times the shift of this project, e r2/(6 sqrt2 G_F), is the"
                " printed sqrt2 pi alpha r2/(3 G_F)"),
        require(simplify(printed.subs(tree_level) - weak) == 0, "and that is (2/3) m_W^2 sin^2(theta_W) r2 at tree level"),
    )  # fmt: skip
    return Proof(
        "convention",
        "There the form factor is in units of e, here (L = - nubar Lambda nu A, literally) it is not. Map: r2 and anapole of"
        " this project = e x those of GS15, e = sqrt(4 pi alpha) = 0.303.",
        steps,
    )


def moment_scattering() -> Proof:
    """Decide the magnetic-moment cross section of nu-e scattering."""
    k, k_out, p, p_out, energy, recoil, mass, squared = _electron_kinematics()
    alpha, moment = symbols("alpha mu", positive=True)
    q = tuple(x - y for x, y in zip(k_out, k, strict=True))
    total: Expr = Integer(0)
    for mu, nu in product(range(4), repeat=2):
        e_mu, e_nu = UNITS[mu], UNITS[nu]
        # i sigma^{mu nu} q_nu = -(gamma^mu q-slash - q^mu); its bar has the opposite sign
        neutrino = -(
            trace(k_out, e_mu, q, k, e_nu, q)
            - dot(e_mu, q) * trace(k_out, k, e_nu, q)
            - dot(e_nu, q) * trace(k_out, e_mu, q, k)
            + dot(e_mu, q) * dot(e_nu, q) * trace(k_out, k)
        )
        electron = trace(p_out, e_mu, p, e_nu) + mass**2 * trace(e_mu, e_nu)
        total += METRIC[mu] * METRIC[nu] * neutrino * electron
    transfer = -2 * mass * recoil
    # one neutrino helicity: half the trace; average over the electron's spin: another half
    squared_matrix = 4 * pi * alpha * moment**2 * _on_shell(total, squared) / 4 / transfer**2
    derived = squared_matrix / (32 * pi * mass * energy**2)
    bohr = sqrt(4 * pi * alpha) / (2 * mass)
    printed = pi * alpha**2 / mass**2 * (1 / recoil - 1 / energy) * (moment / bohr) ** 2
    steps = (
        require(
            cancel(derived - printed) == 0, "photon exchange with i sigma q mu: printed - derived = 0 in E, T, m_e"
        ),
    )
    return Proof("confirmed", "Chirality flips, so there is no interference with the weak amplitude for m = 0.", steps)


def effective_moment() -> Proof:
    """Decide the effective moment of nu-e scattering."""
    one = RING.one
    i = RING(QQ_I(0, 1))
    left = scale(one / 2, add(IDENTITY, scale(-one, GAMMA5)))
    right = scale(one / 2, add(IDENTITY, GAMMA5))
    mu, eps = parts(MU), parts(EPS)
    steps = (
        require(
            multiply(scale(i, GAMMA5), left) == scale(-i, left),
            "(mu + i eps gamma5) P_L = (mu - i eps) P_L: a left-handed neutrino sees mu - i eps, as printed",
        ),
        require(
            multiply(scale(i, GAMMA5), right) == scale(i, right),
            "antineutrinos are right-handed: mu + i eps (and U in place of U*)",
        ),
        require(
            expand((mu - I * eps) * conjugate(mu - I * eps) - mu * conjugate(mu) - eps * conjugate(eps)) != 0,
            "the cross term Im(mu eps*) is the blind spot: mu and eps cannot be told apart",
        ),
    )
    return Proof("confirmed", "Sum over the unseen final states j, coherent sum over the incoming k.", steps)


def radiative_decay() -> Proof:
    """Decide the radiative decay rate."""
    mass_i, mass_j = symbols("m_i m_j", positive=True)
    photon = (mass_i**2 - mass_j**2) / (2 * mass_i)
    at_rest = {
        Symbol("p0"): mass_i, Symbol("px"): 0, Symbol("py"): 0, Symbol("pz"): 0, Symbol("q0"): photon, Symbol("w"): photon,
    }  # fmt: skip

    def summed(first: str, second: str) -> Expr:
        # crossing v_j -> u_j: p_j-slash - m_j -> -(p_f-slash + m_f); sum over polarisations: -g
        total = sum((METRIC[mu] * current_spin_sum(first, second, mu, mu) for mu in range(4)), RING.zero)
        return cancel(total.as_expr().subs(at_rest))

    def rate(name: str) -> Expr:
        return cancel(summed(name, name) / 2 * photon / (8 * pi * mass_i**2))

    printed = ((mass_i**2 - mass_j**2) / mass_i) ** 3 / (8 * pi)
    steps = (
        require(cancel(rate("magnetic") - printed) == 0, "magnetic: [(m_i^2-m_j^2)/m_i]^3/(8 pi), identically"),
        require(
            cancel(rate("electric") - printed) == 0, "electric: the same, the sign of m_i m_j drops out at q^2 = 0"
        ),
        require(summed("magnetic", "electric") == 0, "no interference: a sum of squares"),
        require(rate("radius") == 0 and rate("anapole") == 0, "charge radius and anapole vanish for a real photon"),
    )
    return Proof(
        "confirmed", "For Dirac neutrinos; Majorana neutrinos with mu_ij, eps_ij of the Majorana pattern.", steps
    )


def plasmon_decay() -> Proof:
    """Decide the combination that plasmon decay measures."""

    def transverse(first: str, second: str) -> Poly:
        value = average(current_spin_sum(first, second, 1, 1))
        return value.subs(m_i, 0).subs(m_j, 0)

    squared = q0**2 - w**2
    magnetic = transverse("magnetic", "magnetic")
    names = ("magnetic", "electric", "radius", "anapole")
    cross = [transverse(a, b) for a in names for b in names if a != b]
    steps = (
        require(not any(cross), "massless neutrinos: no interference among the four form factors"),
        require(transverse("electric", "electric") == magnetic, "mu and eps with equal weight"),
        require(
            transverse("radius", "radius") == transverse("anapole", "anapole") == 2 * squared * magnetic,
            "r2/6 and a with 2 K^2 times that weight, K^2 the plasmon's invariant mass squared (about omega_P^2)",
        ),
    )
    return Proof(
        "confirmed",
        "The full sum is |mu|^2 + |eps|^2 + 2 K^2 (|r2|^2/36 + |a|^2) over all ij: squares without interference. For Majorana"
        " neutrinos the sum over ordered pairs carries a factor 1/2.",
        steps,
    )


def loop_moments() -> Proof:
    """Decide the claim that the standard model gives equal magnetic and electric moments."""
    one = RING.one
    half = one / 2
    left, right = (scale(half, add(IDENTITY, scale(sign, GAMMA5))) for sign in (-one, one))
    chiral = add(scale(m_j, left), scale(m_i, right))
    split = add(scale(half * (m_i + m_j), IDENTITY), scale(half * (m_i - m_j), GAMMA5))
    steps = (
        require(
            chiral == split,
            "W loops act on left-handed fields, a dipole needs one mass insertion outside: sigma q (m_j P_L + m_i P_R) ="
            " sigma q [(m_i+m_j)/2 + gamma5 (m_i-m_j)/2]",
        ),
        require(
            split == tuple(zip(*split, strict=True)) and (m_i - m_j).compose(m_j, m_i) == 0,
            "so mu is proportional to m_i + m_j and eps to i (m_i - m_j): eps_ii = 0",
        ),
    )
    return Proof(
        "refuted",
        "mu_ii = 3 e G_F m_i/(8 sqrt2 pi^2) = 3.2e-19 (m/eV) mu_B is right. eps is not of this size: its diagonal elements"
        " vanish at one loop, and the off-diagonal ones are suppressed by (m_tau/m_W)^2 as all transition moments are.",
        steps,
    )


PROOFS = {
    "GS15-radius-unit": radius_unit,
    "GP23b-electron-scattering": electron_scattering,
    "GP23b-g_V-shift": vector_shift,
    "GP23b-moment-scattering": moment_scattering,
    "GP23b-radiative-decay": radiative_decay,
    "NF22-mu_eff": effective_moment,
    "NF22-plasmon": plasmon_decay,
    "NF22-SM-moments": loop_moments,
}
