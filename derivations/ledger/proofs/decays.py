"""Radiative decay and plasmon decay, the maps to Majorana moments, and which chiralities a charge radius makes."""

from __future__ import annotations

from functools import cache

from sympy import Abs, Expr, I, Integer, Rational, im, pi, sqrt

from derivations.ledger.crossed import Line, contract, decay_contract, vector_channel
from derivations.ledger.oracle import (
    ELECTROMAGNETIC,
    GAMMA5,
    IDENTITY,
    RING,
    add,
    average,
    charge_conjugate,
    current,
    current_spin_sum,
    m_i,
    m_j,
    multiply,
    over_s_squared,
    q0,
    scale,
    vanishes,
    w,
)
from derivations.ledger.printed.gp23b import RADIATIVE_DECAY
from derivations.ledger.printed.r96 import CHARGE, MOMENT
from derivations.ledger.proofs.derived import PIPELINE, derived_decay, derived_plasmon, plasmon_polarisations_agree
from derivations.ledger.proofs.proof import Proof, eta, in_parts, mirrored, parts, require, same
from derivations.symbols import ALPHA_NU, ANAPOLE, EPS, K2, M_I, M_J, MU, MU_SUM, OMEGA, RADIUS, S

_NAMES = {"mu": "magnetic", "eps": "electric", "r2": "radius", "anapole": "anapole"}
_SHARES = {"r2": Rational(1, 6)}
NEUTRINO, ANTINEUTRINO = Line(), Line(antineutrino=True, helicity=1)


def _decay_terms() -> dict[tuple[str, str], tuple[Expr, Expr]]:
    return {(a, b): decay_contract(a, b) for a in ELECTROMAGNETIC for b in ELECTROMAGNETIC}


def width(magnetic: Expr, electric: Expr) -> tuple[Expr, Expr]:
    """Return the width of ``nu_i -> nu_j gamma`` and its part along the spin, from the elements ``ji`` of mu and eps."""
    couplings = {"magnetic": magnetic, "electric": I * electric}
    photon = (M_I**2 - M_J**2) / (2 * M_I)
    totals = [Integer(0), Integer(0)]
    for a, c in couplings.items():
        for b, d in couplings.items():
            for part, value in enumerate(decay_contract(a, b)):
                totals[part] += (c * mirrored(d) + mirrored(c) * d) / 2 * value
    # |k|/(8 pi m_i^2), one spin state
    first, second = (total * photon / (8 * pi * M_I**2) for total in totals)
    return first.expand(), second.expand()


def radiative_decay() -> Proof:
    """Decide the radiative decay rate."""
    derived, _ = width(parts(MU), parts(EPS))
    terms = _decay_terms()
    steps = (
        require(
            same(derived, RADIATIVE_DECAY),
            "trace at rest over both polarisations: printed - derived = 0 for complex mu_ij, eps_ij",
        ),
        require(
            same(
                derived_decay()["all"]["mu", "mu"] * Abs(MU) ** 2
                + derived_decay()["all"]["eps", "eps"] * Abs(EPS) ** 2,
                RADIATIVE_DECAY,
            )
            and set(derived_decay()["all"]) == {("mu", "mu"), ("eps", "eps")},
            PIPELINE,
        ),
        require(
            terms["magnetic", "electric"][0] == 0, "no interference of mu and eps in the total width: a sum of squares"
        ),
        require(
            all(value == 0 for names, found in terms.items() if {"radius", "anapole"} & set(names) for value in found),
            "charge radius and anapole vanish for a real photon: q^2 = 0 and q.eps = 0",
        ),
    )
    return Proof(
        "confirmed",
        "For Dirac neutrinos; for Majorana neutrinos with mu_ij, eps_ij the elements of the vertex (GP23b-decay-majorana).",
        steps,
    )


