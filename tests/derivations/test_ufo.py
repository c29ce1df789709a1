"""Hostile and broken UFO folders end in one line, and no line of them runs; numbers and structures, one by one."""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from itertools import product
from pathlib import Path
from typing import Any

import mpmath
import pytest
import sympy

from derivations.algebra.dirac import charge_conjugated
from derivations.algebra.ring import TRACE
from derivations.interactions.checks import is_hermitian
from derivations.interactions.language import parse_bilinear
from derivations.interactions.matrices import component
from derivations.interactions.reader import NAME, reserved_names
from derivations.interactions.ufo.declarations import Place, UfoError, exact, parse_expression
from derivations.interactions.ufo.expressions import evaluate, read_expression
from derivations.interactions.ufo.folder import Numbers, load_model
from derivations.interactions.ufo.lorentz import (
    FAMILIES,
    PRODUCTS,
    Family,
    bilinear_coordinates,
    contact_coordinates,
    family_of,
)
from derivations.interactions.ufo.selection import SMALLEST, couplings_of
from derivations.interactions.ufo.writing import candidates, import_interaction, interaction_name
from renp_generated.runtime.arguments import SMALLEST_ENERGY
from tests.small_ufo import B_MINUS_L, DARK_PHOTON, E_PAIR, ELECTRON, FOUR_FERMION, MAJORANA, MINE, pair

HERE = Place("here.py", 7)
Change = Callable[[Path], object]


def added(module: str, text: str) -> Change:
    """Add lines to a module."""

    def change(folder: Path) -> None:
        with (folder / f"{module}.py").open("a", encoding="utf-8") as stream:
            stream.write(f"\n{text}\n")

    return change


def replaced(module: str, old: str, new: str) -> Change:
    """Replace a text of a module, which must be there."""

    def change(folder: Path) -> None:
        file = folder / f"{module}.py"
        text = file.read_text(encoding="utf-8")
        assert old in text
        file.write_text(text.replace(old, new), encoding="utf-8")

    return change


def overwritten(module: str, data: bytes) -> Change:
    return lambda folder: (folder / f"{module}.py").write_bytes(data)


def without(module: str, instead: Callable[[Path], object] | None = None) -> Change:
    def change(folder: Path) -> None:
        (folder / f"{module}.py").unlink()
        if instead:
            instead(folder / f"{module}.py")

    return change


def boson(old: str, new: str) -> Change:
    return replaced("particles", f"Zd = Particle(pdg_code = 1023, {old}", f"Zd = Particle(pdg_code = 1023, {new}")


ZD = "name = 'Zd', antiname = 'Zd', spin = 3, color = 1"
RUN = '__import__("pathlib").Path("executed").touch()'


