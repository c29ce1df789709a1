"""The generated evaluators against the pinned values of the brute-force oracle, which shares no code with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

import renp_generated
from tests.brute_force import values
from tests.brute_force.cases import E_EG, build_case, case_names
from tests.tolerances import tolerance

PINS: dict[str, str] = json.loads(Path(values.__file__).with_name("values.json").read_text(encoding="utf-8"))


def double(case: dict[str, Any]) -> float:
    return float(renp_generated.spectral_function(**case))


def exact(case: dict[str, Any]) -> float:
    with mpmath.workdps(35):
        return float(renp_generated.spectral_function_exact(number=mpmath.mpf, root=mpmath.sqrt, **case))


@pytest.mark.parametrize("evaluate", [double, exact])
@pytest.mark.parametrize("group", ["weak", "vector", "scalar", "em", "tensor"])
def test_evaluators_reproduce_the_oracle(evaluate: Any, group: str) -> None:
    names = [name for name in case_names() if name.startswith(group)]
    assert names
    for name in names:
        expected = float(PINS[name])
        assert abs(evaluate(build_case(name)) - expected) <= tolerance("generated-oracle") * expected, name


@pytest.mark.parametrize("nature", ["dirac", "majorana"])
def test_a_tensor_mediator_is_a_tensor_operator_with_a_propagator(nature: str) -> None:
    case = build_case(f"weak+tensor/{nature}/circular/n3")
    s = E_EG * (E_EG - 2 * case["omega"])
    t = np.asarray(case.pop("tensor")["t"])
    fermi = np.sqrt(2) / renp_generated.m1.CONSTANTS["sqrt2_over_G_F"]
    for mass, width in ((0.7, 0.0), (1.9, 0.0), (1e5, 0.0), (1.4, 0.3)):
        size = 2 * fermi / np.sqrt(2) * abs(complex(mass**2 - s, mass * width))
        mediated = double(case | {"tensor_mediator": {"mass": mass, "width": width, "c_T": size, "d_T": t}})
        if width:
            # The phase of the propagator turns interference with the weak current; the square does not see it.
            alone = case | {"axial": np.zeros((3, 3))}
            mediated = double(alone | {"tensor_mediator": {"mass": mass, "width": width, "c_T": size, "d_T": t}})
            contact = double(alone | {"tensor": {"t": t}})
        else:
            contact = double(case | {"tensor": {"t": t * np.sign(mass**2 - s)}})
        assert abs(mediated / contact - 1) < tolerance("tensor-mediator")


def test_wrong_light_or_nature_would_be_seen() -> None:
    """The cases tell circular light, Dirac and Majorana neutrinos apart by more than the tolerance."""
    case = build_case("weak+tensor/dirac/circular/n3")
    flipped = case | {"atomic_tensor": np.asarray(case["atomic_tensor"]).T}
    other = case | {"nature": "majorana"}
    for changed in (flipped, other):
        assert abs(double(changed) / double(case) - 1) > 1e-3