def decay_majorana() -> Proof:
    """Decide the width of Majorana neutrinos."""
    magnetic, electric = parts(MU), parts(EPS)
    literal, _ = width(magnetic - mirrored(magnetic), electric - mirrored(electric))
    imaginary, _ = width(im(MU), im(EPS))
    steps = (
        require(
            eta("magnetic") == eta("electric") == -1,
            "the rule c_ji + eta c_ij with eta = -1 leaves mu_ji - mu_ij = 2i Im mu_ji, and the same of eps",
        ),
        require(
            same(literal, 4 * imaginary),
            "the width is 4 x the Dirac formula of the imaginary parts; no factor 1/2, the final nu_j has no partner",
        ),
    )
    return Proof(
        "convention",
        "The Dirac formula holds if the Majorana moment is the element of the vertex, $mu_ji - mu_ij$. That is what"
        " papers call it; it is 2i Im mu_ji. In a Lagrangian used unchanged mu and eps count with their imaginary parts.",
        steps,
        corrected=(
            "$Gamma = 4 [(Im mu_ij)^2 + (Im eps_ij)^2]/(8 pi) ((m_i^2-m_j^2)/m_i)^3$ with the matrices of a Lagrangian"
            " used unchanged"
        ),
    )


def decay_squares() -> Proof:
    """Decide whether the constraint on single elements is relaxed."""
    magnetic, electric = parts(MU), parts(EPS)
    both, one, other = (
        width(a, b)[0] for a, b in ((magnetic, electric), (magnetic, Integer(0)), (Integer(0), electric))
    )
    steps = (
        require(same(both, one + other), "the width to each nu_j is that of mu_ji plus that of eps_ji"),
        require(
            same(one / Abs(MU) ** 2, ((M_I**2 - M_J**2) / M_I) ** 3 / (8 * pi)),
            "each with a positive factor for m_j < m_i, zero for m_j = m_i; different nu_j do not interfere",
        ),
    )
    return Proof(
        "confirmed",
        "A limit on the total width of nu_i bounds every |mu_ji| and |eps_ji| with m_j < m_i. It sees neither the diagonal elements"
        " nor those to heavier states, for Majorana neutrinos no real parts, and no phases.",
        steps,
    )


def isotropic_majorana() -> Proof:
    """Decide the angular distribution of Majorana neutrinos."""
    magnetic, electric = parts(MU), parts(EPS)
    isotropic, along = width(magnetic - mirrored(magnetic), electric - mirrored(electric))
    steps = (
        require(
            same(along, Integer(0)) and not same(isotropic, Integer(0)),
            "mu_ji - mu_ij and eps_ji - eps_ij are both imaginary, Im(mu eps*) = 0: no part along the spin",
        ),
    )
    return Proof("confirmed", "A = 0 for Hermitian mu and eps, any phases and masses.", steps)


def asymmetry_dirac() -> Proof:
    """Decide the angular distribution of Dirac neutrinos."""
    magnetic, electric = parts(MU), parts(EPS)
    isotropic, along = width(magnetic, electric)
    ratio = in_parts(-2 * (magnetic * mirrored(electric) - mirrored(magnetic) * electric) / (2 * I))
    total = in_parts(magnetic * mirrored(magnetic) + electric * mirrored(electric))
    chiral = width(Integer(1), I)
    steps = (
        require(
            vanishes(along * total - isotropic * ratio),
            "A = - 2 Im(mu_ji eps*_ji)/(|mu_ji|^2 + |eps_ji|^2), for all masses",
        ),
        require(
            all(
                vanishes(derived_decay()["along"][pair] - sign * I * derived_decay()["all"]["mu", "mu"])
                for pair, sign in ((("mu", "eps"), 1), (("eps", "mu"), -1))
            ),
            "the pipeline: the same, i (mu eps* - mu* eps) = - 2 Im(mu eps*) along the spin",
        ),
        require(
            vanishes(chiral[1] - chiral[0]),
            "eps = i mu: mu + i eps = 0, only the left-handed nu_i couples, A = + 1: the right-handed nu_j goes against the spin",
        ),
    )
    return Proof(
        "confirmed",
        "$A = (|D_ji|^2 - |R_ji|^2)/(|D_ji|^2 + |R_ji|^2)$, the two chiralities' difference over their sum. D = mu - i"
        " eps is for the left-handed nu_i, R = mu + i eps for the right-handed one. It vanishes when mu_ji eps*_ji is"
        " real, as for real matrices. Antineutrinos have the opposite sign.",
        steps,
    )


