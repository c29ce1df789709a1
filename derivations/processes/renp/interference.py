"""Which pairs of couplings interfere in the total rate, exactly (in: ``SpectralFunction`` and an atomic tensor).

Out: one :class:`Interference` per pair of couplings, for a given light and nature. For a pair ``A, B`` of Hermitian coupling matrices
the cross term of the ordered pair (i, j) is ``2 Re[A_ij B*_ij X_ij]``, with ``X`` the sum over their amplitude terms and the
parts of the atomic tensor of ``w_part k_A k_B* G_AB``. The total rate adds (i, j) and (j, i). Swapping i and j turns
``A_ij`` into its conjugate and ``m_i - m_j`` into its negative, so only

    4 Re(A_ij B*_ij) X_real, even in (m_i - m_j),   and   -4 Im(A_ij B*_ij) X_imaginary, odd in (m_i - m_j)

survive for Dirac neutrinos. For Majorana neutrinos the second contraction leaves either the real or the imaginary part of
each coupling, so up to four real products are possible; the same sum decides which of them survive. Mediators have no width here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import combinations_with_replacement
from typing import TYPE_CHECKING, Any

from derivations.algebra import ring
from derivations.algebra.ring import CLOSED, Poly, conjugate, gaussian, imaginary_part, normal_form, real_part, s_
from derivations.neutrino.spin_sums import PARTS

if TYPE_CHECKING:
    from derivations.neutrino.rows import AmplitudeTerm
    from derivations.processes.renp.spectrum import SpectralFunction

ORTHOGONAL = "no common structure function"
UNLIT = "needs a part of the atomic tensor that this light does not have"
SWAPPED = "cancels between (i, j) and (j, i)"
OUT_OF_PHASE = "the two Majorana contractions leave it purely imaginary"

_PRODUCTS = ("Re Re", "Re Im", "Im Re", "Im Im")


@dataclass(frozen=True, order=True)
class Product:
    """A coupling product as it stands in the amplitude.

    Attributes
    ----------
    interaction, electron, neutrino : names; ``electron`` is empty for a contact term or a fixed electron coupling.
    longitudinal : whether this is the ``q q / M^2`` part of a unitary propagator.
    """

    interaction: str
    electron: str
    neutrino: str
    longitudinal: bool = False

    def __str__(self) -> str:
        name = " ".join(part for part in (self.electron, self.neutrino) if part)
        return f"{name} (longitudinal)" if self.longitudinal else name


@dataclass(frozen=True)
class Interference:
    """What is left of one interference in the total rate.

    Attributes
    ----------
    first, second : the coupling products A and B.
    products : surviving products for i != j: ``"Re(A B*)"`` or ``"Im(A B*)"`` for Dirac neutrinos; ``"Re Re"``, ``"Re Im"``,
        ``"Im Re"``, ``"Im Im"`` (of A and of B) for Majorana neutrinos.
    diagonal : whether it is non-zero for i = j.
    parts : parts of the atomic tensor that carry it.
    reason : why it vanishes; empty when something survives.
    """

    first: Product
    second: Product
    products: tuple[str, ...]
    diagonal: bool
    parts: tuple[str, ...]
    reason: str

    def __bool__(self) -> bool:
        return bool(self.products) or self.diagonal


def tensor_weights(tensor: Any = None) -> dict[str, Any]:
    """Return ``T_zz``, ``T_xx + T_yy`` and ``T_xy - T_yx`` as exact numbers; without a tensor those of ``delta_kl / 3``.

    ``tensor`` is a 3 x 3 matrix of Gaussian rationals, as ``derivations.atom.atomic_tensor`` returns it.

    Example
    -------
    >>> [part for part, weight in tensor_weights().items() if weight]
    ['along', 'across']
    """
    if tensor is None:
        numbers = [gaussian(Fraction(1, 3)), gaussian(Fraction(2, 3)), gaussian(Fraction(0))]
    else:
        values = (tensor[2, 2], tensor[0, 0] + tensor[1, 1], tensor[0, 1] - tensor[1, 0])
        numbers = [_exact(value) for value in values]
    return dict(zip(PARTS, numbers, strict=True))


def _exact(value: Any) -> Any:
    real, imag = value.as_real_imag()
    return gaussian(Fraction(int(real.p), int(real.q)), Fraction(int(imag.p), int(imag.q)))


def products(spectral: SpectralFunction) -> tuple[Product, ...]:
    """Return the coupling products of a spectral function, in the order of its amplitude."""
    return tuple(dict.fromkeys(_product(term) for term in spectral.amplitude.terms))


def _product(term: AmplitudeTerm) -> Product:
    longitudinal = term.coefficient.propagator == "longitudinal"
    return Product(term.interaction, term.electron or "", term.neutrino, longitudinal)


def interferences(
    spectral: SpectralFunction, weights: dict[str, Any], nature: str, between: Sequence[Product] | None = None
) -> tuple[Interference, ...]:
    """Return every pair of different coupling products, with what survives in the total rate.

    Parameters
    ----------
    spectral : rows, amplitude and Gram matrix.
    weights : of the parts of the atomic tensor, from :func:`tensor_weights`.
    nature : ``"dirac"`` or ``"majorana"``.
    between : the products to pair; all by default.

    Raises
    ------
    ValueError : unknown nature.

    Example
    -------
    >>> from derivations.interactions.reader import shipped_interactions
    >>> from derivations.processes.renp.spectrum import spectral_function
    >>> weak = spectral_function([i for i in shipped_interactions() if i.name == "standard_model"])
    >>> [(str(x.first), str(x.second), bool(x), x.reason) for x in interferences(weak, tensor_weights(), "dirac")]
    [('axial', 'vector_weak', False, 'needs a part of the atomic tensor that this light does not have')]
    """
    if nature not in ("dirac", "majorana"):
        raise ValueError(f"nature must be 'dirac' or 'majorana', found {nature!r}")
    chosen = products(spectral) if between is None else tuple(between)
    pairs = [pair for pair in combinations_with_replacement(chosen, 2) if pair[0] != pair[1]]
    table = _Gram(spectral)
    return tuple(_interference(table, first, second, weights, nature) for first, second in pairs)


class _Gram:
    """The Gram matrix by rows, either order, over the common denominator ``s^2``; and the terms of each product."""

    def __init__(self, spectral: SpectralFunction) -> None:
        self.rows = spectral.rows
        self.terms: dict[Product, list[AmplitudeTerm]] = {}
        for term in spectral.amplitude.terms:
            self.terms.setdefault(_product(term), []).append(term)
        self._entries: dict[tuple[int, int, str], Poly] = {}
        for entry in spectral.gram:
            numerator = entry.closed_form.numerator * s_ ** (2 - entry.closed_form.power)
            self._entries[entry.n, entry.m, entry.part] = numerator
            sign = -1 if entry.part == "circular" else 1
            self._entries[entry.m, entry.n, entry.part] = conjugate(numerator) * sign

    def entry(self, n: int, m: int, part: str) -> Poly | None:
        return self._entries.get((n, m, part))


def _interference(table: _Gram, first: Product, second: Product, weights: dict[str, Any], nature: str) -> Interference:
    parts: list[str] = []
    dark = False
    totals: dict[str, Poly] = {}
    for a in table.terms[first]:
        for b in table.terms[second]:
            for part in PARTS:
                entry = table.entry(a.row, b.row, part)
                if entry is None:
                    continue
                if not weights[part]:
                    dark = True
                    continue
                parts.append(part)
                x = _coefficient(a) * conjugate(_coefficient(b)) * entry * CLOSED(weights[part])
                etas = (table.rows[a.row].eta, table.rows[b.row].eta)
                for name, polynomial in _contributions(normal_form(x), a, b, etas, nature).items():
                    totals[name] = totals.get(name, CLOSED.zero) + polynomial
    surviving = tuple(name for name, polynomial in totals.items() if polynomial)
    diagonal = any(_at_equal_masses(totals[name]) for name in surviving if name in ("Re(A B*)", "Re Re"))
    reason = ""
    if not surviving:
        cancelled = SWAPPED if nature == "dirac" else OUT_OF_PHASE
        reason = cancelled if parts else UNLIT if dark else ORTHOGONAL
    return Interference(first, second, surviving, diagonal, tuple(p for p in PARTS if p in parts), reason)


def _coefficient(term: AmplitudeTerm) -> Poly:
    c = term.coefficient
    number = CLOSED(gaussian(c.real, c.imag))
    return number * ring.qz_**c.qz * ring.q0_**c.q0 * s_**c.s * ring.d_**c.d * ring.M_**c.M


def _contributions(x: Poly, a: AmplitudeTerm, b: AmplitudeTerm, etas: tuple[int, int], nature: str) -> dict[str, Poly]:
    """Return the polynomial in front of each real product of couplings, summed over (i, j) and (j, i)."""
    if nature == "dirac":
        return {
            "Re(A B*)": real_part(x) + _swapped(real_part(x)),
            "Im(A B*)": _swapped(imaginary_part(x)) - imaginary_part(x),
        }
    # c_ij = k (A_ij + eta p A*_ij) with p the sign of k under i <-> j; then c_ji = eta c_ij.
    real_a = etas[0] * (-1) ** a.coefficient.d == 1
    real_b = etas[1] * (-1) ** b.coefficient.d == 1
    phase = gaussian(Fraction(1)) if real_a == real_b else gaussian(Fraction(0), Fraction(-1 if real_a else 1))
    turned = x * CLOSED(phase)
    signs = etas[0] * etas[1] * (-1) ** (a.coefficient.d + b.coefficient.d)
    name = _PRODUCTS[2 * (not real_a) + (not real_b)]
    return {name: real_part(turned) + _swapped(real_part(turned)) * signs}


def _swapped(polynomial: Poly) -> Poly:
    """Return a polynomial with i and j exchanged: odd powers of ``m_i - m_j`` change sign."""
    position = CLOSED.gens.index(ring.d_)
    return CLOSED.from_dict({k: c * (-1) ** k[position] for k, c in polynomial.items()})


def _at_equal_masses(polynomial: Poly) -> bool:
    zero = (CLOSED.gens.index(ring.d_), CLOSED.gens.index(ring.D_))
    return any(all(monomial[position] == 0 for position in zero) for monomial in polynomial)
