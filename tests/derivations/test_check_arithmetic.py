"""The arithmetics in which formulas are decided: exact rational functions with roots, and residues modulo a prime."""

from __future__ import annotations

from fractions import Fraction
from random import Random
from time import monotonic

import pytest
from sympy import isprime

from derivations.interactions.reader import shipped_interactions
from derivations.ledger.check.conventions import CONVENTIONS
from derivations.ledger.check.derived import Comparison, Conditions, derived, dirac_function, ingredients
from derivations.ledger.check.evaluate import Undecided, VanishingDivisorError, value
from derivations.ledger.check.exact import ExactDomain
from derivations.ledger.check.modular import PRIME, ModularDomain, is_square, kinematic_point, stacked
from derivations.ledger.check.physics import physics_slips
from derivations.ledger.check.vocabulary import PLAIN, Values, generators, vocabulary
from derivations.written.text import parse_text

INTERACTIONS = tuple(one for one in shipped_interactions() if one.name in ("standard_model", "vector"))
KNOWN = vocabulary(INTERACTIONS)


def exact(text: str, nature: int = 0):
    domain = ExactDomain([*PLAIN, *generators(KNOWN.symbols)], [*PLAIN, "M", "Gamma"], monotonic() + 20)
    base = {name: domain.generator(name) for name in domain.names if name != "i"}
    values = Values(base, KNOWN, domain, nature, {"I_D": dirac_function})
    return value(parse_text(text), values, domain)


IDENTITIES = (
    "E_eg*(E_eg - 2*omega) - s",
    "(E_eg - omega)^2 - omega^2 - s",
    "Delta_ij^2 - lambda_ij/s^2",
    "Delta_ij - sqrt((1 - (m_i+m_j)^2/s)*(1 - (m_i-m_j)^2/s))",
    "sqrt(t)*sqrt(t + 4*m_i*m_j) - s*Delta_ij",
    "sqrt((m_i + m_j)^2) - m_i - m_j",
    "sqrt(8)*sqrt(2) - 4",
    "1/sqrt(2) - sqrt(2)/2",
    "sqrt(s/E_eg)^2*E_eg - s",
    "1/(1 + i) - (1 - i)/2",
    "abs(a_ij)^2 - a_ij*a_ji",
    "Re(a_ij*conj(v_ij)) - Re(a_ij)*Re(v_ij) - Im(a_ij)*Im(v_ij)",
    "Im(i*a_ij) - Re(a_ij)",
    "theta(omega_ij - omega) - 1",
    "theta(omega - omega_ij)",
    "mu_B^2 - pi*alpha/m_e^2",
    "2*t - 2*E_eg*(omega_ij - omega)*2",
    "1/(s - M^2 + i*M*Gamma) - (s - M^2 - i*M*Gamma)/((s - M^2)^2 + M^2*Gamma^2)",
)


@pytest.mark.parametrize("text", IDENTITIES)
def test_identities_hold_exactly_and_no_neighbour_of_them_does(text: str) -> None:
    assert not exact(text)
    assert exact(f"({text}) + m_i^2")


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("sqrt(m_i - m_j)", "may be negative"),
        ("sqrt(-s)", "negative"),
        ("theta(m_i - m_j)", "either sign"),
        ("sqrt(1 + sqrt(s))", "root of a complex number or of a root"),
    ],
)
def test_what_has_no_exact_value_is_undecided(text: str, why: str) -> None:
    with pytest.raises(Undecided, match=why):
        exact(text)


def test_a_vanishing_divisor_is_found() -> None:
    with pytest.raises(VanishingDivisorError):
        exact("omega/(s - E_eg*(E_eg - 2*omega))")


def test_time_and_size_are_bounded() -> None:
    with pytest.raises(Undecided, match="limit on size"):
        exact("(omega + s + m_i + m_j + E_vg + G_F + m_e + M + pi + e + g_A + g_V)^16")
    domain = ExactDomain(["x"], [], monotonic() - 1)
    with pytest.raises(Undecided, match="limit on time"):
        domain.generator("x") * domain.generator("s")


