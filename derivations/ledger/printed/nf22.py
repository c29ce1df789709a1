"""NF22: the NuFact 2022 slides, which print the full vector and scalar spectral functions."""

from sympy import Abs, Heaviside, conjugate, im, re, sqrt

from derivations.ledger.printed.gp22 import THRESHOLD
from derivations.ledger.printed.record import Printed
from derivations.symbols import (
    A_L,
    A_R,
    DELTA_M,
    G_F,
    I_D,
    M_E,
    MEDIATOR,
    OMEGA,
    THRESHOLD_DIFFERENCE,
    THRESHOLD_SUM,
    Y_E,
    Y_P,
    Y_S,
    A,
    S,
)

SOURCE = "NF22"
REFERENCE = "P. Pasquini, talk at NuFact 2022, 4 August 2022, with backup slides"

_PROPAGATOR = S - MEDIATOR**2

VECTOR = (Abs(A_L) ** 2 + Abs(A_R) ** 2 - 2 * DELTA_M * re(A_L * A_R)) * I_D + (
    DELTA_M * re(A_L**2 + A_R**2) - 2 * re(conjugate(A_L) * A_R)
)
"""Bracket of the vector spectral function, as on the slide."""

SCALAR_SQUARE = (
    Y_E**2
    * OMEGA**2
    * (
        (Abs(Y_S) ** 2 + (1 - DELTA_M) * Abs(Y_P) ** 2) * S
        - Abs(Y_S) ** 2 * THRESHOLD_SUM**2
        - (1 - DELTA_M) * Abs(Y_P) ** 2 * THRESHOLD_DIFFERENCE**2
    )
    / (24 * M_E**2 * G_F**2 * _PROPAGATOR**2)
)
"""First line of the scalar correction; the slide leaves its outer bracket out."""

SCALAR_INTERFERENCE = (
    Y_E
    * OMEGA**2
    / (6 * sqrt(2) * G_F)
    * (
        re(A * conjugate(Y_S)) * THRESHOLD_DIFFERENCE * (1 - THRESHOLD_SUM**2 / S) / (M_E * _PROPAGATOR)
        - (1 - DELTA_M)
        * im(A * conjugate(Y_P))
        * THRESHOLD_SUM
        * (1 - THRESHOLD_DIFFERENCE**2 / S)
        / (M_E * _PROPAGATOR)
    )
)
"""Second line of the scalar correction: interference with the weak amplitude."""

THETA = Heaviside(OMEGA - THRESHOLD)
"""Step function as printed on every slide that shows a spectral function."""

_SLIDE = "backup slide, scalar spectral function (numbered 29)"

