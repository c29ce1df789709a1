"""What a user does first, with the renp that is installed: run it anywhere outside the source tree.

``python as_a_user.py [C|NumPy]`` says which evaluator must be active. Everything is written below the working directory,
and nothing else needs to be writable. The last line is a hash of spectra, which is the same for every engine and machine.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

INTERACTION = """\
name = "axial_boson"
title = "Axial boson"
description = "A boson that couples to the axial currents of electrons and neutrinos."
references = []
propagator = { kind = "massive", spin = 1, mass = "mass", width = "width" }
electron = [ { coupling = "c_A", bilinear = "gamma(mu) gamma5" } ]
neutrino = [ { coupling = "d_A", bilinear = "gamma(mu) gamma5" } ]
"""
FORMULA = """\
id = "draft-1"
source = "A draft"
equation = "(1)"
quantity = "bracket"
formula = "abs(a_ij)^2 I_D + delta_M m_i m_j Re(a_ij^2)"
"""
ALONE = """\
import sys

class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in ("renp", "codegen", "derivations", "sympy", "scipy"):
            raise ImportError(f"{name} is not to be needed")

sys.meta_path.insert(0, Nothing())
import evaluators
from evaluators.verify import verify
print(evaluators.spectral_function(1.06, E_eg=2.14349, E_vg=2.23072, masses=[0.01], axial=[[0.5]]))
sys.exit(0 if all(check.passed for check in verify(1)) else "a check failed")
"""


def renp(*words: str, code: int = 0) -> str:
    """Run the command that is installed beside this Python; return what it printed."""
    program = Path(sys.executable).with_name("renp")
    found = subprocess.run([program, *words], capture_output=True, text=True, check=False)
    if found.returncode != code or "Traceback" in found.stderr:
        raise SystemExit(
            f"renp {' '.join(words)}: code {found.returncode}\n{found.stdout[-2000:]}\n{found.stderr[-4000:]}"
        )
    return found.stdout


def expect(condition: object, what: str) -> None:
    """Stop with one line unless something holds."""
    if not condition:
        raise SystemExit(f"as_a_user.py: {what}")


def commands(evaluator: str) -> None:
    """Type what a user types first."""
    expect(all(word in renp("--help") for word in ("spectrum", "derive", "check")), "the help names no commands")
    found = json.loads(renp("info", "--json"))
    expect(found["renp"] == renp("--version").strip(), "two versions")
    active = found["evaluator"]["active"]
    expect(active.startswith(evaluator), f"the active evaluator is {active}: {found['evaluator']['why']}")
    expect(found["installation"].startswith("installed by"), f"this is no installed renp: {found['installation']}")
    expect("Yb" in renp("list"), "renp list names no atom")
    expect("1." in renp("derive", "weak"), "renp derive prints no steps")
    Path("axial_boson.toml").write_text(INTERACTION)
    Path("draft.toml").write_text(FORMULA)
    weak = ("spectrum", "--nature", "majorana", "--omega", "1.06:1.0717:40")
    renp(*weak, "--plot", "weak.png", "--csv", "weak.csv", "--json", "weak.json")
    expect(Path("weak.png").read_bytes().startswith(b"\x89PNG"), "no picture")
    new = ("--set", "axial_boson.mass=0.5", "--set", "axial_boson.c_A=1e-12", "--set", "axial_boson.d_A[1,1]=1e-12")
    renp("spectrum", "--model", "axial_boson.toml", *new, "--omega", "1:1.07:5", "--csv", "new.csv")
    expect("Refuted" in renp("check", "draft.toml", code=1), "a wrong sign is not refuted")
    renp("generate", "axial_boson.toml", "--out", "evaluators", "--standalone")
    run = subprocess.run([sys.executable, "-c", ALONE], capture_output=True, text=True, check=False)
    expect(run.returncode == 0, f"the generated package alone: {run.stdout[-1000:]}{run.stderr[-2000:]}")
    renp("spectrum", "--atom", "Cs", code=2)


def copied() -> None:
    """Use the evaluators that are installed without anything else of this project, as somebody who copied them."""
    import renp_generated

    shutil.copytree(Path(renp_generated.__file__).parent, "copy/evaluators")
    run = subprocess.run([sys.executable, "-c", ALONE], cwd="copy", capture_output=True, text=True, check=False)
    expect(run.returncode == 0, f"the copied package alone: {run.stdout[-1000:]}{run.stderr[-2000:]}")


def digest() -> str:
    """Return a hash of spectra with every shipped coupling, asked of both engines."""
    import numpy as np

    import renp_generated

    rng = np.random.default_rng(7)
    total = hashlib.sha256()
    for nature in ("dirac", "majorana"):
        for step in ("M1", "E1"):

            def matrix(size: float = 1.0) -> np.ndarray:
                found = rng.integers(-99, 99, (3, 3)) + 1j * rng.integers(-99, 99, (3, 3))
                return (found + found.conj().T) * size

            evaluator = renp_generated.prepare(
                E_eg=2.14349, E_vg=2.23072, masses=[0.0, 0.01, 0.05], axial=matrix(0.01), nature=nature, pair_step=step,
                vector={"mass": 0.1, "g_V": 2e-13, "g_A": 1e-12, "g_L": matrix(1e-14), "g_R": matrix(1e-14)},
                scalar={"mass": 0.3, "y_S": 1e-12, "y_P": 2e-12, "y_S_nu": matrix(1e-14), "y_P_nu": matrix(1e-14)},
            )  # fmt: skip
            omega = np.linspace(0.2, 1.0717, 5000)
            found = evaluator(omega)
            expect(np.array_equal(found, evaluator.without_compiled()(omega)), "the engines give different bits")
            total.update(found.tobytes())
    return total.hexdigest()


def main(evaluator: str = "") -> None:
    """Do all of it in the working directory."""
    os.environ.setdefault("MPLBACKEND", "Agg")
    commands(evaluator)
    copied()
    print(digest())


if __name__ == "__main__":
    main(*sys.argv[1:])
