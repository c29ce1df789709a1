"""Self-consistency of the brute-force spectral function: it must be right before it can judge."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import mpmath
import numpy as np
import pytest

from renp.model import shipped_model
from renp.testing.assertions import ASSERTIONS
from tests.tolerances import tolerance

from .arithmetic import Array, arithmetic, codata_constants
from .cases import E_EG, GROUPS, build_case, case_names, restrict
from .dirac import METRIC, REPRESENTATIONS, SPIN_BASES, dirac_algebra
from .reference import bilinear, gram, kinematics, pair_nodes, photon_vertex, spectral_function
from .values import DIGITS

EVERY = "+".join(GROUPS)
NATURES = ("dirac", "majorana")
LAWS = [name for name, law in ASSERTIONS.items() if law.default]  # type: ignore[attr-defined]
PINS = json.loads((Path(__file__).parent / "values.json").read_text(encoding="utf-8"))


def relative(value: Any, reference: Any) -> float:
    return float(abs(value / reference - 1))


def transpose(matrix: Any) -> Array:
    return np.asarray(matrix).T


# ---------------------------------------------------------------- kinematics


@pytest.mark.parametrize("K", ["0", "0.3", "-0.7", "-1.1"])
def test_pair_nodes_are_on_shell_and_span_the_printed_energy_interval(K: str):
    with arithmetic(30) as system:
        kin = kinematics(system, "0.7", "2.1", K)
        assert abs(kin.s - kin.q[0] ** 2 + kin.q[3] ** 2) < mpmath.mpf("1e-28")
        m_i, m_j = mpmath.mpf("0.1"), mpmath.mpf("0.35")
        nodes = pair_nodes(system, kin, m_i, m_j)
        assert nodes is not None
        tiny = tolerance("oracle-node")
        for p, m in ((nodes.p_i, m_i), (nodes.p_j, m_j)):
            assert max(abs(sum(METRIC[k] * p[k] ** 2 for k in range(4)) - m**2)) < tiny
        assert max(abs((nodes.p_i + nodes.p_j - kin.q[:, None]).ravel())) < tiny
        s = kin.s
        delta = mpmath.sqrt((s - (m_i + m_j) ** 2) * (s - (m_i - m_j) ** 2)) / s
        centre = kin.q[0] / 2 * (1 + (m_i**2 - m_j**2) / s)
        assert abs(nodes.E_nu_range_over_q - delta) < tiny
        energy = nodes.p_i[0]
        assert abs((nodes.weights * energy).sum() - centre) < tiny
        assert (
            abs((nodes.weights * (energy - centre) ** 2).sum() - (kin.q[3] * nodes.E_nu_range_over_q) ** 2 / 12) < tiny
        )
        # Azimuthal averages of bilinears of the transverse momenta.
        x, y = nodes.p_i[1], nodes.p_i[2]
        assert max(abs((nodes.weights * term).sum()) for term in (x, y, x * y, x * x - y * y)) < tiny


# ---------------------------------------------------------------- what holds for any function


@pytest.mark.parametrize("law", LAWS)
def test_the_reference_keeps_every_law(law: str):
    """The laws are physics, not habits of the evaluators: explicit spinors keep them as well."""
    record = ASSERTIONS[law](spectral_function, model=shipped_model(), rtol=tolerance("oracle-law"), examples=12)
    assert record.passed
    assert not record.skipped


# ---------------------------------------------------------------- the weak current against the literature


def printed_weak(case: dict[str, Any]) -> Any:
    """D13's spectral function of the weak current, typed as printed, in mpmath."""
    mpf = mpmath.mpf
    omega, E_eg, E_vg = mpf(case["omega"]), mpf(case["E_eg"]), mpf(case["E_vg"])
    masses = [mpf(m) for m in case["masses"]]
    delta_M = 1 if case["nature"] == "majorana" else 0
    s = E_eg * (E_eg - 2 * omega)
    total = mpf(0)
    for i, m_i in enumerate(masses):
        for j, m_j in enumerate(masses):
            if s <= (m_i + m_j) ** 2:
                continue
            a = mpmath.mpc(complex(case["axial"][i][j]))
            delta = mpmath.sqrt((s - (m_i + m_j) ** 2) * (s - (m_i - m_j) ** 2)) / s
            dirac = s + omega**2 / 2 - omega**2 * delta**2 / 6 - (m_i**2 + m_j**2) / 2
            dirac = (dirac - (E_eg - omega) ** 2 * (m_i**2 - m_j**2) ** 2 / (2 * s**2)) / 3
            total += delta / (E_vg - omega) ** 2 * (abs(a) ** 2 * dirac - delta_M * m_i * m_j * (a**2).real)
    return total