PRINTED = (
    Printed(
        id="NF22-theta",
        source="NF22, slides 'BSM physics' and backup",
        equation="all spectral functions",
        claim="each pair is multiplied by Theta(omega - omega_ij^max)",
        expression=THETA,
        dimension=0,
    ),
    Printed(
        id="NF22-a_ij",
        source="NF22, slide 'BSM physics'",
        equation="axial coupling",
        claim="a_ij = U_ei U*_ej + (1/2)(U U^dagger)_ij",
        conventions="as printed on the slide; sums over i (neutrino) and j (antineutrino)",
    ),
    Printed(
        id="NF22-vector",
        source="NF22 backup slide",
        equation="backup slide, Z-prime spectral function",
        claim="(|a^L|^2 + |a^R|^2 - 2 delta_M Re[a^L a^R]) I^D + (delta_M Re[(a^L)^2 + (a^R)^2] - 2 Re[a^L* a^R])",
        conventions="a^L, a^R of GP22 (20); the counterpart in GP22, its (22), was not seen",
        expression=VECTOR,
        dimension=2,
    ),
    Printed(
        id="NF22-scalar-square",
        source="NF22 backup slide; GP22 (28)-(29)",
        equation=_SLIDE,
        claim="y_e^2 omega^2 {[|y_S|^2 + |y_P|^2] s - |y_S|^2 (m_i+m_j)^2 - |y_P|^2 (m_i-m_j)^2}"
        " / [24 m_e^2 G_F^2 (s-M^2)^2], Dirac neutrinos",
        conventions="L = phi [i y_e ebar gamma5 e + nubar (y_S + i gamma5 y_P) nu], Hermitian y_S, y_P; the outer braces are"
        " our reading: in our copy of the slide the prefactor stands before the first term alone, and the dimensions do not fit",
        domain="Dirac neutrinos",
        expression=SCALAR_SQUARE.subs(DELTA_M, 0),
        dimension=2,
    ),
    Printed(
        id="NF22-scalar-interference",
        source="NF22 backup slide; GP22 (29)",
        equation=_SLIDE,
        claim="(y_e omega^2/[6 sqrt2 G_F m_e (s-M^2)]) {Re[a y_S*](m_i-m_j)[1-(m_i+m_j)^2/s]"
        " - Im[a y_P*](m_i+m_j)[1-(m_i-m_j)^2/s]}, Dirac neutrinos",
        conventions="as above; electron operator i ebar gamma5 e; the stars are our reading, our copy of the slide has none:"
        " for Hermitian couplings the printed sum over i, j vanishes with and without them",
        domain="Dirac neutrinos",
        expression=SCALAR_INTERFERENCE.subs(DELTA_M, 0),
        dimension=2,
    ),
    Printed(
        id="NF22-scalar-majorana",
        source="NF22 backup slide; GP22 (29)",
        equation=_SLIDE,
        claim="for Majorana neutrinos the square term is that of Dirac neutrinos with y_P removed: |y_S|^2 keeps its"
        " weight, |y_P|^2 is multiplied by (1 - delta_M)",
        conventions="the Lagrangian used unchanged for Majorana fields",
        domain="Majorana neutrinos",
        expression=SCALAR_SQUARE.subs(DELTA_M, 1),
        dimension=2,
    ),
    Printed(
        id="NF22-plus-hc",
        source="NF22, slide 'BSM Interactions'",
        equation="L_S",
        claim="L_S = i y_e ebar gamma5 e phi + nubar_i (y_S,ij + i gamma5 y_P,ij) nu_j phi + h.c.",
        conventions="real y_e, Hermitian y_S and y_P",
    ),
    Printed(
        id="NF22-threshold-shift",
        source="NF22, slide 'Threshold contain mass information'",
        equation="Delta omega",
        claim="Delta omega_ij = (m_i+m_j)^2/(2 E_eg) is of order 1e-5 eV",
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
        claim="mu_nu and eps_nu are about 3e-19 (m_nu/eV) mu_B",
        conventions="standard model with Dirac masses, one loop",
    ),
    Printed(
        id="NF22-mu_eff",
        source="NF22, slide 'Compare with current constraints'; GP23b (2.13)",
        equation="effective moment",
        claim="mu_eff^2 = sum_j |sum_k U*_alpha,k [mu_jk - i eps_jk]|^2",
        conventions="vertex i sigma q (mu + i eps gamma5)",
        domain="ultra-relativistic neutrinos, no oscillation",
    ),
    Printed(
        id="NF22-plasmon",
        source="NF22, slide 'Compare with current constraints'; GP23b (2.35)",
        equation="stellar cooling",
        claim="plasmon decay measures sum_ij |mu_ij|^2 + |eps_ij|^2, squares without interference",
        domain="neutrino masses far below the plasma frequency",
        expression=None,
    ),
    Printed(
        id="NF22-stimulated",
        source="NF22, slides 'Stimulated Emission' and 'Coherent Enhancement'",
        equation="enhancement",
        claim="the rate is enhanced by N_gamma N_a^2",
        conventions="a^dagger |N> = sqrt(N+1) |N+1>; equal phases of all atoms",
        domain="N_gamma >> 1, phase matching",
    ),
    Printed(
        id="NF22-enhancement-real",
        source="NF22, slide 'Coherent Enhancement'; D13; GP22 (11)",
        equation="enhancement",
        claim="N_a real atoms emit N_gamma N_a^2 times as much as one",
        conventions="the density of the target taken for its coherent part, eta = 1",
        domain="two-level atoms or levels with magnetic numbers, any state of the target",
    ),
)
