"""What the evaluators accept and refuse: every refusal is one line that names the argument."""

from __future__ import annotations

import math
import re
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import sympy

import renp_generated
from renp_generated import prepare, spectral_function, spectral_function_exact

BASE: dict[str, Any] = {"E_eg": 2.14349, "E_vg": 2.23072, "masses": [0.01, 0.05], "axial": [[0.3, 0.1j], [-0.1j, 0.2]]}
SQUARE = np.eye(2)
VECTOR = {"mass": 1.0, "g_A": 1e-12, "g_L": SQUARE}


def with_entry(**entries: Any) -> dict[str, Any]:
    return {"vector": VECTOR | entries}


# name -> (changed arguments, kind of error, words of the message)
REFUSED: dict[str, tuple[dict[str, Any], type[Exception], tuple[str, ...]]] = {
    "omega zero": ({"omega": 0.0}, ValueError, ("omega", "0 < omega < E_eg/2", "found 0.0")),
    "omega negative": ({"omega": [0.5, -1.0]}, ValueError, ("omega", "found -1.0")),
    "omega at half": ({"omega": 2.14349 / 2}, ValueError, ("omega", "found 1.071745")),
    "omega beyond half": ({"omega": [0.5, 2.0]}, ValueError, ("omega", "found 2.0")),
    "omega nan": ({"omega": [0.5, np.nan]}, ValueError, ("omega", "found nan")),
    "omega inf": ({"omega": np.inf}, ValueError, ("omega", "found inf")),
    "omega complex": ({"omega": 1 + 0j}, TypeError, ("omega", "complex128")),
    "omega text": ({"omega": "1.0"}, TypeError, ("omega", "str")),
    "omega texts": ({"omega": ["1.0"]}, TypeError, ("omega", "array of <U3")),
    "omega bool": ({"omega": True}, TypeError, ("omega", "bool")),
    "omega None": ({"omega": None}, TypeError, ("omega", "NoneType")),
    "omega symbol": ({"omega": sympy.Symbol("w")}, TypeError, ("omega", "Symbol")),
    "omega ragged": ({"omega": [[0.5], [0.5, 0.6]]}, ValueError, ("omega", "rectangular")),
    "omega masked": ({"omega": np.ma.array([0.5, 0.6], mask=[0, 1])}, ValueError, ("omega", "masked")),
    "E_eg negative": ({"E_eg": -1.0}, ValueError, ("E_eg", "positive", "found -1.0")),
    "E_eg zero": ({"E_eg": 0}, ValueError, ("E_eg", "positive", "found 0.0")),
    "E_eg nan": ({"E_eg": np.nan}, ValueError, ("E_eg", "finite", "nan")),
    "E_eg array": ({"E_eg": [2.0]}, TypeError, ("E_eg", "one real number", "shape (1,)")),
    "E_eg text": ({"E_eg": "2"}, TypeError, ("E_eg", "str")),
    "E_eg tiny": ({"E_eg": 1e-80}, ValueError, ("E_eg", "from 1e-20 to 1e+20 eV", "found 1e-80")),
    "E_eg huge": ({"E_eg": 1e80, "E_vg": 1e81}, ValueError, ("E_eg", "from 1e-20 to 1e+20 eV", "found 1e+80")),
    "E_vg huge": ({"E_vg": [2.3, 1e80]}, ValueError, ("E_vg", "from 1e-20 to 1e+20 eV", "found 1e+80")),
    "E_vg at E_eg": ({"E_vg": 2.14349}, ValueError, ("E_vg", "above E_eg", "found 2.14349")),
    "E_vg below": ({"E_vg": [2.3, 1.0]}, ValueError, ("E_vg", "must be virtual", "found 1.0")),
    "E_vg nan": ({"E_vg": np.nan}, ValueError, ("E_vg", "finite")),
    "E_vg empty": ({"E_vg": []}, ValueError, ("E_vg", "n >= 1", "(0,)")),
    "E_vg complex": ({"E_vg": 2.3 + 0.1j}, TypeError, ("E_vg", "complex128")),
    "E_vg two without amplitudes": ({"E_vg": [2.3, 2.4]}, ValueError, ("intermediate_amplitudes", "2", "None")),
    "amplitudes too many": (
        {"intermediate_amplitudes": [1.0, 2.0]},
        ValueError,
        ("intermediate_amplitudes", "1 E_vg", "found 2"),
    ),
    "amplitudes complex": ({"intermediate_amplitudes": [1j]}, TypeError, ("intermediate_amplitudes", "real")),
    "masses negative": ({"masses": [0.1, -0.1]}, ValueError, ("masses", "non-negative", "-0.1")),
    "masses tiny": ({"masses": [0.1, 1e-80]}, ValueError, ("masses", "0 or from 1e-20 to 1e+20 eV", "found 1e-80")),
    "masses huge": ({"masses": [0.1, 1e80]}, ValueError, ("masses", "0 or from 1e-20 to 1e+20 eV", "found 1e+80")),
    "masses nan": ({"masses": [0.1, np.nan]}, ValueError, ("masses", "finite", "nan")),
    "masses scalar": ({"masses": 0.1}, ValueError, ("masses", "shape (n,)", "()")),
    "masses matrix": ({"masses": [[0.1, 0.2]]}, ValueError, ("masses", "(1, 2)")),
    "masses empty": ({"masses": []}, ValueError, ("masses", "n >= 1")),
    "masses text": ({"masses": ["a", "b"]}, TypeError, ("masses", "real numbers")),
    "axial missing": ({"axial": None}, ValueError, ("axial is missing",)),
    "axial shape": ({"axial": np.eye(3)}, ValueError, ("axial", "(2, 2)", "(3, 3)")),
    "axial vector": ({"axial": [1.0, 2.0]}, ValueError, ("axial", "(2, 2)", "(2,)")),
    "axial not Hermitian": ({"axial": [[0, 1], [0, 0]]}, ValueError, ("axial", "Hermitian", "[1,2] = 1 and [2,1] = 0")),
    "axial symmetric": ({"axial": [[0, 1j], [1j, 0]]}, ValueError, ("axial", "Hermitian")),
    "axial imaginary diagonal": ({"axial": [[1j, 0], [0, 0]]}, ValueError, ("axial", "Hermitian")),
    "axial nan": ({"axial": SQUARE * np.nan}, ValueError, ("axial", "finite")),
    "axial inf": ({"axial": [[np.inf, 0], [0, 0]]}, ValueError, ("axial", "finite")),
    "axial symbols": ({"axial": sympy.eye(2) * sympy.Symbol("a")}, TypeError, ("axial", "object")),
    "axial bool": ({"axial": [[True, False], [False, True]]}, TypeError, ("axial", "bool")),
    "axial overflow in a sum": ({"axial": SQUARE * 5.7e153}, ValueError, ("not finite", "overflow")),
    "axial overflow": ({"axial": SQUARE * 1e200}, ValueError, ("not finite", "overflow")),
    "vector_weak shape": ({"vector_weak": [[1.0]]}, ValueError, ("vector_weak", "(2, 2)", "(1, 1)")),
    "nature": ({"nature": "weyl"}, ValueError, ("nature", "dirac, majorana", "'weyl'")),
    "nature case": ({"nature": "Dirac"}, ValueError, ("nature", "'Dirac'")),
    "nature of each": (
        {"nature": ["dirac", "majorana"]},
        ValueError,
        ("nature", "for all neutrinos alike", "out of scope"),
    ),
    "nature array": ({"nature": np.eye(9)}, ValueError, ("nature", "array")),
    "pair_step": ({"pair_step": "M2"}, ValueError, ("pair_step", "M1, E1", "'M2'")),
    "dipole_length": ({"dipole_length": np.inf}, ValueError, ("dipole_length", "finite")),
    "tensor shape": ({"atomic_tensor": np.eye(2) / 2}, ValueError, ("atomic_tensor", "(3, 3)", "(2, 2)")),
    "tensor trace": ({"atomic_tensor": np.eye(3)}, ValueError, ("atomic_tensor", "unit trace", "3.0")),
    "tensor not Hermitian": (
        {"atomic_tensor": [[1, 1, 0], [0, 0, 0], [0, 0, 0]]},
        ValueError,
        ("atomic_tensor", "Hermitian"),
    ),
    "tensor symbols": ({"atomic_tensor": sympy.eye(3) * sympy.Symbol("T")}, TypeError, ("atomic_tensor", "symbols")),
    "tensor text": ({"atomic_tensor": "circular"}, ValueError, ("atomic_tensor", "(3, 3)")),
    "group no mapping": ({"vector": 3.0}, TypeError, ("vector must be a mapping", "g_L", "float")),
    "group list": ({"scalar": [1]}, TypeError, ("scalar must be a mapping", "list")),
    "group unknown key": (with_entry(gA=1.0), ValueError, ("vector", "'gA'", "g_A")),
    "group key of another": ({"tensor": {"mu": SQUARE}}, ValueError, ("tensor", "'mu'", "allowed are t")),
    "group without mass": ({"vector": {"g_A": 1.0}}, ValueError, ("vector['mass'] is missing", "[eV]")),
    "mass zero": (with_entry(mass=0.0), ValueError, ("vector['mass']", "positive", "0.0")),
    "mass negative": (with_entry(mass=-1), ValueError, ("vector['mass']", "-1.0")),
    "mass huge": (with_entry(mass=1e200), ValueError, ("vector['mass']", "from 1e-20 to 1e+20 eV", "found 1e+200")),
    "mass tiny": (with_entry(mass=1e-200), ValueError, ("vector['mass']", "from 1e-20 to 1e+20 eV", "found 1e-200")),
    "width huge": (with_entry(width=1e99), ValueError, ("vector['width']", "0 or from 1e-20 to 1e+20 eV", "1e+99")),
    "width tiny": (with_entry(width=1e-99), ValueError, ("vector['width']", "0 or from 1e-20 to 1e+20 eV", "1e-99")),
    "mass bool": (with_entry(mass=True), TypeError, ("vector['mass']", "bool")),
    "mass None": (with_entry(mass=None), TypeError, ("vector['mass']", "NoneType")),
    "width negative": (with_entry(width=-0.1), ValueError, ("vector['width']", "negative")),
    "coupling complex": (with_entry(g_A=1j), TypeError, ("vector['g_A']", "complex128")),
    "coupling nan": (with_entry(g_V=np.nan), ValueError, ("vector['g_V']", "finite")),
    "coupling matrix": (with_entry(g_A=SQUARE), TypeError, ("vector['g_A']", "(2, 2)")),
    "matrix number": (with_entry(g_L=1.0), ValueError, ("vector['g_L']", "(2, 2)", "()")),
    "matrix not Hermitian": (with_entry(g_R=[[0, 1], [2, 0]]), ValueError, ("vector['g_R']", "Hermitian")),
    "propagator": (with_entry(propagator="landau"), ValueError, ("vector['propagator']", "feynman, unitary")),
    "m1": ({"electromagnetic": {"m1": "orbital"}}, ValueError, ("electromagnetic['m1']", "spin, full")),
    "m1 of the call": (
        {"m1": "orbital"},
        ValueError,
        ("m1 must be one of spin, full", "every vector current", "'orbital'"),
    ),
    "m1 of the call, none": ({"m1": None}, ValueError, ("m1 must be one of spin, full", "None")),
    "m1 of the call, E1": ({"m1": 1, "pair_step": "E1"}, ValueError, ("m1 must be one of spin, full", "found 1")),
    "crossed number": ({"crossed": 2.5}, TypeError, ("crossed must be a mapping with keys E_vg, amplitudes", "float")),
    "crossed key": ({"crossed": {"E": 3}}, ValueError, ("crossed has no entry 'E'", "E_vg, amplitudes")),
    "crossed without amplitudes": ({"crossed": {"E_vg": 3.0}}, ValueError, ("crossed['amplitudes'] is missing",)),
    "crossed low": (
        {"crossed": {"E_vg": [3.0, 1.0], "amplitudes": [1, 1]}},
        ValueError,
        ("crossed['E_vg'] must lie above E_eg", "q0", "found 1.0"),
    ),
    "crossed lengths": (
        {"crossed": {"E_vg": [3.0, 3.5], "amplitudes": 1}},
        ValueError,
        ("crossed['amplitudes'] must have one entry for each of the 2", "found 1"),
    ),
    "crossed complex": ({"crossed": {"E_vg": 3.0, "amplitudes": 1j}}, TypeError, ("crossed['amplitudes']", "real")),
    "imprinted too large": (
        {"imprinted_momentum": -2.5},
        ValueError,
        ("imprinted_momentum must lie between", "s > 0", "-2.5"),
    ),
    "imprinted tiny": ({"imprinted_momentum": 1e-30}, ValueError, ("imprinted_momentum must be 0 or from 1e-20",)),
    "imprinted nan": ({"imprinted_momentum": np.nan}, ValueError, ("imprinted_momentum must be finite",)),
    "imprinted word": ({"imprinted_momentum": "K"}, TypeError, ("imprinted_momentum must be one real number",)),
    "propagator None": (with_entry(propagator=None), ValueError, ("vector['propagator']", "None")),
    "moments ragged": (
        {"electromagnetic": {"mu": [[1], [1, 2]]}},
        ValueError,
        ("electromagnetic['mu']", "rectangular"),
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_bad_arguments_get_one_line(name):
    changes, kind, words = REFUSED[name]
    with pytest.raises(kind) as caught:
        spectral_function(**(BASE | {"omega": 0.8} | changes))
    message = str(caught.value)
    assert type(caught.value) is kind
    assert "\n" not in message
    assert len(message) < 220
    for word in words:
        assert word in message


def test_an_unknown_argument_is_refused():
    with pytest.raises(TypeError, match="vectr"):
        spectral_function(0.8, **BASE, vectr=VECTOR)


def test_a_pole_without_width_is_refused_and_a_width_tames_it():
    omega, E_eg = 0.5, 2.0
    mass = float(np.sqrt(E_eg * (E_eg - 2 * omega)))
    base = BASE | {"E_eg": E_eg}
    pole = VECTOR | {"mass": np.sqrt(2.0)}
    assert mass == pole["mass"]
    # sqrt(2)^2 is not 2 in doubles: the pole is missed by an ulp and the result is huge, yet a number
    assert np.isfinite(spectral_function(omega, **base, vector=pole))
    exact_pole = {"vector": VECTOR | {"mass": 1.0}, "omega": 0.75}
    with pytest.raises(ValueError, match=r"omega = 0\.75 eV.*pole"):
        spectral_function(**base, **exact_pole)
    tamed = spectral_function(0.75, **base, vector=VECTOR | {"mass": 1.0, "width": 0.1})
    assert np.isfinite(tamed)


# ---------------------------------------------------------------- what is accepted


def test_shape_and_type_of_the_result_follow_omega():
    for omega in (0.8, np.float32(0.5), np.array(0.8), [0.8], [[0.5, 0.6]], np.full((2, 1, 3), 0.7), (0.5, 0.6)):
        found = spectral_function(omega, **BASE)
        assert found.dtype == np.float64
        assert found.shape == np.shape(omega)
    assert isinstance(spectral_function(0.8, **BASE), float)


@pytest.mark.parametrize("shape", [(0,), (2, 0), (0, 3)])
def test_no_energies_give_an_empty_result(shape):
    for empty in (np.zeros(shape), np.zeros(shape, dtype=object), np.zeros(shape, dtype=int)):
        found = spectral_function(empty, **BASE)
        assert found.shape == shape
        assert found.dtype == np.float64
    assert spectral_function([], **BASE).shape == (0,)


def test_every_numeric_layout_means_the_same():
    big = BASE | {"E_eg": 8.0, "E_vg": 9.0}
    expected = spectral_function(np.array([1.0, 2.0, 3.0]), **big)
    padded = np.zeros((3, 4))
    padded[:, 2] = [1, 2, 3]
    read_only = np.array([1.0, 2.0, 3.0])
    read_only.setflags(write=False)
    for omega in (
        [1, 2, 3],
        np.array([1, 2, 3]),
        np.array([1, 2, 3], dtype=np.uint8),
        np.array([1, 2, 3], dtype=np.float16),
        np.array([1, 2, 3], dtype=np.longdouble),
        np.array([1.0, 2.0, 3.0], dtype=">f8"),
        np.array([3.0, 2.0, 1.0])[::-1],
        padded[:, 2],
        read_only,
        np.ma.array([1.0, 2.0, 3.0]),
    ):
        np.testing.assert_array_equal(spectral_function(omega, **big), expected)
    fortran = np.asfortranarray(np.array([[1.0, 2.0], [3.0, 1.0]]))
    np.testing.assert_array_equal(spectral_function(fortran, **big), expected[[[0, 1], [2, 0]]])


def test_matrices_in_every_layout_mean_the_same():
    axial = np.array(BASE["axial"])
    expected = spectral_function(0.8, **BASE)
    wide = np.zeros((4, 4), dtype=complex)
    wide[::2, ::2] = axial
    frozen = axial.copy()
    frozen.setflags(write=False)
    for matrix in (axial, axial.tolist(), np.asfortranarray(axial), axial.T.conj(), wide[::2, ::2], frozen):
        assert spectral_function(0.8, **(BASE | {"axial": matrix})) == expected
    integers = spectral_function(0.8, **(BASE | {"axial": [[1, 0], [0, 1]]}))
    for dtype in (float, np.float32, np.int8, np.complex64):
        assert spectral_function(0.8, **(BASE | {"axial": np.eye(2, dtype=dtype)})) == integers
    assert spectral_function(0.8, **(BASE | {"masses": np.array([0.01, 0.05, 9])[:2]})) == expected


def test_arguments_are_not_changed():
    omega, axial, masses = np.array([0.5, 0.8]), np.array(BASE["axial"]), np.array(BASE["masses"])
    before = [array.copy() for array in (omega, axial, masses)]
    spectral_function(omega, **(BASE | {"axial": axial, "masses": masses}), nature="majorana", vector=VECTOR)
    for array, copy in zip((omega, axial, masses), before, strict=True):
        np.testing.assert_array_equal(array, copy)


def test_omitted_entries_of_a_group_are_zero():
    full = {"mu": SQUARE * 1e-10, "eps": 0 * SQUARE, "r2": 0 * SQUARE, "anapole": 0 * SQUARE, "m1": "spin"}
    brief = spectral_function(0.8, **BASE, electromagnetic={"mu": SQUARE * 1e-10})
    assert brief == spectral_function(0.8, **BASE, electromagnetic=full)
    assert spectral_function(0.8, **BASE, electromagnetic={}) == spectral_function(0.8, **BASE)


def test_groups_describe_the_call():
    for group in renp_generated.GROUPS:
        entries = {
            argument.name: SQUARE if argument.kind == "matrix" else argument.choices[0] if argument.choices else 0.5
            for argument in group.arguments
        }
        prepare(**BASE | ({group.keyword: entries} if group.keyword else entries))


def test_exact_arithmetic_checks_its_arguments_too():
    import mpmath

    with pytest.raises(ValueError, match="omega must satisfy"):
        spectral_function_exact(3.0, **BASE, number=mpmath.mpf, root=mpmath.sqrt)
    with pytest.raises(ValueError, match="E_eg must be from"):
        spectral_function_exact(1e-81, **(BASE | {"E_eg": 1e-80}), number=mpmath.mpf, root=mpmath.sqrt)
    with pytest.raises(ValueError, match="E_eg must be from"):
        renp_generated.spectral_gradient(1e79, **(BASE | {"E_eg": 1e80, "E_vg": 1e81}))
    with pytest.raises(ValueError, match="axial must have shape"):
        spectral_function_exact(0.8, **(BASE | {"axial": [[1]]}), number=mpmath.mpf, root=mpmath.sqrt)


def test_a_fresh_import_loads_numpy_alone():
    code = (
        "import sys, renp_generated\n"
        "heavy = {'sympy', 'scipy', 'mpmath', 'matplotlib', 'derivations', 'codegen', 'renp', 'lark', 'typer', 'numba'}\n"
        "print(sorted(heavy & {name.split('.')[0] for name in sys.modules}))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


ONE: dict[str, Any] = {"E_eg": 2.14, "E_vg": 2.23, "masses": [0.01], "axial": [[0.2]]}


@pytest.mark.parametrize(
    ("number", "root", "message"),
    [
        ("mpf", math.sqrt, "number must be a function as mpmath.mpf and mpmath.sqrt are, found 'mpf'"),
        (float, None, "root must be a function as mpmath.mpf and mpmath.sqrt are, found None"),
        (str, math.sqrt, "number must make real numbers that keep fractions, as mpmath.mpf does, found str"),
        (int, math.sqrt, "number must make real numbers that keep fractions, as mpmath.mpf does, found int"),
        (complex, math.sqrt, "number must make real numbers that keep fractions, as mpmath.mpf does, found complex"),
    ],
)
def test_what_is_no_arithmetic_is_refused(number: object, root: object, message: str) -> None:
    with pytest.raises(TypeError, match=f"^{re.escape(message)}$"):
        renp_generated.spectral_function_exact(1.0, number=number, root=root, **ONE)


def test_the_exact_function_takes_one_photon_energy_and_a_batch_a_function_of_progress() -> None:
    with pytest.raises(TypeError, match=r"^omega must be one real number, found float64 of shape \(1,\)$"):
        renp_generated.spectral_function_exact([1.0], number=float, root=math.sqrt, **ONE)
    with pytest.raises(
        TypeError, match=r"^progress must be a function of how many sets are done and of all, found True$"
    ):
        renp_generated.spectral_batch(1.0, progress=True, **ONE)
    with pytest.raises(ValueError, match=r"^weights must be finite real numbers, found \[nan\]$"):
        renp_generated.spectral_batch_gradient([1.0], weights=[math.nan], **ONE)
