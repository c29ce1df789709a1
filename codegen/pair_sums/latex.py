"""LaTeX from a kernel: the formula exactly as the evaluators compute it, with the names of their arguments.

In: a kernel. Out: lines of mathematics by section. Deterministic.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from codegen.call import hermitian_names
from codegen.pair_sums.kernel import Channel, Contribution, Factor, Kernel, WeightTerm

PARTS = {"along": r"T_\parallel", "across": r"T_\perp", "circular": r"T_\circ"}
_MASSES = ("P", "D", "m_-", "m_+")


def formula_sections(kernel: Kernel) -> Mapping[str, tuple[str, ...]]:
    r"""Return the lines of ``"definition"``, ``"channels"``, ``"factors"`` and ``"weights"``.

    Example
    -------
    >>> from codegen.pair_sums.kernel import Channel, Contribution, Factor, Kernel, Weight, WeightTerm
    >>> number = Contribution("weak", None, "axial", Fraction(-1, 2), Fraction(0), (), 0, 0, False, False)
    >>> channel = Channel("axial", 0, 1, Factor(0, 0, ()), 0, (number,))
    >>> weight = Weight(0, 1, (WeightTerm(0, 0, "along", False, ((Fraction(3), (1, 0, 0, 0)),), "gram"),))
    >>> kernel = Kernel("k", "K", "M1", (), (), (channel,), (Factor(2, 0, ()),), (weight,), 1, (), "")
    >>> for name in ("channels", "factors", "weights"):
    ...     print(*formula_sections(kernel)[name])
    X_{0}^+ = -\tfrac{1}{2}\,\mathtt{axial}
    F_{0} = q_z^{2}
    K_{0,1} = T_\parallel\,\mathrm{Re}(X_{0} X_{0}^*)\,(3\,P)
    """
    keywords = {group.name: group.keyword for group in kernel.groups}
    lines: list[str] = []
    for weight in kernel.weights:
        lines += _lines(f"K_{{{weight.factor},{weight.power}}}", [_weight_term(term) for term in weight.terms])
    return {
        "definition": _definition(kernel),
        "channels": tuple(
            line
            for number, channel in enumerate(kernel.channels)
            for line in _channel(number, channel, kernel, keywords)
        ),
        "factors": tuple(
            rf"F_{{{number}}} = {_factor(factor, keywords)}" for number, factor in enumerate(kernel.factors)
        ),
        "weights": tuple(lines),
    }


def _definition(kernel: Kernel) -> tuple[str, ...]:
    return (
        r"I(\omega) = A^2 s^{-" + str(kernel.s_power) + r"} \sum_{i \le j} \sqrt{t\,(t + 4 P)}"
        r" \sum_{f,a} F_f(\omega)\, t^a \left(K_{f,a}\right)_{ij + ji}",
        r"A = \sum_v \frac{c_v}{E_{vg,v} - \omega} + \sum_u \frac{c_u}{E_{vg,u} - q_0}"
        r" \text{ over the states } u \text{ of } \mathtt{crossed}",
        r"q_0 = E_{eg} - \omega, \qquad q_z = \omega + K, \qquad K = \mathtt{imprinted\_momentum}",
        r"s = (E_{eg} + K)(E_{eg} - K - 2\omega), \qquad t = s - m_+^2",
        r"P = m_i m_j, \qquad m_\pm = m_i \pm m_j, \qquad D = m_-^2",
        r"T_\parallel = T_{zz}, \qquad T_\perp = T_{xx} + T_{yy}, \qquad T_\circ = 2\,\mathrm{Im}\,T_{xy}",
        r"\Pi = 1/(s - M^2 + i M \Gamma) \text{ of each mediator}",
        r"\text{Majorana: } X_n^\pm \to X_n^\pm \pm (X_n^\pm)^T, \qquad K \to \tfrac12 K",
        *(_product([f"{_name(c.name)} = {c.value}", _units(c.units)]) for c in kernel.constants),
        r"\mathtt{m1} \text{ of a group: where it is not given, } \mathtt{m1} \text{ of the call}",
        r"(K)_{ij+ji} = K_{ij} + K_{ji} \text{ for } i < j, \qquad K_{ii} \text{ for } i = j",
    )


def _channel(number: int, channel: Channel, kernel: Kernel, keywords: Mapping[str, str]) -> list[str]:
    sign = "+" if channel.eta > 0 else "-"
    return _lines(f"X_{{{number}}}^{sign}", [_contribution(c, kernel, keywords) for c in channel.contributions])


def _lines(name: str, terms: Sequence[str]) -> list[str]:
    """Return a sum with one term on each line."""
    first, *rest = terms
    return [f"{name} = {first}", *(rf"\qquad {_signed(term)}" for term in rest)]


def _signed(term: str) -> str:
    return f"- {term[1:]}" if term.startswith("-") else f"+ {term}"


def _contribution(c: Contribution, kernel: Kernel, keywords: Mapping[str, str]) -> str:
    keyword = keywords.get(c.group, "")
    pieces = [_complex(c.real, c.imag)]
    pieces += [_power(_name(name), power) for name, power in c.constants]
    pieces += [_argument(keyword, c.electron)] if c.electron else []
    pieces += [_power("m_-", c.d), _power("m_+", c.M)]
    if c.longitudinal:
        pieces += [
            _power(_argument(keyword, _mass(kernel, c.group)), -2),
            rf"[{_argument(keyword, 'propagator')} = \mathtt{{unitary}}]",
        ]
    if c.orbital:
        pieces.append(rf"2^{{-[{_argument(keyword, 'm1')} = \mathtt{{full}}]}}")
    if kernel.pair_step == "E1":
        pieces.append(_name("dipole_length"))
    return _product([*pieces, _matrix(keyword, c.matrix)])


def _matrix(keyword: str, name: str) -> str:
    """Return a matrix; one of the Hermitian matrices of a general one by what it is."""
    general = name.partition(".")[0]
    f = _argument(keyword, general)
    forms = zip(hermitian_names(general), (rf"({f} + {f}^\dagger)", rf"i\,({f} - {f}^\dagger)"), strict=True)
    return dict(forms).get(name, f)


def _mass(kernel: Kernel, group: str) -> str:
    """Return the name of the mass of a group's mediator."""
    arguments = next(found.arguments for found in kernel.groups if found.name == group)
    return next(argument.name for argument in arguments if argument.kind == "mass")


