"""The multipole expansion of ``exp(-i q.x)``: E1, M1 with ``L + 2S``, E2, and the E1 coupling of a current.

In: the electron's charge density and current to order ``1/m_e``. Out: named operators, each identity checked by
acting on an arbitrary wave function in an arbitrary potential.
"""

from __future__ import annotations

from typing import Any

import sympy as sp

from derivations.atom.bilinears import bilinear_rows
from derivations.atom.hamiltonian import MASS, X
from derivations.atom.ls_coupling import ONE, ZERO, coupled_operators, level_projector, magnetic_moment_ratio
from derivations.steps.step import Derivation, Step

Wave = Any
"""A SymPy function of position, or an expression built from one."""


def momentum(k: int, psi: Wave) -> Wave:
    """Return ``p_k psi = -i d psi / d x_k``.

    Example
    -------
    >>> momentum(0, X[0] ** 2)
    -2*I*x
    """
    return -sp.I * sp.diff(psi, X[k])


def angular_momentum(k: int, psi: Wave) -> Wave:
    """Return ``L_k psi = (r x p)_k psi``.

    Example
    -------
    >>> sp.expand(angular_momentum(2, X[0] + sp.I * X[1])) == X[0] + sp.I * X[1]
    True
    """
    a, b = (k + 1) % 3, (k + 2) % 3
    return X[a] * momentum(b, psi) - X[b] * momentum(a, psi)


def atomic_hamiltonian(psi: Wave) -> Wave:
    """Return ``H psi = (p^2/2m_e + U(x)) psi`` with an arbitrary potential ``U``.

    Example
    -------
    >>> atomic_hamiltonian(sp.S.One)
    U(x, y, z)
    """
    kinetic = sum((momentum(k, momentum(k, psi)) for k in range(3)), sp.S.Zero) / (2 * MASS)
    return kinetic + sp.Function("U")(*X) * psi


def identities_hold() -> dict[str, bool]:
    """Check the operator identities behind the expansion on an arbitrary wave function.

    Returns
    -------
    dict : ``dipole`` is ``p = i m [H, r]``; ``antisymmetric`` is ``r_l p_k - r_k p_l = eps_lkm L_m``;
        ``quadrupole`` is ``(r_l p_k + p_k r_l + r_k p_l + p_l r_k)/2 = i m [H, r_l r_k]``.

    Example
    -------
    >>> all(identities_hold().values())
    True
    """
    psi = sp.Function("psi")(*X)

    def vanishes(expression: Wave) -> bool:
        return bool(sp.expand(expression.doit()) == 0)

    def commuted(multiplier: Wave) -> Wave:
        return sp.I * MASS * (atomic_hamiltonian(multiplier * psi) - multiplier * atomic_hamiltonian(psi))

    pairs = [(k, n) for k in range(3) for n in range(3)]
    return {
        "dipole": all(vanishes(momentum(k, psi) - commuted(X[k])) for k in range(3)),
        "antisymmetric": all(
            vanishes(
                X[n] * momentum(k, psi)
                - X[k] * momentum(n, psi)
                - sum((sp.LeviCivita(n, k, r) * angular_momentum(r, psi) for r in range(3)), sp.S.Zero)
            )
            for k, n in pairs
        ),
        "quadrupole": all(
            vanishes(
                (
                    X[n] * momentum(k, psi) + momentum(k, X[n] * psi) + X[k] * momentum(n, psi) + momentum(n, X[k] *
                    psi)
                ) / 2
                - commuted(X[k] * X[n])
            )
            for k, n in pairs
        ),
    }  # fmt: skip


def current_is_conserved() -> bool:
    """Check ``q0 rho - q.j = 0`` for E1, M1 and E2 with the operators of the table.

    Example
    -------
    >>> current_is_conserved()
    True
    """
    q0 = sp.Symbol("q0", real=True)
    q, r, moment = sp.symbols("q1:4", real=True), X, sp.symbols("M1:4")
    qr = sum((a * b for a, b in zip(q, r, strict=True)), sp.S.Zero)
    density = {"E1": -sp.I * qr, "M1": sp.S.Zero, "E2": -(qr**2) / 2}
    current = {
        "E1": [-sp.I * q0 * r[k] for k in range(3)],
        "M1": [
            sp.I / (2 * MASS) * (q[(k + 1) % 3] * moment[(k + 2) % 3] - q[(k + 2) % 3] * moment[(k + 1) % 3])
            for k in range(3)
        ],
        "E2": [-q0 * qr * r[k] / 2 for k in range(3)],
    }
    return all(
        sp.expand(q0 * density[kind] - sum((q[k] * current[kind][k] for k in range(3)), sp.S.Zero)) == 0
        for kind in density
    )


