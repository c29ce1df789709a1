"""LaTeX from a kernel: the formula exactly as the evaluators compute it, with the names of their arguments.

In: a kernel. Out: lines of mathematics by section. Deterministic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from codegen.call import hermitian_names
from codegen.pair_sums.kernel import Kernel, Term

WAYS = {"plain": r"\circ", "cross": r"\times", "along": r"\parallel"}
"""How the ways of the atom's index are printed."""
_EXCHANGE = {1: "+", -1: "-"}


def formula_sections(kernel: Kernel) -> Mapping[str, tuple[str, ...]]:
    r"""Return the lines of ``"definition"``, ``"squares"`` and ``"amplitudes"``.

    Example
    -------
    >>> from codegen.pair_sums.kernel import Argument, Group
    >>> group = Group("", "weak", "Weak", (Argument("axial", "matrix", "1", "axial coupling"),), (), "contact")
    >>> term = Term("V", "plain", "weak", None, "axial", Fraction(-1, 2), True, (), 1, 0, 0, False, 0, 0, -1, False, False)
    >>> print(*formula_sections(Kernel("k", "K", "M1", (group,), (), (term,), (), ""))["amplitudes"])
    V_\circ = -\tfrac{1}{2}\,i\,q_z\,[\mathtt{axial}]^-
    """
    by_state: dict[tuple[str, str], list[str]] = {}
    for term in kernel.terms:
        by_state.setdefault((term.state, term.way), []).append(_term(term, kernel))
    return {
        "definition": _DEFINITION,
        "squares": _SQUARES,
        "amplitudes": (
            *(_product([f"{_name(c.name)} = {c.value}", _units(c.units)]) for c in kernel.constants),
            *(line for (state, way), terms in by_state.items() for line in _lines(f"{state}_{WAYS[way]}", terms)),
        ),
    }


_SQUARES = (
    r"H_1 = \sum_{w} n_w \left(2\,|V'_w|^2 + |m_+ V'_w + t\,E_w|^2 / s\right) + 3\,T_\parallel\,|P_\parallel|^2",
    r"H_2 = \sum_{w} n_w \left(2\,|A'_w|^2 + |m_- A'_w + (t + 4 P)\,B_w|^2 / s\right) + 3\,T_\parallel\,|S_\parallel|^2",
    r"V'_w = V_w + m_+ E_w, \qquad A'_w = A_w + m_- B_w, \qquad w \in \{+, -, \parallel\}",
    r"X_\pm = X_\circ \pm X_\times \text{ for } X = V, E, A, B; \text{ an amplitude without terms is 0}",
    r"n_\pm = \tfrac12\,(T_\perp \pm T_\circlearrowleft), \qquad n_\parallel = T_\parallel / s",
)


_DEFINITION = (
    r"I(\omega) = \frac{A^2}{12\,s} \sum_{i,j:\ t > 0} \sqrt{t\,(t + 4 P)} \left[(t + 4 P)\,H_1 + t\,H_2\right]_{ij}",
    r"A = \sum_v \frac{c_v}{E_{vg,v} - \omega} + \sum_u \frac{c_u}{E_{vg,u} - q_0}"
    r" \text{ over the states } u \text{ of } \mathtt{crossed}",
    r"q_0 = E_{eg} - \omega, \qquad q_z = \omega + K, \qquad K = \mathtt{imprinted\_momentum}",
    r"s = (E_{eg} + K)(E_{eg} - K - 2\omega), \qquad t = s - m_+^2",
    r"P = m_i m_j, \qquad m_\pm = m_i \pm m_j",
    r"T_\parallel = T_{zz}, \qquad T_\perp = T_{xx} + T_{yy}, \qquad T_\circlearrowleft = 2\,\mathrm{Im}\,T_{xy}",
    r"\Pi = 1/(s - M^2 + i M \Gamma) \text{ of each mediator}",
    r"\text{Dirac: } [f]^\pm = f; \qquad \text{Majorana: } [f]^\pm = f \pm f^T, \qquad I \to \tfrac12 I",
    r"\mathtt{m1} \text{ of a group: where it is not given, } \mathtt{m1} \text{ of the call}",
)


def _lines(name: str, terms: Sequence[str]) -> list[str]:
    """Return a sum with one term on each line."""
    first, *rest = terms
    return [f"{name} = {first}", *(rf"\qquad {_signed(term)}" for term in rest)]


def _signed(term: str) -> str:
    return f"- {term[1:]}" if term.startswith("-") else f"+ {term}"


def _term(term: Term, kernel: Kernel) -> str:
    group = next(found for found in kernel.groups if found.name == term.group)
    pieces = [_fraction(term.number), "i" if term.imaginary else ""]
    pieces += [_power(_name(name), power) for name, power in term.constants]
    pieces += [_argument(group.keyword, term.electron)] if term.electron else []
    pieces += [_power("q_z", term.qz), _power("q_0", term.q0), _power("s", term.s)]
    pieces += [_power("m_-", term.d), _power("m_+", term.M)]
    if term.propagator:
        pieces.append(rf"\Pi_{{{_name(group.keyword or group.name)}}}")
    if term.longitudinal:
        mass = next(argument.name for argument in group.arguments if argument.kind == "mass")
        pieces += [
            _power(_argument(group.keyword, mass), -2),
            rf"[{_argument(group.keyword, 'propagator')} = \mathtt{{unitary}}]",
        ]
    if term.orbital:
        pieces.append(rf"2^{{-[{_argument(group.keyword, 'm1')} = \mathtt{{full}}]}}")
    if kernel.pair_step == "E1":
        pieces.append(_name("dipole_length"))
    return _product([*pieces, f"[{_matrix(group.keyword, term.matrix)}]^{_EXCHANGE[term.eta]}"])


def _matrix(keyword: str, name: str) -> str:
    """Return a matrix; one of the Hermitian matrices of a general one by what it is."""
    general = name.partition(".")[0]
    f = _argument(keyword, general)
    forms = zip(hermitian_names(general), (rf"{f} + {f}^\dagger", rf"i\,({f} - {f}^\dagger)"), strict=True)
    return dict(forms).get(name, f)


def _argument(keyword: str, name: str) -> str:
    return _name(f"{keyword}.{name}" if keyword else name)


def _name(name: str) -> str:
    return rf"\mathtt{{{name}}}".replace("_", r"\_")


def _product(pieces: Iterable[str]) -> str:
    factors = [piece for piece in pieces if piece]
    if len(factors) > 1 and factors[0] in ("1", "-1"):
        return factors[0][:-1] + r"\,".join(factors[1:])
    return r"\,".join(factors)


def _units(units: str) -> str:
    words = (word.partition("^") for word in units.split() if word != "1")
    return _product([_power(rf"\mathrm{{{base}}}", int(power or 1)) for base, _, power in words])


def _power(base: str, exponent: int) -> str:
    return "" if not exponent else base if exponent == 1 else f"{base}^{{{exponent}}}"


def _fraction(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    return rf"{'-' if value < 0 else ''}\tfrac{{{abs(value.numerator)}}}{{{value.denominator}}}"
