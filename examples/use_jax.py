"""Differentiate and batch with JAX: the session of docs/howto/use_jax.md, as one script.

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


import jax
import jax.numpy as jnp

jax.config.update("jax_enable_x64", True)

import renp
from renp_generated.jax import spectral_function

atom = renp.ATOMS["Yb"]
FIXED = {"E_eg": atom.E_eg, "E_vg": atom.E_vg, "nature": "majorana"}
axial = jnp.array([[0.2, 0.4 + 0.1j, 0.1], [0.4 - 0.1j, -0.2, 0.1j], [0.1, -0.1j, -0.5]])
omega = jnp.linspace(1.0, 1.07, 5)


def spectrum(lightest_mass, alpha):
    masses = jnp.sqrt(lightest_mass**2 + jnp.array([0.0, 7.5e-5, 2.55e-3]))
    turned = jnp.exp(0.5j * alpha * jnp.array([0.0, 1.0, 0.0]))
    return spectral_function(omega, masses=masses, axial=turned.conj()[:, None] * axial * turned, **FIXED)


by_mass, by_phase = jax.jacfwd(spectrum, argnums=(0, 1))(0.01, 0.5)
print(by_mass)
print(by_phase)

many = jax.jit(jax.vmap(spectrum, (0, None)))
print(many(jnp.linspace(0.0, 0.1, 10_000), 0.5).shape)

with raises(TypeError):
    spectral_function(jnp.float32(1.0), masses=[0.01], axial=[[0.5]], **FIXED)

# Your own model
from pathlib import Path

renp.Model("scalar").generate("scalar_boson", target="jax")
lines = Path("scalar_boson/jax.py").read_text(encoding="utf-8").splitlines()
start = next(number for number, line in enumerate(lines) if line.startswith("def _amplitudes_m1"))
print("\n".join(lines[start : start + 12]))
