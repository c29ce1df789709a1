"""Assertions of physics: right functions pass, and each assertion fails on a function that breaks its law and says how."""

from __future__ import annotations

import inspect
import itertools
import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import renp
from renp import testing
from renp.model import Model, shipped_model
from renp.testing.assertions import ASSERTIONS, MARGIN, check_physics
from renp.testing.strategies import edges, simplest
from renp.testing.subject import PhysicsError, Subject
from tests.imports import imported, modules
from tests.tolerances import tolerance

MODEL = shipped_model()
right = renp.spectral_function
OWN = """\
name = "axial_boson"
title = "Axial boson"
description = "A boson that couples to the axial currents of electrons and neutrinos, and by a chiral dipole."
references = []
propagator = { kind = "massive", spin = 1, mass = "M", width = "G" }
electron = [ { coupling = "c_A", bilinear = "gamma(mu) gamma5" }, { coupling = "c_V", bilinear = "gamma(mu)" } ]
neutrino = [
  { coupling = "d_A", bilinear = "gamma(mu) gamma5" },
  { coupling = "f", bilinear = "sigma(mu,nu) q(nu) PR", dimension = -1, units = "eV^-1", hermitian = "add conjugate" },
]
"""


# ---------------------------------------------------------------- what is right passes


@pytest.mark.parametrize(
    "model",
    [
        pytest.param(Model, id="weak"),
        pytest.param(lambda: Model("vector", second="scalar"), id="copies"),
        pytest.param(lambda: Model.from_texts({"axial_boson": OWN}), id="own"),
    ],
)
def test_any_model_keeps_every_law(model: Callable[[], Model]) -> None:
    made = model()
    records = check_physics(made.spectral_function, model=made, examples=10, rtol=tolerance("assertion"), margin=0.0)
    assert [record.name for record in records] == [name for name in ASSERTIONS if ASSERTIONS[name].default]
    assert not [str(record.error) for record in records if not record.passed]
    assert all(record.skipped or record.examples >= 8 for record in records)


def printed(omega: float, *, E_eg: float, E_vg: float, masses: Any, a: Any, nature: str = "dirac") -> float:
    """The weak spectral function as GP22 (16, 17) prints it."""
    s, total = E_eg * (E_eg - 2 * omega), 0.0
    for i, j in itertools.product(range(len(masses)), repeat=2):
        m_i, m_j = masses[i], masses[j]
        if s <= (m_i + m_j) ** 2:
            continue
        D = np.sqrt((s - (m_i + m_j) ** 2) * (s - (m_i - m_j) ** 2)) / s
        I_D = (
            s + omega**2 / 2 - omega**2 * D**2 / 6 - (m_i**2 + m_j**2) / 2
            - (E_eg - omega) ** 2 * (m_i**2 - m_j**2) ** 2 / (2 * s**2)
        ) / 3  # fmt: skip
        majorana = m_i * m_j * (a[i][j] ** 2).real if nature == "majorana" else 0.0
        total += D / (E_vg - omega) ** 2 * (abs(a[i][j]) ** 2 * I_D - majorana)
    return float(total)


def test_the_printed_formula_keeps_every_law_away_from_thresholds() -> None:
    records = check_physics(printed, names={"a": "axial"})
    assert not [str(record.error) for record in records if not record.passed]
    skipped = {record.name: record.skipped for record in records if record.skipped}
    assert skipped["linear_in_atomic_tensor"] == "the function does not take atomic_tensor"
    assert skipped["heavy_mediator_is_contact"] == "the model has no mediator that the function takes"
    assert sum(not record.skipped for record in records) >= 14


# ---------------------------------------------------------------- what is wrong is found

Function = Callable[..., Any]


def changing(**changes: Callable[[Any], Any]) -> Function:
    """Return the right function of changed arguments; those that are not given stay away."""
    return lambda w, **a: right(w, **{k: changes[k](v) if k in changes and v is not None else v for k, v in a.items()})


