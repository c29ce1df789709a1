"""Read and use the formulas: the session of docs/howto/use_formulas.md, as one script.

It writes its files into the current directory. Made by ``python docs/sessions.py --write``, like the outputs on the page.
"""

import subprocess
import sys


def sh(command: str, code: int = 0) -> None:
    """Run a line of shell, as one types it."""
    sys.stdout.flush()
    ended = subprocess.run(command, shell=True, check=False).returncode
    if ended != code:
        sys.exit(f"{command}: exit code {ended}, not {code}")


import numpy as np

from renp_generated import formulas, spectral_function

masses = np.array([0.01, 0.05])
axial = np.array([[0.3, 0.1j], [-0.1j, 0.2]])
pairs = formulas.standard_model_summand(
    omega=1.0, E_eg=2.14349, E_vg=2.23072, m_i=masses[:, None], m_j=masses, delta_M=1, a_ij=axial, v_ij=0.0
)
total = spectral_function(1.0, E_eg=2.14349, E_vg=2.23072, masses=masses, axial=axial, nature="majorana")
print(f"{pairs.sum():.12f} from the formula, {total:.12f} from the evaluator")

# Print them
sh("renp derive vector --form papers")

# Formulas of any model
import renp
from codegen.formulas import c, text

bracket = renp.Model("tensor").formulas("papers")["bracket"]
print(text.text(bracket.result))
print([argument.symbol for argument in bracket.arguments], bracket.provenance.steps)

print(c.c(bracket.result))

print(bracket.result.diff(bracket.arguments[4].symbol))
