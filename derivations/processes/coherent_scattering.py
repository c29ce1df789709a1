"""nu_i N -> nu_j N on a nucleus of spin 0 at rest."""

from __future__ import annotations

from derivations.processes.process import Process
from derivations.processes.sources import SpinZeroNucleus

PROCESS = Process(
    name="coherent_scattering",
    title="Coherent neutrino-nucleus scattering",
    reaction="nu_i N -> nu_j N",
    source="nucleus of spin 0 at rest, with charges for the weak current, the photon and each mediator",
    exchange="contact, photon and mediators at q^2 = -2 m T, times the form factor",
    line="nu_i comes in with helicity h or averaged, nu_j goes out, its spins summed",
    frame="rest frame of the nucleus: E of the neutrino, T of the struck nucleus",
    measure="flux of the incoming momentum p, two-body phase space at fixed T",
    latex=(r"\frac{d\sigma}{dT} = \frac{\overline{|\mathcal M|^2}}{32\pi\, m\, p^2}",),
)
SOURCE = SpinZeroNucleus()
