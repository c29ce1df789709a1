"""C99 from a kernel: the evaluation of prepared plans, straight-line code for common sets of weights, a self-contained export.

In: rewritten kernels. Out: ``{file name: text}``. The C runtime beside this file (``templates/*.c``) does the work; what is
emitted from the kernel are the straight-line blocks and the tables. Deterministic.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from codegen.pair_sums.kernel import Channel, Factor, Kernel, Weight
from codegen.pair_sums.rewrite import factor_program
from codegen.texts import filled, header, template

MOST_WEIGHTS = 30
"""Sets with more weights than this run faster in the general block, which keeps its sums in registers."""


@dataclass(frozen=True)
class Selection:
    """A set of weights with straight-line code: its name and the indices of its weights in the kernel."""

    name: str
    weights: tuple[int, ...]


def selections(kernel: Kernel) -> tuple[Selection, ...]:
    """Return the sets of weights that get straight-line code.

    These are the plain group's first matrix alone, with every part of the atomic tensor and without the circular one,
    together with each coupling of the other groups, and the combinations of most couplings that are small enough; all
    without widths and without an imprinted momentum.
    """
    plain = next((group for group in kernel.groups if not group.keyword), None)
    if plain is None:
        return ()
    matrix = next(argument.name for argument in plain.arguments if argument.is_matrix)
    first: Source = (plain.name, None, matrix)
    averaged = ("along", "across")
    found = [
        Selection(matrix, _active(kernel, [first], averaged)),
        Selection(f"{matrix}, polarised", _active(kernel, [first], (*averaged, "circular"))),
    ]
    couplings: dict[str, list[Source]] = {}
    for group, electron, own in sorted(set(_sources(kernel)), key=str):
        if group != plain.name:
            couplings.setdefault(group + (f" {electron}" if electron else ""), []).append((group, electron, own))
    for size in (1, *range(len(couplings), 1, -1)):
        combined = [
            Selection(" + ".join((matrix, *names)), _active(kernel, [first, *_joined(couplings, names)], averaged))
            for names in combinations(couplings, size)
        ]
        small = [selection for selection in combined if len(selection.weights) <= MOST_WEIGHTS]
        found += small
        if size > 1 and small:
            break
    unique: dict[tuple[int, ...], Selection] = {}
    for selection in found:
        unique.setdefault(selection.weights, selection)
    return tuple(sorted(unique.values(), key=lambda selection: (len(selection.weights), selection.weights)))


def _joined(couplings: Mapping[str, Sequence[Source]], names: Iterable[str]) -> list[Source]:
    return [source for name in names for source in couplings[name]]


Source = tuple[str, str | None, str]
"""A group, its electron coupling and its matrix."""


def _sources(kernel: Kernel) -> list[Source]:
    return [(c.group, c.electron, c.matrix) for channel in kernel.channels for c in channel.contributions]


def _active(kernel: Kernel, sources: Sequence[Source], parts: tuple[str, ...]) -> tuple[int, ...]:
    channels = [_is_active(channel, sources) for channel in kernel.channels]
    indices = [
        index
        for index, weight in enumerate(kernel.weights)
        if any(channels[term.n] and channels[term.m] and term.part in parts for term in weight.terms)
    ]
    return tuple(sorted(indices, key=lambda index: order(kernel.weights[index])))


def _is_active(channel: Channel, sources: Sequence[Source]) -> bool:
    if any(component == "im" for _, component in channel.factor.propagators):
        return False
    return any((c.group, c.electron, c.matrix) in sources and not c.longitudinal for c in channel.contributions)


def order(weight: Weight) -> tuple[int, int]:
    """Return the sort key of weights in a plan: powers of ``t`` descending, then factors."""
    return (-weight.power, weight.factor)


def evaluation_files(kernel: Kernel) -> Mapping[str, str]:
    """Return the C files of the optional extension module, with straight-line code for the sets of one kernel.

    Plans of any other kernel run in the general block of the same files.
    """
    layout, sets = fingerprints(kernel)
    result = {
        "spectral.h": template("spectral.h"),
        "spectral.c": evaluation_source(kernel),
        "_compiled.c": template("compiled.c"),
        "fingerprint.py": filled(template("fingerprint.py.txt"), {"LAYOUT": layout, "SETS": sets}),
    }
    return {name: header(name) + text for name, text in result.items()}


def fingerprints(kernel: Kernel) -> tuple[str, str]:
    """Return hashes of the C runtime and of the sets with straight-line code."""
    layout = _hash(template("spectral.c") + template("spectral.h") + template("compiled.c"))
    return layout, _hash("".join(_block(kernel, n, chosen) for n, chosen in enumerate(selections(kernel), 1)))


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def evaluation_source(kernel: Kernel) -> str:
    """Return the C source of the evaluation of plans."""
    layout, sets = fingerprints(kernel)
    chosen = selections(kernel)
    kinds = [
        f'#define LAYOUT "{layout}"',
        f'#define SETS "{sets}"',
        f"#define KINDS {len(chosen)}",
        _table("straight_weights", (len(s.weights) for s in chosen)),
    ]
    blocks = [_block(kernel, number, selection) for number, selection in enumerate(chosen, 1)]
    cases = [
        f"    case {number}: renp_block_{number}(&plan, block, target, m); break;"
        for number in range(1, len(chosen) + 1)
    ]
    straight = "\n".join(blocks).removesuffix("\n")
    values = {"KINDS": "\n".join(kinds), "STRAIGHT": straight, "DISPATCH": "\n".join(cases)}
    return filled(template("spectral.c"), values)


def _table(name: str, numbers: Iterable[int]) -> str:
    return f"static const int {name}[] = {{{', '.join(map(str, [*numbers, 0]))}}};"


def mediators(factors: Iterable[Factor]) -> list[str]:
    """Return the groups whose propagators a set of factors needs, in the order of a plan's poles."""
    return sorted({group for factor in factors for group, _ in factor.propagators})


