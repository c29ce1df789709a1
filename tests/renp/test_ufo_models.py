"""Models of UFO folders: the numbers of interaction files written by hand, from two spellings, and nothing executed."""

from __future__ import annotations

import math
import pickle
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import renp
from codegen.constants import physical_constants
from renp.model import Model
from tests.small_ufo import (
    B_MINUS_L,
    DARK_PHOTON,
    DIPOLE,
    DIRAC,
    E_PAIR,
    ELECTRON,
    FOUR_FERMION,
    PSEUDOSCALAR,
    SMALL_MODELS,
    pair,
)
from tests.tolerances import tolerance

GEV = 1e9
CONSTANTS = {constant.name: float(constant.value) for constant in physical_constants()}
ATOM = {"E_eg": 2.14349, "E_vg": 2.23072}
OMEGA = np.linspace(0.2, 1.06, 15)
AXIAL = np.array([[0.2, 0.1j, 0.05], [-0.1j, -0.2, 0.05], [0.05, 0.05, -0.5]])
COHERENT = np.array([[0.3, 0.1j, 0], [-0.1j, 0.3, 0], [0, 0, 0.4]])


def neutrinos(n: int) -> dict[str, Any]:
    axial = np.zeros((n, n), dtype=complex)
    axial[:3, :3] = AXIAL
    return {"masses": [0.01, 0.013, 0.051, 0.02][:n], "axial": axial, "vector_weak": axial + 0.1 * np.eye(n)}


def head(name: str, propagator: str) -> str:
    return f'name = "{name}"\ntitle = "By hand"\ndescription = "By hand."\nreferences = []\npropagator = {propagator}\n'


MASSIVE = '{{ kind = "massive", spin = {}, mass = "mass", width = "width" }}'
BY_HAND: Mapping[str, str] = {
    "dark_photon": "",
    "b_minus_l": "",
    "pseudoscalar": head("a0", MASSIVE.format(0))
    + 'electron = [ { coupling = "y", bilinear = "i gamma5" } ]\n'
    + 'neutrino = [ { coupling = "f", bilinear = "PR", hermitian = "add conjugate" } ]\n',
    "dipole": head("a_prime", MASSIVE.format(1))
    + 'electron = [ { coupling = "g", bilinear = "gamma(mu)" } ]\n'
    + 'neutrino = [ { coupling = "d", bilinear = "i sigma(mu,nu) q(nu) PR", dimension = -1, units = "eV^-1", '
    + 'hermitian = "add conjugate" } ]\n',
    "four_fermion": head("contact", '{ kind = "contact", factor = "1" }')
    + "terms = [\n"
    + "".join(
        f'  {{ coupling = "{name}", electron = "{electron}", neutrino = "{neutrino}", dimension = -2, units = "eV^-2"{more} }},\n'
        for name, electron, neutrino, more in (
            # One term for each electron bilinear: each is taken to its own leading order in 1/m_e.
            ("v", "gamma(mu)", "gamma(mu) PL", ""),
            ("a", "gamma(mu) gamma5", "gamma(mu) PL", ""),
            ("u", "PL", "PL", ', hermitian = "add conjugate"'),
            ("t", "sigma(mu,nu) PL", "sigma(mu,nu) PL", ', hermitian = "add conjugate"'),
        )
    )
    + "]\n",
}


def kinetic_mixing(mass: float, epsilon: float) -> dict[str, Any]:
    """Return the couplings of a dark photon in doubles, from forms in which nothing cancels."""
    s2, m_z, e = 0.2312, 91.1876, 2 * math.sqrt(math.pi / 127.9)
    s, c = math.sqrt(s2), math.sqrt(1 - s2)
    eta = epsilon / c / math.sqrt(1 - epsilon**2 / c**2)
    a, ratio = eta * s, mass**2 / m_z**2
    # tan(alpha) = -a + delta, where delta solves a delta^2 - (1 + a^2 - ratio) delta - a ratio = 0.
    b = 1 + a**2 - ratio
    delta = -2 * a * ratio / (b + math.sqrt(b**2 + 4 * a**2 * ratio))
    tangent = -a + delta
    cosine = 1 / math.sqrt(1 + tangent**2)
    scale = e / (s * c) * cosine
    # -tan(alpha) (T3 - Q sw^2) + a (Q - T3), as T3 cw^2 - Y sw^2 = T3 - Q sw^2: what multiplies T3 is delta alone.
    right = -scale * (tangent * s2 + a)
    return {"neutrino": -scale * delta / 2, "left": right + scale * delta / 2, "right": right}