BROKEN: dict[str, tuple[Change, str]] = {
    # Code instead of declarations.
    "import_os": (added("particles", "import os"), "an import of 'os'"),
    "import_from_os": (added("parameters", "from os import system"), "an import from 'os'"),
    "import_hidden": (added("vertices", "from particles.os import x"), "an import from 'particles.os'"),
    "import_in_try": (added("lorentz", "try:\n   import os\nexcept ImportError:\n   pass"), "an import of 'os'"),
    "code_in_try": (added("lorentz", f"try:\n   {RUN}\nexcept ImportError:\n   pass"), "found code of the kind 'Expr'"),
    "code_in_handler": (added("lorentz", f"try:\n   import form_factors\nexcept ImportError:\n   {RUN}"), "'Try'"),
    "for": (added("vertices", f"for x in [1]:\n   {RUN}"), "a for loop"),
    "while": (added("couplings", "while True: pass"), "a while loop"),
    "if": (added("particles", f"if True:\n   {RUN}"), "an if"),
    "function": (added("parameters", f"def f():\n   {RUN}"), "a function"),
    "class": (added("parameters", f"class X:\n   {RUN}"), "a class"),
    "call": (added("lorentz", RUN), "a call of 'touch'"),
    "exec": (added("lorentz", f"exec({RUN!r})"), "a call of 'exec'"),
    "assigned_call": (added("lorentz", f"x = {RUN}"), "a call of 'touch'"),
    "call_in_a_field": (replaced("particles", "pdg_code = 12,", f"pdg_code = {RUN},"), "a call of 'touch'"),
    "lambda": (replaced("particles", "pdg_code = 12,", f"pdg_code = (lambda: {RUN})(),"), "a call"),
    "comprehension": (replaced("lorentz", "[ 2, 2, 3 ]", f"[ {RUN} for x in [1] ]"), "a comprehension"),
    "formatted_string": (replaced("lorentz", "'Gamma(3,2,1)'", 'f"{ve}"'), "a formatted string"),
    "walrus": (replaced("particles", "pdg_code = 12,", "pdg_code = (x := 12),"), "an assignment inside"),
    "subscript": (replaced("particles", "Param.MZd", "Param.__dict__['MZd']"), "a subscript"),
    "star": (replaced("particles", "pdg_code = 12,", "**{'pdg_code': 12}, "), "a star"),
    "attribute": (added("particles", "Zd.mass = 3"), "found code of the kind 'Assign'"),
    "changed": (added("particles", "ve += 3"), "an assignment that changes a value"),
    "other_class": (added("particles", "x = Popen('touch executed')"), "a call of 'Popen'"),
    "method": (added("particles", "x = ve.conjugate()"), "a call of 'conjugate'"),
    # Expressions.
    "run_in_a_parameter": (replaced("parameters", "cmath.sqrt(sw2)", RUN), "found a call of 'touch' in an expression"),
    "run_in_a_coupling": (added("couplings", f"GC_9 = Coupling('GC_9', {RUN!r}, {{}})"), "a call of 'touch' in an"),
    "run_as_a_value": (replaced("parameters", "value = 91.1876", f"value = {RUN}"), "a call of 'touch' in an"),
    "eval": (replaced("parameters", "cmath.sqrt(sw2)", "eval(sw2)"), "the function 'eval'"),
    "open": (replaced("parameters", "cmath.sqrt(sw2)", "open(sw2)"), "the function 'open'"),
    "classes": (replaced("parameters", "cmath.sqrt(sw2)", "sw2.__class__"), "'Attribute' in an expression"),
    "cmath": (replaced("parameters", "cmath.sqrt(sw2)", "cmath.__loader__"), "'Attribute' in an expression"),
    "lambda_in_an_expression": (replaced("parameters", "cmath.sqrt(sw2)", "(lambda: 1)()"), "a call in an expression"),
    "text_in_an_expression": (replaced("parameters", "cmath.sqrt(sw2)", 'sw2*"x"'), "'Constant' in an expression"),
    "unknown_function": (replaced("parameters", "cmath.sqrt(sw2)", "besselj(sw2)"), "the function 'besselj'"),
    "arguments": (replaced("parameters", "cmath.sqrt(sw2)", "cmath.sqrt(sw2, 2)"), "'sqrt' with 2 arguments"),
    "unknown_name": (replaced("parameters", "cmath.sqrt(sw2)", "sw3"), "the name 'sw3', allowed parameters of the model, as sw"),
    "no_expression": (replaced("parameters", "cmath.sqrt(sw2)", "sw2 +"), "what Python cannot read"),
    "division_by_zero": (replaced("parameters", "cmath.sqrt(sw2)", "1/(sw2 - sw2)"), "a division by zero"),
    "tower": (replaced("parameters", "cmath.sqrt(sw2)", "10**10**10**10"), "which has no value"),
    "exponential": (replaced("parameters", "cmath.sqrt(sw2)", "cmath.exp(cmath.exp(100))"), "an argument of 'exp'"),
    "negative_root": (replaced("parameters", "value = 0.2312", "value = -0.2312"), "the real parameter 'sw' with the value"),
    "digits": (replaced("parameters", "value = 0.2312", f"value = {'1' * 500}"), "the number '1111"),
    "exponent": (replaced("parameters", "value = 0.2312", "value = 1e99999"), "the number '1e99999'"),
    "signs": (replaced("parameters", "cmath.sqrt(sw2)", "-" * 100_000 + "1"), "code that is nested too deeply"),
    "sums": (replaced("parameters", "cmath.sqrt(sw2)", "1" + "+1" * 100_000), "code that is nested too deeply"),
    "parentheses": (replaced("parameters", "cmath.sqrt(sw2)", "(" * 5000 + "1" + ")" * 5000), "too many nested"),
    "structure_sum": (replaced("lorentz", "Gamma(3,2,-1)*ProjM(-1,1)", "Gamma(3,2,1)" + "+1" * 1900), "nested too deeply"),
    "deep_number": (replaced("particles", "pdg_code = 12,", f"pdg_code = {'1+' * 2000}12,"), "nested too deeply"),
    "large_number": (replaced("particles", "pdg_code = 12,", f"pdg_code = {'*'.join(['1e400'] * 200)},"), "that is no number"),
    "cycle": (replaced("parameters", "cmath.sqrt(sw2)", "cw"), "parameters that depend on each other: sw -> cw -> sw"),
    "own_cycle": (added("parameters", "x = Parameter('x', 'internal', 'real', 'x', 'x')"), "x -> x"),
    "no_value": (replaced("parameters", "value = 0.2312", "value = None"), "no value for sw2, allowed a number for each"),
    # Files.
    "no_particles": (without("particles"), "no such file or directory"),
    "no_vertices": (without("vertices"), "no such file or directory"),
    "folder_for_a_file": (without("lorentz", Path.mkdir), "no regular file"),
    "pipe": (without("lorentz", os.mkfifo), "no regular file"),
    "device": (without("lorentz", lambda path: path.symlink_to("/dev/zero")), "no regular file"),
    "large": (overwritten("couplings", b"#" * (8 * 2**20 + 1)), "more than 8388608 bytes"),
    "binary": (overwritten("couplings", b"x = 1\n\xff\xfe"), "couplings.py:2: found byte 0xff outside UTF-8"),
    "null": (overwritten("couplings", b"x = 1\0"), "couplings.py:1: found"),
    "python_2": (overwritten("couplings", b"print 'x'"), "what Python cannot read"),
    "pickle": (overwritten("couplings", b"cos\nsystem\n(S'touch executed'\ntR."), "what Python cannot read"),
    # Declarations that do not fit together.
    "no_spin": (boson(ZD, ZD.replace("spin = 3, ", "")), "Particle 'Zd' without 'spin'"),
    "spin_text": (boson(ZD, ZD.replace("3", "'3'")), "'spin' of 'Zd' that is no number"),
    "half_spin": (boson(ZD, ZD.replace("3", "5/2")), "'spin' of 'Zd' that is 5/2"),
    "twice": (added("particles", "Zd = Particle(1, 'x', 'x', 3, 1, Param.ZERO, Param.ZERO, 'x', 'x', 0)"), "another 'Zd'"),
    "parameter_twice": (added("parameters", "y = Parameter('sw', 'external', 'real', 1, 'y')"), "another parameter with the name"),
    "own_antiparticle": (added("particles", "x = Zd.anti()"), "the antiparticle of 'Zd', which is its own"),
    "nobody": (added("particles", "x = Zq.anti()"), "the antiparticle of 'Zq'"),
    "no_parameter": (replaced("particles", "Param.MZd", "Param.MZq"), "the parameter 'MZq', allowed parameters"),
    "unknown_particle": (replaced("vertices", "P.Zd", "P.Zq"), "the particle 'Zq', allowed those of the model, as Zd"),
    "unknown_coupling": (replaced("vertices", "C.GC_N", "C.__class__"), "the coupling '__class__'"),
    "unknown_structure": (replaced("vertices", "L.FFVL", "L.FFVQ"), "the Lorentz structure 'FFVQ'"),
    "position": (replaced("vertices", "(0,1):", "(0,5):"), "the entry (0,5)"),
    "couplings_list": (replaced("vertices", "couplings = {(0,0):C.GC_N}", "couplings = [C.GC_N]"), "of another form"),
    # What is out of scope.
    "propagator": (boson(ZD, f"{ZD}, propagator = Prop.V1"), "has a propagator of its own"),
    "graviton": (boson(ZD, ZD.replace("3", "5")), "the mediator 'Zd' has spin 2"),
    "gravitino": (boson(ZD, ZD.replace("3", "4")), "the mediator 'Zd' has spin 3/2"),
    "colour": (boson(ZD, ZD.replace("color = 1", "color = 8")), "the mediator 'Zd' has colour"),
    "dummy": (boson(ZD, f"{ZD}, propagating = False"), "is a dummy particle"),
    "goldstone": (boson(ZD, f"{ZD}, goldstoneboson = True"), "is a ghost or a Goldstone boson"),
    "complex": (boson(ZD, ZD.replace("antiname = 'Zd'", "antiname = 'Zd~'")), "is not its own antiparticle"),
    "charged": (replaced("particles", "'Zd', charge = 0", "'Zd', charge = 1"), "the mediator 'Zd' is charged"),
    "negative_mass": (replaced("parameters", "value = 1e-09", "value = -1e-09"), "the mass or width 'MZd' = -1.0 eV of 'Zd'"),
    "wide": (replaced("parameters", "value = 1e-11", "value = 1e-8"), "set the parameter 'WZd' (GeV)"),
    "vertex_colour": (replaced("vertices", "color = [ '1' ]", "color = [ 'Identity(1,2)' ]"), "the colour 'Identity(1,2)'"),
    "epsilon": (replaced("lorentz", "Gamma(3,2,-1)*ProjM(-1,1)", "Epsilon(3,-1,-2,-3)*Gamma(-1,2,1)"), "found Epsilon(3,-1,-2,-3)"),
    "form_factor": (replaced("lorentz", "Gamma(3,2,-1)*ProjM(-1,1)", "F1(P(-1,3)**2)*Gamma(3,2,1)"), "'F1' with what are no indices"),
    "run_in_a_structure": (replaced("lorentz", "Gamma(3,2,-1)*ProjM(-1,1)", RUN), "a call of 'touch' in a Lorentz structure"),
    "one_fermion": (replaced("lorentz", "Gamma(3,2,-1)*ProjM(-1,1)", "P(3,1)*Identity(2,1)"), "no derivative of one fermion"),
    "no_line": (replaced("lorentz", "Gamma(3,2,-1)*ProjM(-1,1)", "Gamma(3,2,-1)*ProjM(-2,1)"), "make no line"),
    "two_firsts": (replaced("lorentz", "Gamma(3,2,-1)*ProjM(-1,1)", "Gamma(3,2,-1)*ProjM(2,1)"), "make no line"),
    "circle": (replaced("lorentz", "Gamma(3,2,-1)*ProjM(-1,1)", "Gamma(3,2,1)*ProjM(-1,-1)"), "a closed line of spinors"),
    "boson_index": (replaced("lorentz", "Gamma(3,2,-1)*ProjM(-1,1)", "Gamma(1,2,-1)*ProjM(-1,1)"), "Lorentz indices that do not fit"),
    "momentum": (replaced("lorentz", "Gamma(3,2,-1)*ProjM(-1,1)", "P(3,7)*ProjM(2,1)"), "a momentum of particle 7"),
    "turned": (replaced("lorentz", "Gamma(3,2,-1)*ProjM(-1,1)", "Gamma(3,1,-1)*ProjM(-1,2)"), "at particle 1 (e+)"),
    "long_structure": (replaced("lorentz", "Gamma(3,2,-1)*ProjM(-1,1)", "(P(-1,3)+P(-1,3))*" * 9 + "ProjM(2,1)"), "too long"),
    "hermitian": (replaced("couplings", "(ee*complex(0,1)/(sw*cw))*(-cmath.sin(alpha)/2", "ee*(-cmath.sin(alpha)/2"), "not Hermitian"),
    "lepton_number": (replaced("vertices", "P.ve__tilde__, P.ve", "P.ve, P.ve"), "which breaks lepton number"),
    "antiparticle_of_its_own": (replaced("particles", "name = 've', antiname = 've~'", "name = 've', antiname = 've'"), "which is its own"),
    "no_electron": (replaced("vertices", "P.e__minus____tilde__, P.e__minus__,", "P.ve__tilde__, P.ve,"), "no coupling to electrons"),
    "four_legs": (replaced("vertices", "P.e__minus__, P.Zd", "P.e__minus__, P.Zd, P.Zd"), "V_1 has 4 particles: only vertices of three"),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_folder_gets_one_line(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = DARK_PHOTON.write(tmp_path / "model")
    change, message = BROKEN[name]
    change(folder)
    with pytest.raises(UfoError) as caught:
        import_interaction("model", "Zd")
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 1000
    assert not list(tmp_path.rglob("executed"))


def test_there_are_enough_of_them_and_all_were_whole_before(tmp_path: Path) -> None:
    assert len(BROKEN) >= 40
    assert import_interaction(DARK_PHOTON.write(tmp_path / "model"), "Zd").name == "zd"
    assert MINE in (tmp_path / "model" / "__init__.py").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"path": "nowhere"}, "nowhere: found no folder"),
        ({"path": "model/particles.py"}, "found no folder"),
        ({"mediator": "Zq"}, "mediator: found 'Zq', allowed Zd"),
        ({"mediator": "e-"}, "the mediator 'e-' is charged"),
        ({"mediator": "ve"}, "the mediator 've' has spin 1/2"),
        ({"mediator": "contact"}, "no four-fermion vertex"),
        ({"parameters": {"MZq": 1}}, "parameters: found the name 'MZq', allowed MZd"),
        ({"parameters": {"MZd": "one"}}, "parameters: found MZd = 'one', allowed finite numbers"),
        ({"parameters": {"MZd": float("nan")}}, "found MZd = 'nan'"),
        ({"parameters": {"MZd": "1e9999"}}, "found MZd = '1e9999'"),
        ({"parameters": {"MZd": True}}, "found MZd = 'True'"),
        ({"mixing": [[1, 0], [0, 1]]}, "mixing: found 2 rows, allowed 3"),
        ({"mixing": [[1, 0, 0], [0, 1], [0, 0, 1]]}, "mixing: found 3 rows, allowed 3 of one length"),
    ],
)
def test_a_wrong_argument_gets_one_line(
    more: dict[str, Any], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    DARK_PHOTON.write(tmp_path / "model")
    with pytest.raises(UfoError) as caught:
        import_interaction(**{"path": "model", "mediator": "Zd", **more})
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_mixture_of_natures_is_refused(tmp_path: Path) -> None:
    mixed = replace(
        B_MINUS_L,
        particles={**B_MINUS_L.particles, "n3": (16, "n3", "n3~", 2, 0, "ZERO", "ZERO")},
        vertices=B_MINUS_L.vertices[:3],
    )
    with pytest.raises(
        UfoError, match=r"n1 \(Majorana\), n2 \(Majorana\), n3 \(Dirac\), allowed all Dirac or all Majorana"
    ):
        import_interaction(mixed.write(tmp_path / "mixed"))


def test_a_private_function_is_refused_where_it_is_needed(tmp_path: Path) -> None:
    """Models define functions for loops that have nothing to do with neutrinos."""
    folder = DARK_PHOTON.write(tmp_path / "model")
    (folder / "function_library.py").write_text(
        "shape = Function(name = 'shape', arguments = ('x',), expression = 'x')", "utf-8"
    )
    added("parameters", "x = Parameter('x', 'internal', 'real', 'shape(sw2)', 'x')")(folder)
    assert import_interaction(folder, "Zd").name == "zd"
    replaced("parameters", "cmath.sqrt(sw2)", "shape(sw2)")(folder)
    with pytest.raises(UfoError, match="the private function 'shape' of this model"):
        import_interaction(folder, "Zd")


def test_the_work_of_a_number_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = DARK_PHOTON.write(tmp_path / "model")
    monkeypatch.setattr("derivations.interactions.ufo.folder.MAX_WORK", 20)
    with pytest.raises(UfoError, match="found parameters of more than 20 parts, allowed fewer"):
        import_interaction(folder, "Zd")


def test_several_mediators_must_be_named(tmp_path: Path) -> None:
    both = replace(
        DARK_PHOTON,
        particles={**DARK_PHOTON.particles, "Y": (2000, "Y", "Y", 3, 0, "MZd", "ZERO")},
        vertices=[
            *DARK_PHOTON.vertices,
            ((*E_PAIR, "Y"), {"FFV1": "GC_N"}),
            ((*pair("ve", "ve"), "Y"), {"FFVL": "GC_N"}),
        ],
    )
    folder = both.write(tmp_path / "both")
    with pytest.raises(UfoError, match="found the mediators Zd, Y, allowed one: name it"):
        import_interaction(folder)
    assert import_interaction(folder, "Y").name == "y"
    with pytest.raises(UfoError, match=r"found no mediator .* tried Zd \(no coupling to neutrinos\)"):
        import_interaction(replace(DARK_PHOTON, vertices=DARK_PHOTON.vertices[:1]).write(tmp_path / "none"))


# ---------------------------------------------------------------- numbers


def number(text: str, **values: Any) -> Any:
    with mpmath.workdps(60):
        return evaluate(read_expression(ast.Constant(text), HERE, frozenset()), values, mpmath.mp)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1/3", lambda m: m.mpf(1) / 3),
        ("2*cmath.sqrt(cmath.pi)", lambda m: 2 * m.sqrt(m.pi)),
        ("-2**2", lambda m: -m.mpf(4)),
        ("2**-0.5", lambda m: 1 / m.sqrt(2)),
        ("pow(2, 0.5)", lambda m: m.sqrt(2)),
        ("cmath.exp(complex(0,1)*cmath.pi/3)", lambda m: m.expj(m.pi / 3)),
        ("complexconjugate(complex(1,2)) + re(complex(1,2)) - im(complex(1,2))", lambda m: m.mpc(0, -2)),
        ("complex(1,2).conjugate() + complex(1,2).real*complex(1,2).imag", lambda m: m.mpc(3, -2)),
        ("sec(1) + csc(1) + cot(1)", lambda m: m.sec(1) + m.csc(1) + m.cot(1)),
        ("asec(2) + acsc(2)", lambda m: m.asec(2) + m.acsc(2)),
        ("cmath.atan(1e100)", lambda m: m.atan(m.mpf(10) ** 100)),
        ("cmath.log(2, 10) + cmath.log10(5)", lambda m: m.mpf(1)),
        ("theta_function(1, 2, 3) + cond(0, 5, 7) + reglog(0)", lambda m: m.mpf(7)),
        ("(2 if 3 > 2 and not 1 == 0 else 5)", lambda m: m.mpf(2)),
        ("1e-400 * 1E+400", lambda m: m.mpf(1)),
        ("0.1 + 1_0", lambda m: m.mpf(101) / 10),
        ("2j*2j", lambda m: -m.mpf(4)),
        ("\n cmath.cos(\n0) ", lambda m: m.mpf(1)),
    ],
)
def test_an_expression_has_its_value_to_fifty_digits(text: str, expected: Callable[[Any], Any]) -> None:
    with mpmath.workdps(60):
        wanted = expected(mpmath.mp)
        assert abs(number(text) - wanted) <= abs(wanted) * mpmath.mpf(10) ** -50


