"""Small UFO models for the tests, written as text in two spellings; no line of them is ever executed.

The first is that of FeynRules (absolute imports, fields by name), the second a terser one: relative imports, fields by
position, numbers written out as expressions. ``MINE`` runs when somebody imports a model, and leaves a file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

MINE = 'open("executed", "w").close()'
"""What only an import would run; it stands where importers look first."""


@dataclass(frozen=True)
class SmallModel:
    """What a folder declares.

    Attributes
    ----------
    particles : variable -> (PDG code, name, antiname, 2s+1, charge, mass, width); antiparticles follow by themselves.
    parameters : name -> number, or text of an expression.
    couplings : name -> expression.
    lorentz : name -> structure.
    vertices : (particles, {Lorentz structure: coupling}).
    further : fields of particles, by variable, as text.
    """

    particles: Mapping[str, tuple[int, str, str, int, int, str, str]]
    parameters: Mapping[str, float | str]
    couplings: Mapping[str, str]
    lorentz: Mapping[str, str]
    vertices: Sequence[tuple[Sequence[str], Mapping[str, str]]]
    further: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def write(self, folder: Path, spelling: int = 1) -> Path:
        """Write the modules of the model; return the folder."""
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in {**_modules(self, spelling), **self.files}.items():
            (folder / f"{name}.py").write_text(text, encoding="utf-8")
        for name in ("__init__", "object_library"):
            (folder / f"{name}.py").write_text(MINE, encoding="utf-8")
        return folder


def _call(kind: str, spelling: int, **fields: str) -> str:
    if spelling == 2:
        return f"{kind}({', '.join(fields.values())})"
    return f"{kind}({', '.join(f'{name} = {value}' for name, value in fields.items())})"


def _modules(model: SmallModel, spelling: int) -> dict[str, str]:
    dot = "." if spelling == 2 else ""
    head = "# a model of the tests\nfrom __future__ import division\n\n"
    functions = f"from {dot}function_library import complexconjugate, re, im, csc, sec, acsc, asec, cot\n\n"

    def library(name: str) -> str:
        return f"{head}from {dot}object_library import all_{name}\n"

    def module(name: str, short: str) -> str:
        return f"from . import {name} as {short}\n" if dot else f"import {name} as {short}\n"

    particles = [library("particles"), module("parameters", "Param")]
    for variable, (pdg, name, antiname, spin, charge, mass, width) in model.particles.items():
        more = f", {model.further[variable]}" if variable in model.further else ""
        call = _call(
            *("Particle", spelling),
            **{"pdg_code": str(pdg), "name": repr(name), "antiname": repr(antiname), "spin": str(spin), "color": "1"},
            **{
                "mass": f"Param.{mass}",
                "width": f"Param.{width}",
                "texname": repr(name),
                "antitexname": repr(antiname),
            },
            charge=f"{charge}/1" if spelling == 2 else str(charge),
        )
        particles.append(f"{variable} = {call[:-1]}{more})\n")
        if name != antiname:
            particles.append(f"{variable}__tilde__ = {variable}.anti()\n")
    parameters = [library("parameters"), functions, "ZERO = Parameter('ZERO', 'internal', 'real', '0.0', '0')\n"]
    for name, value in model.parameters.items():
        internal = isinstance(value, str)
        kind = "complex" if internal and "complex" in str(value) else "real"
        call = _call(
            *("Parameter", spelling),
            **{"name": repr(name), "nature": "'internal'" if internal else "'external'", "type": f"'{kind}'"},
            **{"value": repr(value), "texname": repr(f"\\text{{{name}}}")},
        )
        parameters.append(f"{name} = {call}\n")
    couplings = [library("couplings"), functions]
    couplings += [
        f"{name} = {_call('Coupling', spelling, name=repr(name), value=repr(value), order=repr({'NP': 1}))}\n"
        for name, value in model.couplings.items()
    ]
    lorentz = [library("lorentz"), functions, "try:\n   import form_factors as ForFac\nexcept ImportError:\n   pass\n"]
    for name, structure in model.lorentz.items():
        spins = (
            "[ 2, 2, 2, 2 ]" if name.startswith("FFFF") else "[ 2, 2, 3 ]" if name.startswith("FFV") else "[ 2, 2, 1 ]"
        )
        lorentz.append(
            f"{name} = {_call('Lorentz', spelling, name=repr(name), spins=spins, structure=repr(structure))}\n"
        )
    vertices = [library("vertices"), module("particles", "P"), module("couplings", "C"), module("lorentz", "L")]
    for n, (legs, terms) in enumerate(model.vertices, 1):
        call = _call(
            *("Vertex", spelling),
            name=repr(f"V_{n}"),
            particles=f"[ {', '.join(f'P.{leg}' for leg in legs)} ]",
            color="[ '1' ]",
            lorentz=f"[ {', '.join(f'L.{name}' for name in terms)} ]",
            couplings="{" + ",".join(f"(0,{k}):C.{c}" for k, c in enumerate(terms.values())) + "}",
        )
        vertices.append(f"V_{n} = {call}\n")
    orders = f"{library('orders')}NP = {_call('CouplingOrder', spelling, name=repr('NP'), expansion_order='99', hierarchy='1')}\n"
    return {
        "particles": "".join(particles),
        "parameters": "".join(parameters),
        "couplings": "".join(couplings),
        "lorentz": "".join(lorentz),
        "vertices": "".join(vertices),
        "coupling_orders": orders,
    }


ELECTRON = {"e__minus__": (11, "e-", "e+", 2, -1, "Me", "ZERO")}
DIRAC = {
    "ve": (12, "ve", "ve~", 2, 0, "ZERO", "ZERO"),
    "vm": (14, "vm", "vm~", 2, 0, "ZERO", "ZERO"),
    "vt": (16, "vt", "vt~", 2, 0, "ZERO", "ZERO"),
}
MAJORANA = {
    "n1": (12, "n1", "n1", 2, 0, "ZERO", "ZERO"),
    "n2": (14, "n2", "n2", 2, 0, "ZERO", "ZERO"),
    "n3": (16, "n3", "n3", 2, 0, "ZERO", "ZERO"),
}
E_PAIR = ("e__minus____tilde__", "e__minus__")
FFV = {"FFV1": "Gamma(3,2,1)", "FFVL": "Gamma(3,2,-1)*ProjM(-1,1)", "FFVR": "Gamma(3,2,-1)*ProjP(-1,1)"}
FFS = {"FFSL": "ProjM(2,1)", "FFSR": "ProjP(2,1)", "FFS5": "Gamma5(2,1)"}


def pair(first: str, second: str) -> tuple[str, str]:
    """Return the legs whose field ``first`` is barred and whose field ``second`` is not, of Dirac particles."""
    return (f"{second}__tilde__", first)


DARK_PHOTON = SmallModel(
    particles={**ELECTRON, **DIRAC, "Zd": (1023, "Zd", "Zd", 3, 0, "MZd", "WZd")},
    parameters={
        **{"Me": 0.000511, "MZd": 1e-9, "WZd": 1e-11, "MZ0": 91.1876, "sw2": 0.2312, "aEWM1": 127.9, "epsilon": 1e-3},
        "ee": "2*cmath.sqrt(cmath.pi/aEWM1)",
        "sw": "cmath.sqrt(sw2)",
        "cw": "cmath.sqrt(1 - sw**2)",
        "eta": "(epsilon/cw)/cmath.sqrt(1 - epsilon**2/cw**2)",
        "alpha": "cmath.atan(-2*eta*sw/(1 - eta**2*sw**2 - MZd**2/MZ0**2))/2.",
    },
    couplings={
        # (g/cw) (-sin(alpha) (T3 cw^2 - Y sw^2) + eta cos(alpha) sw Y)
        "GC_L": "(ee*complex(0,1)/(sw*cw))*(-(cmath.sin(alpha)*(sw**2 - cw**2))/2. - (eta*cmath.cos(alpha)*sw)/2.)",
        "GC_R": "(ee*complex(0,1)/(sw*cw))*(-cmath.sin(alpha)*sw**2 - eta*sw/sec(alpha))",
        "GC_N": "(ee*complex(0,1)/(sw*cw))*(-cmath.sin(alpha)/2. - (eta*cmath.cos(alpha)*sw)/2.)",
    },
    lorentz=FFV,
    vertices=[
        ((*E_PAIR, "Zd"), {"FFVL": "GC_L", "FFVR": "GC_R"}),
        *(((*pair(v, v), "Zd"), {"FFVL": "GC_N"}) for v in DIRAC),
    ],
)
"""A dark photon with kinetic mixing and a mass of 1 eV."""

B_MINUS_L = SmallModel(
    particles={**ELECTRON, **MAJORANA, "Zp": (33, "Zp", "Zp", 3, 0, "MZp", "ZERO")},
    parameters={
        **{"Me": 0.000511, "MZp": 2e-7, "g1p": 3e-8, "mix": 0.3, "phase": 0.7},
        "h12": "-g1p*mix*cmath.exp(complex(0,1)*phase)",
    },
    couplings={
        "GC_e": "-complex(0,1)*g1p",
        # h P_L in the current is F = h P_L - h^T P_R in the rule: both contractions of Majorana fields.
        "GC_n": "-complex(0,1)*g1p",
        "GC_21": "complex(0,1)*complexconjugate(h12)",
        "GC_21t": "-complex(0,1)*h12",
    },
    lorentz={**FFV, "FFVM": "Gamma(3,2,-1)*ProjM(-1,1) - Gamma(3,2,-1)*ProjP(-1,1)"},
    vertices=[
        ((*E_PAIR, "Zp"), {"FFV1": "GC_e"}),
        *(((n, n, "Zp"), {"FFVM": "GC_n"}) for n in MAJORANA),
        (("n1", "n2", "Zp"), {"FFVL": "GC_21", "FFVR": "GC_21t"}),
    ],
)
"""A Z' of B - L that couples to a Hermitian matrix of Majorana neutrinos, of charge -1, mixed by h12."""

