"""Strategies draw what they promise, all of it, and simple things first."""

from __future__ import annotations

import math
import tomllib
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import renp
from derivations.atom import two_photon_coherence
from derivations.interactions.checks import is_hermitian
from derivations.interactions.language import parse_bilinear
from derivations.interactions.reader import parse_interaction
from renp import testing
from renp.model import Model, shipped_model
from renp.testing import strategies
from renp.testing.strategies import CALL, edges, recoil_range, simplest
from tests.tolerances import tolerance

ATOM = {"E_eg": 2.0, "masses": [0.1]}
few = settings(max_examples=30, suppress_health_check=list(HealthCheck))


def drawn(strategy: Any, count: int = 60) -> list[Any]:
    found: list[Any] = []

    @settings(max_examples=count, suppress_health_check=list(HealthCheck))
    @given(strategy)
    def collect(value: Any) -> None:
        found.append(value)

    collect()
    return found


def test_masses_are_ascending_and_of_every_kind() -> None:
    seen: Counter[str] = Counter()
    for masses in drawn(testing.masses(3, largest=0.3), 100):
        assert (np.diff(masses) >= 0).all()
        assert 0 <= masses[0] <= masses[-1] <= 0.3
        assert not ((masses > 0) & (masses < 1e-10)).any()
        seen["massless"] += not masses.any()
        seen["degenerate"] += bool(masses.any() and masses[0] == masses[2])
        seen["hierarchical"] += bool(masses[0] and masses[1] == 4 * masses[0])
        seen["a massless one"] += bool(masses[2] and not masses[0])
    assert all(seen[kind] for kind in ("massless", "degenerate", "hierarchical"))
    s = 0.37
    sides = {float(2 * masses[-1]) ** 2 < s for masses in drawn(testing.masses(2, "threshold", s=s))}
    assert sides == {True, False}


@pytest.mark.parametrize("size", [1e-12, 0.5])
def test_couplings_are_hermitian_and_of_their_size(size: float) -> None:
    matrices = drawn(testing.hermitian_couplings(3, size))
    assert all((matrix == matrix.conj().T).all() and abs(matrix).max() <= 1.5 * size for matrix in matrices)
    assert any(matrix.imag.any() for matrix in matrices)
    assert max(abs(matrix).max() for matrix in matrices) > size / 2
    assert not any(matrix.imag.any() for matrix in drawn(testing.hermitian_couplings(2, size, real=True)))


@pytest.mark.parametrize(
    ("active", "states", "kind"), [(3, None, "unitary"), (3, 5, "unitary"), (1, 2, "unitary"), (3, None, "pdg")]
)
def test_mixing_matrices_are_rows_of_unitary_ones(active: int, states: int | None, kind: str) -> None:
    for U in drawn(testing.mixing_matrices(active, states, kind), 20):
        assert U.shape == (active, states or active)
        np.testing.assert_allclose(U @ U.conj().T, np.eye(active), atol=tolerance("mixing"))


def test_the_mixing_of_the_particle_data_group_has_its_zeros_and_phases() -> None:
    """|U| by its three angles; the invariant that tells the Dirac phase."""
    signs = set()
    for U in drawn(testing.mixing_matrices(kind="pdg"), 300):
        s13 = abs(U[0, 2])
        np.testing.assert_allclose(abs(U[0, 0]) ** 2 + abs(U[0, 1]) ** 2, 1 - s13**2, atol=tolerance("mixing"))
        assert U[0, 0].imag == 0
        J = (U[0, 0] * U[1, 1] * U[0, 1].conj() * U[1, 0].conj()).imag
        assert abs(J) <= 1 / (6 * math.sqrt(3)) + tolerance("mixing")
        signs.add(np.sign(round(J, 12)))
    assert signs == {-1, 0, 1}


def test_non_unitary_mixing_is_not_unitary_and_close_to_it() -> None:
    distances = [abs(U @ U.conj().T - np.eye(3)).max() for U in drawn(testing.mixing_matrices(kind="non-unitary"), 30)]
    assert max(distances) > 0.05
    assert max(distances) < 1