def test_the_prime_is_one_in_which_positive_numbers_have_one_root() -> None:
    assert isprime(PRIME)
    assert PRIME % 8 == 7
    assert all(map(is_square, (2, 3, 5, 7, 11, 13, 17, 19)))
    assert not is_square(-1)


@pytest.mark.parametrize("text", [text for text in IDENTITIES if "theta" not in text])
def test_what_holds_exactly_holds_modulo_the_prime(text: str) -> None:
    random = Random(3)
    points = []
    for _ in range(3):
        point = kinematic_point(random)
        point |= {name: random.randrange(PRIME) ** 2 % PRIME for name in (*PLAIN, *generators(KNOWN.symbols))}
        points.append({name: (x, 0) for name, x in point.items()})
    domain = ModularDomain(len(points), lambda node: 1)
    found = value(parse_text(text), Values(stacked(points), KNOWN, domain, 0, {"I_D": dirac_function}), domain)
    assert not found
    assert found + domain.number(Fraction(1))


@pytest.mark.parametrize("nature", [0, 1])
def test_the_weak_bracket_is_the_printed_one(nature: int) -> None:
    domain = ExactDomain([*PLAIN, *generators(KNOWN.symbols)], [*PLAIN, "M", "Gamma"], monotonic() + 20)
    base = {name: domain.generator(name) for name in domain.names if name != "i"}
    values = Values(base, KNOWN, domain, nature, {"I_D": dirac_function})
    axial = next(symbol for symbol in KNOWN.symbols if symbol.name == "a")
    right = derived("bracket", ingredients(INTERACTIONS), Comparison(KNOWN, frozenset([axial])), values)
    assert not right - exact("abs(a_ij)^2*I_D - delta_M*m_i*m_j*Re(a_ij^2)", nature)


def test_every_slip_of_a_derivation_and_every_convention_changes_something() -> None:
    """In a model with all kinds of couplings; a slip that changes nothing could never explain anything."""
    everything = shipped_interactions()
    known, parts = vocabulary(everything), ingredients(everything)
    random = Random(5)
    point = {name: (x, 0) for name, x in kinematic_point(random).items()}
    point |= {name: (random.randrange(PRIME), 0) for name in (*PLAIN, *generators(known.symbols))}
    domain = ModularDomain(1, lambda node: 1)

    def found(given, conditions):
        question = Comparison(known, frozenset(known.symbols), conditions)
        return derived("bracket", given, question, Values(stacked([point]), known, domain, 1, {})).key()

    plain, unitary = Conditions(), Conditions(unitary=True)
    right = [(conditions, found(parts, conditions)) for conditions in (plain, unitary)]
    for slip in physics_slips(parts):
        changed = slip.change(parts)
        # The Dirac equation is used on the numerator q q / M^2 alone.
        assert any(found(changed, conditions) != value for conditions, value in right), slip.claim
    for convention in CONVENTIONS.values():
        assert found(parts, convention.map(plain, known)) != right[0][1], convention.name


def test_symbols_come_from_the_interactions() -> None:
    everything = vocabulary(shipped_interactions())
    names = {name for symbol in everything.symbols for name in symbol.elements}
    assert {"a_ij", "v_ij", "g_A", "g_V", "g_L_ij", "g_R_ji", "y_P", "y_S_ij", "mu_ij", "eps_ij", "r2_ij"} <= names
    assert {"anapole_ij", "t_ij", "M_vector", "Gamma_scalar", "c_T", "d_T_ij"} <= names
    alone = vocabulary([one for one in shipped_interactions() if one.name in ("standard_model", "scalar")])
    assert {"y_P", "y_P_ij", "M", "Gamma"} <= {name for symbol in alone.symbols for name in symbol.elements}
    assert len(names) == sum(len(symbol.elements) for symbol in everything.symbols)
