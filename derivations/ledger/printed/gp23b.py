"""GP23b: all electromagnetic form factors, and the non-relativistic electron."""

from typing import Any

from derivations.ledger.printed.formula_files import typed
from derivations.ledger.printed.record import Printed

REFERENCES = ("GP23b",)

EVENTS = {"1.0678": 136, "1.0684": 120, "1.069": 107, "1.07": 87, "1.0708": 82, "1.0712": 79, "1.0716": 39}
"""Expected standard-model events by photon energy [eV], as printed; 1.07164 eV has 2.5, and the total is 759."""

EVENTS_LAST = ("1.07164", "2.5")
EVENTS_TOTAL = 759

ELECTRON_SCATTERING = typed("(G_F^2 m_e/(2 pi)) ((v+a)^2 + (v-a)^2 (1-T/E)^2 + (a^2-v^2) m_e T/E^2)")
MOMENT_SCATTERING = typed("(pi alpha^2/m_e^2) (1/T - 1/E) (mu_eff/mu_B)^2")
RADIATIVE_DECAY = typed("(abs(mu_ij)^2 + abs(eps_ij)^2)/(8 pi) * ((m_i^2 - m_j^2)/m_i)^3")
MOMENT_NUCLEUS = typed("pi alpha^2 Z^2 F^2 mu_eff^2/(m_e^2 mu_B^2) * (1/T - 1/E)")
COHERENT = {name: typed(text) for name, text in {
    "leading": "1 - M T/(2 E^2)", "linear": "1 - T/E - M T/(2 E^2)", "square": "1 - T/E - M T/(2 E^2) + T^2/(2 E^2)",
}.items()}  # fmt: skip
"""Brackets of coherent scattering in the literature, times ``G_F^2 M Q_W^2/pi``."""

_AVERAGED = "T_kl = delta_kl/3, photon exchange through the electron's spin moment"


def _entry(name: str, place: str, claim: str, **further: Any) -> Printed:
    """Return the record of one statement on other probes."""
    return Printed(id=f"GP23b-{name}", source=f"GP23b {place}", equation=place, claim=claim, **further)