@pytest.mark.parametrize("kind", ["averaged", "along", "across", "pure", "positive", "real", "chain", None])
def test_atomic_tensors_are_positive_of_unit_trace(kind: str | None) -> None:
    for tensor in drawn(testing.atomic_tensors(kind), 25):
        assert abs(tensor.trace() - 1) < tolerance("rank-one")
        assert (tensor == tensor.conj().T).all()
        values = np.linalg.eigvalsh(tensor)
        assert values[0] > -tolerance("rank-one")
        if kind == "pure":
            assert values[1] < tolerance("rank-one")


def test_general_tensors_are_hermitian_of_no_sign() -> None:
    least = [np.linalg.eigvalsh(tensor)[0] for tensor in drawn(testing.atomic_tensors("general"), 25)]
    assert min(least) < -0.1


@few
@given(st.data())
def test_photon_energies_lie_where_they_are_asked_to(data: st.DataObject) -> None:
    arguments = data.draw(testing.argument_sets(groups=(), n=2))
    arguments["masses"] = np.maximum(arguments["masses"], 1e-3)
    E_eg, K = Fraction(arguments["E_eg"]), Fraction(arguments.get("imprinted_momentum", 0.0))

    def s(omega: float) -> Fraction:
        return (E_eg - Fraction(omega)) ** 2 - (Fraction(omega) + K) ** 2

    sums = sorted((Fraction(a) + Fraction(b)) ** 2 for a in arguments["masses"] for b in arguments["masses"])
    omega = {
        where: data.draw(testing.photon_energies(arguments, where)) for where in ("open", "closed", "threshold", "any")
    }
    assert s(omega["open"]) > sums[-1]
    assert 0 < s(omega["closed"]) <= sums[0] * (1 + Fraction(1, 10**12))
    assert s(omega["any"]) > 0
    assert min(abs(s(omega["threshold"]) / pair - 1) for pair in sums) < 1e-6
    mass = 0.5 * float(E_eg)
    pole = data.draw(testing.photon_energies(arguments, "pole", mass=mass))
    assert abs(float(s(pole)) / mass**2 - 1) < tolerance("evaluator-symmetry") * 10


@few
@given(st.data())
def test_the_exact_step_stands_within_an_ulp_of_where_energies_are_drawn(data: st.DataObject) -> None:
    arguments = data.draw(testing.argument_sets(n=1, groups=()))
    arguments |= {"masses": np.maximum(arguments["masses"], 0.01), "axial": [[0.5]], "pair_step": "M1"}
    energy, m, K = (
        Fraction(float(x))
        for x in (arguments["E_eg"], arguments["masses"][0], arguments.get("imprinted_momentum", 0.0))
    )
    exact = (energy - K) / 2 - (2 * m) ** 2 / (2 * (energy + K))
    omega = data.draw(testing.photon_energies(arguments, "threshold"))
    assert bool(renp.spectral_function(omega, **arguments) > 0) <= (Fraction(omega) < exact)


@pytest.mark.parametrize(
    "model",
    [shipped_model(), Model("tensor", second="tensor", third="scalar"), Model()],
    ids=["shipped", "copies", "weak"],
)
def test_argument_sets_are_complete_and_allowed(model: Model) -> None:
    seen: Counter[str] = Counter()
    for arguments in drawn(testing.argument_sets(model), 60):
        model.functions.checked_inputs(**arguments)
        seen.update(list(arguments))
        assert set(arguments) <= {*CALL, "axial", "vector_weak", *model.keywords}
    assert {"axial", "vector_weak", "m1", "imprinted_momentum", "atomic_tensor", "pair_step", *model.keywords} <= set(
        seen
    )


def test_only_what_is_asked_for_is_drawn() -> None:
    only = ["E_eg", "E_vg", "masses", "vector.g_L", "vector.mass"]
    for arguments in drawn(testing.argument_sets(only=only, nature="dirac", always=["vector"], most_groups=0), 10):
        assert set(arguments) == {"E_eg", "E_vg", "masses", "nature", "axial", "vector"}
        assert set(arguments["vector"]) == {"g_L", "mass"}
        assert not arguments["axial"].any()