@cache
def transverse(first: str, second: str) -> Expr:
    """Return the average over the pair's phase space of ``first second*`` for a transverse polarisation."""
    return over_s_squared(average(current_spin_sum(first, second, 1, 1)))


def plasmon_width(first: str, second: str) -> Expr:
    """Return the width of one transverse plasmon of energy omega into one massless pair, Z = 1, couplings left out."""
    value = transverse(first, second).subs({M_I: 0, M_J: 0, S: K2})
    result: Expr = value / (8 * pi) / (2 * OMEGA)
    return result


def plasmon_charge() -> Proof:
    """Decide the width by a milli-charge."""
    step = require(
        vanishes(4 * pi * ALPHA_NU * plasmon_width("V", "V") - CHARGE),
        "gamma^mu q_nu, massless pair: printed - derived = 0",
    )
    return Proof("confirmed", "Exact for massless neutrinos, one pair.", (step,))


def plasmon_moment() -> Proof:
    """Decide the width by moments, and add charge radius and anapole in the same braces."""
    mass = 2 * K2
    unit = plasmon_width("magnetic", "magnetic")
    steps = (
        require(vanishes(MU_SUM**2 * unit - MOMENT), "magnetic, massless pair: printed - derived = 0"),
        require(vanishes(plasmon_width("electric", "electric") - unit), "electric: the same"),
        require(
            vanishes(plasmon_width("radius", "radius") - mass * unit)
            and vanishes(plasmon_width("anapole", "anapole") - mass * unit),
            "r2/6 and a: 2 K^2 times that; in the braces K^2 (|r2|^2/36 + |a|^2) (K^2/4 pi)^2",
        ),
    )
    return Proof(
        "confirmed",
        "The whole of the braces for form factors: [mu^2/2 + K^2 (|r2|^2/36 + |a|^2)] (K^2/4 pi)^2, summed over all ij.",
        steps,
    )


def plasmon_combination() -> Proof:
    """Decide the combination that plasmon decay measures."""
    massless = {M_I: 0, M_J: 0}
    cross = [transverse(a, b).subs(massless) for a in ELECTROMAGNETIC for b in ELECTROMAGNETIC if a != b]
    steps = (
        require(not any(cross), "massless neutrinos: no interference among the four form factors"),
        require(
            vanishes((transverse("electric", "electric") - transverse("magnetic", "magnetic")).subs(massless)),
            "mu and eps with equal weight",
        ),
        require(
            all(
                vanishes((transverse(name, name) - 2 * S * transverse("magnetic", "magnetic")).subs(massless))
                for name in ("radius", "anapole")
            ),
            "r2/6 and a with 2 K^2 times that weight, K^2 the plasmon's invariant mass squared (about omega_P^2)",
        ),
    )
    return Proof(
        "confirmed",
        "The full sum is |mu|^2 + |eps|^2 + 2 K^2 (|r2|^2/36 + |a|^2) over all ij: squares without interference. For Majorana"
        " neutrinos the sum over ordered pairs carries a factor 1/2.",
        steps,
    )


