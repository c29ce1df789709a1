"""Radiative emission of neutrino pairs by an atom."""

from derivations.processes.process import Process

PROCESS = Process(
    name="renp",
    title="Radiative emission of neutrino pairs",
    reaction="|e> -> |g> + gamma + nu_i nubar_j",
    source="atom, in its leading operator of the pair step, with the atomic tensor T_kl",
    exchange="contact, photon and mediators at q^2 = s",
    line="nu_i and nubar_j go out, their spins summed",
    frame="the atom at rest, q along z: q0 = E_eg - omega, q_z = omega + K, t = s - (m_i + m_j)^2",
    measure="average over E_nu, two-body phase space; the energy denominator of the photon step",
    latex=(
        r"I(\omega) = \sum_{ij} \frac{\theta(\omega_{ij} - \omega)}{(E_{vg} - \omega)^2}\, \frac1\omega \int dE_\nu"
        r" \sum_{\mathrm{spins}} \frac{T_{kl} A^k A^{l*}}{4 G_F^2}",
    ),
)
