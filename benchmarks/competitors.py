"""The Standard Model's spectral function as others would write it, from the formula that the literature prints.

Each maker takes the arguments of ``spectral_function`` and returns a function of an array of photon energies.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Evaluation = Callable[[Array], Any]


def physicist(arguments: Mapping[str, Any]) -> Evaluation:
    """Return the printed formula in NumPy, vectorised over photon energies, summed over nine pairs."""
    E_eg, E_vg, m, a = (arguments[key] for key in ("E_eg", "E_vg", "masses", "axial"))
    majorana = arguments["nature"] == "majorana"

    def spectrum(omega: Array) -> Array:
        total = np.zeros_like(omega)
        s = E_eg * (E_eg - 2 * omega)
        for i in range(len(m)):
            for j in range(len(m)):
                threshold = E_eg / 2 - (m[i] + m[j]) ** 2 / (2 * E_eg)
                lam = (s - (m[i] + m[j]) ** 2) * (s - (m[i] - m[j]) ** 2)
                delta = np.sqrt(np.maximum(lam, 0)) / s
                dirac = (
                    s
                    + omega**2 / 2
                    - omega**2 * delta**2 / 6
                    - (m[i] ** 2 + m[j] ** 2) / 2
                    - (E_eg - omega) ** 2 * (m[i] ** 2 - m[j] ** 2) ** 2 / (2 * s**2)
                ) / 3
                bracket = abs(a[i, j]) ** 2 * dirac - majorana * m[i] * m[j] * (a[i, j] ** 2).real
                total += np.where(omega < threshold, delta / (E_vg - omega) ** 2 * bracket, 0)
        return total

    return spectrum


def lambdified(arguments: Mapping[str, Any]) -> Evaluation:
    """Return the printed formula through SymPy's ``lambdify`` with common subexpressions, all nine pairs in one expression."""
    import sympy

    E_eg, E_vg, m, a = (arguments[key] for key in ("E_eg", "E_vg", "masses", "axial"))
    majorana = arguments["nature"] == "majorana"
    w = sympy.Symbol("omega")
    s = E_eg * (E_eg - 2 * w)
    total: Any = 0
    for i in range(len(m)):
        for j in range(len(m)):
            lam = (s - (m[i] + m[j]) ** 2) * (s - (m[i] - m[j]) ** 2)
            delta = sympy.sqrt(sympy.Abs(lam)) / s
            dirac = s + w**2 / 2 - w**2 * delta**2 / 6 - (m[i] ** 2 + m[j] ** 2) / 2
            dirac = (dirac - (E_eg - w) ** 2 * (m[i] ** 2 - m[j] ** 2) ** 2 / (2 * s**2)) / 3
            bracket = abs(a[i, j]) ** 2 * dirac - majorana * m[i] * m[j] * (a[i, j] ** 2).real
            open_pair = w < E_eg / 2 - (m[i] + m[j]) ** 2 / (2 * E_eg)
            total += sympy.Piecewise((delta / (E_vg - w) ** 2 * bracket, open_pair), (0, True))
    return sympy.lambdify(w, total, "numpy", cse=True)  # type: ignore[no-any-return]


def naive_numba(arguments: Mapping[str, Any]) -> Evaluation:
    """Return the printed formula as plain compiled loops over photon energies and nine pairs."""
    import numba

    E_eg, E_vg = arguments["E_eg"], arguments["E_vg"]
    m, a = np.array(arguments["masses"]), np.array(arguments["axial"])
    majorana = 1.0 if arguments["nature"] == "majorana" else 0.0

    @numba.njit
    def spectrum(omega: Array) -> Array:
        result = np.zeros_like(omega)
        for k in range(omega.size):
            w = omega[k]
            s = E_eg * (E_eg - 2 * w)
            for i in range(len(m)):
                for j in range(len(m)):
                    if w < E_eg / 2 - (m[i] + m[j]) ** 2 / (2 * E_eg):
                        lam = (s - (m[i] + m[j]) ** 2) * (s - (m[i] - m[j]) ** 2)
                        delta = np.sqrt(lam) / s
                        dirac = s + w**2 / 2 - w**2 * delta**2 / 6 - (m[i] ** 2 + m[j] ** 2) / 2
                        dirac = (dirac - (E_eg - w) ** 2 * (m[i] ** 2 - m[j] ** 2) ** 2 / (2 * s**2)) / 3
                        bracket = abs(a[i, j]) ** 2 * dirac - majorana * m[i] * m[j] * (a[i, j] ** 2).real
                        result[k] += delta / (E_vg - w) ** 2 * bracket
        return result

    return spectrum


