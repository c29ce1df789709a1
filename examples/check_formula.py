"""Check your own formula: the session of docs/howto/check_formula.md, as one script.

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


import renp

print(renp.check("abs(a_ij)^2 I_D + delta_M m_i m_j Re(a_ij^2)"))

save(
    "my_formula.toml",
    '''
quantity = "bracket"
interactions = ["vector"]
nature = "both"
formula = """
(|a^L_ij|^2 + |a^R_ij|^2 - 2*delta_M Re(a^L_ij a^R_ij)) I_D
 - m_i m_j (delta_M Re((a^L_ij)^2 + (a^R_ij)^2) - 2*Re(conj(a^L_ij) a^R_ij))
"""

[define]
"a^L_ij" = "a_ij + g_A g_L_ij/(sqrt2 G_F (s - M^2))"
"a^R_ij" = "g_A g_R_ij/(sqrt2 G_F (s - M^2))"
''',
)

sh("renp check my_formula.toml")

sh('sed \'s/"vector"/"vectro"/\' my_formula.toml > typo.toml')
sh("renp check typo.toml", code=2)

sh(
    "renp check --formula '(m_i^2 - m_j^2)^3/(8 pi m_i^3) (|mu_ji|^2 + |eps_ji|^2)'"
    " --quantity radiative_decay --interaction electromagnetic --nature dirac"
)

sh("mkdir my_draft")
sh("cp my_formula.toml my_draft/vector.toml")
sh("echo 'formula = \"abs(a_ij)^2 I_D + delta_M m_i m_j Re(a_ij^2)\"' > my_draft/weak.toml")
sh("renp ledger my_draft", code=1)

# How a formula is written
from derivations.interactions.reader import shipped_interactions
from derivations.ledger.check.vocabulary import vocabulary

for interaction in shipped_interactions():
    for symbol in vocabulary([interaction]).symbols:
        current = symbol.current or symbol.kind
        print(f"{symbol.elements[0]:15} {symbol.interaction:18} dimension {symbol.dimension}, {current}")

# One example per kind of slip
BRACKET = (
    "abs(a_ij)^2/3*[s + omega^2/2 - omega^2*Delta_ij^2/6 - (m_i^2+m_j^2)/2"
    " - (E_eg-omega)^2*(m_i^2-m_j^2)^2/(2*s^2)] - delta_M*m_i*m_j*Re(a_ij^2)"
)
SUMMAND = "theta(omega_ij - omega)*Delta_ij/(E_vg - omega)^2*(|a_ij|^2*I_D - delta_M*m_i*m_j*Re(a_ij^2))"
CHIRAL = "(|a^L_ij|^2 + |a^R_ij|^2)*I_D + 2*m_i*m_j*Re(conj(a^L_ij)*a^R_ij)"
ENERGY = "E_eg/2 - omega*Delta_ij/2 - omega/2 + (E_eg - omega)*(m_i^2 - m_j^2)/(2*s)"
LEFT, RIGHT = "a_ij + g_A g_L_ij/(sqrt2 G_F (s - M^2))", "g_A g_R_ij/(sqrt2 G_F (s - M^2))"
WRONG_POLE = RIGHT.replace("- M^2", "+ M^2")


def vector(right):
    """Return the options of a formula in the papers' couplings with a vector boson."""
    return {"interactions": ["vector"], "nature": "dirac", "define": {"a^L_ij": LEFT, "a^R_ij": right}}


SLIPS = [
    (BRACKET, {}, "- omega^2*Delta", "+ omega^2*Delta"),
    (BRACKET, {}, "/6", "/3"),
    (BRACKET, {}, "Re(a_ij^2)", "Im(a_ij^2)"),
    (BRACKET, {}, "Re(a_ij^2)", "abs(a_ij)^2"),
    (BRACKET, {}, "delta_M*m_i*m_j", "delta_M*m_i^2"),
    (BRACKET, {}, "- delta_M", "+ delta_M"),
    (BRACKET, {}, "delta_M*m_i*m_j", "delta_M"),
    (BRACKET, {}, "[s + ", "[t + "),
    (SUMMAND, {"quantity": "summand"}, "omega_ij - omega", "omega - omega_ij"),
    (CHIRAL, vector(RIGHT), "Re(conj(a^L_ij)*a^R_ij)", "Re(conj(a^L_ij)*a^L_ij)"),
    (CHIRAL, vector(WRONG_POLE), "", ""),
    (ENERGY, {"quantity": "energy_min"}, "m_i^2 - m_j^2", "m_j^2 - m_i^2"),
]
for formula, options, right, printed in SLIPS:
    slip = renp.check(formula.replace(right, printed) if right else formula, **options).diagnosis[0]
    print(f"{printed or '1/(s + M^2)':24} {slip['kind']:14} {slip['change']}")

from derivations.ledger.check.derived import ingredients
from derivations.ledger.check.physics import physics_slips

scalar = tuple(one for one in shipped_interactions() if one.name in ("standard_model", "scalar"))
for name, claim in {slip.name: slip.claim for slip in physics_slips(ingredients(scalar))}.items():
    print(f"{name:22} {claim}")

# Conditions and conventions
from derivations.ledger.check.conventions import CONVENTIONS

for one in CONVENTIONS.values():
    print(f"{one.name:26} ours {one.choices[0]!r}, other {one.choices[1]!r}: {one.words}")