@pytest.mark.parametrize("size", ["n1", "n3"])
@pytest.mark.parametrize("nature", NATURES)
def test_weak_current_reproduces_the_printed_formula(nature: str, size: str):
    case = build_case(f"weak/{nature}/averaged/{size}")
    with mpmath.workdps(40):
        assert relative(spectral_function(**case, precision=30), printed_weak(case)) < tolerance("oracle-30-digits")
        assert relative(spectral_function(**case), printed_weak(case)) < tolerance("oracle-closed-form")


# ---------------------------------------------------------------- what must change nothing


@pytest.mark.parametrize("nature", NATURES)
@pytest.mark.parametrize("variant", ["", "/unitary/width/levels", "/E1"])
def test_representation_and_spin_basis_change_nothing(nature: str, variant: str):
    case = build_case(f"{EVERY}/{nature}/random/n3{variant}")
    reference = spectral_function(**case)
    for representation in REPRESENTATIONS:
        for spin_basis in SPIN_BASES:
            value = spectral_function(**case, representation=representation, spin_basis=spin_basis)
            assert relative(value, reference) < tolerance("oracle-symmetry")


def test_representations_agree_to_thirty_digits():
    case = build_case(f"{EVERY}/majorana/random/n1")
    other = {"representation": "chiral", "spin_basis": "helicity"}
    with mpmath.workdps(40):
        value = spectral_function(**case, precision=35)
        assert relative(spectral_function(**case, precision=35, **other), value) < tolerance("oracle-35-digits")


# ---------------------------------------------------------------- Dirac and Majorana


def test_massless_left_handed_neutrinos_do_not_tell_dirac_from_majorana():
    case = build_case(f"{EVERY}/dirac/random/n3")
    charge = np.asarray(case["electromagnetic"]["r2"])
    left = {
        "masses": [0.0, 0.0, 0.0],
        "vector": case["vector"] | {"g_R": None},
        "scalar": None,
        "tensor": None,
        "electromagnetic": {"r2": charge, "anapole": -charge / 6},
    }
    for variant in ({}, {"pair_step": "E1", "vector_weak": case["axial"]}):
        dirac = spectral_function(**(case | left | variant | {"nature": "dirac"}))
        majorana = spectral_function(**(case | left | variant | {"nature": "majorana"}))
        assert relative(majorana, dirac) < tolerance("oracle-symmetry")
        massive = left | variant | {"masses": case["masses"]}
        dirac, majorana = (spectral_function(**(case | massive | {"nature": nature})) for nature in NATURES)
        assert relative(majorana, dirac) > 1e-4


@pytest.mark.parametrize("variant", ["", "/E1"])
def test_second_contraction_is_coefficient_symmetrisation(variant: str):
    # c_n,ij + eta_n c_n,ji with eta = +1 for S, P, A and -1 for V, T; the weak current enters through g_L and g_R.
    case = build_case(f"vector+scalar+em+tensor/majorana/random/n3{variant}")
    vector, scalar, em = case["vector"], case["scalar"], case["electromagnetic"]
    plus = {"scalar": ("y_S_nu", "y_P_nu"), "electromagnetic": ("anapole",)}
    symmetrised = case | {
        "nature": "dirac",
        "vector": vector
        | {"g_L": np.asarray(vector["g_L"]) - transpose(vector["g_R"])}
        | {"g_R": np.asarray(vector["g_R"]) - transpose(vector["g_L"])},
        "scalar": scalar | {key: np.asarray(scalar[key]) + transpose(scalar[key]) for key in plus["scalar"]},
        "electromagnetic": {
            key: np.asarray(em[key]) + (1 if key in plus["electromagnetic"] else -1) * transpose(em[key]) for key in em
        },
        "tensor": {"t": np.asarray(case["tensor"]["t"]) - transpose(case["tensor"]["t"])},
    }
    assert relative(spectral_function(**case), spectral_function(**symmetrised) / 2) < tolerance("oracle-symmetry")