def _folded(arguments: Mapping[str, Any]) -> tuple[Array, ...]:
    """Return, for six pairs, (m_i+m_j)^2, (m_i-m_j)^2, weight, constant and (m_i^2-m_j^2)^2: what a careful author precomputes."""
    m, a = np.array(arguments["masses"]), np.array(arguments["axial"])
    majorana = arguments["nature"] == "majorana"
    rows = []
    for i in range(len(m)):
        for j in range(i, len(m)):
            twice = 1.0 if i == j else 2.0
            weight = twice * abs(a[i, j]) ** 2 / 3
            constant = -weight * (m[i] ** 2 + m[j] ** 2) / 2 - twice * majorana * m[i] * m[j] * (a[i, j] ** 2).real
            rows.append(((m[i] + m[j]) ** 2, (m[i] - m[j]) ** 2, weight, constant, (m[i] ** 2 - m[j] ** 2) ** 2 / 2))
    return tuple(np.array(column) for column in zip(*rows, strict=True))


def folded_numba(arguments: Mapping[str, Any]) -> Evaluation:
    """Return compiled loops over photon energies and six pairs with folded constants, one division for all pairs."""
    import numba

    E_eg, E_vg = float(arguments["E_eg"]), float(arguments["E_vg"])
    plus, minus, weight, constant, split = _folded(arguments)

    @numba.njit
    def spectrum(omega: Array) -> Array:
        result = np.zeros_like(omega)
        for k in range(omega.size):
            w = omega[k]
            s = E_eg * (E_eg - 2 * w)
            r = 1 / s
            r2, w2, q2 = r * r, w * w, (E_eg - w) ** 2
            total = 0.0
            for p in range(plus.size):
                if s > plus[p]:
                    lam = (s - plus[p]) * (s - minus[p])
                    dirac = s + w2 * (0.5 - lam * r2 / 6) - q2 * split[p] * r2
                    total += np.sqrt(lam) * (weight[p] * dirac + constant[p])
            result[k] = total * r / (E_vg - w) ** 2
        return result

    return spectrum


def tuned_numba(arguments: Mapping[str, Any]) -> Evaluation:
    """Return the printed formula rearranged by hand: six pairs unrolled, one division, no branches, ``fastmath``."""
    import numba

    E_eg, E_vg = float(arguments["E_eg"]), float(arguments["E_vg"])
    (p0, p1, p2, p3, p4, p5) = (tuple(map(float, row)) for row in zip(*_folded(arguments), strict=True))

    @numba.njit(fastmath=True, error_model="numpy", inline="always")
    def pair(p: Any, s: float, w2: float, q2: float, r: float) -> float:
        lam = (s - p[0]) * (s - p[1])
        lam = max(lam, 0.0) if s > p[0] else 0.0
        r2 = r * r
        return np.sqrt(lam) * (p[2] * (s + w2 * (0.5 - lam * r2 * (1 / 6)) - q2 * p[4] * r2) + p[3])  # type: ignore[no-any-return]

    @numba.njit(fastmath=True, error_model="numpy")
    def spectrum(omega: Array) -> Array:
        result = np.empty_like(omega)
        for k in range(omega.size):
            w = omega[k]
            s = E_eg * (E_eg - 2 * w)
            gap = E_vg - w
            both = 1 / (s * gap)
            r = both * gap
            v = both * s
            w2, q2 = w * w, (E_eg - w) * (E_eg - w)
            total = pair(p0, s, w2, q2, r) + pair(p1, s, w2, q2, r) + pair(p2, s, w2, q2, r)
            total += pair(p3, s, w2, q2, r) + pair(p4, s, w2, q2, r) + pair(p5, s, w2, q2, r)
            result[k] = total * r * v * v
        return result

    return spectrum


def compiled_jax(arguments: Mapping[str, Any]) -> Evaluation:
    """Return the rearranged formula through JAX's compiler in double precision (it uses threads as it likes)."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)
    E_eg, E_vg = arguments["E_eg"], arguments["E_vg"]
    rows = list(zip(*(column.tolist() for column in _folded(arguments)), strict=True))

    @jax.jit
    def spectrum(w: Any) -> Any:
        s = E_eg * (E_eg - 2 * w)
        r, total = 1 / s, 0.0
        for plus, minus, weight, constant, split in rows:
            lam = jnp.where(s > plus, (s - plus) * (s - minus), 0.0)
            dirac = s + w * w * (0.5 - lam * r * r / 6) - (E_eg - w) ** 2 * split * r * r
            total = total + jnp.sqrt(lam) * (weight * dirac + constant)
        return total * r / (E_vg - w) ** 2

    return lambda omega: spectrum(omega).block_until_ready()


MAKERS: dict[str, tuple[Callable[[Mapping[str, Any]], Evaluation], str | None]] = {
    "NumPy, printed formula": (physicist, None),
    "lambdify with cse": (lambdified, "sympy"),
    "numba, printed formula": (naive_numba, "numba"),
    "numba, folded": (folded_numba, "numba"),
    "numba, tuned": (tuned_numba, "numba"),
    "JAX": (compiled_jax, "jax"),
}
"""Name -> (maker, package that it needs)."""


def available() -> dict[str, Callable[[Mapping[str, Any]], Evaluation]]:
    """Return the makers whose packages are installed."""
    return {name: maker for name, (maker, needs) in MAKERS.items() if needs is None or find_spec(needs)}