def entries(group: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> Function:
    return changing(**{group: lambda given: given | change(given)})


def times(factor: Callable[..., Any]) -> Function:
    return lambda w, **a: right(w, **a) * factor(w, a)


def as_majorana(w: float, **a: Any) -> Any:
    """The Majorana term with the wrong sign."""
    dirac, majorana = (right(w, **a | {"nature": nature}) for nature in ("dirac", "majorana"))
    return dirac if a.get("nature") != "majorana" else 2 * dirac - majorana


def states_one_by_one(w: float, **a: Any) -> Any:
    if "intermediate_amplitudes" not in a:
        return right(w, **a)
    states = zip(a["E_vg"], a["intermediate_amplitudes"], strict=True)
    return sum(c**2 * right(w, **a | {"E_vg": E, "intermediate_amplitudes": None}) for E, c in states)


def clamped(w: float, **a: Any) -> Any:
    """The step function is missing: above threshold the last value stays."""
    return right(min(w, edges(a)[-1] * (1 - 1e-6)), **a)


WRONG: dict[str, Function] = {
    "zero_above_threshold": clamped,
    "closed_channels": times(lambda w, a: len(a["masses"])),
    "positivity": lambda w, **a: right(w, **a) - 2 * right(w, **a | {"atomic_tensor": None}),
    "dirac_rephasing": changing(axial=lambda c: c.real, vector_weak=lambda c: c.real),
    "majorana_signs": changing(axial=lambda c: c + 0.125),
    "majorana_phases": changing(nature=lambda nature: "dirac"),
    "massless_dirac_is_majorana": times(lambda w, a: 0.5 if a["nature"] == "majorana" else 1),
    "relabelling": changing(masses=np.sort),
    "exchange_of_the_pair": times(lambda w, a: 1 + a["axial"][0, 1].imag if len(a["axial"]) > 1 else 1),
    "quadratic_in_couplings": changing(axial=lambda c: c * (1 + abs(c).max())),
    "quadratic_together": lambda w, **a: right(w, **a) + 1e-6,
    "off_is_off": times(lambda w, a: 1 + 0.1 * sum(key in a for key in MODEL.keywords)),
    "scaling_of_energies": times(lambda w, a: np.min(a["E_vg"]) - w),
    "opening_powers": as_majorana,
    "heavy_mediator_is_contact": entries("vector", lambda g: {"g_L": g["g_L"] * g["mass"]}),
    "light_mediator_is_massless": entries("scalar", lambda g: {"y_S_nu": g["y_S_nu"] / g["mass"], "y_P_nu": g["y_P_nu"] / g["mass"]}),
    "continuity_at_pole": entries("vector", lambda g: {"width": 0.0}),
    "gauge_shift": times(lambda w, a: 1 + 1e-3 * (a.get("vector", {}).get("propagator") == "unitary")),
    "charge_radius_is_contact": entries("electromagnetic", lambda g: {k: -v for k, v in g.items() if k in ("r2", "anapole")}),
    "linear_in_atomic_tensor": changing(atomic_tensor=lambda T: T @ T / (T @ T).trace()),
    "rotation_about_the_beam": changing(atomic_tensor=lambda T: np.diag([0, T[0, 0].real, 1 - T[0, 0].real])),
    "intermediate_states_add": states_one_by_one,
    "dipole_length_squared": times(lambda w, a: abs(a.get("dipole_length", 1.0))),
    "massless_limit": times(lambda w, a: 1 + any(a["masses"])),
    "hermiticity": lambda w, **a: right(w, **a) * (1 + 1e-3j),
    "refuses_anti_hermitian": changing(axial=lambda c: (c + c.conj().T) / 2),
    "closed_form_is_the_integral": times(lambda w, a: 1 + 1e-6),
}  # fmt: skip
"""For each assertion a function with a slip that it must find."""


def test_there_is_a_wrong_function_for_each_assertion() -> None:
    assert set(WRONG) == set(ASSERTIONS)


@pytest.mark.parametrize("name", WRONG)
def test_each_assertion_finds_the_function_that_breaks_its_law(name: str) -> None:
    with pytest.raises(PhysicsError) as caught:
        ASSERTIONS[name](WRONG[name], model=MODEL)
    error = caught.value
    assert error.law == name
    assert error.sentence == ASSERTIONS[name].sentence
    assert str(error).splitlines()[:2] == [f"{name}: {error.sentence}", error.found]
    # The smallest example: no more neutrinos and no heavier ones than the law needs.
    assert error.calls
    least = inspect.signature(ASSERTIONS[name])
    assert "shrink" in least.parameters
    assert all(len(arguments["masses"]) <= 2 for _, arguments in error.calls), str(error)


def test_the_example_is_one_of_a_failure() -> None:
    with pytest.raises(PhysicsError) as caught:
        ASSERTIONS["dirac_rephasing"](WRONG["dirac_rephasing"], model=MODEL)
    first, second = (WRONG["dirac_rephasing"](omega, **arguments) for omega, arguments in caught.value.calls)
    assert abs(first - second) > 1e-9 * max(first, second)
    again = pickle.loads(pickle.dumps(caught.value))
    assert str(again) == str(caught.value)


@pytest.mark.parametrize("law", ["relabelling", "massless_limit"])
def test_the_same_function_gives_the_same_example(law: str) -> None:
    texts = set()
    for _ in range(2):
        with pytest.raises(PhysicsError) as caught:
            ASSERTIONS[law](WRONG[law], model=MODEL)
        texts.add(str(caught.value))
    assert len(texts) == 1


# ---------------------------------------------------------------- functions of other people


def test_an_entry_of_a_group_can_have_a_name_of_its_own() -> None:
    def flat(w: float, E_eg: float, E_vg: float, masses: Any, axial: Any, M: float, gA: float, gL: Any) -> Any:
        return right(w, E_eg=E_eg, E_vg=E_vg, masses=masses, axial=axial, vector={"mass": M, "g_A": gA, "g_L": gL})

    names = {"M": "vector.mass", "gA": "vector.g_A", "gL": "vector.g_L"}
    subject = Subject.of(flat, Model("vector"), names=names)
    assert subject.natures == ("dirac",)
    assert subject.covers("vector")
    assert not subject.takes_all("vector")
    assert not [str(record.error) for record in check_physics(flat, model=subject.model, names=names) if record.error]

    def slipped(w: float, E_eg: float, E_vg: float, masses: Any, axial: Any, M: float, gA: float, gL: Any) -> Any:
        return flat(w, E_eg, E_vg, masses, axial, M, gA, M * gL)

    with pytest.raises(PhysicsError, match="times that") as caught:
        ASSERTIONS["heavy_mediator_is_contact"](slipped, model=subject.model, names=names)
    assert {"M", "gA", "gL"} <= set(caught.value.calls[-1][1])


def test_what_a_function_cannot_do_without_is_passed_at_its_default() -> None:
    def wants(
        w: float, E_eg: float, E_vg: Any, masses: Any, axial: Any, vector_weak: Any, nature: str, atomic_tensor: Any,
        pair_step: str, dipole_length: float, m1: str, imprinted_momentum: float, vector: Any, electromagnetic: Any,
    ) -> Any:  # fmt: skip
        given = {key: value for key, value in locals().items() if key != "w"}
        return right(w, **given)

    records = check_physics(wants, model=Model("vector", "electromagnetic"), examples=6)
    assert not [str(record.error) for record in records if record.error]
    assert {record.name for record in records if record.skipped} == {"intermediate_states_add"}


@pytest.mark.parametrize(
    "names", [{"w": "omega", "m": "masses", "a": "axial"}, {"masses": "m", "a": "axial"}, {"m": "masses"}]
)
def test_the_names_are_those_of_an_examination(names: dict[str, str]) -> None:
    def spectrum(w: Any, E_eg: float, E_vg: float, m: Any, a: Any, majorana: bool) -> Any:
        nature = ("dirac", "majorana")[majorana]
        return right(w, E_eg=E_eg, E_vg=E_vg, masses=m, axial=a, nature=nature)

    records = check_physics(spectrum, names=names, examples=3)
    assert not [str(record.error) for record in records if record.error]
    assert not any(record.skipped for record in records if record.name in ("majorana_signs", "dirac_rephasing"))
    subject = Subject.of(lambda n, /, w, *, E_eg, d: 0.0, names={"n": "masses", "w": "omega", "d": "delta_M"})
    assert subject.natures == ("dirac", "majorana")
    assert subject(1.0, {"masses": [0.1], "E_eg": 2.0, "nature": "majorana"}) == 0.0
    assert subject.passed({"masses": [0.1], "nature": "majorana"})["d"] == 1


def test_a_call_that_fails_is_told_as_that() -> None:
    with pytest.raises(PhysicsError) as caught:
        testing.positivity(lambda w, E_eg, E_vg, masses, axial: 1 / 0)
    assert str(caught.value).startswith("positivity: The function gave no number")
    assert "it raised ZeroDivisionError" in caught.value.found
    with pytest.raises(PhysicsError) as caught:
        testing.positivity(lambda omega: np.array([[omega]]))
    assert caught.value.found == "it returned the shape (1, 1) for one photon energy"


@pytest.mark.parametrize(
    ("function", "found"),
    [
        (lambda w, E_eg, E_vg, masses, axial: 1 / 0, "it raised ZeroDivisionError: division by zero"),
        (lambda w, E_eg, E_vg, masses, axial: float("nan"), "it returned nan"),
        (lambda w, E_eg, E_vg, masses, axial: [0.0, 1.0], "it returned list where one number belongs"),
        (lambda w, E_eg, E_vg, masses, axial: "0 eV", "it returned str where one number belongs"),
        (lambda w, E_eg, E_vg, masses, axial: 1 + 1j, "it returned (1+1j): a rate is real"),
        (lambda w, E_eg, E_vg, masses, axial: None, "it returned NoneType where one number belongs"),
    ],
)
def test_what_is_no_rate_is_a_finding(function: Function, found: str) -> None:
    with pytest.raises(PhysicsError) as caught:
        ASSERTIONS["hermiticity"](function)
    assert caught.value.found == found


def test_a_function_that_is_not_deterministic_is_a_finding() -> None:
    counter = itertools.count()

    def drifting(w: float, *, E_eg: float, E_vg: float, masses: Any, axial: Any) -> float:
        return -1.0 if next(counter) % 7 == 5 else 1.0

    with pytest.raises(PhysicsError, match="the function is not deterministic"):
        ASSERTIONS["positivity"](drifting)


def test_functions_of_arrays_alone_are_called_with_arrays() -> None:
    def masked(w: Any, *, E_eg: float, E_vg: float, masses: Any, axial: Any) -> Any:
        out = np.zeros(len(w))
        out[w < E_eg / 2] = right(w[w < E_eg / 2], E_eg=E_eg, E_vg=E_vg, masses=masses, axial=axial)
        return out

    assert ASSERTIONS["relabelling"](masked).examples > 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((3,), "function must be a callable, found int"),
        (
            (right, None, "both", {"masses": "axail"}),
            "names: 'axail' is nothing that can be passed; allowed are omega, E_eg",
        ),
        (
            (printed, None, "both", {"b": "axial"}),
            "names: the function has no argument 'b'; it has omega, E_eg, E_vg, masses, a, nature",
        ),
        (
            (printed, None, "both", {"a": "axial", "nature": "axial"}),
            "names: two arguments of the function stand for 'axial'",
        ),
        ((lambda E_eg, masses: 0.0,), "the function takes no omega: name its argument in names"),
        ((lambda w, E_eg, charge: 0.0,), "the function requires charge: name it in names={...} or give it a default"),
        ((printed, None, "both", ["a"]), "names must be a mapping of the function's names to ours"),
        ((right, None, "weyl"), "nature must be one of dirac, majorana, both, found 'weyl'"),
    ],
)
def test_a_wrong_call_is_refused_in_one_line(arguments: tuple[Any, ...], message: str) -> None:
    with pytest.raises((TypeError, ValueError), match=r"^[^\n]+$") as caught:
        Subject.of(*arguments)
    assert str(caught.value).startswith(message)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": "vectr"}, "unknown interaction 'vectr': allowed are"),
        ({"model": 3}, "model must be a renp.Model, the name of an interaction or None, found 3"),
        (
            {"names": ["w"]},
            "names must be a mapping of the function's names to ours, such as {'w': 'omega'}, found ['w']",
        ),
        ({"examples": 0}, "examples must be a whole number of at least 1, found 0"),
        ({"examples": "3"}, "examples must be a whole number of at least 1, found '3'"),
        ({"rtol": -1}, "rtol must be a number from 0 to below 1, found -1"),
        ({"rtol": "a"}, "rtol must be a number from 0 to below 1, found 'a'"),
        ({"margin": 5}, "margin must be a number from 0 to below 1, found 5"),
    ],
)
@pytest.mark.parametrize("asked", [testing.relabelling, check_physics])
def test_a_wrong_option_is_refused_in_one_line(
    asked: Callable[..., Any], options: dict[str, Any], message: str
) -> None:
    with pytest.raises((TypeError, ValueError), match=r"^[^\n]+$") as caught:
        asked(printed, **({"names": {"a": "axial"}} | options))
    assert str(caught.value).startswith(message)


