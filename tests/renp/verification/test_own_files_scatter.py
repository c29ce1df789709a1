"""Scattering of interactions of one's own against explicit spinors of their bilinears."""

from __future__ import annotations

import pytest

from renp.model import Model
from renp.verification.scattering import TOLERANCE, largest_error, scattering_interactions

HEAD = 'title = "T"\ndescription = "D"\nreferences = []\n'
FILES = {
    "dipole": """
propagator = { kind = "massive", spin = 1, mass = "mass" }
electron = [
  { coupling = "g", bilinear = "gamma(mu)" },
  { coupling = "k", bilinear = "i sigma(mu,nu) q(nu)", dimension = -1, units = "eV^-1" },
]
neutrino = [
  { coupling = "d", bilinear = "sigma(mu,nu) q(nu) PR", dimension = -1, units = "eV^-1", hermitian = "add conjugate" },
]
""",
    "chiral": """
propagator = { kind = "contact", factor = "G_F" }
terms = [
  { coupling = "c", electron = "PR", neutrino = "PL", hermitian = "add conjugate" },
  { coupling = "t", electron = "sigma(mu,nu) PR", neutrino = "sigma(mu,nu) PR", hermitian = "add conjugate" },
]
""",
    "axion": """
propagator = { kind = "massive", spin = 0, mass = "m0" }
electron = [ { coupling = "f", bilinear = "i qslash gamma5", dimension = -1, units = "eV^-1" } ]
neutrino = [ { coupling = "fn", bilinear = "i qslash gamma5", dimension = -1, units = "eV^-1" } ]
""",
    "charge": """
propagator = { kind = "photon" }
electron = [ { coupling = "e", bilinear = "gamma(mu)", constant = true } ]
neutrino = [ { coupling = "qn", bilinear = "gamma(mu)" } ]
""",
    "antisymmetric": """
propagator = { kind = "massive", spin = 2, mass = "mass" }
electron = [ { coupling = "c_T", bilinear = "sigma(mu,nu)" }, { coupling = "c_5", bilinear = "i sigma(mu,nu) gamma5" } ]
neutrino = [ { coupling = "d_T", bilinear = "sigma(mu,nu)" },
  { coupling = "x", bilinear = "i q(mu) gamma(nu) - i q(nu) gamma(mu)", dimension = -1, units = "eV^-1" } ]
""",
    "longitudinal": """
propagator = { kind = "massive", spin = 1, mass = "mass" }
electron = [
  { coupling = "a", bilinear = "gamma(mu) gamma5" },
  { coupling = "b", bilinear = "i q(mu)", dimension = -1, units = "eV^-1" },
]
neutrino = [
  { coupling = "h", bilinear = "gamma(mu) PR" },
  { coupling = "hq", bilinear = "q(mu) gamma5", dimension = -1, units = "eV^-1" },
]
""",
}


@pytest.mark.parametrize("name", list(FILES))
def test_files_of_ones_own_scatter_as_their_bilinears_say(name: str) -> None:
    model = Model.from_texts({name: f'name = "{name}"\n{HEAD}{FILES[name]}'})
    for process, acting in scattering_interactions(model).items():
        for nature in ("dirac", "majorana"):
            assert largest_error(model, process, acting, nature, f"{name} {nature}", 4) < TOLERANCE
    assert (name in scattering_interactions(model)["coherent_scattering"]) == (name not in ("chiral", "antisymmetric"))