def plasmon_massive() -> Proof:
    """Decide the same for massive neutrinos."""
    pairs = {(a, b) for a in ELECTROMAGNETIC for b in ELECTROMAGNETIC if a < b and transverse(a, b) != 0}
    first, second = transverse("magnetic", "radius"), transverse("electric", "anapole")
    steps = (
        require(
            pairs == {("magnetic", "radius"), ("anapole", "electric")}, "two interferences: mu with r2, eps with a"
        ),
        require(
            set(derived_plasmon()) == {(a, b) for a in _NAMES for b in _NAMES if transverse(_NAMES[a], _NAMES[b]) != 0}
            and all(
                vanishes(value - _SHARES.get(a, 1) * _SHARES.get(b, 1) * transverse(_NAMES[a], _NAMES[b]))
                for (a, b), value in derived_plasmon().items()
            ),
            "the pipeline has the same spin sums for every two form factors and all masses",
        ),
        require(
            first != 0,
            f"<mu, r2/6> = {first.factor()}, so the width has 2 Re(mu r2*/6) times it",
        ),
        require(second != 0, f"<i eps, a> = {second.factor()}"),
        require(
            vanishes(transverse("electric", "electric") - transverse("magnetic", "magnetic").subs(M_J, -M_J)),
            "and electric is magnetic with m_j -> - m_j, as in RENP",
        ),
        require(
            not vanishes(first.subs({M_I: 1, M_J: 1})),
            "smallest counterexample: m_i = m_j = m, diagonal mu and r2 of the same sign; relative size of order m/sqrt(K^2)",
        ),
    )
    return Proof(
        "refuted",
        "Exact for massless neutrinos; with masses moments and radii interfere, and the weights differ. With masses mu"
        " and r2 interfere with m_i + m_j, eps and a with m_i - m_j, and the weights of the squares differ by m_i m_j. For"
        " K of keV and masses of 0.1 eV that is 1e-4 and less. K^2 is no single number either: it depends on omega, close"
        " to omega_P^2 for transverse plasmons and anything from 0 to omega_P^2 for longitudinal ones.",
        steps,
        corrected="$mu$ and $r2$ interfere with $m_i + m_j$, $eps$ and $a$ with $m_i - m_j$",
    )


def plasmon_polarisations() -> Proof:
    """Decide whether both polarisations decay alike."""
    squared = q0**2 - w**2

    def longitudinal(first: str, second: str) -> bool:
        table = {(mu, nu): average(current_spin_sum(first, second, mu, nu)) for mu in (0, 3) for nu in (0, 3)}
        across = average(current_spin_sum(first, second, 1, 1))
        # eps_mu = (w, 0, 0, -q0)/sqrt(K^2) with lower indices
        along = w**2 * table[0, 0] - w * q0 * (table[0, 3] + table[3, 0]) + q0**2 * table[3, 3]
        return bool(along == squared * across)

    names = ("V", *ELECTROMAGNETIC)
    steps = (
        require(
            all(longitudinal(a, b) for a in names for b in names),
            "N_L = N_T for milli-charge and all form factors, squares and interferences, any masses: the pair's tensor averages to"
            " - (g - K K/K^2) X plus terms along K",
        ),
        require(plasmon_polarisations_agree(), "the pipeline: the same"),
    )
    return Proof(
        "confirmed", "For eps.eps* = -1 as four-vectors. The coulomb-gauge vector (1,0,0,0) has k^2/K^2 instead.", steps
    )


def plasmon_majorana() -> Proof:
    """Decide the plasmon formula of Majorana neutrinos."""
    steps = (
        require(
            eta("magnetic") == -1, "element mu_ij - mu_ji = 2i Im mu_ij in the amplitude, factor 1/2 for ordered pairs"
        ),
        require(
            same(Abs(parts(MU) - mirrored(parts(MU))) ** 2 / 2, 2 * im(MU) ** 2),
            "sum over ordered pairs of 2 (Im mu_ij)^2 with the Lagrangian's matrix",
        ),
    )
    return Proof(
        "convention",
        "With the Majorana moments of papers, $mu_ij - mu_ji$, each unordered pair counts once. So the sum is half of"
        " that over all ij.",
        steps,
        corrected="$2 sum_ij (Im mu_ij)^2$ in the place of $sum_ij |mu_ij|^2$, with the matrix of the Lagrangian used unchanged",
    )