@pytest.mark.parametrize("keyword", shipped_model().keywords)
def test_what_is_drawn_is_comparable_with_the_weak_rate(keyword: str) -> None:
    """What is far below the weak rate no assertion sees, and what is far above hides it."""
    ratios = []
    for arguments in drawn(
        testing.argument_sets(n=2, always=[keyword], groups=(), pair_step="M1", light="averaged", nature="dirac"), 40
    ):
        omega = 0.5 * edges(arguments)[0]
        weak = {name: value for name, value in arguments.items() if name != keyword}
        ones = weak | {"axial": np.full((2, 2), 0.5)}
        alone = arguments | {"axial": np.zeros((2, 2))}
        ratios.append(float(renp.spectral_function(omega, **alone) / renp.spectral_function(omega, **ones)))
    assert 1e-2 < np.median([ratio for ratio in ratios if ratio]) < 1e2, ratios


def test_interaction_files_are_valid_and_cover_the_grammar() -> None:
    texts = drawn(testing.interaction_files(), 40)
    assert all(parse_interaction(text).name == tomllib.loads(text)["name"] for text in texts)
    kinds = Counter(tomllib.loads(text)["propagator"]["kind"] for text in texts)
    assert all(kinds[kind] > 2 for kind in ("massive", "photon", "contact"))
    words = " ".join(texts)
    assert all(word in words for word in ("gamma(", "gamma5", "sigma(", "PL", "qslash", "q2", "add conjugate"))
    assert len(simplest(testing.interaction_files())) < np.median([len(text) for text in texts])


@pytest.mark.parametrize(("indices", "power"), [(0, 0), (0, 1), (1, 0), (1, 2), (2, 1)])
def test_bilinears_are_hermitian_with_their_indices_and_powers(indices: int, power: int) -> None:
    found = set(drawn(testing.hermitian_bilinears(indices, power), 12))
    assert len(found) > 4
    for text in found:
        bilinear = parse_bilinear(text)
        assert is_hermitian(bilinear)
        assert len(bilinear.free_indices) == indices
        assert {term.momentum_power for term in bilinear.terms} == {power}


def test_models_of_drawn_files_are_models() -> None:
    model = simplest(testing.interaction_models(1))
    arguments = simplest(testing.argument_sets(model, always=model.keywords))
    assert model.spectral_function(0.5 * edges(arguments)[0], **arguments) >= 0


@few
@given(testing.preparations())
def test_preparations_make_a_coherence_or_are_refused_in_one_line(keywords: dict[str, Any]) -> None:
    refused = ""
    try:
        rho = two_photon_coherence(**keywords)
    except ValueError as error:
        refused = str(error)
    assert "\n" not in refused
    assert refused or rho.shape == (2 * keywords["J_e"] + 1, 1)


@pytest.mark.parametrize("where", ["inside", "outside"])
def test_recoils_close_the_triangle_of_momenta(where: str) -> None:
    """Energy is conserved; the three momenta make a triangle inside the range and none outside."""
    tight = 1e-9
    for found in drawn(testing.scattering_kinematics(where), 60):
        energy, T, M = found["energy"], found["T"], found["target_mass"]
        before, after = found["masses"]
        left = energy - T
        recoil, p = math.sqrt(T * (T + 2 * M)), math.sqrt(energy**2 - before**2)
        closes = (
            left >= after
            and abs(p - recoil) <= (q := math.sqrt(left**2 - after**2)) * (1 + tight)
            and q <= (p + recoil) * (1 + tight)
        )
        assert closes == (where == "inside"), found
    assert recoil_range(1.0, 0.0, 5.0, 2.0) is None


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: testing.masses(3, "heavy"), "kind must be one of massless, degenerate, hierarchical, any, threshold, found 'heavy'"),
        (lambda: testing.masses(3, "threshold"), "s must be given for masses at a threshold"),
        (lambda: testing.mixing_matrices(3, 2), "states must be at least active = 3, found 2"),
        (lambda: testing.mixing_matrices(2, 2, "pdg"), "kind 'pdg' is of 3 flavours and 3 states, found 2 and 2"),
        (lambda: testing.mixing_matrices(kind="odd"), "kind must be one of unitary, pdg, non-unitary, found 'odd'"),
        (lambda: testing.atoms("Cs"), "kind must be one of shipped, any, several, found 'Cs'"),
        (lambda: testing.atomic_tensors("odd"), "kind must be one of averaged, along, across,"),
        (lambda: testing.photon_energies(ATOM | {"masses": [0.0]}, "closed"), "there is no photon energy above all thresholds"),
        (lambda: testing.photon_energies(ATOM | {"masses": [3.0]}), "all pairs are too heavy to be emitted"),
        (lambda: testing.photon_energies(ATOM, "far"), "where must be one of open, closed, any,"),
        (lambda: testing.photon_energies(ATOM, "pole"), "mass must be given for a photon energy on a pole"),
        (lambda: testing.photon_energies(ATOM, "pole", mass=3.0), "mass must be below 2.0 eV for a pole, found 3.0"),
        (lambda: testing.scattering_kinematics("beside"), "where must be one of inside, outside, found 'beside'"),
    ],
)  # fmt: skip
def test_what_there_is_not_is_refused_in_one_line(call: Any, message: str) -> None:
    with pytest.raises(ValueError, match=r"^[^\n]+$") as caught:
        call()
    assert str(caught.value).startswith(message)