def test_numbers_are_what_their_digits_say() -> None:
    found = exact(parse_expression("0.1", HERE))
    assert found is not None
    assert found.real == Fraction(1, 10)
    assert found.real != Fraction(0.1)


def test_what_cancels_is_zero_and_what_survives_has_all_digits(tmp_path: Path) -> None:
    values = {"x": 0.3, "root": "cmath.sqrt(2)", "zero": "root**2 - 2", "tiny": "cmath.sqrt(1 + x*1e-90) - 1"}
    model = load_model(replace(DARK_PHOTON, parameters={**DARK_PHOTON.parameters, **values}).write(tmp_path / "model"))
    numbers = Numbers(model)
    assert numbers.parameter("zero") == 0
    with mpmath.workdps(60):
        assert abs(numbers.parameter("tiny") / mpmath.mpf("1.5e-91") - 1) < 1e-40
        assert abs(numbers.set({"x": Fraction(1, 3)}).parameter("x") * 3 - 1) < 1e-55
    assert [one.name for one in numbers.depends_on(["tiny", "alpha"])] == ["MZd", "MZ0", "sw2", "epsilon", "x"]
    assert [one.name for one in numbers.set({"alpha": 0.1}).depends_on(["alpha"])] == []


def test_the_smallest_width_is_that_of_the_evaluators() -> None:
    assert float(SMALLEST) == SMALLEST_ENERGY


