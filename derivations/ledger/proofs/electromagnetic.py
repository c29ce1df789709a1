"""Electromagnetic form factors: conservation, Hermiticity, conjugation, interferences, signs of ``m_i m_j``."""

from __future__ import annotations

from dataclasses import replace

from sympy import Abs, Expr, I, Symbol, cancel, im, re, sympify

from derivations.ledger.oracle import (
    ELECTROMAGNETIC,
    GAMMA5,
    IDENTITY,
    ISOTROPIC,
    LINEAR,
    P_J,
    RING,
    Poly,
    add,
    average,
    bar,
    charge_conjugate,
    circular,
    current,
    gram,
    m_i,
    m_j,
    multiply,
    p0,
    pz,
    q0,
    scale,
    slash,
    spin_sum,
    vanishes,
    w,
)
from derivations.ledger.oracle import P as P_I
from derivations.ledger.oracle import Q as PAIR
from derivations.ledger.proofs.proof import Proof, Term, dirac, eta, majorana, require, same
from derivations.ledger.proofs.weak import WEAK_TERMS
from derivations.symbols import ANAPOLE, EPS, M_I, M_J, MU, OMEGA, RADIUS, S
from derivations.written.sympy_form import from_sympy
from derivations.written.text import text_of

_BOHR = Symbol("mu_B", positive=True)
_EXCHANGE = -I * _BOHR / S
FORM_FACTORS = {"magnetic": MU, "electric": EPS, "radius": RADIUS / 6, "anapole": ANAPOLE}
TERMS = {name: Term(_EXCHANGE, coupling, name) for name, coupling in FORM_FACTORS.items()}
"""``A = - (i mu_B / s) (Lambda x q)``: the electron's spin moment at one photon exchange."""


def _square(vector: tuple[Poly, Poly, Poly, Poly]) -> Poly:
    return vector[0] ** 2 - vector[1] ** 2 - vector[2] ** 2 - vector[3] ** 2


def conservation() -> Proof:
    """Decide the reduction of six form factors to four."""
    left, right = add(slash(P_I), scale(m_i, IDENTITY)), add(slash(P_J), scale(-m_j, IDENTITY))
    off_i, off_j = _square(P_I) - m_i**2, _square(P_J) - m_j**2
    q = slash(PAIR)
    vector = multiply(left, add(q, scale(m_j - m_i, IDENTITY)), right)
    axial = multiply(left, add(q, scale(-m_i - m_j, IDENTITY)), GAMMA5, right)
    dipole = add(multiply(q, q), scale(-_square(PAIR), IDENTITY))
    zero = scale(RING.zero, IDENTITY)
    dipoles = [
        sum((current(name, mu)[a][b] * PAIR[mu] * (1, -1, -1, -1)[mu] for mu in range(4)), RING.zero)
        for name in ("magnetic", "electric", "radius", "anapole")
        for a in range(4)
        for b in range(4)
    ]
    steps = (
        require(dipole == zero, "q-slash q-slash = q^2"),
        require(
            not any(dipoles), "the four structures of (2.3) are conserved one by one, q_mu Lambda^mu = 0 as matrices"
        ),
        require(
            vector == add(scale(off_i, right), scale(off_j, left)),
            "q_mu ubar_i gamma^mu v_j = (m_i - m_j) ubar_i v_j on shell: f(q^mu) = - f(gamma^mu)(m_i - m_j)/q^2,"
            " off-diagonal only",
        ),
        require(
            axial == add(scale(off_i, multiply(GAMMA5, right)), scale(-off_j, multiply(left, GAMMA5))),
            "q_mu ubar_i gamma^mu gamma5 v_j = (m_i + m_j) ubar_i gamma5 v_j: f(q^mu gamma5) = - f(gamma^mu gamma5)"
            " (m_i + m_j)/q^2, diagonal elements included",
        ),
    )
    return Proof(
        "confirmed",
        "Two relations among six functions. The vector one vanishes for equal masses; the axial one does not, so the diagonal"
        " q^mu gamma5 term survives and is the one that makes the anapole structure (q^2 gamma^mu - q^mu q-slash) gamma5.",
        steps,
    )


def hermiticity() -> Proof:
    """Decide the Hermiticity of the form-factor matrices."""
    steps = []
    for name, parity in (("radius", 1), ("anapole", 1), ("magnetic", -1), ("electric", -1)):
        holds = all(bar(current(name, mu)) == scale(RING.one * parity, current(name, mu)) for mu in range(4))
        word = "even" if parity == 1 else "odd"
        steps.append(
            require(holds, f"{name}: gamma0 Lambda^+ gamma0 is Lambda with q -> -q ({word} in q), so f_ij = f*_ji")
        )
    return Proof("confirmed", "Lambda_fi(q)-bar = Lambda_if(-q) forces f = f^dagger for all four.", tuple(steps))