PRINTED = (
    Printed(
        id="GP23b-six-to-four",
        source="GP23b (2.2)-(2.3)",
        equation="(2.2)-(2.3)",
        claim="current conservation removes two of six form factors; the one multiplying $q^mu$ is non-zero for $i != j$ only",
        conventions="on-shell neutrinos, any q^2",
        domain="q^2 != 0",
    ),
    Printed(
        id="GP23b-hermiticity",
        source="GP23b, text below (2.3)",
        equation="text",
        claim="a Hermitian Lagrangian makes all four form-factor matrices Hermitian",
        conventions="Lambda of (2.3), with i eps gamma5 in the dipole part",
    ),
    Printed(
        id="GP23b-conjugation",
        source="GP23b (2.5)-(2.7)",
        equation="(2.6)-(2.7)",
        claim="charge conjugation does not mix the structures: magnetic, electric and charge-radius matrices are"
        " antisymmetrised for Majorana neutrinos (no diagonal elements), the anapole matrix is symmetrised",
        conventions="C = i gamma2 gamma0",
    ),
    Printed(
        id="GP23b-weak-em",
        source="GP23b (3.22)-(3.23), (3.30)-(3.31)",
        equation="(3.23), (3.31)",
        claim="the weak-electromagnetic interference vanishes after the $E_nu$ integral, for all four form factors, Dirac"
        " and Majorana",
        conventions=_AVERAGED,
    ),
    Printed(
        id="GP23b-weak-em-odd",
        source="GP23b, text below (3.23) and (3.31)",
        equation="text",
        claim="the reason: the differential interference is proportional to $(E_nu - Ebar)$, an odd function on the range",
        conventions=_AVERAGED,
    ),
    Printed(
        id="GP23b-mu-eps-sign",
        source="GP23b (3.23)-(3.26)",
        equation="(3.25)",
        claim="magnetic and electric moment differ only by the sign of $m_i m_j$",
        conventions=_AVERAGED,
    ),
    Printed(
        id="GP23b-radius-anapole-sign",
        source="GP23b (3.33)-(3.34)",
        equation="(3.33)",
        claim="charge radius and anapole differ only by the sign of $m_i m_j$",
        conventions=_AVERAGED,
    ),
    Printed(
        id="GP23b-no-mu-eps",
        source="GP23b, text above (3.25)",
        equation="text",
        claim="magnetic and electric moment do not interfere",
        conventions=_AVERAGED,
    ),
    Printed(
        id="GP23b-no-radius-anapole",
        source="GP23b, text below (3.32)",
        equation="text",
        claim="charge radius and anapole do not interfere",
        conventions=_AVERAGED,
    ),
    Printed(
        id="GP23b-one-at-a-time",
        source="GP23b (3.15), (3.29)",
        equation="sections 3.4 and 3.5",
        claim="dipole moments and charge radius or anapole enter the rate separately",
        conventions=_AVERAGED,
        domain="one class of form factors at a time",
    ),
    Printed(
        id="GP23b-phases",
        source="GP23b, section 4",
        equation="text",
        claim="each Hermitian form-factor matrix has six elements; they enter the spectral function as magnitudes squared, their"
        " phases do not appear",
        conventions=_AVERAGED,
        domain="one form factor at a time",
    ),
    Printed(
        id="GP23b-magnetic-larger",
        source="GP23b, text on Fig. 1",
        equation="text",
        claim="at equal size the magnetic signal exceeds the electric one, and the charge-radius signal the anapole one,"
        " because of the sign of $m_i m_j$",
        conventions=_AVERAGED,
    ),
    Printed(
        id="GP23b-difference-grows",
        source="GP23b, text on Fig. 1",
        equation="text",
        claim="the relative difference of charge radius and anapole grows with $omega$, since $q^2$ falls",
        conventions=_AVERAGED,
    ),
    Printed(
        id="GP23b-spin-moment",
        source="GP23b (3.8)-(3.9), (A.19)",
        equation="(3.9)",
        claim="the M1 part of the photon exchange couples to the electron's spin moment $2 S$ alone",
        conventions="leading order in 1/m_e; |e>, |v> eigenstates of J with different energies",
    ),
    Printed(
        id="GP23b-electron-scattering",
        source="GP23b (2.8); GS15",
        equation="(2.8)",
        claim="$dsigma/dT = (G_F^2 m_e/2 pi)[(v+a)^2 + (v-a)^2 (1-T/E)^2 + (a^2-v^2) m_e T/E^2]$ for neutrinos;"
        " $a -> -a$ for antineutrinos",
        conventions="one mass state or flavour, H of S16-couplings, massless neutrinos; standard form, the printed"
        " equation was not seen",
        domain="nu e -> nu e, electron at rest",
        expression=ELECTRON_SCATTERING,
        dimension=-3,
        second_hand=True,
    ),
    Printed(
        id="GP23b-g_V-shift",
        source="GP23b (2.9)",
        equation="(2.9)",
        claim="charge radius and anapole both shift the electron's vector coupling, never the axial one, so nu-e"
        " scattering sees one combination of them",
        conventions="left-handed neutrinos, q^2 -> 0",
        domain="ultra-relativistic neutrinos",
    ),
    Printed(
        id="GP23b-moment-scattering",
        source="GP23b (2.12); GS15",
        equation="(2.12)",
        claim="$dsigma/dT = (pi alpha^2/m_e^2) (1/T - 1/E) |mu_eff/mu_B|^2$, added incoherently",
        conventions="massless neutrinos; standard form, the printed equation was not seen",
        domain="nu e -> nu e, electron at rest",
        expression=MOMENT_SCATTERING,
        dimension=-3,
        second_hand=True,
    ),
    Printed(
        id="GP23b-radiative-decay",
        source="GP23b (2.24)",
        equation="(2.24)",
        claim="$Gamma(nu_i -> nu_j gamma) = [(m_i^2-m_j^2)/m_i]^3 (|mu_ij|^2 + |eps_ij|^2)/(8 pi)$;"
        " charge radius and anapole do not contribute",
        conventions="Dirac neutrinos; standard form, the printed equation was not seen",
        domain="m_i > m_j",
        expression=RADIATIVE_DECAY,
        dimension=1,
        second_hand=True,
    ),
    _entry(
        "g_V-shift-massive",
        "(2.9)",
        "charge radius and anapole enter one combination of the electron's vector coupling",
        conventions="our question beyond the paper's domain: neutrinos with masses of the order of E, or right-handed",
        domain="nu e -> nu e",
    ),
    _entry(
        "flavour-interference",
        "(2.10)",
        "in the flavour basis the diagonal elements of charge radius and anapole interfere "
        "with the weak current, the off-diagonal ones only square",
        conventions="massless neutrinos",
        domain="a beam of one flavour, short baseline",
    ),
    _entry(
        "effective-radius",
        "(2.11)",
        "one effective charge radius per flavour pair, $sum_jk U_beta,j U*_alpha,k (r2_jk - 6 a_jk)$",
        conventions="vertex (q^2 gamma - q q-slash)(r2/6 + a gamma5); the sign of a depends on the print",
        domain="L = 0, massless neutrinos",
        second_hand=True,
    ),
    _entry(
        "mu-eps-scattering",
        "text after (2.13)",
        "scattering cannot distinguish $mu$ from $eps$",
        conventions="nu and nubar of all flavours at all distances, unpolarised targets",
        domain="massless Dirac neutrinos",
    ),
    _entry(
        "coherent-leading",
        "(2.16) and papers on coherent scattering",
        "coherent scattering has the bracket $1 - M T/2E^2$",
        conventions="spin-0 nucleus, weak charge alone",
        domain="any T",
        expression=COHERENT["leading"],
        dimension=0,
        second_hand=True,
    ),
    _entry(
        "coherent-linear",
        "(2.16) and papers on coherent scattering",
        "coherent scattering has the bracket $1 - T/E - M T/2E^2$",
        conventions="spin-0 nucleus, weak charge alone",
        domain="any T",
        expression=COHERENT["linear"],
        dimension=0,
        second_hand=True,
    ),
    _entry(
        "coherent-square",
        "(2.16) and papers on coherent scattering",
        "coherent scattering has the bracket $1 - T/E - M T/2E^2 + T^2/2E^2$",
        conventions="spin-0 nucleus, weak charge alone",
        domain="any T",
        expression=COHERENT["square"],
        dimension=0,
        second_hand=True,
    ),
    _entry(
        "coherent-radius",
        "(2.16)",
        "the charge radius enters the proton's vector coupling only, diagonal elements "
        "interfere, off-diagonal ones square",
        conventions="flavour basis at L = 0; nucleus of charge + Z e",
        domain="massless neutrinos",
    ),
    _entry(
        "coherent-moment",
        "(2.16)",
        "moment term $(pi alpha^2 Z^2 F^2/m_e^2)(1/T - 1/E)(mu_eff/mu_B)^2$",
        conventions="spin-0 nucleus",
        domain="massless neutrinos, any T",
        expression=MOMENT_NUCLEUS,
        dimension=-3,
        second_hand=True,
    ),
    _entry(
        "photon-enhancement",
        "section 2.2.2",
        "the cross section receives one more enhancement from the photon propagator for small $q$",
        conventions="all four form factors",
        domain="massless neutrinos",
    ),
    _entry(
        "solar",
        "(2.19)",
        "$mu_eff^2 = sum_k P_ek sum_j |mu_jk - i eps_jk|^2$, $P_e1 = cos^2 theta_12 cos^2 theta_13$ at low energy,"
        " $P_e2 = cos^2 theta_13$ at high energy",
        conventions="incoherent mass states, adiabatic MSW",
        domain="solar neutrinos",
        second_hand=True,
    ),
    _entry(
        "solar-radius",
        "section 2.2.3 with (2.19)",
        "for solar neutrinos an effective charge radius takes the place of the matrix, as an effective moment does",
        conventions="incoherent mass states; all interferences with the weak current",
        domain="solar neutrinos on electrons",
    ),
    _entry(
        "decay-majorana",
        "(2.24)",
        "the width of radiative decay holds for Majorana neutrinos",
        conventions="mu, eps in the Lagrangian, used unchanged",
        domain="m_i > m_j",
        second_hand=True,
    ),
    _entry(
        "decay-squares",
        "text on (2.24)",
        "a sum of matrix elements squared, so that the constraint on individual elements is not relaxed",
        conventions="one nu_i, all nu_j",
        domain="m_i > m_j",
    ),
    _entry(
        "plasmon-sum",
        "(2.35)",
        "plasmon decay measures one combination of all elements of $mu, eps, r2$ and $a$: squares"
        " without interference, the plasmon mass the only scale",
        conventions="our question beyond the paper's domain, light neutrinos",
        domain="any neutrino masses",
    ),
    _entry(
        "plasmon-conversion",
        "(2.37)",
        "limits on moments convert to cm^2 for charge radius and anapole",
        conventions="one plasmon mass; which units is not said",
        domain="massless neutrinos",
    ),
    _entry(
        "no-right-handed",
        "section 2.2.6",
        "no right-handed neutrinos can be produced without changing chirality, so the "
        "cosmological constraint does not apply to charge radius and anapole",
        conventions="vertex (r2/6 + a gamma5), any r2 and a; GM89 drew limits from it",
        domain="Dirac neutrinos, gamma* or e+ e-",
    ),
    _entry(
        "more-photon-pairs",
        "section 3.3",
        "a pair of photons in the place of the neutrinos produces a higher number of events than RENP",
        conventions="order of magnitude for one intermediate level, no suppression of the photon modes",
        domain="Yb benchmark",
    ),
    _entry(
        "two-photon-line",
        "section 3.3",
        "with a photon in the place of the pair both photons have the same energy, and lasers of two frequencies"
        " suppress this background",
        conventions="back-to-back beams, no momentum left in the target",
        domain="|e> -> |g> + gamma + gamma",
    ),
    Printed(
        id="GP23b-spin-one-pair",
        source="GP23b, section 3.1",
        equation="text",
        claim="two neutrinos of spin 1/2 change the atom's $J$ by at most one",
        domain="pair step",
    ),
    Printed(
        id="GP23b-pauli-identity",
        source="GP23b (A.12)-(A.15)",
        equation="(A.15)",
        claim="$(sigma.A)(sigma.B) = A.B + i sigma.(A x B)$; lower component $chi = sigma.Pi phi/(2 m_e)$",
        conventions="leading order in 1/m_e",
    ),
    Printed(
        id="GP23b-E1-over-M1-photon",
        source="GP23b, section 3.1 and (A.19)",
        equation="text",
        claim="photon emission: E1 exceeds M1 by two orders, of order $1/alpha$ in the amplitude",
        conventions="dipole length one Bohr radius",
    ),
    Printed(
        id="GP23b-M1-over-E1-pair",
        source="GP23b, section A.3",
        equation="text",
        claim="weak pair emission: M1 exceeds E1 by around three orders in the amplitude",
        conventions="dipole length one Bohr radius, transition energy of eV size",
    ),
    Printed(
        id="GP23b-E1xE1-signal",
        source="GP23b, section 3.2",
        equation="text",
        claim="an E1xE1 chain raises the electromagnetic signal by four orders",
        conventions="dipole length one Bohr radius",
    ),
    Printed(
        id="GP23b-E1xE1-background",
        source="GP23b, section 3.2",
        equation="text",
        claim="an E1xE1 chain lowers the weak background by four orders",
        conventions="dipole length one Bohr radius",
    ),
    Printed(
        id="GP23b-events-scan",
        source="GP23b, section 4",
        equation="text below (4.1)",
        claim="events at (1.069, 1.07, 1.0708, 1.0712, 1.0716, 1.07164) eV stand as $107 : 87 : 82 : 79 : 39 : 2.5$",
        domain="Yb benchmark, standard model",
    ),
    Printed(
        id="GP23b-events-low",
        source="GP23b, section 4",
        equation="text below (4.1)",
        claim="events at (1.0678, 1.0684) eV are 136 and 120 where 1.069 eV has 107",
        conventions="the list has nine entries for nine energies; the first energy and the first entry were not seen",
        domain="Yb benchmark, standard model",
    ),
)