# ---------------------------------------------------------------- structures and selection


@pytest.mark.parametrize(
    ("text", "spin", "expected"),
    [
        ("Gamma5(-1,1)*Gamma(3,2,-1)", 1, {0: "-1", 1: "1"}),
        ("Gamma(3,2,-1)*Gamma5(-1,1)", 1, {0: "-1", 1: "1"}),
        ("ProjP(2,-1)*Gamma(3,-1,1)", 1, {0: "1"}),
        ("Metric(3,-1)*Gamma(-1,2,1)/2", 1, {0: "1/2", 1: "1/2"}),
        # sigma(mu,nu) q(nu) of the boson's P = -q.
        ("Sigma(3,-1,2,1)*P(-1,3)", 1, {2: "i", 3: "i"}),
        ("Sigma(3,-1,2,1)*(P(-1,1) + P(-1,2))", 1, {2: "-i", 3: "-i"}),
        ("P(3,3)*ProjM(2,1)", 1, {4: "i"}),
        ("P(-1,3)**2*Gamma(3,2,1) - P(3,3)*PSlash(2,1,3)", 1, {6: "1", 7: "1", 8: "-1", 9: "-1"}),
        ("Identity(2,1)", 0, {0: "1", 1: "1"}),
        ("complex(0,1)*Gamma5(1,2)", 0, {0: "-i", 1: "i"}),
        ("PSlash(2,-1,3)*ProjM(-1,1)", 0, {2: "i"}),
    ],
)
def test_a_structure_has_its_coordinates(text: str, spin: int, expected: dict[int, str]) -> None:
    line, found = bilinear_coordinates(text, HERE, 3, (2, 1), spin)
    assert line == (2, 1)
    assert {position: str(number) for position, number in found.items()} == expected