YUKAWAS = {
    ("ve", "ve"): "1e-9", ("ve", "vm"): "complex(2e-9,1e-9)", ("vm", "ve"): "complex(-1e-9,3e-9)", ("vm", "vm"): "2e-9",
    ("vt", "ve"): "complex(0,5e-9)", ("vm", "vt"): "-4e-9", ("vt", "vt"): "complex(1e-9,1e-9)",
}  # fmt: skip


def _yukawa_vertices() -> tuple[dict[str, str], list[tuple[Sequence[str], Mapping[str, str]]]]:
    couplings, vertices = {}, []
    for i in DIRAC:
        for j in DIRAC:
            terms = {}
            if (i, j) in YUKAWAS:
                couplings[f"GC_{i}{j}R"] = f"complex(0,1)*y_{i}{j}"
                terms["FFSR"] = f"GC_{i}{j}R"
            if (j, i) in YUKAWAS:
                couplings[f"GC_{i}{j}L"] = f"complex(0,1)*complexconjugate(y_{j}{i})"
                terms["FFSL"] = f"GC_{i}{j}L"
            if terms:
                vertices.append(((*pair(i, j), "a0"), terms))
    return couplings, vertices


PSEUDOSCALAR = SmallModel(
    particles={**ELECTRON, **DIRAC, "a0": (9000036, "a0", "a0", 1, 0, "Ma0", "Wa0")},
    parameters={
        **{"Me": 0.000511, "Ma0": 5e-10, "Wa0": 1e-12, "ye": 1e-6},
        **{f"y_{i}{j}": f"{value} + 0*complex(0,1)" for (i, j), value in YUKAWAS.items()},
    },
    couplings={"GC_e": "complex(0,1)*complex(0,1)*ye", **_yukawa_vertices()[0]},
    lorentz=FFS,
    vertices=[((*E_PAIR, "a0"), {"FFS5": "GC_e"}), *_yukawa_vertices()[1]],
)
"""L = a [ i ye ebar gamma5 e + sum y_ij nubar_i P_R nu_j + h.c. ]."""