@pytest.mark.parametrize("name", ["mu", "eps", "r2"])
def test_a_majorana_neutrino_has_no_diagonal_moment_or_charge_radius(name: str):
    case = build_case("em/majorana/averaged/n1")
    with_anapole = spectral_function(**(case | {"electromagnetic": {"anapole": [[1e-26]]}}))
    strength = {"r2": 1e-25}.get(name, 2e-10)
    alone = {"electromagnetic": {name: [[strength]]}}
    assert spectral_function(**(case | alone | {"nature": "dirac"})) > 0.01
    assert spectral_function(**(case | alone)) < 1e-30 * with_anapole


# ---------------------------------------------------------------- gauge and limits


def test_photon_gauge_changes_nothing_because_the_neutrino_current_is_conserved():
    for nature, step in ((nature, step) for nature in NATURES for step in ("", "/E1")):
        case = build_case(f"{EVERY}/{nature}/random/n3{step}")
        assert relative(spectral_function(**case, photon_gauge=7.0), spectral_function(**case)) < tolerance(
            "oracle-gauge"
        )


def test_electromagnetic_vertex_is_transverse_on_shell_and_off():
    with arithmetic("double") as system:
        algebra = dirac_algebra(system)
        for q in (np.array([1.3, 0, 0, 0.8]), np.array([0.4, -1.0, 0.3, 2.0])):
            vertex = photon_vertex(algebra, q, mu=0.3, eps=-0.5, r2=0.9, anapole=1.1)
            divergence = sum(METRIC[mu] * q[mu] * vertex[mu] for mu in range(4))
            assert np.abs(divergence).max() < tolerance("gram-trace")
            assert min(np.abs(matrix).max() for matrix in vertex) > 0.1


def test_moments_are_the_gordon_partners_of_the_charge_radius():
    # A charged lepton's F_2 i sigma^{mu nu} q_nu / 2m adds to F_1 gamma^mu: the sign of mu relative to r2.
    m_i, m_j = 0.2, 0.35
    with arithmetic("double") as system:
        algebra = dirac_algebra(system)
        kin = kinematics(system, 0.7, 2.1)
        nodes = pair_nodes(system, kin, m_i, m_j)
        assert nodes is not None
        magnetic = photon_vertex(algebra, kin.q, mu=1, eps=0, r2=0, anapole=0)
        electric = photon_vertex(algebra, kin.q, mu=0, eps=1, r2=0, anapole=0)
        for p_i, p_j in zip(nodes.p_i.T, nodes.p_j.T, strict=True):
            bra, ket = algebra.bar(algebra.u(p_i, m_i)), algebra.v(p_j, m_j).T
            for mu in range(4):
                difference = (p_i - p_j)[mu] * algebra.one
                vector = (m_i + m_j) * algebra.gamma[mu] - difference
                axial = 1j * ((m_i - m_j) * algebra.gamma[mu] - difference) @ algebra.gamma5
                for moment, gordon in ((magnetic[mu], vector), (electric[mu], axial)):
                    assert np.abs(bra @ (moment - gordon) @ ket).max() < tolerance("gram-trace")


def test_electromagnetic_vertex_is_hermitian():
    # (nubar_i Lambda_ij(q) nu_j)^dagger = nubar_j Lambda_ji(-q) nu_i for real form factors.
    q = np.array([1.3, 0.2, -0.4, 0.8])
    with arithmetic("double") as system:
        algebra = dirac_algebra(system)
        for name in ("mu", "eps", "r2", "anapole"):
            factors = {"mu": 0, "eps": 0, "r2": 0, "anapole": 0} | {name: 1}
            forth, back = (photon_vertex(algebra, sign * q, **factors) for sign in (1, -1))
            for matrix, other in zip(forth, back, strict=True):
                adjoint = algebra.gamma[0] @ matrix.conj().T @ algebra.gamma[0]
                np.testing.assert_allclose(adjoint, other, rtol=0, atol=tolerance("spinor-algebra"))


@pytest.mark.parametrize("nature", NATURES)
@pytest.mark.parametrize("mass", [0.2, 2.0, 1e7])
def test_left_handed_axial_mediator_shifts_the_weak_coupling(nature: str, mass: float):
    case = build_case(f"weak/{nature}/random/n3")
    g_A, shift = 1e-9, 0.4 * np.asarray(build_case(f"weak/{nature}/linear/n3")["axial"])
    s = E_EG * (E_EG - 2 * case["omega"])
    fermi = np.sqrt(2) * 1.1663787e-23
    g_L = shift * fermi * (s - mass**2) / g_A
    mediated = spectral_function(**case, vector={"mass": mass, "g_A": g_A, "g_L": g_L})
    assert relative(mediated, spectral_function(**(case | {"axial": np.asarray(case["axial"]) + shift}))) < tolerance(
        "oracle-symmetry"
    )
    if mass > 1e6:
        contact = -g_A * g_L / (fermi * mass**2)
        heavy = spectral_function(**(case | {"axial": np.asarray(case["axial"]) + contact}))
        assert relative(mediated, heavy) < tolerance("oracle-contact")