def test_a_turned_vertex_means_the_same() -> None:
    """The place of the particles in a vertex does not matter, only which one the spinor index names."""
    assert bilinear_coordinates("Gamma(1,3,-1)*ProjM(-1,2)", HERE, 1, (3, 2), 1) == (
        (3, 2),
        {0: exact(parse_expression("1", HERE))},
    )
    assert bilinear_coordinates("Gamma(1,2,-1)*ProjM(-1,3)", HERE, 1, (3, 2), 1)[0] == (2, 3)


def test_fierz_is_its_own_inverse() -> None:
    """Crossing the lines twice gives the coordinates back, for every product."""
    for first in ("ProjM", "ProjP"):
        for second in ("ProjM", "ProjP"):
            straight = f"{first}(2,1)*{second}(4,3)"
            crossed = f"{first}(2,3)*{second}(4,1)"
            one = contact_coordinates(straight, HERE, (2, 1), (4, 3))[1]
            two = contact_coordinates(crossed, HERE, (2, 3), (4, 1))[1]
            assert one == two
            assert contact_coordinates(crossed, HERE, (2, 1), (4, 3))[1] != one


def test_candidates_say_what_is_missing(tmp_path: Path) -> None:
    extra = {
        "a": (22, "a", "a", 3, 0, "ZERO", "ZERO"),
        "Z": (23, "Z", "Z", 3, 0, "MZ0", "ZERO"),
        "G0": (250, "G0", "G0", 1, 0, "MZ0", "ZERO"),
        "phi": (99, "phi", "phi~", 1, 0, "MZ0", "ZERO"),
        "W": (24, "W+", "W-", 3, 1, "MZ0", "ZERO"),
    }
    model = replace(
        DARK_PHOTON,
        particles={**DARK_PHOTON.particles, **extra},
        further={"G0": "goldstoneboson = True"},
        lorentz={**DARK_PHOTON.lorentz, "FFSL": "ProjM(2,1)"},
        vertices=[
            *DARK_PHOTON.vertices,
            ((*E_PAIR, "a"), {"FFV1": "GC_N"}),
            ((*E_PAIR, "Z"), {"FFV1": "GC_N"}),
            ((*pair("ve", "ve"), "Z"), {"FFV1": "GC_N"}),
            ((*E_PAIR, "G0"), {"FFSL": "GC_N"}),
            ((*E_PAIR, "phi"), {"FFSL": "GC_N"}),
            ((*pair("ve", "e__minus__"), "W"), {"FFVL": "GC_N"}),
        ],
    ).write(tmp_path / "model")
    loaded = load_model(model)
    found = {one.name: one for one in candidates(loaded, Numbers(loaded))}
    assert list(found) == ["Zd", "a", "Z", "phi"]
    assert [found[name].problem for name in ("Zd", "a", "Z")] == ["", "no coupling to neutrinos", ""]
    assert "is not its own antiparticle" in found["phi"].problem
    assert import_interaction(model).name == "zd"
    z = found["Z"].couplings
    assert z is not None
    assert "the weak current already holds the exchange of Z" in z.notes[0]


