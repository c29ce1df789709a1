"""S16: couplings and spin factors of the two proposed atoms, as restated by the later papers."""

from derivations.ledger.printed.record import Printed

REFERENCES = ("S16",)

PRINTED = (
    Printed(
        id="S16-couplings",
        source="S16; GP22 (3)-(4)",
        equation="weak Hamiltonian after the Fierz rearrangement",
        claim="$H = (G_F/sqrt2)[nubar_i gamma_mu (1-gamma5) nu_j][ebar gamma^mu (v_ij - a_ij gamma5) e]$ with"
        " $a_ij = U*_ei U_ej - delta_ij/2$ and $v_ij = U*_ei U_ej - (1/2 - 2 sin^2 theta_W) delta_ij$",
        conventions="unitary mixing, nu_alpha = sum_i U_alpha,i nu_i; contact limit of W and Z exchange",
        second_hand=True,
    ),
    Printed(
        id="S16-C_ev-Yb",
        source="S16; GP22 (9); GP23b (3.21)",
        equation="spin factor",
        claim="sum over magnetic numbers of $<v|S^k|e><v|S^l|e>* = (delta_kl/3)(2J_v+1) C_ev$ with $C_ev = 2/3$ for Yb",
        conventions="LS coupling, sum over M_v, average over M_e",
        domain="6s6p 3P0 -> 6s6p 3P1",
    ),
    Printed(
        id="S16-C_ev-Xe",
        source="S16; GP23b, text below (3.21)",
        equation="spin factor",
        claim="the same $C_ev = 2/3$ for Xe",
        conventions="normalisation of S16-C_ev-Yb; the number 2/3 is known second-hand",
        domain="5p5 6s, J_e = 2 -> J_v = 1",
        second_hand=True,
    ),
)
