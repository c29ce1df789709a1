"""Many parameter sets at once: the session of docs/howto/many_sets.md, as one script.

It writes its files into the current directory. Made by ``python docs/sessions.py --write``, like the outputs on the page.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def raises(error: type[Exception]) -> Iterator[None]:
    """Print the message of the error that comes."""
    try:
        yield
    except error as found:
        print(f"{error.__name__}: {found}")
    else:
        sys.exit(f"no {error.__name__} came")


import numpy as np

import renp

atom = renp.ATOMS["Yb"]
omega = np.linspace(0.9, 1.07, 9)
lightest = np.linspace(0.0, 0.05, 200)[:, None, None]
masses = np.sqrt(lightest**2 + np.array([0.0, 7.5e-5, 2.55e-3]))

phases = np.linspace(0.0, np.pi, 50)[:, None]
turned = np.exp(0.5j * phases * np.array([0.0, 1.0, 0.0]))
axial = np.array([[0.2, 0.4, 0.1], [0.4, -0.2, 0.1], [0.1, 0.1, -0.5]])
axial = axial * turned[:, :, None].conj() * turned[:, None, :]

call = {"E_eg": atom.E_eg, "E_vg": atom.E_vg, "nature": "majorana", "masses": masses, "axial": axial}
spectra = renp.spectral_batch(omega, **call)
print(masses.shape, axial.shape, spectra.shape)

one = renp.spectral_function(omega, **{**call, "masses": masses[120, 0], "axial": axial[30]})
print((spectra[120, 30] == one).all())

with raises(ValueError):
    renp.spectral_batch(omega, **{**call, "masses": np.where(masses > 0.06, -masses, masses)})

# Derivatives
slopes = renp.spectral_batch_gradient(omega, **call)
print(slopes["masses"].shape, slopes["axial.imag"].shape)

distance = spectra - one
slopes = renp.spectral_batch_gradient(omega, weights=2 * distance, **call)
print(slopes["masses"].shape, (slopes["masses"][120, 30] == 0).all())