def conjugation() -> Proof:
    """Decide the Majorana patterns of the form-factor matrices."""
    signs = {"magnetic": -1, "electric": -1, "radius": -1, "anapole": 1}
    steps = []
    for name, sign in signs.items():
        holds = all(charge_conjugate(current(name, mu)) == scale(RING.one * sign, current(name, mu)) for mu in range(4))
        pattern = "symmetrised" if sign == 1 else "antisymmetrised, no diagonal"
        steps.append(require(holds and eta(name) == sign, f"{name}: C Lambda^T C^-1 = {sign:+d} Lambda: {pattern}"))
    return Proof("confirmed", "Each structure is an eigenstate of charge conjugation; none mixes.", tuple(steps))


def sigma_sign() -> Proof:
    """Decide the sign of the dipole structure between scattering and pair emission."""
    coherent = gram("magnetic", "radius")
    steps = (
        require(
            all(
                (powers[4] + powers[5]) % 2 == 1
                for mu in range(4)
                for row in current("magnetic", mu)
                for entry in row
                for powers in entry
            ),
            "i sigma^{mu nu} q_nu depends on q alone and is odd in it",
        ),
        require(
            all(a + b == c for a, b, c in zip(P_I, P_J, PAIR, strict=True)),
            "crossing: the incoming p_i of nu_i -> nu_f becomes - p_j, so p_i - p_f -> - (p_i + p_j) = - q",
        ),
        require(
            coherent.subs({M_I: 1, M_J: 1, S: 5, OMEGA: 1}) > 0,
            "check: with + i sigma q in pair emission mu and r2 of the same sign interfere constructively, as F_2 and F_1"
            " of a charged lepton do",
        ),
    )
    return Proof(
        "convention",
        "The same form factors, one sign of $q$. Scattering has q = p_i - p_f, pair emission q = p_i + p_j.",
        steps,
        corrected="$+ i sigma^{mu nu} q_nu (mu + i eps gamma5)$ with $q = p_i + p_j$ in pair emission",
    )


def weak_electromagnetic() -> Proof:
    """Decide the weak-electromagnetic interference of the total rate."""
    steps = []
    for name in ELECTROMAGNETIC:
        steps.append(
            require(
                all(gram(weak, name) == 0 and gram(weak, name, LINEAR) == 0 for weak in ("V", "A")),
                f"{name}: zero with V and with A, for the averaged tensor and for linearly polarised light",
            )
        )
    survivors = [(weak, name) for name in ELECTROMAGNETIC for weak in ("V", "A") if gram(weak, name, circular()) != 0]
    steps.append(
        require(
            survivors == [("V", "magnetic"), ("A", "electric"), ("V", "radius"), ("A", "anapole")],
            "circular light, 0 -> 1 -> 0: V-magnetic, A-electric, V-radius and A-anapole come back",
        )
    )
    expected = -2 * OMEGA * (M_I + M_J) * (S - (M_I - M_J) ** 2)
    steps.append(
        require(
            vanishes(gram("V", "magnetic", circular()) - I * expected),
            "for example <V, magnetic> = -2i omega (m_i+m_j)[s - (m_i-m_j)^2], odd in the photon's helicity",
        )
    )
    pair = (*WEAK_TERMS, TERMS["magnetic"])
    asymmetry = dirac(pair, circular()) - dirac(pair, circular().T)
    steps.append(
        require(
            same(asymmetry, 2 * (dirac(pair, circular()) - dirac(pair, LINEAR))) and not same(asymmetry, sympify(0)),
            "so left and right circular light give different rates, by 2 x the interference",
        )
    )
    return Proof(
        "confirmed",
        "The averaged tensor and linear light see nothing of it. The averaged neutrino tensor has no antisymmetric part"
        " (q is the only vector), and the M1 operator i (Lambda x q) turns the symmetric part into an antisymmetric one."
        " With circular light and a resolved chain the interference returns, linear in mu, eps, r2, a, for Dirac and"
        " Majorana neutrinos.",
        tuple(steps),
    )


