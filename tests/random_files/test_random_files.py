"""A few draws through the whole chain, and that the generator itself is right: it covers the language, it can find faults."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any
from unittest import mock

import numpy as np
import pytest

from renp import generate
from renp.testing.expressions import Atom, Node, Number, Product, Sum, conjugate, expand, matrices, momentum_power, text
from renp.testing.sampling import Coupling, Model, Sampler, hermitian, needs_conjugate
from tests.brute_force import reference
from tests.brute_force.arithmetic import Array, arithmetic
from tests.brute_force.cases import build_case
from tests.brute_force.dirac import PAULI, dirac_algebra
from tests.tolerances import tolerance

from .arguments import random_case
from .chain import examine, examined, explained, specimen
from .rate import electron_operator, rate

SEED = 39
GAMMA, GAMMA5, IMAGINARY = Atom("gamma", ("mu",)), Atom("gamma5"), Atom("i")


def times(*factors: Node) -> Product:
    return Product(tuple((" ", factor) for factor in factors))


@pytest.mark.parametrize("number", [0, 1, *(pytest.param(n, marks=pytest.mark.slow) for n in (2, 3))])
def test_random_files_pass_through_the_whole_chain(number: int):
    report = examined(SEED, number, everything=False)
    assert not report.failures, explained(report)
    assert not report.refused, "choose a seed without refused names"


def test_the_draws_cover_what_is_documented():
    draw = random.Random("coverage")
    models = [Sampler(draw).model(set()) for _ in range(60)]
    seen: Counter[str] = Counter()
    for model in models:
        seen.update([f"{model.kind} {model.spin}", f"factor {model.factor}", f"width {bool(model.width)}"])
        sides = [(c.bilinear, c.units) for c in (*model.electron, *model.neutrino)]
        sides += [(b, t.units) for t in model.terms for b in (t.electron, t.neutrino)]
        for bilinear, units in sides:
            power, terms = momentum_power(bilinear), expand(bilinear)
            seen.update([f"q^{power}", units, *{atom.name for *_, factors in terms for atom in factors}])
            seen.update(word for word in ("^", "**", "/", "*", "(", ".") if word in text(bilinear))
        for c in (*model.electron, *model.neutrino):
            assert needs_conjugate(c.bilinear) if c.conjugate else hermitian(c.bilinear), text(c.bilinear)
            seen["conjugate of a bilinear"] += c.conjugate
        for t in model.terms:
            both = hermitian(t.electron), hermitian(t.neutrino)
            assert needs_conjugate(t.neutrino, t.electron) if t.conjugate else all(both), model.text
            seen[f"conjugate of a product {both}"] += t.conjugate
    needed = ["conjugate of a bilinear"]
    needed += [f"conjugate of a product {both}" for both in ((True, False), (False, True), (False, False))]
    needed += [f"massive {spin}" for spin in (0, 1, 2)] + ["photon 1", "contact None", "width True", "width False"]
    needed += [f"factor {factor}" for factor in ("1", "G_F", "G_F/sqrt(2)", "2 G_F/sqrt(2)")]
    needed += [f"q^{power}" for power in range(5)] + ["1", "eV^-1", "cm", "mu_B", "eV^-2", "cm^2", "eV^-3", "eV^-4"]
    needed += ["gamma", "gamma5", "PL", "PR", "sigma", "q", "qslash", "q2", "g", "^", "**", "/", "*", "(", "."]
    assert not [word for word in needed if not seen[word]]


def test_the_same_seed_gives_the_same_files():
    assert specimen(5, 3) == specimen(5, 3) != specimen(5, 4)


def test_conjugate_trees_are_conjugate_matrices():
    draw = random.Random("conjugates")
    with arithmetic("double") as system:
        algebra = dirac_algebra(system)
        q = np.array([1.3, 0.4, -0.7, 0.9])
        for _ in range(40):
            node = Sampler(draw).sum(("mu",), draw.randint(0, 3), 1)
            there = matrices(node, algebra, -q)
            expected = algebra.gamma[0] @ np.swapaxes(there, -1, -2).conj() @ algebra.gamma[0]
            size = 64 * sum(abs(real) + abs(imag) for real, imag, _ in expand(node))
            np.testing.assert_allclose(
                matrices(conjugate(node), algebra, q), expected, rtol=0, atol=tolerance("spinor-algebra") * float(size)
            )


def test_operators_of_random_bilinears_are_those_of_slow_electrons():
    """Explicit four-spinors of an electron of unit mass, whose momenta are small: no expansion."""
    draw, slow = random.Random("operators"), 1e-4
    pauli = [np.array(matrix) for matrix in PAULI]
    with arithmetic("double") as system:
        algebra = dirac_algebra(system)
        q = slow * np.array([1.1, 0.4, -0.7, 0.9])

        def spinors(p: Array) -> Array:
            energy = np.sqrt(1 + p @ p)
            return algebra.u(np.array([energy, *p]), 1.0) / np.sqrt(2 * energy)

        for count in (0, 1, 2) * 15:
            sampler = Sampler(draw)
            node = sampler.bilinear(sampler.free(count), 0)
            gamma = matrices(node, algebra, q)
            block = algebra.bar(spinors(-q[1:] / 2)) @ gamma @ spinors(q[1:] / 2).T
            found = np.stack([np.trace(block @ sigma, axis1=-2, axis2=-1) / 2 for sigma in pauli], axis=-1)
            stated = electron_operator(algebra, gamma, q, 1.0, "M1").vector
            # Where the leading order is 1, components of order slow are left out.
            order = slow if np.abs(stated).max() > 1e-2 * np.abs(gamma).max() else slow**2
            np.testing.assert_allclose(found, stated, rtol=0, atol=10 * order * np.abs(gamma).max(), err_msg=text(node))


def shipped_vector() -> Model:
    return Model(
        "vector",
        "massive",
        1,
        "mass",
        "width",
        electron=(Coupling("g_V", GAMMA, "1"), Coupling("g_A", times(GAMMA, GAMMA5), "1")),
        neutrino=(Coupling("g_L", times(GAMMA, Atom("PL")), "1"), Coupling("g_R", times(GAMMA, Atom("PR")), "1")),
    )


def shipped_scalar() -> Model:
    one, five = Number("1"), times(IMAGINARY, GAMMA5)
    return Model(
        "scalar",
        "massive",
        0,
        "mass",
        "width",
        electron=(Coupling("y_S", one, "1"), Coupling("y_P", five, "1")),
        neutrino=(Coupling("y_S_nu", one, "1"), Coupling("y_P_nu", five, "1")),
    )


def photon() -> Model:
    q = Atom("q", ("nu",))
    moment = Sum(((-1, times(IMAGINARY, Atom("sigma", ("mu", "nu")), q)),))
    charge = Sum(((1, times(Atom("q2"), GAMMA)), (-1, times(Atom("q", ("mu",)), Atom("qslash")))))
    sixth = Product(((" ", Sum(((-1, charge),))), ("/", Number("6"))))
    return Model(
        "electromagnetic",
        "photon",
        1,
        electron=(Coupling("e", GAMMA, "1", constant=True),),
        neutrino=(
            Coupling("mu", moment, "mu_B"),
            Coupling("eps", times(moment, IMAGINARY, GAMMA5), "mu_B"),
            Coupling("r2", sixth, "cm^2"),
            Coupling("anapole", times(Sum(((-1, charge),)), GAMMA5), "cm^2"),
        ),
    )


WRITTEN = {"vector": shipped_vector, "scalar": shipped_scalar, "em": photon}


@pytest.mark.parametrize(
    "name",
    [
        "weak+vector/dirac/random/n3/unitary/width",
        "weak+vector/majorana/circular/n3/E1/levels",
        "weak+scalar/majorana/random/n3/width",
        "scalar/dirac/random/n1/E1",
        "weak+em/dirac/random/n3/fullm1",
        "em/majorana/averaged/n3/E1",
    ],
)
def test_the_rate_of_trees_is_that_of_the_written_vertices(name: str):
    """Models written out by hand and the vertices of the brute-force reference, which are matrices, not trees."""
    case = build_case(name)
    group = next(made for word, made in WRITTEN.items() if word in name.partition("/")[0])
    found = rate(case["omega"], [group()], {"pair_step": "M1", "dipole_length": 1.0} | case)
    expected = reference.spectral_function(**case, precision="longdouble")
    assert float(found.value) == pytest.approx(float(expected), rel=tolerance("random-rate"), abs=0)


def test_the_rate_is_the_same_in_more_digits():
    """In other number systems other zeros are rounding; what counts as one must not depend on it."""
    draw = random.Random("precision")
    model = Sampler(draw).model(set())
    case = random_case(draw, [model], {}, "majorana", "M1")
    omega = case.inside[1]
    found, digits = rate(omega, [model], case.arguments), rate(omega, [model], case.arguments, precision=30)
    bound = tolerance("random-rate") * digits.value + tolerance("random-rate-size") * digits.size
    assert abs(float(found.value) - digits.value) <= bound
    assert digits.value > 0


def test_a_fault_of_all_engines_is_found():
    """Majorana pairs counted twice, in every evaluator alike: only what shares nothing with them can tell."""
    made = generate.package_files

    def wrong(chosen: Any) -> dict[str, str]:
        right = made(chosen, standalone=True)
        faults = {
            "runtime/numbers.py": (
                "imprinted_momentum, divisor,",
                "imprinted_momentum, divisor / (1 + inputs.majorana),",
            ),
            "runtime/exact.py": ("24 if inputs.majorana else 12", "12"),
        }
        assert all(old in right[name] for name, (old, _) in faults.items())
        return right | {name: right[name].replace(*fault) for name, fault in faults.items()}

    with mock.patch.object(generate, "package_files", wrong):
        report = examine(specimen(SEED, 1), rare=frozenset())
    assert {"own verification", "brute force"} <= {failure.link for failure in report.failures}