def test_heavy_neutral_fermions_are_no_neutrinos(tmp_path: Path) -> None:
    def states(mass: float, pdg: int = 9900012) -> list[str]:
        model = replace(
            DARK_PHOTON,
            particles={
                **DARK_PHOTON.particles,
                "N": (pdg, "N", "N~", 2, 0, "MN", "ZERO"),
                "X": (52, "X", "X~", 2, 0, "MX", "ZERO"),
            },
            parameters={**DARK_PHOTON.parameters, "MN": mass, "MX": 1.0},
            vertices=[
                *DARK_PHOTON.vertices,
                ((*pair("N", "ve"), "Zd"), {"FFVL": "GC_N"}),
                ((*pair("ve", "N"), "Zd"), {"FFVL": "GC_N"}),
                ((*pair("X", "X"), "Zd"), {"FFVL": "GC_N"}),
            ],
        ).write(tmp_path / f"model{mass}{pdg}")
        loaded = load_model(model)
        return [p.name for p in couplings_of(loaded, Numbers(loaded), "Zd").neutrinos]

    assert states(1e-10) == ["ve", "vm", "vt", "N"]
    assert states(1e-10, 13) == ["ve", "N", "vm", "vt"]
    assert states(1.0) == ["ve", "vm", "vt"]


def test_a_conjugate_element_belongs_to_the_outgoing_particles(tmp_path: Path) -> None:
    """As [u~, s, W+] has the conjugate of V_us: particles are outgoing, and the barred field creates the second one."""
    model = replace(
        DARK_PHOTON,
        parameters={**DARK_PHOTON.parameters, "h": "complex(1,2)*1e-9"},
        couplings={**DARK_PHOTON.couplings, "GC_1": "complex(0,1)*h", "GC_2": "complex(0,1)*complexconjugate(h)"},
        vertices=[
            DARK_PHOTON.vertices[0],
            # h nubar_e gamma^mu P_L nu_mu creates an outgoing nu_e and an outgoing anti-nu_mu.
            (("vm__tilde__", "ve", "Zd"), {"FFVL": "GC_1"}),
            (("ve__tilde__", "vm", "Zd"), {"FFVL": "GC_2"}),
        ],
    )
    values: Any = import_interaction(model.write(tmp_path / "model")).values
    assert complex(values["g_L"][0][1]) == complex(1e-9, 2e-9)
    assert complex(values["g_L"][1][0]) == complex(1e-9, -2e-9)


