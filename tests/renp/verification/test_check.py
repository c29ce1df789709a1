"""``renp.check``: right formulas are confirmed however they are written, and of a wrong one the slip is named."""

from __future__ import annotations

from contextlib import suppress
from functools import cache
from pathlib import Path
from random import Random
from time import monotonic

import pytest
import sympy

import renp
from derivations.ledger.check.compare import Comparer
from derivations.ledger.check.derived import QUANTITIES, Conditions, ingredients
from derivations.ledger.check.evaluate import Undecided
from derivations.ledger.check.formula import checked
from derivations.ledger.check.judge import NATURES
from derivations.ledger.check.slips import Slips
from derivations.ledger.check.vocabulary import vocabulary
from derivations.ledger.printed.formula_files import FOLDER
from derivations.written.latex import latex_of
from derivations.written.nodes import FormulaError
from derivations.written.text import parse_text
from renp.verification.check import Verdict, read_formula
from renp.verification.formula_files import load
from renp.verification.ledger import entry
from tests.renp.verification.slipped import QUICK, REWRITTEN, RIGHT, SLIPS, Right


def check(given: Right) -> Verdict:
    return renp.check(given.formula, **given.arguments())


def in_latex(given: Right) -> Verdict:
    define = {latex_of(parse_text(name)): latex_of(parse_text(text)) for name, text in given.define.items()}
    return renp.check(latex_of(parse_text(given.formula)), define=define, **given.options)


@pytest.mark.parametrize("name", RIGHT)
def test_right_formulas_are_confirmed_in_text_and_in_latex(name: str) -> None:
    for verdict in (check(RIGHT[name]), in_latex(RIGHT[name])):
        assert (verdict.verdict, verdict.diagnosis, verdict.counterexample) == ("confirmed", [], {})
        assert verdict.terms
        assert all(term["agrees"] for term in verdict.terms)


@pytest.mark.parametrize(("name", "formula"), REWRITTEN)
def test_rewritings_of_right_formulas_are_confirmed(name: str, formula: str) -> None:
    assert check(Right(formula, RIGHT[name].options, RIGHT[name].define)).verdict == "confirmed"


def slips() -> list[object]:
    return [
        pytest.param(*slip, id=f"{slip[0]}-{slip[4]}-{n}", marks=() if n in QUICK else pytest.mark.slow)
        for n, slip in enumerate(SLIPS)
    ]


@pytest.mark.parametrize(("name", "place", "right", "printed", "kind"), slips())
def test_the_diagnosis_names_the_slip(name: str, place: str, right: str, printed: str, kind: str) -> None:
    slipped = RIGHT[name].with_slip(place, right, printed)
    verdict = check(slipped)
    assert verdict.verdict == "refuted"
    assert kind in {entry["kind"] for entry in verdict.diagnosis}
    assert any(not term["agrees"] for term in verdict.terms)
    assert verdict.counterexample["printed"] != verdict.counterexample["derived"]
    corrected = next(entry["corrected"] for entry in verdict.diagnosis if entry["kind"] == kind)
    abbreviation, _, text = corrected.rpartition(" = ")
    mended = Right(text, slipped.options, slipped.define)
    if abbreviation:
        assert abbreviation in slipped.define
        mended = Right(slipped.formula, slipped.options, {**slipped.define, abbreviation: text})
    assert check(mended).verdict == "confirmed"


SHIPPED = sorted(path.name.removesuffix(".toml") for path in FOLDER.iterdir())
"""What the literature prints, by the ledger's entry: formula files as users have them."""


@cache
def printed(identifier: str) -> Verdict:
    return load(str(FOLDER / f"{identifier}.toml")).check()


@pytest.mark.parametrize("identifier", SHIPPED)
def test_the_verdict_on_printed_formulas_is_that_of_the_ledger(identifier: str) -> None:
    file = load(str(FOLDER / f"{identifier}.toml"))
    assert file.id == identifier
    in_latex = {latex_of(parse_text(name)): latex_of(parse_text(text)) for name, text in file.define.items()}
    # One tree in both forms: what is decided of one is decided of the other.
    assert read_formula(latex_of(parse_text(file.formula)), in_latex) == read_formula(file.formula, file.define)
    assert printed(identifier).verdict == entry(identifier).verdict