def axial_charge_ratio() -> sp.Rational:
    """Return the M1 part of ``ebar gamma0 gamma5 e`` over ``(q/2m_e).sigma`` for LS-coupled ``3P0 -> 3P1``.

    ``sigma.K exp(-i q.x)/m_e`` holds ``-(i/2m_e) q.(sigma x L)``. For the 6s6p term the orbital motion is that of
    the p electron, whose spin is half the total spin within a triplet, so ``sum sigma x l = S x L`` and ``sum sigma
    = 2S``.

    Example
    -------
    >>> axial_charge_ratio()
    -1/2
    """
    orbital, spin = coupled_operators(ONE, ONE)
    start, end = level_projector(ONE, ONE, ZERO), level_projector(ONE, ONE, ONE)
    ratios = set()
    for k in range(3):
        a, b = (k + 1) % 3, (k + 2) % 3
        crossed = end * (-sp.I * (spin[a] * orbital[b] - spin[b] * orbital[a])) * start
        sigma = end * (2 * spin[k]) * start
        ratios |= {sp.nsimplify(sp.expand(x / y)) for x, y in zip(crossed, sigma, strict=True) if y != 0}
        if any(x != 0 for x, y in zip(crossed, sigma, strict=True) if y == 0):
            raise ArithmeticError("sigma x L is not proportional to sigma between 3P0 and 3P1")
    if len(ratios) != 1:
        raise ArithmeticError("sigma x L is not proportional to sigma between 3P0 and 3P1")
    return ratios.pop()