def test_every_family_has_its_own_names() -> None:
    for families in FAMILIES.values():
        names = [name for family in families for name in (*family.electron, *family.neutrino)]
        assert len(names) == len(set(names))
    assert family_of(0, 2)[0].text == "i qslash"


@pytest.mark.parametrize(
    "family", [*FAMILIES[0], *FAMILIES[1], *(family for family, _, _ in PRODUCTS)], ids=lambda family: family.text
)
def test_a_family_is_hermitian_and_turns_as_it_says(family: Family) -> None:
    """C Gamma^T C^-1 of explicit matrices: eta, and which chirality the other field has."""
    bilinear = parse_bilinear(family.text)
    assert is_hermitian(bilinear)
    assert family.dimension in (-2, -bilinear.terms[0].momentum_power)
    for chirality, other in (("PL", "PR"), ("PR", "PL")):
        found = parse_bilinear(f"({family.text}) {chirality}")
        turned = parse_bilinear(f"({family.text}) {chirality if family.flips else other}")
        for free in product(range(4), repeat=len(found.free_indices)):
            at = dict(zip(found.free_indices, free, strict=True))
            expected = component(turned, at).scaled(TRACE.one * family.eta)
            assert not charge_conjugated(component(found, at)) - expected
        # The conjugate of X PL is X PL when it keeps chirality, else X PR.
        assert is_hermitian(found) != family.flips


def test_majorana_couplings_give_the_rule_back(tmp_path: Path) -> None:
    """F_ij Gamma of one listed vertex, for every structure: h + eta h^T must be what the vertex says, in both orders."""
    structures = {"FFS1": "Identity(2,1)", "FFSL": "ProjM(2,1)", "FFSR": "ProjP(2,1)"}
    structures |= {f"FFSD{c}": f"PSlash(2,-1,3)*Proj{c}(-1,1)" for c in "MP"}
    model = replace(
        B_MINUS_L,
        particles={**ELECTRON, **MAJORANA, "phi": (99, "phi", "phi", 1, 0, "MZp", "ZERO")},
        parameters={"Me": 0.000511, "MZp": 2e-7},
        # F_21 and F_12 = eta F_21 must be conjugate.
        couplings={
            "GC_e": "complex(0,1)*1e-6",
            "GC_s": "complex(0,1)*complex(3e-3,2e-3)",
            "GC_sc": "complex(0,1)*complex(3e-3,-2e-3)",
            "GC_v": "complex(0,1)*complex(0,-1)*complex(5e-3,1e-3)",
            "GC_vc": "complex(0,1)*complex(0,-1)*complex(-5e-3,1e-3)",
        },
        lorentz=structures,
        vertices=[
            ((*E_PAIR, "phi"), {"FFS1": "GC_e"}),
            (("n1", "n2", "phi"), {"FFSL": "GC_s", "FFSR": "GC_sc", "FFSDM": "GC_v", "FFSDP": "GC_vc"}),
        ],
    )
    values: Any = import_interaction(model.write(tmp_path / "model")).values

    def rule(name: str, eta: int, i: int, j: int) -> complex:
        return complex(values[name][i][j]) + eta * complex(values[name][j][i])

    # The listed vertex bars particle 2: row 1, column 0. f P_L + g P_R = (f + g)/2 + i gamma5 (g - f)/2i.
    assert rule("y_S_nu", 1, 1, 0) == pytest.approx(3e-3, rel=1e-6, abs=0)
    assert rule("y_P_nu", 1, 1, 0) == pytest.approx(-2e-3, rel=1e-6, abs=0)
    # PSlash is i times i qslash: the coefficient of i qslash P_L is 5e-3 + 1e-3 i, and eta turns P_L into -P_R.
    assert complex(values["d_L"][1][0]) - complex(values["d_R"][0][1]) == pytest.approx(
        complex(5e-3, 1e-3) * 1e-9, rel=1e-6, abs=0
    )
    assert complex(values["d_R"][1][0]) - complex(values["d_L"][0][1]) == pytest.approx(
        complex(-5e-3, 1e-3) * 1e-9, rel=1e-6, abs=0
    )