def test_what_two_files_share_is_one_formula() -> None:
    square = load(str(FOLDER / "NF22-scalar-square.toml"))
    both = load(str(FOLDER / "NF22-scalar-interference.toml"))
    assert parse_text(both.define["square"]) == parse_text(square.formula)


def test_the_lost_factor_of_the_slide_is_named_in_the_terms_of_the_slide() -> None:
    found = printed("NF22-vector").as_json()
    assert found["dimension"]["consistent"] is False
    assert "dimension 0: " in found["dimension"]["clash"]
    assert "dimension 2: " in found["dimension"]["clash"]
    assert {term["coupling"] for term in found["terms"] if not term["agrees"]} == {
        "Re(a^L_ij conj(a^R_ij))", "Re(a^L_ij^2)", "Re(a^R_ij^2)",
    }  # fmt: skip
    assert found["diagnosis"][0]["kind"] == "dimension"
    assert "-m_i*m_j" in found["diagnosis"][0]["change"]


def test_the_lost_i_of_the_electron_explains_both_terms_of_the_slide() -> None:
    verdict = printed("NF22-scalar-interference")
    assert verdict.reason == "a slip of the derivation: the factor i of the electron's operator of y_P is lost"
    assert verdict.diagnosis[0]["kind"] == "several"


@pytest.mark.parametrize(
    ("formula", "options", "conditions"),
    [
        ("|a_ij|^2 I_D", {}, ["the neutrinos are Dirac (delta_M = 0)", "the neutrinos are massless"]),
        ("a_ij^2 I_D - delta_M m_i m_j a_ij^2", {}, ["the couplings are real"]),
        ("|a_ij|^2 I_D - delta_M m_i^2 Re(a_ij^2)", {}, ["the masses are equal"]),
        (
            "|a_ij|^2 I_D - m_i m_j Re(a_ij^2)",
            {},
            ["the neutrinos are Majorana (delta_M = 1)", "the neutrinos are massless"],
        ),
        ("E_eg/2", {"quantity": "threshold"}, ["the neutrinos are massless"]),
        ("3*|a_ij|^2 I_D", {}, []),
        (
            "Delta_ij/(E_vg - omega)^2 (|a_ij|^2 I_D - delta_M m_i m_j Re(a_ij^2))",
            {},
            ["quantity = 'summand': the contribution of one ordered pair to I(omega)"],
        ),
        (
            "E_eg/2 - (m_i + m_j)^2/(2 E_eg)",
            {"quantity": "energy_max"},
            ["quantity = 'threshold': the highest photon energy of a pair"],
        ),
    ],
)
def test_conditions_under_which_a_formula_is_right_are_told(
    formula: str, options: dict[str, str], conditions: list[str]
) -> None:
    found = renp.check(formula, **options).right_when
    assert [one for one in conditions if one not in found] == []
    assert bool(found) == bool(conditions)


MAJORANA = "|a_ij|^2 I_D - m_i m_j Re(a_ij^2)"


def test_a_formula_for_the_other_nature_is_known_as_such() -> None:
    found = renp.check(MAJORANA, nature="dirac")
    assert found.reason == "one slip: the extra term m_i*m_j*Re(a_ij^2); the formula is right for Majorana neutrinos"
    assert [one["corrected"] for one in found.diagnosis] == ["abs(a_ij)^2*I_D"]
    assert "nature = 'majorana'" in found.right_when
    found = renp.check("|a_ij|^2 I_D", nature="majorana")
    assert found.reason.endswith("; the formula is right for Dirac neutrinos")
    assert "nature = 'dirac'" in found.right_when