@pytest.mark.parametrize("nature", NATURES)
def test_unitary_and_feynman_propagators_agree_for_conserved_currents_alone(nature: str):
    case = build_case(f"vector/{nature}/random/n3/unitary/light-mediator")
    feynman = case | {"vector": case["vector"] | {"propagator": "feynman"}}
    assert relative(spectral_function(**case), spectral_function(**feynman)) > 0.1
    massless = {"masses": [0.0, 0.0, 0.0]}
    assert relative(spectral_function(**(case | massless)), spectral_function(**(feynman | massless))) < tolerance(
        "oracle-longitudinal"
    )
    g = np.diag(np.diag(case["vector"]["g_L"]))
    vector_like = {"vector": case["vector"] | {"g_L": g, "g_R": g}, "nature": "dirac"}
    same = vector_like["vector"] | {"propagator": "feynman"}  # type: ignore[dict-item]
    assert relative(
        spectral_function(**(case | vector_like)), spectral_function(**(case | vector_like | {"vector": same}))
    ) < tolerance("oracle-longitudinal")


def test_a_narrow_width_changes_nothing_and_a_wide_one_tames_the_pole():
    case = build_case("vector/dirac/random/n3")
    narrow = case | {"vector": case["vector"] | {"width": 1e-14}}
    assert relative(spectral_function(**narrow), spectral_function(**case)) < tolerance("oracle-symmetry")
    s = E_EG * (E_EG - 2 * case["omega"])
    mass = float(np.sqrt(s))
    on_pole, off_pole = (
        spectral_function(**(case | {"vector": case["vector"] | {"mass": m, "width": 0.5}})) for m in (mass, mass + 0.5)
    )
    assert np.isfinite(on_pole)
    assert on_pole > off_pole


# ---------------------------------------------------------------- Gram tensors


def test_gram_tensor_is_the_averaged_dirac_trace():
    names = ("V", "A", "L", "T", "S", "P", "VQ", "AX", "MX", "EX")
    arguments = {"omega": 0.7, "E_eg": 2.1, "mass_i": 0.1, "mass_j": 0.35}
    with arithmetic("double") as system:
        algebra = dirac_algebra(system)
        kin = kinematics(system, 0.7, 2.1)
        nodes = pair_nodes(system, kin, 0.1, 0.35)
        assert nodes is not None
        for first in names:
            for second in names:
                V, W = bilinear(algebra, first, kin.q), bilinear(algebra, second, kin.q)
                conjugate = [algebra.gamma[0] @ w.conj().T @ algebra.gamma[0] for w in W]
                expected = np.zeros((3, 3), dtype=complex)
                for p_i, p_j, weight in zip(nodes.p_i.T, nodes.p_j.T, nodes.weights, strict=True):
                    left, right = algebra.slash(p_i) + 0.1 * np.eye(4), algebra.slash(p_j) - 0.35 * np.eye(4)
                    for k in range(3):
                        for l in range(3):  # noqa: E741
                            expected[k, l] += weight * np.trace(left @ V[k] @ right @ conjugate[l])
                value = gram(first, second, **arguments, representation="chiral", spin_basis="helicity")
                np.testing.assert_allclose(value, expected, rtol=0, atol=tolerance("gram-trace"))


def test_gram_tensor_has_three_structures():
    for first in ("V", "L", "MX"):
        for second in ("A", "T", "EX", "L"):
            G = gram(first, second, omega=0.7, E_eg=2.1, mass_i=0.1, mass_j=0.35)
            off = [G[0, 2], G[1, 2], G[2, 0], G[2, 1], G[0, 0] - G[1, 1], G[0, 1] + G[1, 0]]
            assert np.abs(off).max() < tolerance("gram-trace")
    for first, second in (("V", "VX"), ("A", "EX"), ("V", "T")):
        assert np.abs(gram(first, second, omega=0.7, E_eg=2.1, mass_i=0.1, mass_j=0.35)[0, 1]) > 0.1
    assert not gram("V", "V", omega=0.7, E_eg=2.1, mass_i=0.6, mass_j=0.8).any()