PORTAL = {"ve": "complex(1e-7,2e-7)", "vm": "-3e-7", "vt": "complex(0,1e-7)"}

DIPOLE = SmallModel(
    particles={
        **ELECTRON,
        **DIRAC,
        "N1": (9900012, "N1", "N1~", 2, 0, "MN", "ZERO"),
        "Ap": (9000022, "A'", "A'", 3, 0, "MAp", "ZERO"),
    },
    parameters={
        **{"Me": 0.000511, "MN": 2e-11, "MAp": 1e-9, "gp": 1e-4},
        **{f"d_{v}": f"{value} + 0*complex(0,1)" for v, value in PORTAL.items()},
    },
    couplings={
        "GC_e": "complex(0,1)*gp",
        # sigma^{mu nu} F_{mu nu} = 2 sigma^{mu nu} d_mu A_nu, and d_mu A_nu is i P_mu for an outgoing A.
        **{f"GC_{v}N": f"-2*d_{v}" for v in PORTAL},
        **{f"GC_N{v}": f"-2*complexconjugate(d_{v})" for v in PORTAL},
    },
    lorentz={
        **FFV,
        "FFVDR": "Sigma(-1,3,2,-2)*P(-1,3)*ProjP(-2,1)",
        # The same with P_L, written out as FeynRules does: Sigma is (i/2) [Gamma, Gamma].
        "FFVDL": "complex(0,1)/2.*(P(-1,3)*Gamma(-1,2,-3)*Gamma(3,-3,-2)*ProjM(-2,1)"
        " - P(-1,3)*Gamma(-1,-3,-2)*Gamma(3,2,-3)*ProjM(-2,1))",
    },
    vertices=[
        ((*E_PAIR, "Ap"), {"FFV1": "GC_e"}),
        *(((*pair(v, "N1"), "Ap"), {"FFVDR": f"GC_{v}N"}) for v in PORTAL),
        *(((*pair("N1", v), "Ap"), {"FFVDL": f"GC_N{v}"}) for v in PORTAL),
    ],
)
"""L = A'_mu gp ebar gamma^mu e + sum d_i nubar_i sigma^{mu nu} P_R N F'_{mu nu} + h.c."""