def test_another_quantity_for_one_nature_is_named_and_the_derived_formula_is_the_correction() -> None:
    found = renp.check("|a_ij|^2 I_D", quantity="summand")
    bracket = "quantity = 'bracket' and nature = 'dirac': what multiplies Delta_ij/(E_vg - omega)^2 in I(omega)"
    assert found.right_when == [bracket]
    assert renp.check(found.diagnosis[0]["corrected"], quantity="summand").passed
    assert f"corrected: {found.diagnosis[0]['corrected']}" in " ".join(str(found).split())


def test_a_file_is_checked_with_its_own_settings(tmp_path: Path) -> None:
    file = tmp_path / "weak.toml"
    file.write_text(f'formula = "{MAJORANA}"\nnature = "majorana"\n')
    assert renp.check(file).passed
    assert renp.check(str(file)).passed
    with pytest.raises(ValueError, match=r"^nature: found it beside the file .*, allowed as a field of the file$"):
        renp.check(file, nature="dirac")


def test_a_verdict_shows_itself_in_a_few_words_and_in_a_notebook_with_formulas() -> None:
    found = renp.check("abs(a_ij)^2 I_D + delta_M m_i m_j Re(a_ij^2)")
    assert repr(found) == f"<Verdict refuted: {found.reason}>"
    shown = found._repr_markdown_()
    assert shown.startswith("**Refuted**: one slip")
    assert f"$${found.right}$$" in shown
    assert renp.check(found.right).passed


MOMENTS = RIGHT["moments"]


def test_conventions_are_known_and_can_be_chosen() -> None:
    crossed = MOMENTS.formula.replace("+ s*Re(mu_ij", "- s*Re(mu_ij")
    verdict = renp.check(crossed, **MOMENTS.arguments())
    assert verdict.verdict == "convention"
    assert [one.name for one in verdict.judgement.conventions] == ["sigma_q"]
    assert renp.check(crossed, **MOMENTS.arguments(), conventions={"sigma_q": "scattering"}).verdict == "confirmed"
    in_units_of_e = MOMENTS.formula.replace("mu_B^2", "mu_B^2*e^2")
    assert renp.check(in_units_of_e, **MOMENTS.arguments(), conventions={"form_factors": "e"}).verdict == "confirmed"
    spin = RIGHT["scalar"]
    doubled = spin.formula.replace("y_P^2*omega^2*", "16*y_P^2*omega^2*").replace("y_P*omega^2/(6", "4*y_P*omega^2/(6")
    assert [one.name for one in renp.check(doubled, **spin.arguments()).judgement.conventions] == [
        "hermitian_conjugate_of_all"
    ]


def test_a_given_atomic_tensor_is_used() -> None:
    assert renp.check("|a_ij|^2 I_D", nature="dirac", atomic_tensor="linear").verdict == "refuted"
    found = renp.check("|a_ij|^2 I_D", nature="dirac", atomic_tensor="linear").terms[0]["derived"]
    again = renp.check(f"|a_ij|^2*({found})", nature="dirac", atomic_tensor="linear")
    assert again.verdict == "confirmed"


def test_the_derived_formula_is_confirmed_in_both_forms() -> None:
    for name in ("weak", "vector", "scalar", "moments", "energy_min"):
        right = RIGHT[name]
        wrong = check(Right(f"2*({right.formula})", right.options, right.define))
        assert check(Right(wrong.latex, right.options, right.define)).verdict == "confirmed"


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
def test_the_spin_sum_integrates_to_the_bracket(nature: str) -> None:
    """It is quadratic in E_nu, so that Simpson's rule over the range gives its mean, which is the bracket."""
    found = renp.check("|a_ij|^2*E_nu^2", quantity="spin_sum", nature=nature).terms
    spin_sum = " + ".join(f"({term['derived']})*{term['coupling']}" for term in found)
    assert "E_nu" in spin_sum
    low, middle, high = (spin_sum.replace("E_nu", energy) for energy in ("(mean - half)", "(mean)", "(mean + half)"))
    define = {"mean": "(E_eg - omega)/2*(1 + (m_i^2 - m_j^2)/s)", "half": "omega*Delta_ij/2"}
    assert renp.check(f"({low} + 4*({middle}) + {high})/6", nature=nature, define=define).verdict == "confirmed"


