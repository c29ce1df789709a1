"""The Standard Model's spectral function over sets of parameters, as others would write it, and its gradient.

Each maker returns evaluations by name; one takes how many of the sets it is to evaluate and returns values of shape (sets, energies),
or the derivatives of their sum over the energies with respect to the masses, shape (sets, 3).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from benchmarks.competitors import physicist

LOOP = "per set"
"""How the names of evaluations end that take sets one by one."""
BLOCK = 1_000
"""Sets that NumPy takes at once: intermediate arrays stay in the cache."""
STEP = 1e-6
"""Step of the finite differences [eV]."""

Array = NDArray[Any]
Sets = Mapping[str, Array]
Run = Callable[[int], Any]


def formula(xp: Any, omega: Any, fixed: Mapping[str, Any], masses: Any, axial: Any) -> Any:
    """Return the printed formula summed over the pairs, for masses (..., 3), in NumPy or JAX; shape (..., energies)."""
    E_eg, E_vg = fixed["E_eg"], fixed["E_vg"]
    majorana = fixed["nature"] == "majorana"
    s = E_eg * (E_eg - 2 * omega)
    m_i, m_j, a = masses[..., :, None, None], masses[..., None, :, None], axial[..., None]
    lam = (s - (m_i + m_j) ** 2) * (s - (m_i - m_j) ** 2)
    is_open = s > (m_i + m_j) ** 2
    delta = xp.sqrt(xp.where(is_open, lam, 1.0)) / s
    dirac = s + omega**2 / 2 - omega**2 * delta**2 / 6 - (m_i**2 + m_j**2) / 2
    dirac = (dirac - (E_eg - omega) ** 2 * (m_i**2 - m_j**2) ** 2 / (2 * s**2)) / 3
    bracket = (a.real**2 + a.imag**2) * dirac - majorana * m_i * m_j * (a.real**2 - a.imag**2)
    return xp.where(is_open, delta / (E_vg - omega) ** 2 * bracket, 0.0).sum(axis=(-3, -2))


def values(omega: Array, fixed: Mapping[str, Any], given: Sets, threads: int) -> dict[str, Run]:
    """Return the evaluations of others that are installed."""

    def looped(n: int) -> Any:
        pairs = zip(given["masses"][:n], given["axial"][:n], strict=True)
        return [physicist({**fixed, "masses": m, "axial": a})(omega) for m, a in pairs]

    runs: dict[str, Run] = {
        f"NumPy, printed formula {LOOP}": looped,
        "NumPy, printed formula over sets": lambda n: _in_blocks(omega, fixed, given["masses"][:n], given["axial"]),
    }
    if find_spec("numba"):
        runs["numba, printed formula"] = _numba(omega, fixed, given, threads)
    if find_spec("jax"):
        jax, jnp = _double()
        one = jax.jit(jax.vmap(lambda m, a: formula(jnp, omega, fixed, m, a)))
        runs["JAX, printed formula"] = _on_device(jax, one, given)
    return runs


def our_jax(omega: Array, fixed: Mapping[str, Any], given: Sets) -> dict[str, Run]:
    """Return our function for JAX, if it is installed."""
    if not find_spec("jax"):
        return {}
    jax, _ = _double()
    from renp_generated.jax import spectral_function

    one = jax.jit(jax.vmap(lambda m, a: spectral_function(omega, **fixed, masses=m, axial=a)))
    return {"renp, JAX": _on_device(jax, one, given)}


def gradients(omega: Array, fixed: Mapping[str, Any], given: Sets, threads: int) -> dict[str, Run]:
    """Return the evaluations of the gradient: finite differences where a library has no derivatives."""
    runs = values(omega, fixed, given, threads)
    moved = {
        sign: [given | {"masses": given["masses"] + sign * STEP * np.eye(3)[k]} for k in range(3)] for sign in (1, -1)
    }
    result: dict[str, Run] = {}
    for name, make in (("NumPy, printed formula over sets", None), ("numba, printed formula", _numba)):
        if name not in runs:
            continue
        ends = {sign: [_run(make, omega, fixed, one, threads) for one in found] for sign, found in moved.items()}
        result[f"{name}, differences"] = lambda n, ends=ends: np.stack(
            [
                (np.asarray(up(n)).sum(axis=1) - np.asarray(down(n)).sum(axis=1)) / (2 * STEP)
                for up, down in zip(ends[1], ends[-1], strict=True)
            ],
            axis=1,
        )
    if find_spec("jax"):
        jax, jnp = _double()
        from renp_generated.jax import spectral_function

        printed = jax.grad(lambda m, a: formula(jnp, omega, fixed, m, a).sum())
        ours = jax.grad(lambda m, a: spectral_function(omega, **fixed, masses=m, axial=a).sum())
        result["JAX, printed formula"] = _on_device(jax, jax.jit(jax.vmap(printed)), given)
        result["renp, JAX"] = _on_device(jax, jax.jit(jax.vmap(ours)), given)
    return result


def _run(make: Any, omega: Array, fixed: Mapping[str, Any], given: Sets, threads: int) -> Run:
    if make is not None:
        return make(omega, fixed, given, threads)  # type: ignore[no-any-return]
    return lambda n: _in_blocks(omega, fixed, given["masses"][:n], given["axial"])


def _in_blocks(omega: Array, fixed: Mapping[str, Any], masses: Array, axial: Array) -> Array:
    blocks = range(0, len(masses), BLOCK)
    ends = (min(start + BLOCK, len(masses)) for start in blocks)
    parts = [formula(np, omega, fixed, masses[k:end], axial[k:end]) for k, end in zip(blocks, ends, strict=True)]
    return np.concatenate(parts)


def _double() -> tuple[Any, Any]:
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    return jax, jnp


def _on_device(jax: Any, function: Any, given: Sets) -> Run:
    masses, axial = jax.device_put(given["masses"]), jax.device_put(given["axial"])
    return lambda n: function(masses[:n], axial[:n]).block_until_ready()


def _numba(omega: Array, fixed: Mapping[str, Any], given: Sets, threads: int) -> Run:
    """Return compiled loops over sets, pairs and energies, in parallel over sets."""
    import numba

    E_eg, E_vg = fixed["E_eg"], fixed["E_vg"]
    majorana = 1.0 if fixed["nature"] == "majorana" else 0.0
    masses, axial = given["masses"], given["axial"]
    numba.set_num_threads(threads)

    @numba.njit(parallel=threads > 1, error_model="numpy")
    def spectrum(masses: Any, axial: Any, omega: Any) -> Any:
        result = np.zeros((len(masses), len(omega)))
        for n in numba.prange(len(masses)):
            for i in range(3):
                for j in range(i, 3):
                    m_i, m_j, a = masses[n, i], masses[n, j], axial[n, i, j]
                    square = a.real**2 + a.imag**2
                    bend = majorana * m_i * m_j * (a.real**2 - a.imag**2)
                    weight = 1.0 if i == j else 2.0
                    for k in range(len(omega)):
                        w = omega[k]
                        s = E_eg * (E_eg - 2 * w)
                        if s > (m_i + m_j) ** 2:
                            delta = np.sqrt((s - (m_i + m_j) ** 2) * (s - (m_i - m_j) ** 2)) / s
                            dirac = s + w**2 / 2 - w**2 * delta**2 / 6 - (m_i**2 + m_j**2) / 2
                            dirac = (dirac - (E_eg - w) ** 2 * (m_i**2 - m_j**2) ** 2 / (2 * s**2)) / 3
                            result[n, k] += weight * delta / (E_vg - w) ** 2 * (square * dirac - bend)
        return result

    return lambda n: spectrum(masses[:n], axial[:n], omega)