def test_a_model_may_be_a_name() -> None:
    assert Subject.of(right, "vector").model == Model("vector")
    assert "assert all(" in (inspect.getdoc(check_physics) or "").partition("Parameters")[0]


# ---------------------------------------------------------------- the package


def test_nothing_but_this_room_needs_hypothesis() -> None:
    known = modules()
    assert {name for name, path in known.items() if "hypothesis" in imported(path, known)} == {
        "renp.testing.assertions",
        "renp.testing.strategies",
    }
    code = (
        "import sys; sys.modules['hypothesis'] = None\n"
        "import renp, renp.cli.main, renp.testing, renp.verification.evaluators, renp.verification.check\n"
        "from renp.testing import PhysicsError, Subject\n"
        "try: renp.testing.relabelling\n"
        "except ImportError as error: print(error)\n"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert found.stdout == 'renp.testing.relabelling needs hypothesis: pip install "renp[testing]"\n'


def test_the_front_door_tells_its_names_without_hypothesis() -> None:
    code = (
        "import sys\n"
        "class Missing:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.partition('.')[0] == 'hypothesis':\n"
        "            raise ModuleNotFoundError(f'No module named {name!r}', name=name)\n"
        "sys.meta_path.insert(0, Missing())\n"
        "import pydoc\n"
        "from renp import testing\n"
        "print(*[name for name in dir(testing) if not name.startswith('_')])\n"
        "print(hasattr(testing, 'foo'), 'examine' in pydoc.render_doc(testing))\n"
        "try: testing.relabeling\n"
        "except AttributeError as error: print(error)\n"
        "try: testing.argument_sets\n"
        "except ImportError as error: print(error)\n"
    )
    found = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    names, *others = found.stdout.splitlines()
    assert {"PhysicsError", "Subject", "examine"} <= {*names.split()} < {*dir(testing)}
    assert {*ASSERTIONS} <= {*dir(testing)}
    assert others == [
        "False True",
        "module 'renp.testing' has no attribute 'relabeling'; near it is relabelling",
        'renp.testing.argument_sets needs hypothesis: pip install "renp[testing]"',
    ]


def test_every_name_of_the_front_door_opens() -> None:
    names = [name for name in dir(testing) if not name.startswith("_")]
    assert {"relabelling", "argument_sets", "PhysicsError", "ASSERTIONS"} <= set(names)
    assert all(getattr(testing, name) is not None for name in names)
    with pytest.raises(AttributeError, match=r"'renp\.testing' has no attribute 'gravity'"):
        testing.gravity  # noqa: B018


def test_the_margin_keeps_away_from_thresholds() -> None:
    seen: list[float] = []

    def recorded(w: float, **arguments: Any) -> Any:
        seen.append(w / edges(arguments)[0])
        return right(w, **arguments)

    ASSERTIONS["relabelling"](recorded, margin=0.25, examples=30)
    assert max(seen) < 0.75 * (1 + 1e-12)
    seen.clear()
    ASSERTIONS["relabelling"](recorded, examples=30)
    assert max(seen) < 1 - MARGIN * 0.999
    assert simplest is testing.simplest