def test_light_of_one_helicity_sees_the_antisymmetric_part_with_its_sign():
    # J = 0 -> 1 -> 0 emits eps*.d, so the rate is |eps*_k A^k|^2; weak and magnetic amplitudes put together by hand.
    omega, E_eg, mass, a, mu = 0.7, 2.1, 0.2, 0.6, 2e-9
    with arithmetic("double") as system:
        constants = codata_constants(system)
        s = float(kinematics(system, omega, E_eg).s)
    weak = constants.G_F / np.sqrt(2) * a
    magnetic = -1j * constants.e / (2 * constants.m_e * s) * mu * constants.bohr_magneton
    amplitude = {"V": weak, "A": -weak, "MX": magnetic}
    pair = {"omega": omega, "E_eg": E_eg, "mass_i": mass, "mass_j": mass}
    G = sum(x * np.conjugate(y) * gram(n, m, **pair) for n, x in amplitude.items() for m, y in amplitude.items())
    delta = np.sqrt(1 - 4 * mass**2 / s)
    rates = []
    for helicity in (1, -1):
        eps = np.array([1, helicity * 1j, 0]) / np.sqrt(2)
        by_hand = (eps.conj() @ G @ eps).real * delta / (4 * constants.G_F**2 * (2.2 - omega) ** 2)
        value = spectral_function(
            omega,
            E_eg=E_eg,
            E_vg=2.2,
            masses=[mass],
            nature="dirac",
            axial=[[a]],
            electromagnetic={"mu": [[mu]]},
            atomic_tensor=np.outer(eps.conj(), eps),
        )
        assert relative(value, by_hand) < tolerance("oracle-symmetry")
        rates.append(value)
    assert abs(rates[0] / rates[1] - 1) > 0.1


# ---------------------------------------------------------------- precision and pins


def test_cases_exist_for_every_pair_of_interactions_and_all_together():
    groups = {frozenset(name.split("/")[0].split("+")) for name in case_names()}
    for first in GROUPS:
        for second in GROUPS:
            assert frozenset((first, second)) in groups
    assert frozenset(GROUPS) in groups


def test_couplings_of_different_groups_have_comparable_size():
    case = build_case(f"{EVERY}/dirac/averaged/n3")
    weak = spectral_function(**restrict(case, "weak"))
    for group in GROUPS:
        assert 0.02 < spectral_function(**restrict(case, group)) / weak < 50


def test_pins_cover_exactly_the_cases():
    assert set(PINS) == set(case_names())


@pytest.mark.parametrize("precision", ["double", "longdouble"])
def test_fast_modes_agree_with_the_pins(precision: str):
    for name in case_names():
        assert relative(spectral_function(**build_case(name), precision=precision), float(PINS[name])) < tolerance(
            "oracle-double"
        ), name


@pytest.mark.parametrize("name", [f"{EVERY}/majorana/random/n1", f"{EVERY}/dirac/averaged/n3/threshold"])
def test_thirty_digits_reproduce_the_pins(name: str):
    with mpmath.workdps(40):
        assert relative(spectral_function(**build_case(name), precision=DIGITS), mpmath.mpf(PINS[name])) < tolerance(
            "oracle-30-digits"
        )


@pytest.mark.slow
def test_every_pin_is_reproduced_to_thirty_digits_by_another_representation():
    with mpmath.workdps(40):
        for name in case_names():
            value = spectral_function(
                **build_case(name), precision=DIGITS, representation="chiral", spin_basis="helicity"
            )
            assert relative(value, mpmath.mpf(PINS[name])) < tolerance("oracle-30-digits"), name


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"nature": "weyl"}, "nature must be one of"),
        ({"pair_step": "M2"}, "pair_step must be one of"),
        ({"axial": [[0.1]]}, "must have shape"),
        ({"vector": {"mass": 1, "gA": 1}}, "unknown keys in vector"),
        ({"vector": {"mass": 1, "g_A": 1, "propagator": "landau"}}, "propagator must be one of"),
        ({"E_vg": [2.2, 3.1]} | {"intermediate_amplitudes": [1.0]}, "entries for 2 levels"),
    ],
)
def test_misspelt_input_is_refused(change: dict[str, Any], message: str):
    with pytest.raises(ValueError, match=message):
        spectral_function(**(build_case("weak/dirac/averaged/n3") | change))