ATOM = {"E_eg": 2.0, "masses": [0.1]}


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: strategies.hermitian_bilinears(5), "indices must be from 0 to 2, found 5"),
        (lambda: strategies.hermitian_bilinears(-1), "indices must be from 0 to 2, found -1"),
        (lambda: strategies.hermitian_bilinears(0, 5), "power must be from 0 to 4"),
        (lambda: strategies.argument_sets("vector"), "model must be a renp.Model or None, found 'vector'"),
        (lambda: strategies.argument_sets(groups=["vectr"]), "groups has 'vectr'; allowed are"),
        (lambda: strategies.argument_sets(groups="vector"), "groups must be a list of names, found 'vector'"),
        (lambda: strategies.argument_sets(always=["vectr"]), "always has 'vectr'"),
        (lambda: strategies.argument_sets(only=["foo"]), "only has 'foo'; allowed are"),
        (
            lambda: strategies.argument_sets(nature="Majorana"),
            "nature must be one of dirac, majorana, found 'Majorana'",
        ),
        (lambda: strategies.argument_sets(n=0), "n must be at least 1, found 0"),
        (lambda: strategies.argument_sets(pair_step="m1"), "pair_step must be one of M1, E1, found 'm1'"),
        (lambda: strategies.argument_sets(light="green"), "kind must be one of"),
        (lambda: strategies.masses(2, "any", largest=float("nan")), "largest must be positive and finite, found nan"),
        (lambda: strategies.masses(2, largest=-1), "largest must be positive"),
        (lambda: strategies.masses(0), "n must be at least 1, found 0"),
        (lambda: strategies.masses(-1), "n must be at least 1, found -1"),
        (lambda: strategies.masses("3"), "n must be a whole number, found '3'"),
        (lambda: strategies.masses(2.5), "n must be a whole number, found 2.5"),
        (lambda: strategies.hermitian_couplings(0), "n must be at least 1, found 0"),
        (lambda: strategies.general_couplings(0), "n must be at least 1, found 0"),
        (lambda: strategies.mixing_matrices(2.5), "active must be a whole number"),
        (lambda: strategies.edges({"E_eg": 2.0}), "masses is missing"),
        (lambda: strategies.edges({**ATOM, "E_eg": "two"}), "arguments must hold numbers, found E_eg='two'"),
        (lambda: strategies.photon_energies({"masses": [0.1]}), "E_eg is missing"),
        (lambda: strategies.photon_energies(ATOM, margin=5), "margin must be a number from 0 to below 1, found 5"),
        (lambda: strategies.interaction_models(0), "most must be at least 1"),
        (lambda: strategies.scattering_kinematics(largest_energy=-1.0), "largest_energy must be positive"),
    ],
)
def test_what_cannot_be_drawn_is_refused_at_once_in_one_line(make: Callable[[], Any], words: str) -> None:
    with pytest.raises((TypeError, ValueError), match=r"^[^\n]+$") as caught:
        make()
    assert words in str(caught.value)
