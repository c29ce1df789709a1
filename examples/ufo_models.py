"""Use a UFO model: the session of docs/howto/ufo_models.md, as one script.

It writes its files into the current directory. Made by ``python docs/sessions.py --write``, like the outputs on the page.
"""

import subprocess
import sys
from pathlib import Path


def save(name: str, text: str) -> None:
    """Write a file of the page."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text.removeprefix("\n"), encoding="utf-8")


def sh(command: str, code: int = 0) -> None:
    """Run a line of shell, as one types it."""
    sys.stdout.flush()
    ended = subprocess.run(command, shell=True, check=False).returncode
    if ended != code:
        sys.exit(f"{command}: exit code {ended}, not {code}")


# From a folder to a spectrum
save(
    "dark_photon_UFO/particles.py",
    """
from object_library import Particle

import parameters as Param

ve = Particle(pdg_code=12, name="ve", antiname="ve~", spin=2, color=1, mass=Param.ZERO, width=Param.ZERO, charge=0)
ve__tilde__ = ve.anti()
vm = Particle(pdg_code=14, name="vm", antiname="vm~", spin=2, color=1, mass=Param.ZERO, width=Param.ZERO, charge=0)
vm__tilde__ = vm.anti()
vt = Particle(pdg_code=16, name="vt", antiname="vt~", spin=2, color=1, mass=Param.ZERO, width=Param.ZERO, charge=0)
vt__tilde__ = vt.anti()
em = Particle(pdg_code=11, name="e-", antiname="e+", spin=2, color=1, mass=Param.Me, width=Param.ZERO, charge=-1)
em__tilde__ = em.anti()
Zd = Particle(pdg_code=32, name="Zd", antiname="Zd", spin=3, color=1, mass=Param.MZd, width=Param.ZERO, charge=0)
""",
)

save(
    "dark_photon_UFO/parameters.py",
    """
from object_library import Parameter

ZERO = Parameter(name="ZERO", nature="internal", type="real", value="0.0", texname="0")
Me = Parameter(name="Me", nature="external", type="real", value=0.000511, texname="M_e")
MZd = Parameter(name="MZd", nature="external", type="real", value=10.0, texname="M_Z")
gd = Parameter(name="gd", nature="external", type="real", value=1e-12, texname="g_d")
""",
)

save(
    "dark_photon_UFO/couplings.py",
    """
from object_library import Coupling

GC_1 = Coupling(name="GC_1", value="complex(0,1)*gd", order={"QED": 1})
GC_2 = Coupling(name="GC_2", value="-complex(0,1)*gd/2", order={"QED": 1})
""",
)

save(
    "dark_photon_UFO/lorentz.py",
    """
from object_library import Lorentz

FFV1 = Lorentz(name="FFV1", spins=[2, 2, 3], structure="Gamma(3,2,-1)*ProjM(-1,1)")
FFV2 = Lorentz(name="FFV2", spins=[2, 2, 3], structure="Gamma(3,2,1)")
FFV3 = Lorentz(name="FFV3", spins=[2, 2, 3], structure="Gamma(3,2,-1)*Gamma5(-1,1)")
""",
)

save(
    "dark_photon_UFO/vertices.py",
    """
from object_library import Vertex

import couplings as C
import lorentz as L
import particles as P

V_1 = Vertex(
    name="V_1", particles=[P.ve__tilde__, P.ve, P.Zd], color=["1"], lorentz=[L.FFV1], couplings={(0, 0): C.GC_1}
)
V_2 = Vertex(
    name="V_2", particles=[P.vm__tilde__, P.vm, P.Zd], color=["1"], lorentz=[L.FFV1], couplings={(0, 0): C.GC_1}
)
V_3 = Vertex(
    name="V_3", particles=[P.vt__tilde__, P.vt, P.Zd], color=["1"], lorentz=[L.FFV1], couplings={(0, 0): C.GC_1}
)
V_4 = Vertex(
    name="V_4",
    particles=[P.em__tilde__, P.em, P.Zd],
    color=["1"],
    lorentz=[L.FFV2, L.FFV3],
    couplings={(0, 0): C.GC_1, (0, 1): C.GC_2},
)
""",
)

sh("renp import dark_photon_UFO --list")

sh("renp import dark_photon_UFO --mediator Zd --parameter MZd=1e-9 --out zd.toml")
sh("cat zd.toml")

sh("renp events --model dark_photon_UFO --set zd.mass=2")

sh("renp import dark_photon_UFO --mediator Zd --parameter mZd=1e-9 --out other.toml", code=2)

import renp

model = renp.Model.from_ufo("dark_photon_UFO", mediator="Zd", parameters={"MZd": 1e-9, "gd": 1e-13})
print(model.values)
print(renp.events(atom="Yb", model=model, **model.values).total)