def by_hand(name: str) -> tuple[Model, dict[str, dict[str, Any]], dict[str, Any]]:
    """Return the model, its couplings in eV and further arguments of what a small model is."""
    y = np.array([[1e-9, 2e-9 + 1e-9j, 0], [-1e-9 + 3e-9j, 2e-9, -4e-9], [5e-9j, 0, 1e-9 + 1e-9j]])
    match name:
        case "dark_photon":
            g = kinetic_mixing(1e-9, 1e-3)
            vector = {"mass": 1.0, "width": 0.01, "propagator": "unitary", "g_R": np.zeros((3, 3))}
            vector |= {
                "g_V": (g["left"] + g["right"]) / 2,
                "g_A": (g["right"] - g["left"]) / 2,
                "g_L": g["neutrino"] * np.eye(3),
            }
            return Model("vector"), {"vector": vector}, {}
        case "b_minus_l":
            h12 = -3e-8 * 0.3 * np.exp(0.7j)
            h = -3e-8 * np.eye(3) + np.array([[0, h12, 0], [np.conj(h12), 0, 0], [0, 0, 0]])
            vector = {"mass": 200.0, "propagator": "unitary", "g_V": -3e-8, "g_L": h, "g_R": np.zeros((3, 3)), "g_A": 0}
            return Model("vector"), {"vector": vector}, {"nature": "majorana"}
        case "pseudoscalar":
            own = {"a0": {"mass": 0.5, "width": 1e-3, "y": 1e-6, "f": y}}
        case "dipole":
            d = np.zeros((4, 4), dtype=complex)
            d[:3, 3] = np.array([1e-7 + 2e-7j, -3e-7, 1e-7j]) / GEV
            # d sigma^{mu nu} F_{mu nu} is 2 d times i sigma(mu,nu) q(nu) A_mu.
            own = {"a_prime": {"mass": 1.0, "propagator": "unitary", "g": 1e-4, "d": 2 * d}}
        case _:
            fermi = 1.1663787e-5 / GEV**2
            w, s, u = (np.zeros((3, 3), dtype=complex) for _ in range(3))
            # Of fields, (ebar g P_L nu)(nubar g P_L e) = (ebar g P_L e)(nubar g P_L nu), and H = -L.
            w[0, 0], w[2, 2] = 2 * math.sqrt(2) * fermi, fermi / 3
            # (nubar P_R e)(ebar P_L nu) = -1/2 (nubar g P_L nu)(ebar g P_R e)
            s[1, 1] = 2e-5 / GEV**2 / 2
            # (ebar P_L nu)(nubar P_L e) = -1/2 (ebar P_L e)(nubar P_L nu) - 1/8 (ebar sigma P_L e)(nubar sigma P_L nu)
            u[1, 2] = 1e-5 * np.exp(0.4j) / GEV**2 / 2
            own = {"contact": {"v": (s + w) / 2, "a": (s - w) / 2, "u": u, "t": u / 4}}
    return Model.from_texts({next(iter(own)): BY_HAND[name]}), own, {}