def test_own_interactions_are_checked_with_their_own_names(tmp_path: Path) -> None:
    own = tmp_path / "axial_boson.toml"
    own.write_text(
        'name = "axial_boson"\ntitle = "Axial boson"\ndescription = "A boson."\nreferences = []\n'
        'propagator = { kind = "massive", spin = 1, mass = "mass", width = "width" }\n'
        'electron = [ { coupling = "c_A", bilinear = "gamma(mu) gamma5" } ]\n'
        'neutrino = [ { coupling = "f", bilinear = "gamma(mu) PL" } ]\n'
    )
    formula = "|a_ij + c_A f_ij/(sqrt2 G_F (s - M^2))|^2 I_D"
    assert renp.check(formula, interactions=[own], nature="dirac").verdict == "confirmed"
    wide = "|a_ij + c_A f_ij/(sqrt2 G_F (s - M^2 + i M Gamma))|^2 I_D"
    assert renp.check(wide, interactions=[own], nature="dirac").verdict == "confirmed"
    # The sign of the width drops out of the sum over i and j, that of the mass does not.
    assert renp.check(wide.replace("+ i M", "- i M"), interactions=[own], nature="dirac").verdict == "confirmed"
    wrong = renp.check(wide.replace("s - M^2", "s + M^2"), interactions=[own], nature="dirac")
    assert wrong.diagnosis[0]["kind"] == "propagator"


def test_sympy_expressions_are_checked() -> None:
    a, energy, m_i, m_j = sympy.symbols("a_ij E_eg m_i m_j")
    assert renp.check(energy / 2 - (m_i + m_j) ** 2 / (2 * energy), quantity="threshold").verdict == "confirmed"
    assert renp.check(sympy.Abs(a) ** 2 * sympy.Symbol("I_D"), nature="dirac").verdict == "confirmed"