def multipole_derivation() -> Derivation:
    """Derive E1, M1 and E2 from ``exp(-i q.x)`` and the coupling of a current in an E1 pair step.

    Example
    -------
    >>> [step.name for step in multipole_derivation()][0]
    'current-and-density'
    """
    if not all(identities_hold().values()) or not current_is_conserved():
        raise ArithmeticError("an operator identity of the multipole expansion fails")
    rows = {row.name: row for row in bilinear_rows()}
    ratio, axial = magnetic_moment_ratio(), axial_charge_ratio()
    return Derivation("multipoles", "Multipole expansion: E1, M1, E2").then(
        Step(
            "current-and-density",
            "An electron that emits a momentum q has this charge density and current, to order 1/m_e.",
            (
                r"\rho = e^{-i\vec q\cdot\vec x},\quad"
                r" j^k = \Big\{\frac{p^k}{2m_e}, e^{-i\vec q\cdot\vec x}\Big\}"
                r" + \frac{i}{2m_e}(\vec q\times\vec\sigma)^k e^{-i\vec q\cdot\vec x}",
            ),
            (f"rho = exp(-i q.x) [{rows['V0'].operator}]", f"j^k = exp(-i q.x) [{rows['Vk'].operator}], symmetrised"),
            "lines V0 and Vk of the table of bilinears",
        ),
        Step(
            "E1",
            "First order in q.x of the density and zeroth order of the current are one operator, the dipole.",
            (
                r"\rho_{E1} = -i\,\vec q\cdot\vec r,\quad j^k_{E1} = \frac{p^k}{m_e} \to -i\,q^0 r^k",
                r"\vec p = i m_e[H_0,\vec r]",
            ),
            ("rho_E1 = -i q.r,  j_E1 = p/m_e -> -i q0 r", "p = i m_e [H_0, r], E_initial - E_final = q0"),
            "acting on an arbitrary wave function in an arbitrary local potential; <f|i> = 0 removes the zeroth "
            "order of rho",
        ),
        Step(
            "E1-pair-coupling",
            "In an E1 pair step a current J couples to the dipole r^k alone, in the combination of a field strength.",
            (r"J_0\,\rho - \vec J\cdot\vec j = i\,r^k\,(q^0 J^k - q^k J^0)",),
            ("J_0 rho - J.j = i r^k (q0 J^k - q^k J^0)",),
            "the two E1 operators inserted; for a conserved current it is the pair's electric field, and it "
            "vanishes for "
            "J^mu proportional to q^mu",
            "GP23b 3.8",
        ),
        Step(
            "M1",
            "First order in q.x of the current, antisymmetric part, is the orbital moment; with the spin current "
            "it gives "
            "L + 2S.",
            (
                r"r^l p^k = \tfrac12(r^l p^k + r^k p^l) + \tfrac12\epsilon^{lkm}L^m",
                r"\vec j_{M1} = \frac{i}{2m_e}\,\vec q\times(\vec L + 2\vec S)",
            ),
            (
                "r^l p^k = (r^l p^k + r^k p^l)/2 + eps^{lkm} L^m/2",
                "j_M1 = (i/2m_e) q x (L + 2S), the coupling mu_B (L + 2S).B of a photon",
            ),
            "-(i/m_e) q^l eps^{lkm} L^m / 2 = (i/2m_e) (q x L)^k; the spin part is i (q x sigma)/2m_e with sigma = 2S",
            "GP23b A.19 has the spin part alone",
        ),
        Step(
            "M1-spin-only",
            "Between 3P0 and 3P1 the full M1 operator is half the spin-only one of the papers.",
            (rf"\langle L+2S\rangle/\langle 2S\rangle = {sp.latex(ratio)}",),
            (f"<L + 2S> / <2S> = {ratio}: every magnetic M1 rate is {ratio**2} of the spin-only one",),
            "<J> = 0 between states of different energy (derivation 'ls_coupling')",
        ),
        Step(
            "E2",
            "The symmetric part of the same order is the quadrupole; it is even under parity and of rank 0 and 2.",
            (
                r"\rho_{E2} = -\tfrac12(\vec q\cdot\vec r)^2,\quad j^k_{E2} = -\tfrac12 q^0(\vec q\cdot\vec r)\,r^k",
                r"\tfrac12\{r^l,p^k\}+\tfrac12\{r^k,p^l\} = i m_e[H_0, r^l r^k]",
            ),
            ("rho_E2 = -(q.r)^2/2,  j_E2 = -(q0/2) (q.r) r^k", "{r^l, p^k}/2 + {r^k, p^l}/2 = i m_e [H_0, r^l r^k]"),
            "rank 2 cannot connect J = 0 with J = 1; rank 0 needs equal J, so E2 does not touch the chain 0 -> 1 -> 0",
        ),
        Step(
            "current-conservation",
            "Each multipole conserves the current by itself.",
            (r"q^0\rho_{E1,M1,E2} - \vec q\cdot\vec j_{E1,M1,E2} = 0",),
            ("q0 rho - q.j = 0 for E1, M1 and E2",),
            "q.(q x M) = 0 for M1; the E1 and E2 operators cancel term by term",
        ),
        Step(
            "axial-charge",
            "The axial charge density sigma.K/m_e is odd under parity. Its M1 part comes with one power of q.x.",
            (
                r"\frac{\vec\sigma\cdot\vec K}{m_e}e^{-i\vec q\cdot\vec x}\Big|_{M1}"
                r" = -\frac{i}{2m_e}\vec q\cdot(\vec\sigma\times\vec L)"
                rf"\ \to\ {sp.latex(axial)}\,\frac{{\vec q\cdot\vec\sigma}}{{2m_e}}",
            ),
            (f"-(i/2m_e) q.(sigma x L) -> {axial} (q/2m_e).sigma for LS-coupled 3P0 -> 3P1",),
            "i S x L = [L.S, S] up to sign, and L.S differs by one unit between 3P0 and 3P1; suppressed by q/2m_e "
            "against "
            "the axial M1 operator sigma, so it is dropped",
            "GP22 Table 1 prints (q/2m_e).sigma",
        ),
        Step(
            "sizes",
            "One optical energy q and the Bohr radius a_B = 1/(alpha m_e) set every size.",
            (
                r"\text{E1}: q\,a_B,\quad \text{M1}: \frac{q}{2m_e} = \frac{\alpha}{2}\,q\,a_B,\quad"
                r" \text{E2}: (q\,a_B)^2,\quad \text{axial M1}: 1",
            ),
            (
                "E1: q a_B (about 3/10^4 per eV)",
                "M1, vector: q/2m_e = (alpha/2) q a_B (about 10^-6 per eV)",
                "E2: (q a_B)^2 (about 10^-7 at 1 eV)",
                "M1, axial and tensor: 1",
            ),
            "vector M1 against axial M1 is what makes g_V weaker than g_A by q/2m_e",
            "GP23b 3.1, A.2, A.3",
        ),
    )