@pytest.fixture(scope="module", params=SMALL_MODELS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def imported(name: str, tmp_path_factory: pytest.TempPathFactory) -> Model:
    return Model.from_ufo(SMALL_MODELS[name].write(tmp_path_factory.mktemp(name) / "model_UFO"))


@pytest.mark.parametrize("pair_step", ["M1", "E1"])
def test_a_small_model_has_the_numbers_of_a_file_by_hand(name: str, imported: Model, pair_step: str) -> None:
    model, values, more = by_hand(name)
    n = 4 if name == "dipole" else 3
    common = {**ATOM, **neutrinos(n), "pair_step": pair_step, "atomic_tensor": COHERENT, **more}
    if name == "dark_photon":
        # Beside the weak current nobody would see it.
        common |= {"axial": np.zeros((n, n)), "vector_weak": np.zeros((n, n))}
    found = imported.spectral_function(OMEGA, **common, **imported.values)
    expected = model.spectral_function(OMEGA, **common, **values)
    np.testing.assert_allclose(found, expected, rtol=tolerance("ufo-by-hand"))
    without = model.spectral_function(OMEGA, **common)
    if (name, pair_step) != ("pseudoscalar", "E1"):  # which has no E1 step at leading order
        assert (abs(expected - without) > 1e-6 * expected).sum() > len(OMEGA) / 2


@pytest.mark.parametrize("spelling", [2])
def test_the_other_spelling_says_the_same(name: str, imported: Model, spelling: int, tmp_path: Path) -> None:
    other = Model.from_ufo(SMALL_MODELS[name].write(tmp_path / "model_UFO", spelling))
    assert other == imported
    assert pickle.dumps(other.values) == pickle.dumps(imported.values)


def test_nothing_was_executed(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Model.from_ufo(SMALL_MODELS[name].write(tmp_path / "model_UFO"))
    assert not list(tmp_path.rglob("executed"))
    assert not list(tmp_path.rglob("__pycache__"))


def test_the_tiny_neutrino_coupling_of_an_eV_dark_photon(tmp_path: Path) -> None:
    folder = DARK_PHOTON.write(tmp_path / "dp")
    for mass, epsilon in ((1e-9, 1e-3), (1e-12, 1e-8), (1e-3, 0.1), (50.0, 0.3)):
        values = Model.from_ufo(folder, "Zd", {"MZd": mass, "epsilon": epsilon, "WZd": 0}).values["zd"]
        expected = kinetic_mixing(mass, epsilon)
        assert values["g_L"][1, 1].real == pytest.approx(expected["neutrino"], rel=tolerance("ufo-dark-photon"), abs=0)
        assert values["g_V"] == pytest.approx((expected["left"] + expected["right"]) / 2, rel=1e-12, abs=0)
        assert values["mass"] == pytest.approx(mass * GEV, rel=1e-15, abs=0)


# ---------------------------------------------------------------- physics that does not depend on files by hand


def test_w_and_z_exchange_are_the_weak_current(tmp_path: Path) -> None:
    """Fierz, the sign of H = -L and the factor i: a model's W and Z exchange must be what every spectral function holds.

    W exchange as four-fermion vertices of flavours, mixed to mass states, and Z exchange as a boson of 91 GeV; together they
    are ``axial`` and ``vector_weak`` of unitary mixing with sin^2 theta_W = 0.2312.
    """
    u = pmns()
    fermi = math.sqrt(2) / CONSTANTS["sqrt2_over_G_F"] * GEV**2
    m_z, s2 = 91.1876, 0.2312
    g_z = math.sqrt(8 * m_z**2 * fermi / math.sqrt(2))
    w_vertex = (("ve__tilde__", "e__minus__", "e__minus____tilde__", "ve"), {"FFFFV": "GC_W"})
    w = replace(FOUR_FERMION, vertices=[w_vertex]).write(tmp_path / "w")
    z = replace(
        DARK_PHOTON,
        particles={**ELECTRON, **DIRAC, "Z": (23, "Z", "Z", 3, 0, "MZ", "ZERO")},
        parameters={"Me": 0.000511, "MZ": m_z, "gZ": g_z, "sw2": s2},
        couplings={"GC_L": "complex(0,1)*gZ*(-0.5 + sw2)", "GC_R": "complex(0,1)*gZ*sw2", "GC_N": "complex(0,1)*gZ/2"},
        vertices=[
            ((*E_PAIR, "Z"), {"FFVL": "GC_L", "FFVR": "GC_R"}),
            *(((*pair(v, v), "Z"), {"FFVL": "GC_N"}) for v in DIRAC),
        ],
    ).write(tmp_path / "z")
    exchanged = Model.from_ufo(w, "contact", {"Gf": fermi}, mixing=u)
    bosons = Model.from_ufo(z, "Z", mixing=u)
    electron = np.outer(u[0].conj(), u[0])
    zero = np.zeros((3, 3))
    common = {**ATOM, "masses": [0.01, 0.013, 0.051], "atomic_tensor": COHERENT}
    for nature in ("dirac", "majorana"):
        for own, axial, vector in (
            (exchanged, electron, electron),
            (bosons, -np.eye(3) / 2, -(0.5 - 2 * s2) * np.eye(3)),
        ):
            expected = Model().spectral_function(OMEGA, **common, nature=nature, axial=axial, vector_weak=vector)
            found = own.spectral_function(OMEGA, **common, nature=nature, axial=zero, vector_weak=zero, **own.values)
            np.testing.assert_allclose(found, expected, rtol=tolerance("ufo-weak"))
            # With the sign: doubled, not cancelled.
            both = own.spectral_function(OMEGA, **common, nature=nature, axial=axial, vector_weak=vector, **own.values)
            np.testing.assert_allclose(both, 4 * expected, rtol=tolerance("ufo-weak"))


def pmns() -> np.ndarray[Any, Any]:
    rng = np.random.default_rng(5)
    matrix = rng.normal(size=(3, 3)) + 1j * rng.normal(size=(3, 3))
    unitary: np.ndarray[Any, Any] = np.linalg.qr(matrix)[0]
    return unitary


def test_flavours_become_mass_states(tmp_path: Path) -> None:
    u = pmns()
    flavours = Model.from_ufo(PSEUDOSCALAR.write(tmp_path / "a0")).values["a0"]
    f = flavours["y_S_nu"] + 1j * flavours["y_P_nu"]  # what multiplies P_R
    found = Model.from_ufo(tmp_path / "a0", mixing=u).values["a0"]
    np.testing.assert_allclose(found["y_S_nu"] + 1j * found["y_P_nu"], u.conj().T @ f @ u, rtol=0, atol=1e-22)
    # Of Majorana fields the left-handed parts mix with U and the right-handed with its conjugate.
    plain = Model.from_ufo(B_MINUS_L.write(tmp_path / "bl")).values["zp"]
    mixed = Model.from_ufo(tmp_path / "bl", mixing=u).values["zp"]
    np.testing.assert_allclose(mixed["g_L"], u.conj().T @ plain["g_L"] @ u, rtol=0, atol=1e-22)
    np.testing.assert_allclose(mixed["g_R"], u.T @ plain["g_R"] @ u.conj(), rtol=0, atol=1e-22)
    # The rule of Majorana fields, F_R = -F_L^T, holds in every basis.
    np.testing.assert_allclose(mixed["g_R"], -mixed["g_L"].T, rtol=0, atol=1e-22)


def test_fewer_mass_states_than_flavours_and_more(tmp_path: Path) -> None:
    folder = DARK_PHOTON.write(tmp_path / "dp")
    assert Model.from_ufo(folder, mixing=np.eye(3)[:, :2]).values["zd"]["g_L"].shape == (2, 2)
    assert Model.from_ufo(folder, mixing=np.eye(4)[:3]).values["zd"]["g_L"].shape == (4, 4)
    for wrong in ("abc", [1, 2, 3], np.full((3, 3), np.nan), [[1, 2], [3]]):
        with pytest.raises(ValueError, match="mixing must be a matrix of finite numbers"):
            Model.from_ufo(folder, mixing=wrong)


def test_form_factors_of_the_photon_are_the_shipped_ones(tmp_path: Path) -> None:
    """Magnetic moment and charge radius, whose interference knows the sign of the photon's momentum."""
    charge, mu, radius = CONSTANTS["e"], 1e-9, 4e-31
    model = replace(
        DIPOLE,
        particles={**ELECTRON, **DIRAC, "a": (22, "a", "a", 3, 0, "ZERO", "ZERO")},
        parameters={
            **{"Me": 0.000511, "ee": charge, "mu": mu * CONSTANTS["mu_B"] * GEV},
            "r2": radius / CONSTANTS["hbar_c"] ** 2 * GEV**2,
        },
        # L = ee ebar gamma e A - mu/2 nubar sigma F nu - r2/6 nubar (q^2 gamma - q qslash) nu A
        couplings={"GC_e": "complex(0,1)*ee", "GC_N": "mu", "GC_R": "-complex(0,1)*r2/6"},
        vertices=[
            ((*E_PAIR, "a"), {"FFV1": "GC_e"}),
            *(((*pair(i, j), "a"), {"FFVD": "GC_N", "FFVC": "GC_R"}) for i, j in (("ve", "vm"), ("vm", "ve"))),
        ],
        lorentz={
            **DIPOLE.lorentz,
            "FFVD": "Sigma(-1,3,2,1)*P(-1,3)",
            "FFVC": "P(-1,3)**2*Gamma(3,2,1) - P(-1,3)*P(3,3)*Gamma(-1,2,1)",
        },
    )
    imported = Model.from_ufo(model.write(tmp_path / "photon"), "a")
    assert imported.groups[1].propagator == "photon"
    assert set(imported.values["a"]) == {"g_V", "mu", "r_L", "r_R", "l_L", "l_R"}
    matrix = np.zeros((3, 3))
    matrix[0, 1] = matrix[1, 0] = 1
    common = {**ATOM, **neutrinos(3), "atomic_tensor": COHERENT}
    found = imported.spectral_function(OMEGA, **common, **imported.values)

    def shipped(sign: int) -> Any:
        moments = {"mu": sign * mu * matrix, "r2": radius * matrix}
        return renp.spectral_function(OMEGA, **common, electromagnetic=moments)

    np.testing.assert_allclose(found, shipped(1), rtol=tolerance("ufo-by-hand"))
    assert np.all(abs(shipped(-1) / shipped(1) - 1) > 1e4 * tolerance("ufo-by-hand"))


def test_an_imported_model_is_derived_verified_and_copied_like_any_other(tmp_path: Path) -> None:
    folder = DIPOLE.write(tmp_path / "dipole")
    model = Model.from_ufo(folder)
    assert all(check.passed for check in model.verify(1))
    assert model.derivation().steps
    copied = Model(folder, second=f"{folder}:A'")
    assert set(copied.values) == {"a_prime", "second"}
    assert Model.from_texts(model.sources) == model
    assert pickle.loads(pickle.dumps(model)).values.keys() == model.values.keys()
    # What a user changes is a copy.
    model.values["a_prime"]["g_V"] = 0
    assert model.values["a_prime"]["g_V"] == 1e-4