def _block(kernel: Kernel, number: int, selection: Selection) -> str:
    weights = [kernel.weights[index] for index in selection.weights]
    used = sorted({weight.factor for weight in weights})
    program, places = factor_program(kernel.factors[index] for index in used)
    row_of = dict(zip(used, places, strict=True))
    poles = mediators(kernel.factors[index] for index in used)
    top = max(weight.power for weight in weights)
    lines = [
        f"/* {selection.name}: {len(weights)} weights in {len(used)} factors, no widths */",
        f"CLONES void renp_block_{number}(const Plan *plan, const double *restrict omega, double *restrict sum, int m)",
        "{",
        "  const double E_eg = plan->E_eg;",
        "  m &= -STRIP;",
        *(
            f"  const double high_{k} = plan->poles[{3 * k}], low_{k} = plan->poles[{3 * k + 1}];"
            for k in range(len(poles))
        ),
        f"  double F[{max(1, len(program))}][BLOCK] ALIGNED;",
        "  for (int x = 0; x < m; x++) {",
        "    const double w = omega[x];",
        *(f"    APART(high_{k}, low_{k}, w, gap_{k});" for k in range(len(poles))),
    ]
    for step, (earlier, base) in enumerate(program):
        value = _base(base, poles)
        product = value if earlier < 0 else f"f{earlier} * {value}"
        lines.append(f"    const double f{step} = {product};")
    lines += [f"    F[{row}][x] = f{row};" for row in sorted(set(places)) if row >= 0]
    lines += [
        "    sum[x] = 0;",
        "  }",
        f"  const ptrdiff_t size = TILE * (PAIR + {len(weights)});",
        "  for (int pair = 0; pair < TILE * plan->n_tiles; pair++) {",
        "    const double *tile = plan->tiles + pair / TILE * size, *p = tile + PAIR * (pair % TILE);",
        "    const double *k = tile + TILE * PAIR + pair % TILE;",
        "    const double high = p[0], low = p[1], Q = p[2];",
        "    if (!(high > 0)) continue;",
    ]
    names = ", ".join(f"k{i} = k[TILE * {i}]" for i in range(len(weights)))
    lines += [
        f"    const double {names};",
        "    for (int x = 0; x < m; x++) {",
        "      BELOW(high, low, omega[x], gap);",
        "      const double d = gap > 0 ? gap : 0, root = sqrt(d * (d + Q));",
    ]
    terms = [
        (weight.power, f"k{i}" if row_of[weight.factor] < 0 else f"k{i} * F[{row_of[weight.factor]}][x]")
        for i, weight in enumerate(weights)
    ]
    for power in range(top, -1, -1):
        own = " + ".join(term for at, term in terms if at == power)
        if power == top:
            lines.append(f"      double h = {own};")
        else:
            lines.append(f"      h = h * d + ({own});" if own else "      h *= d;")
    lines += [
        f"      sum[x] += {'root > 0 ? root * h : 0' if poles else 'root * h'};",
        "    }",
        "  }",
        "  FINISH(plan, omega, sum, m, AT_REST);",
        "}",
        "",
    ]
    return "\n".join(lines)


def _base(base: str, poles: Sequence[str]) -> str:
    if base == "qz":
        return "w"
    if base == "q0":
        return "(E_eg - w)"
    if base == "s":
        return "(E_eg - 2 * w)"
    part, _, group = base.partition(":")
    k = poles.index(group)
    return f"(1 / SQUARED(gap_{k}))" if part == "abs2" else f"(1 / gap_{k})"
