"""GS97: moments and oscillations."""

from derivations.ledger.printed.record import Printed

REFERENCES = ("GS97",)

PRINTED = (
    Printed(
        id="GS97-oscillation",
        source="GS97",
        equation="effective moment",
        claim="$mu_eff^2(L) = sum_j |sum_k U*_alpha,k exp(-i m_k^2 L/2E) [mu_jk - i eps_jk]|^2$",
        conventions="vertex i sigma q (mu + i eps gamma5)",
        domain="ultra-relativistic neutrinos",
        second_hand=True,
    ),
    Printed(
        id="GS97-antineutrinos",
        source="GS97; GP23b (2.13)",
        equation="effective moment",
        claim="neutrinos and antineutrinos have the same $mu_eff$",
        conventions="Hermitian mu and eps, Dirac neutrinos; U in place of U* for antineutrinos",
        domain="any L",
        second_hand=True,
    ),
)