def _energy_polynomial(weak: str, name: str) -> tuple[Poly, Poly]:
    """Return the isotropic interference at fixed ``E_nu`` times ``w``, split as ``slope * (E - Ebar)`` and the rest."""
    total = sum((spin_sum(weak, name, k, k) for k in range(3)), RING.zero)
    across = p0**2 - m_i**2 - pz**2
    reduced = RING.zero
    for monomial, coefficient in total.items():
        powers = list(monomial)
        if powers[1] % 2 or powers[2] % 2:
            continue
        half = (powers[1] + powers[2]) // 2
        powers[1] = powers[2] = 0
        reduced += RING.from_dict({tuple(powers): coefficient}) * (across / 2) ** half
    s = q0**2 - w**2
    along = (2 * q0 * p0 - s - m_i**2 + m_j**2) / 2
    result = RING.zero
    for monomial, coefficient in reduced.items():
        powers = list(monomial)
        power, powers[3] = powers[3], 0
        result += RING.from_dict({tuple(powers): coefficient}) * along**power * w ** (2 - power)
    slope = sum(
        (RING.from_dict({(0, *k[1:]): c}) for k, c in result.items() if k[0] == 1),
        RING.zero,
    )
    rest = 2 * s * (result - slope * p0) + slope * q0 * (s + m_i**2 - m_j**2)
    return slope, rest


def odd_in_energy() -> Proof:
    """Decide the shape of the differential interference."""
    steps = []
    for name in ELECTROMAGNETIC:
        outcomes = [_energy_polynomial(weak, name) for weak in ("V", "A")]
        steps.append(
            require(
                all(rest == 0 for _, rest in outcomes) and any(slope != 0 for slope, _ in outcomes),
                f"{name}: sum_k V^k (Lambda x q)^k* is a constant times (E_nu - Ebar), identically",
            )
        )
    steps.append(
        require(
            average(2 * (q0**2 - w**2) * p0 - q0 * (q0**2 - w**2 + m_i**2 - m_j**2)) == 0,
            "the range is symmetric about Ebar, so the integral vanishes",
        )
    )
    return Proof("confirmed", "Linear in E_nu with its zero at Ebar, for all four form factors.", tuple(steps))


def _flipped(expression: Expr) -> Expr:
    return expression.subs(M_J, -M_J)


def _sign_flip(first: str, second: str, words: str) -> Proof:
    first_gram, second_gram = gram(first, first), gram(second, second)
    step = require(
        vanishes(second_gram - _flipped(first_gram)),
        f"{second} = {first} with m_j -> -m_j: gamma5 v_j solves the Dirac equation of mass -m_j",
    )
    closed = first_gram.factor()
    return Proof("confirmed", f"{words} Here $<{first}> = {text_of(from_sympy(closed))}$.", (step,))


def magnetic_electric_sign() -> Proof:
    """Decide the sign of ``m_i m_j`` between magnetic and electric moment."""
    return _sign_flip("magnetic", "electric", "The only change is the sign of m_i m_j in every place.")


def radius_anapole_sign() -> Proof:
    """Decide the sign of ``m_i m_j`` between charge radius and anapole."""
    return _sign_flip("radius", "anapole", "The only change is the sign of m_i m_j, with r2/6 in the place of a.")


def _no_interference(first: str, second: str) -> Proof:
    tensors = ((ISOTROPIC, "the averaged tensor"), (LINEAR, "linear light"), (circular(), "circular light"))
    steps = tuple(
        require(gram(first, second, tensor) == 0, f"{first}-{second}: zero for {label}") for tensor, label in tensors
    )
    return Proof(
        "confirmed",
        "One gamma5 needs an antisymmetric tensor, and q alone cannot make one; for any atomic tensor.",
        steps,
    )


def no_magnetic_electric() -> Proof:
    """Decide the interference of magnetic and electric moment."""
    return _no_interference("magnetic", "electric")


def no_radius_anapole() -> Proof:
    """Decide the interference of charge radius and anapole."""
    return _no_interference("radius", "anapole")


def one_at_a_time() -> Proof:
    """Decide whether dipole moments and charge radius or anapole are independent."""
    first = 4 * OMEGA**2 * S * (M_I + M_J) * (S - (M_I - M_J) ** 2) / 3
    second = 4 * I * OMEGA**2 * S * (M_I - M_J) * (S - (M_I + M_J) ** 2) / 3
    zero = [(a, b) for a in ELECTROMAGNETIC for b in ELECTROMAGNETIC if a != b and gram(a, b) != 0]
    steps = (
        require(vanishes(gram("magnetic", "radius") - first), "<magnetic, radius> = (4/3) omega^2 s (m_i+m_j)[s-(m_i-m_j)^2]"),
        require(vanishes(gram("electric", "anapole") - second), "<electric, anapole> = (4i/3) omega^2 s (m_i-m_j)"
                "[s-(m_i+m_j)^2]"),
        require(set(zero) == {("magnetic", "radius"), ("radius", "magnetic"), ("electric", "anapole"),
                ("anapole", "electric")}, "every other pair vanishes"),
    )  # fmt: skip
    return Proof(
        "convention",
        "Right as long as one class is switched on; together they add in the amplitude. The rate gains the cross terms 2"
        " Re(mu r2*/6) and 2 Re(i eps a*) times these functions, the first of them for diagonal elements too.",
        steps,
        corrected="add $2 Re(mu r2*/6)$ and $2 Re(i eps a*)$ times their functions",
    )