REFUSED = (
    ("omgea Re(a_ij)", {}, "column 1: found unknown symbol 'omgea', allowed omega"),
    ("a I_D", {}, "found unknown symbol 'a', allowed a_ij"),
    ("|g_L_ij|^2 I_D", {}, "a symbol of the interaction 'vector'"),
    ("|g_L_ij|^2/(s - M^2)^2", {"interactions": ["vector", "scalar"]}, "unknown symbol 'M', allowed M_vector or M_scalar"),
    (
        "|a_ij|^2 I_D - m_{i} m_j",
        {},
        "column 2: found unknown symbol 'a_i' in LaTeX, which it is by the braces of column 18, allowed a_{ij} in LaTeX, or m_i in text",
    ),
    (
        "|a_ij|^2 I_D - delta_{M} m_i m_j Re(a_ij^2)",
        {},
        r"which it is by the braces of column 22, allowed \delta in LaTeX, or delta_M in text",
    ),
    ("|a_{ij}|^2 x", {"define": {"x": "m_{i} a_ij"}}, "x, column 7: found unknown symbol 'a_i' in LaTeX, which it is"),
    ("|a_{ij}|^2 Re(s)", {}, r"by the braces of column 4, allowed \mathrm{Re}(...) in LaTeX, or a_ij in text"),
    ("I_D", {}, "found no coupling of the neutrinos"),
    ("a_ij s", {"quantity": "threshold"}, "found the coupling a_ij, allowed kinematics alone"),
    ("|a_ij|^2 E_nu^2", {}, "found E_nu"),
    ("|a_ij|^2 x", {"define": {"x": "y", "y": "x"}}, "a circular definition, x -> y -> x"),
    ("|a_ij|^2 x", {"define": {"x": "s +"}}, "x, column 4: found the end of the formula"),
    ("|a_ij|^2 x", {"define": {"x": "1/0"}}, "x, column 3: found the divisor 0, which vanishes everywhere"),
    ("|a_ij|^2/(s - E_eg*(E_eg - 2*omega))", {}, "which vanishes everywhere"),
    ("|a_ij|^2 s", {"define": {"s": "t"}}, "the abbreviation 's', which is a symbol"),
    ("|a_ij|^2 s", {"define": {"1x": "t"}}, "the abbreviation '1x'"),
    ("__import__('os').system('x')", {}, "character '_'"),
    (r"\newcommand{\a}[1]{#1} \a{s}", {}, r"\newcommand"),
    ("(" * 200, {}, "brackets nested"),
    ("a_ij+" * 10_000, {}, "characters, allowed at most"),
    ("|a_ij|^2 I_D", {"quantity": "rate"}, "quantity must be one of summand, bracket"),
    ("|a_ij|^2 I_D", {"nature": "weyl"}, "nature must be one of both, dirac, majorana"),
    ("|a_ij|^2 I_D", {"interactions": ["zprime"]}, "unknown interaction 'zprime'"),
    ("|a_ij|^2 I_D", {"conventions": {"sigma": "x"}}, "unknown convention 'sigma'"),
    ("|a_ij|^2 I_D", {"conventions": {"sigma_q": "x"}}, "allowed 'emission' or 'scattering'"),
    ("|a_ij|^2 I_D", {"conventions": "m1"}, "conventions must be a dictionary, as {'sigma_q': 'scattering'}, found 'm1'"),
    ("|a_ij|^2 I_D", {"define": "x = 1"}, "define must be a dictionary, as {'x': 'm_i + m_j'}, found 'x = 1'"),
    ("|a_ij|^2 I_D", {"interactions": "vector"}, "interactions must be a list of names and paths, as ['vector'], found one"),
    ("|a_ij|^2 I_D", {"interactions": ["vector", "vector"]}, "interactions: found 'vector' twice, allowed once"),
    ("no_such.toml", {}, "no_such.toml"),
    ("|a_ij|^2 I_D", {"atomic_tensor": "round"}, "atomic_tensor must be one of averaged"),
    ("|a_ij|^2 I_D", {"time_limit": 60}, "time_limit"),
)  # fmt: skip


@pytest.mark.parametrize(("formula", "options", "message"), REFUSED, ids=lambda value: str(value)[:24])
def test_bad_input_is_refused_in_one_line(formula: str, options: dict[str, object], message: str) -> None:
    with pytest.raises((ValueError, TypeError)) as refused:
        renp.check(formula, **options)
    assert message in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_question_that_is_too_large_is_undecided_and_never_wrong() -> None:
    verdict = renp.check("|a_ij|^2 (omega + m_i + m_j + E_vg + m_e + E_eg + s + G_F)^16", nature="dirac", time_limit=2)
    assert verdict.verdict == "undecided"
    assert "undecided within the limit" in verdict.reason


@pytest.mark.parametrize("name", RIGHT)
def test_the_screen_passes_what_is_exactly_right(name: str) -> None:
    """Slips are sought modulo a prime: one that is passed over there would never be found."""
    right = RIGHT[name]
    interactions = renp.Model(*right.options.get("interactions", ())).interactions
    formula, known = read_formula(right.formula, right.define), vocabulary(interactions)
    quantity = QUANTITIES[right.options.get("quantity", "bracket")]
    natures = NATURES[right.options.get("nature", "both")]
    named = checked(formula, known, quantity, {})
    comparer = Comparer(known, quantity, named, natures, ingredients(interactions), Conditions(), monotonic() + 1000)
    screen = comparer.screen.prepared(formula)
    assert screen.passes(formula)
    changed = [
        formula.with_tree(slip.place, slip.tree)
        for slip in Slips(formula, known, named, quantity.name, False)
        if not comparer.names_more(slip.new)
    ]
    assert len(changed) > 100
    for one in Random(name).sample(changed, 8):
        with suppress(Undecided, FormulaError):
            assert screen.passes(one) == comparer.agrees(one)