@pytest.mark.parametrize("mediator", ["Zd", "Z'", "H0~", "vector", "masses", "lambda", "é", "1x", "A" * 60, "W+"])
def test_a_mediator_has_a_name_that_a_file_may_have(mediator: str) -> None:
    name = interaction_name(mediator)
    assert name not in reserved_names()
    assert re.fullmatch(NAME, name)


def test_contact_vertices_in_any_order_of_their_pairs_agree(tmp_path: Path) -> None:
    """[e+, e-, nu~, nu] with crossing lines is minus [nu~, e-, e+, nu] with straight ones: an exchange of two fermions."""

    def values(name: str, vertices: list[Any], sign: str) -> Any:
        model = replace(FOUR_FERMION, couplings={"GC": f"{sign}complex(0,1)*Gf"}, vertices=vertices)
        return import_interaction(model.write(tmp_path / name), "contact").values

    straight = values("a", [(("ve__tilde__", "e__minus__", "e__minus____tilde__", "ve"), {"FFFFV": "GC"})], "")
    turned = values("b", [(("e__minus____tilde__", "ve", "ve__tilde__", "e__minus__"), {"FFFFV": "GC"})], "")
    crossed = values("c", [((*E_PAIR, "ve__tilde__", "ve"), {"FFFFX": "GC"})], "-")
    assert straight == turned == crossed
    with pytest.raises(UfoError, match=r"particles 1, 2 and 3, 4 as pairs"):
        values("d", [(("ve__tilde__", "e__minus____tilde__", "e__minus__", "ve"), {"FFFFX": "GC"})], "")


def test_a_folder_that_feynlag_writes_is_read(tmp_path: Path) -> None:
    """An exporter that is not ours: diagonal currents, where all conventions for the order of fields agree."""
    writer = pytest.importorskip("feynlag.export.ufo.writer", reason="feynlag is not installed")
    parameters = pytest.importorskip("feynlag.parameters")
    e, e_bar, nu, nu_bar, boson_ = sympy.symbols("e ebar nu nubar X")
    numbers = parameters.ParameterSet(
        parameters.ExternalParameter("g", value=1e-6), parameters.ExternalParameter("MX", value=1e-9)
    )
    g = numbers["g"].symbol
    particles = [
        writer.UFOParticle(e, 11, "e-", "e+", 2, charge=-1, antisymbol=e_bar),
        writer.UFOParticle(nu, 12, "ve", "ve~", 2, antisymbol=nu_bar),
        writer.UFOParticle(boson_, 99, "X", spin=3, mass="MX"),
    ]
    currents = [
        {"bar": e_bar, "field": e, "bosons": (boson_,), "left": g, "right": 3 * g},
        {"bar": nu_bar, "field": nu, "bosons": (boson_,), "left": -g, "right": 2 * g},
    ]
    writer.write_ufo(tmp_path / "exchange", "m", numbers, particles, fermion_vertices=currents)
    values: Any = import_interaction(tmp_path / "exchange").values
    assert (values["g_V"], values["g_A"]) == (
        pytest.approx(2e-6, rel=1e-6, abs=0),
        pytest.approx(1e-6, rel=1e-6, abs=0),
    )
    assert (complex(values["g_L"][0][0]), complex(values["g_R"][0][0])) == (
        pytest.approx(-1e-6, rel=1e-6, abs=0),
        pytest.approx(2e-6, rel=1e-6, abs=0),
    )
    # L = -g (ebar gamma P_L nu)(nubar gamma P_L e)
    fields = {"bar1": e_bar, "field1": nu, "bar2": nu_bar, "field2": e, "couplings": {("VL", "VL"): -g}}
    writer.write_ufo(tmp_path / "contact", "m", numbers, particles, four_fermion_vertices=[fields])
    values = import_interaction(tmp_path / "contact").values
    assert complex(values["c_VL"][0][0]) == pytest.approx(5e-25, abs=0)
    assert complex(values["c_AL"][0][0]) == pytest.approx(-5e-25, abs=0)


def test_an_antiparticle_is_opposite_in_everything(tmp_path: Path) -> None:
    model = load_model(DARK_PHOTON.write(tmp_path / "model"))
    electron, positron = (model.particles[name] for name in ("e__minus__", "e__minus____tilde__"))
    assert (positron.pdg, positron.charge, positron.name, positron.antiname) == (-11, 1, "e+", "e-")
    assert (electron.pdg, electron.charge, electron.name, electron.mass) == (11, -1, "e-", positron.mass)
