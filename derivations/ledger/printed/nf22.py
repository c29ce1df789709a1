"""NF22: the NuFact 2022 slides, which print the full vector and scalar spectral functions."""

from derivations.ledger.printed.formula_files import entry, expression
from derivations.ledger.printed.record import Printed
from derivations.symbols import DELTA_M

REFERENCES = ("NF22",)

VECTOR = expression("NF22-vector")
"""Bracket of the vector spectral function, as on the slide."""

SCALAR_SQUARE = expression("NF22-scalar-square")
"""First line of the scalar correction; the slide leaves its outer bracket out."""

SCALAR_INTERFERENCE = expression("NF22-scalar-interference", "interference")
"""Second line of the scalar correction: interference with the weak amplitude."""

THETA = expression("NF22-theta", "step")
"""Step function as printed on every slide that shows a spectral function."""

PRINTED = (
    entry(
        "NF22-theta",
        expression=THETA,
        dimension=0,
    ),
    Printed(
        id="NF22-a_ij",
        source="NF22, slide 'BSM physics'",
        equation="axial coupling",
        claim="$a_ij = U_ei U*_ej + (1/2)(U U^dagger)_ij$",
        conventions="as printed on the slide; sums over i (neutrino) and j (antineutrino)",
    ),
    entry(
        "NF22-vector",
        conventions="a^L, a^R of GP22 (20); the counterpart in GP22, its (22), was not seen",
        expression=VECTOR,
        dimension=2,
    ),
    entry(
        "NF22-scalar-square",
        conventions="L = phi [i y_e ebar gamma5 e + nubar (y_S + i gamma5 y_P) nu], Hermitian y_S, y_P; the outer braces are"
        " our reading: in our copy of the slide the prefactor stands before the first term alone, and the dimensions do not fit",
        domain="Dirac neutrinos",
        expression=SCALAR_SQUARE.subs(DELTA_M, 0),
        dimension=2,
    ),
    entry(
        "NF22-scalar-interference",
        conventions="as above; electron operator i ebar gamma5 e; the stars are our reading, our copy of the slide has none:"
        " for Hermitian couplings the printed sum over i, j vanishes with and without them",
        domain="Dirac neutrinos",
        expression=SCALAR_INTERFERENCE.subs(DELTA_M, 0),
        dimension=2,
    ),
    entry(
        "NF22-scalar-majorana",
        conventions="the Lagrangian used unchanged for Majorana fields",
        domain="Majorana neutrinos",
        expression=SCALAR_SQUARE.subs(DELTA_M, 1),
        dimension=2,
    ),
    Printed(
        id="NF22-plus-hc",
        source="NF22, slide 'BSM Interactions'",
        equation="L_S",
        claim="$L_S = i y_e ebar gamma5 e phi + nubar_i (y_S,ij + i gamma5 y_P,ij) nu_j phi$ + h.c.",
        conventions="real y_e, Hermitian y_S and y_P",
    ),
    Printed(
        id="NF22-threshold-shift",
        source="NF22, slide 'Threshold contain mass information'",
        equation="Delta omega",
        claim="$Delta omega_ij = (m_i+m_j)^2/(2 E_eg)$ is of order $1e-5 eV$",
        domain="Yb benchmark",
    ),
    Printed(
        id="NF22-majorana-phases",
        source="NF22, slide 'BSM physics'",
        equation="list",
        claim="the spectrum carries information even on Majorana phases",
        domain="Majorana neutrinos",
    ),
    Printed(
        id="NF22-SM-moments",
        source="NF22, slide 'Another Possibility'",
        equation="moments of the standard model",
        claim="$mu_nu$ and $eps_nu$ are about $3e-19 (m_nu/eV) mu_B$",
        conventions="standard model with Dirac masses, one loop",
    ),
    Printed(
        id="NF22-mu_eff",
        source="NF22, slide 'Compare with current constraints'; GP23b (2.13)",
        equation="effective moment",
        claim="$mu_eff^2 = sum_j |sum_k U*_alpha,k [mu_jk - i eps_jk]|^2$",
        conventions="vertex i sigma q (mu + i eps gamma5)",
        domain="ultra-relativistic neutrinos, no oscillation",
    ),
    Printed(
        id="NF22-blind-spots",
        source="NF22, slide 'Compare with current constraints'",
        equation="text",
        claim="the effective moment has blind spots",
        conventions="mu_eff of one flavour at L = 0",
        domain="Dirac and Majorana neutrinos",
    ),
    Printed(
        id="NF22-plasmon",
        source="NF22, slide 'Compare with current constraints'; GP23b (2.35)",
        equation="stellar cooling",
        claim="plasmon decay measures $sum_ij |mu_ij|^2 + |eps_ij|^2$, squares without interference",
        domain="neutrino masses far below the plasma frequency",
        expression=None,
    ),
    Printed(
        id="NF22-stimulated",
        source="NF22, slides 'Stimulated Emission' and 'Coherent Enhancement'",
        equation="enhancement",
        claim="the rate is enhanced by $N_gamma N_a^2$",
        conventions="a^dagger |N> = sqrt(N+1) |N+1>; equal phases of all atoms",
        domain="N_gamma >> 1, phase matching",
    ),
    Printed(
        id="NF22-enhancement-real",
        source="NF22, slide 'Coherent Enhancement'; D13; GP22 (11)",
        equation="enhancement",
        claim="$N_a$ real atoms emit $N_gamma N_a^2$ times as much as one",
        conventions="the density of the target taken for its coherent part, eta = 1",
        domain="two-level atoms or levels with magnetic numbers, any state of the target",
    ),
)