def phases() -> Proof:
    """Decide whether the phases of form factors enter the rate."""
    left = {"magnetic": im, "electric": im, "radius": im, "anapole": re}
    words = {im: "imaginary part", re: "real part"}
    pattern = {im: "|f_ij - f_ji|^2 = 4 (Im f_ij)^2", re: "|f_ij + f_ji|^2 = 4 (Re f_ij)^2"}
    steps = [
        require(
            all(same(dirac((term,)), dirac((replace(term, coupling=Abs(term.coupling)),))) for term in TERMS.values()),
            "Dirac neutrinos, one form factor: the rate of a pair is the one of |f_ij|",
        ),
        *(
            require(
                same(
                    majorana((TERMS[name],)),
                    2 * dirac((replace(TERMS[name], coupling=part(TERMS[name].coupling)),)),
                ),
                f"Majorana neutrinos, {name}: only the {words[part]} is left, {pattern[part]}",
            )
            for name, part in left.items()
        ),
    ]
    for first, second, relative in (("magnetic", "radius", re), ("electric", "anapole", im)):
        terms = (TERMS[first], TERMS[second])
        cross = dirac(terms) - dirac(terms[:1]) - dirac(terms[1:])
        turned = dirac((replace(terms[0], coupling=I * terms[0].coupling), terms[1]))
        steps.append(
            require(
                not same(cross, sympify(0)) and not same(turned, dirac(terms)),
                f"{first} and {second} together: the {words[relative]} of the product f_ij g_ij* enters",
            )
        )
    return Proof(
        "convention",
        "Right for one form factor at a time; two of one parity interfere with their phases. A matrix shows as six"
        " magnitudes, for Majorana neutrinos as those of its antisymmetric (anapole: symmetric) part, which is all that"
        " there is of it. Two of one parity interfere: the relative phases of mu and r2, and of eps and a, can be"
        " measured.",
        tuple(steps),
        corrected="the relative phases of $mu$ and $r2$, and of $eps$ and $a$, enter",
    )


def magnetic_larger() -> Proof:
    """Decide which of each pair is larger."""
    first = gram("magnetic", "magnetic") - gram("electric", "electric")
    second = gram("radius", "radius") - gram("anapole", "anapole")
    steps = (
        require(
            vanishes(first - 16 * OMEGA**2 * S * M_I * M_J / 3), "magnetic - electric = (16/3) omega^2 s m_i m_j >= 0"
        ),
        require(
            vanishes(second - 16 * OMEGA**2 * S**2 * M_I * M_J / 3),
            "radius - anapole = (16/3) omega^2 s^2 m_i m_j >= 0",
        ),
    )
    return Proof("confirmed", "For every pair and every photon energy, with equality for one massless neutrino.", steps)


def difference_grows() -> Proof:
    """Decide the growth of the relative difference with the photon energy."""
    radius, anapole = gram("radius", "radius"), gram("anapole", "anapole")
    ratio = cancel((radius - anapole) / (radius + anapole))
    total, gap = (M_I + M_J) ** 2, (M_I - M_J) ** 2
    denominator = 4 * S - (total + gap) - 2 * total * gap / S
    steps = (
        require(vanishes(ratio - 12 * M_I * M_J / denominator), "(radius - anapole)/(radius + anapole) = 12 m_i m_j/"
                "[4s - (M^2+d^2) - 2 M^2 d^2/s], M = m_i+m_j, d = m_i-m_j"),
        require(vanishes(denominator.diff(S) - (4 + 2 * total * gap / S**2)), "the denominator grows with s, and s falls"
                " with omega"),
        require(vanishes(cancel(ratio.subs(S, total)) - 1), "at threshold the ratio is 1: the anapole signal vanishes there"),
    )  # fmt: skip
    return Proof("confirmed", "Monotonic in omega for each pair.", steps)


PROOFS = {
    "GS15-sigma-sign": sigma_sign,
    "GP23b-six-to-four": conservation,
    "GP23b-hermiticity": hermiticity,
    "GP23b-conjugation": conjugation,
    "GP23b-weak-em": weak_electromagnetic,
    "GP23b-weak-em-odd": odd_in_energy,
    "GP23b-mu-eps-sign": magnetic_electric_sign,
    "GP23b-radius-anapole-sign": radius_anapole_sign,
    "GP23b-no-mu-eps": no_magnetic_electric,
    "GP23b-no-radius-anapole": no_radius_anapole,
    "GP23b-one-at-a-time": one_at_a_time,
    "GP23b-phases": phases,
    "GP23b-magnetic-larger": magnetic_larger,
    "GP23b-difference-grows": difference_grows,
}