def conversion() -> Proof:
    """Decide the conversion of moment limits into areas."""
    moment = plasmon_width("magnetic", "magnetic")
    radius, anapole = 6 / sqrt(2 * K2), 1 / sqrt(2 * K2)
    steps = (
        require(
            vanishes(plasmon_width("radius", "radius") * radius**2 / 36 - moment),
            "|r2| = 6 mu/sqrt(2 K^2) has the width of mu",
        ),
        require(vanishes(plasmon_width("anapole", "anapole") * anapole**2 - moment), "|a| = mu/sqrt(2 K^2)"),
        require(vanishes(radius / anapole - 6), "the limit on r2 is 6 times that on a"),
    )
    return Proof(
        "convention",
        "Two numbers: a limit on a moment is one on $r2/6$ and one on $a$, literal or in units of $e$. In units of e they"
        " are 3.3 times larger. One number for both is right if it stands for r2/6 and a.",
        steps,
        corrected="$r2 = 6 mu/sqrt(2 K^2)$, $a = mu/sqrt(2 K^2)$ in literal coefficients",
    )


def right_handed() -> Proof:
    """Decide whether charge radius and anapole make right-handed neutrinos."""
    one = RING.one
    left, right = (add(IDENTITY, scale(sign, GAMMA5)) for sign in (-one, one))
    massless = {m_i: 0, m_j: 0}
    pair = average(current_spin_sum("radius", "radius", 1, 1))
    for mass in massless:
        pair = pair.subs(mass, 0)
    steps = (
        require(
            all(
                multiply(current("radius", mu), right) == multiply(current("anapole", mu), right)
                and multiply(current("radius", mu), left) == scale(-one, multiply(current("anapole", mu), left))
                for mu in range(4)
            ),
            "r2/6 + a gamma5 acts as r2/6 - a on left-handed and as r2/6 + a on right-handed neutrinos",
        ),
        require(
            pair != 0, "a massless pair from gamma*: widths in the ratio |r2/6 - a|^2 : |r2/6 + a|^2, no mass in either"
        ),
        require(
            vanishes((RADIUS / 6 + ANAPOLE).subs(ANAPOLE, -RADIUS / 6)),
            "smallest counterexample: a = 0, where half of the pairs are right-handed; none is for a = - r2/6",
        ),
    )
    return Proof(
        "refuted",
        "The vertex conserves chirality and still makes right-handed neutrinos, with left-handed antineutrinos. They come"
        " from plasmons and from e+ e-. The statement is true for a = - r2/6, where the vertex is gamma (1 - gamma5), as"
        " in the standard model with massless neutrinos. Majorana neutrinos have no sterile partner. GM89 bounds r2/6 + a.",
        steps,
        corrected="they are produced with the coupling $r2/6 + a$",
    )


def majorana_map() -> Proof:
    """Decide the map to Majorana form factors."""
    signs = {name: eta(name) for name in ELECTROMAGNETIC}
    steps = (
        require(
            signs == {"magnetic": -1, "electric": -1, "radius": -1, "anapole": 1},
            "elements of the vertex: mu_ij - mu_ji, eps_ij - eps_ji, r2_ij - r2_ji, a_ij + a_ji",
        ),
        require(
            all(same(parts(x) + sign * mirrored(parts(x)), 2 * (I * im(x) if sign < 0 else x - I * im(x)))
                for x, sign in ((MU, -1), (EPS, -1), (RADIUS, -1), (ANAPOLE, 1))),
            "each is twice the antisymmetric (a: symmetric) part of the matrix in the Lagrangian",
        ),
    )  # fmt: skip
    return Proof(
        "convention",
        "There the matrices are the elements of the vertex, here they stand in the Lagrangian. Scattering and decay have"
        " no factor 1/2; pair production has it with the sum over ordered pairs. The weak matrix takes no factor 2"
        " (GS15-majorana-weak).",
        steps,
        corrected="$mu, eps, r2$ and $a$ of papers are 2 times the antisymmetric ($a$: symmetric) part of the matrices here",
    )