_VECTOR = "Gamma(-1,2,-2)*ProjM(-2,1)*Gamma(-1,4,-3)*ProjM(-3,3)"

FOUR_FERMION = SmallModel(
    particles={**ELECTRON, **DIRAC},
    parameters={"Me": 0.000511, "Gf": 1.1663787e-5, "cS": 2e-5, "cT": 1e-5, "phase": 0.4},
    couplings={
        "GC_W": "-2*complex(0,1)*Gf*cmath.sqrt(2)",
        "GC_S": "complex(0,1)*cS",
        "GC_T": "complex(0,1)*cT*cmath.exp(complex(0,1)*phase)",
        "GC_Tc": "complex(0,1)*complexconjugate(cT*cmath.exp(complex(0,1)*phase))",
        "GC_X": "complex(0,1)*Gf/3",
    },
    lorentz={
        "FFFFV": _VECTOR,
        "FFFFS": "ProjP(2,1)*ProjM(4,3)",
        "FFFFL": "ProjM(2,1)*ProjM(4,3)",
        "FFFFR": "ProjP(2,1)*ProjP(4,3)",
        # Lines that cross the pairs of particles.
        "FFFFX": "Gamma(-1,2,-2)*ProjM(-2,3)*Gamma(-1,4,-3)*ProjM(-3,1)",
    },
    vertices=[
        # L = -2 sqrt2 Gf (ebar gamma P_L ve)(vebar gamma P_L e): W exchange.
        (("ve__tilde__", "e__minus__", "e__minus____tilde__", "ve"), {"FFFFV": "GC_W"}),
        # L = cS (vmbar P_R e)(ebar P_L vm)
        (("e__minus____tilde__", "vm", "vm__tilde__", "e__minus__"), {"FFFFS": "GC_S"}),
        # L = cT e^{i phase} (ebar P_L vt)(vmbar P_L e) + h.c.
        (("vt__tilde__", "e__minus__", "e__minus____tilde__", "vm"), {"FFFFL": "GC_T"}),
        (("e__minus____tilde__", "vt", "vm__tilde__", "e__minus__"), {"FFFFR": "GC_Tc"}),
        # A rule for wave functions whose lines cross: as an operator it is -Gf/3 (ebar gamma P_L vt)(vtbar gamma P_L e).
        ((*E_PAIR, "vt__tilde__", "vt"), {"FFFFX": "GC_X"}),
    ],
)
"""Four-fermion vertices of the form (ebar nu)(nubar e)."""

SMALL_MODELS = {
    "dark_photon": DARK_PHOTON, "b_minus_l": B_MINUS_L, "pseudoscalar": PSEUDOSCALAR, "dipole": DIPOLE,
    "four_fermion": FOUR_FERMION,
}  # fmt: skip