def _factor(factor: Factor, keywords: Mapping[str, str]) -> str:
    pieces = [_power("q_z", factor.qz), _power("q_0", factor.q0), _power("s", factor.s)]
    for group, part in factor.propagators:
        propagator = rf"\Pi_{{{_name(keywords.get(group, group))}}}"
        pieces.append(
            {"re": rf"\mathrm{{Re}}\,{propagator}", "im": rf"\mathrm{{Im}}\,{propagator}", "abs2": f"|{propagator}|^2"}[
                part
            ]
        )
    return _product(pieces) or "1"


def _weight_term(term: WeightTerm) -> str:
    part = "Im" if term.imaginary else "Re"
    first, *rest = [
        _product([_fraction(coefficient), *map(_power, _MASSES, powers)]) for coefficient, powers in term.polynomial
    ]
    polynomial = " ".join([first, *map(_signed, rest)])
    return rf"{PARTS[term.part]}\,\mathrm{{{part}}}(X_{{{term.n}}} X_{{{term.m}}}^*)\,({polynomial})"


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


def _complex(real: Fraction, imag: Fraction) -> str:
    if not imag:
        return _fraction(real)
    if not real:
        return _product([_fraction(imag), "i"])
    return rf"({_fraction(real)} + {_fraction(imag)}\,i)"