def majorana_weak() -> Proof:
    """Decide the factor of the weak matrix."""
    one = RING.one
    conjugated = all(charge_conjugate(current("L", mu)) == scale(-one, current("R", mu)) for mu in range(4))
    left, right = vector_channel("L", "V"), vector_channel("R", "V")
    steps = (
        require(
            conjugated,
            "C [gamma (1 - gamma5)]^T C^-1 = - gamma (1 + gamma5): the second contraction has the other chirality",
        ),
        require(
            contract(right, right, NEUTRINO) == 0 and contract(left, right, NEUTRINO) == 0,
            "on helicity -, massless, it vanishes: v_ji gamma (1 - gamma5) alone, as for a Dirac neutrino, no factor 2",
        ),
        require(
            contract(left, left, Line(helicity=1)) == 0
            and contract(right, right, Line(helicity=1)) == contract(left, left, ANTINEUTRINO),
            "on helicity +: - v_ij gamma (1 + gamma5), the rate of the Dirac antineutrino",
        ),
        require(
            all(charge_conjugate(current("magnetic", mu)) == scale(-one, current("magnetic", mu)) for mu in range(4)),
            "a dipole has both chiralities, and its two contractions add up: factor 2 of the antisymmetric part",
        ),
    )
    return Proof(
        "refuted",
        "The weak matrix keeps its value: its two contractions act on opposite helicities. Moments double, since each of"
        " their contractions acts on both. So a moment of the Lagrangian stands twice as high against the weak current as"
        " a Dirac one.",
        steps,
        corrected="no factor for the weak matrix, 2 for moments",
    )


def antineutrino_helicity() -> Proof:
    """Decide what an antineutrino sees of a form factor."""
    channels = {name: vector_channel(name, "V") for name in ELECTROMAGNETIC}

    def sign(first: str, second: str, line: Line) -> Expr:
        return (
            contract(channels[first], channels[second], line) / contract(channels[second], channels[second], line)
        ).cancel()

    steps = (
        require(
            sign("anapole", "radius", NEUTRINO) == sign("anapole", "radius", ANTINEUTRINO) == -1,
            "charge radius and anapole: r2/6 - a for both, element kj for the antineutrino: the transposed matrix",
        ),
        require(
            sign("electric", "magnetic", NEUTRINO) == -1 and sign("electric", "magnetic", ANTINEUTRINO) == 1,
            "moments: mu - i eps for neutrinos, mu + i eps for antineutrinos",
        ),
        require(
            same(mirrored(parts(MU) - I * parts(EPS)), mirrored(parts(MU)) + I * mirrored(parts(EPS))),
            "for Hermitian matrices both are the complex conjugate of the neutrino's element",
        ),
    )
    return Proof(
        "convention",
        "True where the vertex keeps the chirality; where it flips it, $eps$ changes sign as well. In both cases, for"
        " Hermitian matrices, the antineutrino's element is the complex conjugate of the neutrino's.",
        steps,
        corrected="$(mu + i eps)_kj$ where the vertex flips the chirality",
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
        "$mu_nu$ is right, 3.2e-19 (m/eV) $mu_B$; $eps_nu$ vanishes on the diagonal at one loop. The off-diagonal"
        " elements are suppressed by (m_tau/m_W)^2 as all transition moments are.",
        steps,
        corrected="$mu_ii = 3 e G_F m_i/(8 sqrt2 pi^2)$, $eps_ii = 0$",
    )


PROOFS = {
    "GP23b-radiative-decay": radiative_decay,
    "GP23b-decay-majorana": decay_majorana,
    "GP23b-decay-squares": decay_squares,
    "LW82-isotropic": isotropic_majorana,
    "LW82-dirac": asymmetry_dirac,
    "R96-plasmon-charge": plasmon_charge,
    "R96-plasmon-moment": plasmon_moment,
    "R96-plasmon-polarisations": plasmon_polarisations,
    "R96-plasmon-majorana": plasmon_majorana,
    "GP23b-plasmon-sum": plasmon_massive,
    "GP23b-no-right-handed": right_handed,
    "GS15-majorana-map": majorana_map,
    "GS15-majorana-weak": majorana_weak,
    "GS15-antineutrino-helicity": antineutrino_helicity,
    "NF22-plasmon": plasmon_combination,
    "NF22-SM-moments": loop_moments,
}
