"""nu_i e -> nu_j e on free electrons at rest."""

from __future__ import annotations

from derivations.processes.process import Process
from derivations.processes.sources import FreeElectron

PROCESS = Process(
    name="electron_scattering",
    title="Neutrino-electron scattering",
    reaction="nu_i e -> nu_j e",
    source="free electron at rest, averaged over its two spins",
    exchange="contact, photon and mediators at q^2 = -2 m T",
    line="nu_i comes in with helicity h or averaged, nu_j goes out, its spins summed",
    frame="rest frame of the electron: E of the neutrino, T of the struck electron",
    measure="flux of the incoming momentum p, two-body phase space at fixed T",
    latex=(r"\frac{d\sigma}{dT} = \frac{\overline{|\mathcal M|^2}}{32\pi\, m\, p^2}",),
)
SOURCE = FreeElectron()
