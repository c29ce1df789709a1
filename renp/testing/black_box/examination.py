"""Examine code that is not ours: ask it, compare what it computes product by product, and name what is wrong.

In: a function or a table of numbers, the interactions and the quantity that it claims to be. Out: a
:class:`~renp.testing.black_box.report.BlackBoxReport`, the same for every run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from itertools import product
from math import sqrt
from typing import Any, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from derivations.ledger.check.vocabulary import Symbol, vocabulary
from renp.model import Model
from renp.testing.black_box.calls import SINGLE, CallError
from renp.testing.black_box.diagnosis import MATCH, NOTHING, Answers, Explained, explain, factor_of_the_whole
from renp.testing.black_box.numbers import Couplings, Point, lanes
from renp.testing.black_box.points import (
    ROUNDING,
    SINGLE_CLOSEST,
    SINGLE_ROUNDING,
    Place,
    above,
    near,
    places,
    random_couplings,
    renamed,
    single,
    spread,
    with_mediators,
    without_width,
)
from renp.testing.black_box.products import Coefficient, Leg, Sizes, coefficients, legs, sizes
from renp.testing.black_box.questions import ALL, NATURES, SPECTRUM, Question, couplings_of, spectral_names
from renp.testing.black_box.report import BlackBoxReport, Compared, Finding, digits, natures_in_words, reported
from renp.testing.black_box.tables import TABLE, compared_values, examined_table, require_held
from renp.testing.black_box.words import (
    call_in_words,
    closed_in_part,
    common_factor,
    coupling_word,
    factor_in_words,
    in_words,
    legs_with_constants,
    other_conjugate,
    other_part,
    value_in_words,
)
from renp.testing.subject import NO_RATE, PhysicsError
from renp_generated.runtime.arguments import shown

__all__ = ["Options", "examined"]

LEAST: Final = 1e-9
"""Smallest tolerance of the assertions of physics, which compare differences of rates."""
CONSTANTS: Final = 1e-3
"""How far constants may be off that are typed with few digits or come from an older table."""
MOST: Final = 1000
"""Most points and argument sets."""
MOST_PAIRS: Final = 8
"""Most products of two matrices that a slip of their own is looked for in."""
MOST_SIGNS: Final = 6
"""Most matrices whose signs are tried together."""
_LAW_KINDS: Final[Mapping[str, str]] = {
    "zero_above_threshold": "step_function", "positivity": "sign", "dirac_rephasing": "phase", "majorana_signs": "majorana",
    "relabelling": "index_swap", "majorana_phases": "majorana", "massless_dirac_is_majorana": "majorana",
    "exchange_of_the_pair": "index_swap", "closed_channels": "step_function", "scaling_of_energies": "dimension",
    "opening_powers": "kinematics", "heavy_mediator_is_contact": "propagator", "light_mediator_is_massless": "propagator",
    "continuity_at_pole": "propagator", "gauge_shift": "propagator",
}  # fmt: skip
_FINE: Final = ("closed_channels", "opening_powers", "continuity_at_pole")
"""Assertions whose energies and masses are beyond single precision."""
_FURTHER: Final[Mapping[str, Any]] = {
    "atomic_tensor": np.array([[0.5, 0.5j, 0], [-0.5j, 0.5, 0], [0, 0, 0]]), "pair_step": "E1", "m1": "full",
    "imprinted_momentum": 0.01,
}  # fmt: skip
"""Further arguments of a spectral function, each with a value that is not its default."""


@dataclass(frozen=True)
class Options:
    """How thoroughly a function is asked, see :func:`renp.testing.examine`."""

    points: int
    tolerance: float
    seed: int
    examples: int


def examined(
    function: Callable[..., Any] | Mapping[str, Any] | ArrayLike,
    model: Model | None,
    quantity: str,
    nature: str,
    names: Mapping[str, str] | None,
    held: Mapping[str, Any],
    options: Options,
) -> BlackBoxReport:
    """Return the report of an examination, see :func:`renp.testing.examine`."""
    model = Model() if model is None else model
    _require(model, quantity, nature, options)
    _require_mappings(names, held)
    held = dict(held)
    if not callable(function):
        return examined_table(function, model, quantity, nature, names, held, max(options.tolerance, TABLE))
    try:
        question = Question.of(function, model, quantity, nature, names, held)
    except CallError as error:
        return reported([one.name for one in model.interactions], quantity, NATURES[nature], [error.finding], [])
    report = _Examination(question, options).report()
    if not report.passed and nature == "both" and not question.tells_nature and question.mode != "one":
        # Nothing tells whose neutrinos it means: those that it is right for.
        other = Question.of(function, model, quantity, "majorana", names, held)
        majorana = _Examination(other, options).report()
        if majorana.passed:
            return majorana
    return report


def _require(model: object, quantity: str, nature: str, options: Options) -> None:
    if not isinstance(model, Model):
        raise TypeError(f"model must be a renp.Model or None, found {type(model).__name__}")
    if quantity not in ALL:
        raise ValueError(f"quantity must be one of {', '.join(ALL)}, found {shown(quantity)}")
    if nature not in NATURES:
        raise ValueError(f"nature must be one of {', '.join(NATURES)}, found {shown(nature)}")
    for name, number, least in (("points", options.points, 1), ("examples", options.examples, 0)):
        if not isinstance(number, int) or not least <= number <= MOST:
            raise ValueError(f"{name} must be a whole number from {least} to {MOST}, found {shown(number)}")
    if not isinstance(options.tolerance, int | float | np.number) or not 0 < options.tolerance < 1:
        raise ValueError(f"tolerance must lie between 0 and 1, found {shown(options.tolerance)}")
    if isinstance(options.seed, bool) or not isinstance(options.seed, int | np.integer) or options.seed < 0:
        raise ValueError(f"seed must be a whole number of at least 0, found {shown(options.seed)}")


def _require_mappings(names: object, held: object) -> None:
    if names is not None and not isinstance(names, Mapping):
        raise TypeError(
            f"names must be a mapping of the function's names to ours, such as {{'w': 'omega'}}, found {shown(names)}"
        )
    if not isinstance(held, Mapping):
        raise TypeError(f"arguments must be a mapping of our names to values, found {shown(held)}")
    require_held(held)


# ---------------------------------------------------------------- an examination


@dataclass(frozen=True)
class _Decoded:
    """A coefficient with where and for which neutrinos it was found."""

    coefficient: Coefficient
    place: int
    point: Point
    pair: tuple[int, int]

    @property
    def kind_of_pair(self) -> str:
        return "i = j" if self.pair[0] == self.pair[1] else "i != j"


@dataclass
class _Examination:
    question: Question
    options: Options
    findings: list[Finding] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    compared: list[Compared] = field(default_factory=list)
    explained: list[Explained] = field(default_factory=list)
    constants: dict[str, float] = field(default_factory=dict)
    decoded: list[_Decoded] = field(default_factory=list)
    any_number: bool = True

    def __post_init__(self) -> None:
        self.rng = np.random.default_rng(self.options.seed)
        self.places = places(self.question, self.rng)
        self.legs = legs(self.question)
        self.scales: list[Sizes] = []

    def report(self) -> BlackBoxReport:
        question = self.question
        try:
            if question.mode == "one":
                self._kinematics()
            else:
                self._coupled()
        except CallError as error:
            self.findings.append(error.finding)
        held = {symbol for name in question.held for symbol in spectral_names(question.known).get(name, ())}
        named = tuple(
            dict.fromkeys(
                coupling_word(question, symbol) for symbol in question.known.symbols if symbol in question.covered
            )
        )
        others = tuple(
            dict.fromkeys(
                coupling_word(question, symbol)
                for symbol in question.known.symbols
                if symbol not in question.covered | held
            )
        )
        if question.mode == "one":
            named = others = ()
        notes = [*self.notes, *question.box.notes]
        if self.constants:
            shown_factors = ", ".join(f"{name} ({much:+.1e})" for name, much in self.constants.items())
            notes.append(f"off by constant factors near 1, as with other digits of a constant: {shown_factors}")
        if others:
            notes.append(f"not covered, as it does not take them: {', '.join(others)}")
        natures = question.natures if question.mode != "one" else ()
        if natures and not question.tells_nature and "nature" not in question.held:
            notes.append(f"it takes no nature: examined for {natures_in_words(natures)}")
        diagnosis = tuple(one.as_dict() for one in self.explained)
        interactions = [one.name for one in question.model.interactions]
        return reported(
            interactions, question.quantity, natures, self.findings, notes, compared=tuple(self.compared),
            diagnosis=diagnosis, covered=named, not_covered=others,
        )  # fmt: skip

    # ------------------------------------------------------------ kinematics

    def _kinematics(self) -> None:
        question = self.question
        worst, where = 0.0, None
        asked: list[tuple[Point, Couplings, list[tuple[int, int]]]] = []
        computed: list[tuple[NDArray[np.float64], NDArray[np.float64]]] = []
        for place in self.places:
            n = len(place.point.masses)
            for pair in [(i, j) for i in range(n) for j in range(n)]:
                point = place.inside(pair, self.options.points, "dirac", self.rng)
                found = question.computed(point, {}, pair)
                (right,) = question.right(point, [{}], pair)
                self._numbers(found, point, {}, pair)
                deviation = np.abs(found - right) / np.abs(right)
                if deviation.max() > worst:
                    worst = float(deviation.max())
                    where = (point, pair, int(deviation.argmax()), found, right)
                asked.append((point, {}, [pair]))
                computed.append((found, right))
        if worst <= self._limit or where is None:
            return
        point, pair, k, found, right = where
        some = lanes(asked, question.known, "one")
        answers = Answers(
            some,
            {"dirac": np.concatenate([a for a, _ in computed])},
            {"dirac": np.concatenate([b for _, b in computed])},
        )
        factor = common_factor([(found, right, np.abs(right)) for found, right in computed])
        explained = explain(question.model, question.quantity, frozenset(), answers) or factor_of_the_whole(factor)
        self.explained += [explained] if explained else []
        call = question.spelled(single(point, k), {}, pair)
        text = f"it gives {found[k]:.6g} where {right[k]:.6g} is right, {call_in_words(call)}"
        text = f"off by a factor {factor_in_words(factor)}; {text}" if factor is not None else text
        self.findings.append(Finding(explained.kinds[0] if explained else "kinematics", "", text, call))

    # ------------------------------------------------------------ couplings

    def _coupled(self) -> None:
        question = self.question
        if question.quantity == SPECTRUM and not (
            question.box.rest or "masses" in question.box.takes or "masses" in question.held
        ):
            text = "the function takes no masses: name them in names={...: 'masses'}, or give built-in ones in arguments={'masses': [...]}"
            raise CallError(Finding("arguments", "", text))
        n = len(self.places[0].point.masses)
        fixed = couplings_of(question.known, question.model, question.held, n) if question.quantity == SPECTRUM else {}
        if not self.legs and not fixed:
            text = (
                "the function takes no coupling of the neutrinos that can be varied: name its arguments in names={...}"
            )
            raise CallError(Finding("arguments", "", text))
        for place in self.places:
            pair = place.pairs[-1]
            point = place.inside(pair, 3, "dirac", self.rng)
            self.scales.append(sizes(question, point, pair, self.legs))
        if fixed:
            self._values(fixed)
            return
        self._well_behaved()
        if self.findings:
            return
        self.decoded = self._decode()
        wrong = self._judge(self.decoded)
        if wrong:
            self._diagnose(wrong)
        self._thresholds()
        if not self.findings:
            self._whole()
        if not self.findings:
            self._numbers_of_neutrinos()
        if not self.findings:
            self._options()
        if not self.findings:
            self._laws()

    @property
    def _limit(self) -> float:
        return max(self.options.tolerance, SINGLE) if self.question.box.single else self.options.tolerance

    @property
    def _digits(self) -> float:
        """How far products may be off, as constants with other digits make them."""
        return 2 * max(map(abs, self.constants.values()), default=0.0)

    def _room(
        self,
        point: Point,
        couplings: Couplings,
        pair: tuple[int, int] | None,
        right: NDArray[np.float64],
        options: Mapping[str, Any] | None = None,
    ) -> NDArray[np.float64]:
        """Return how far a sum of products may be off: by rounding, and by constants with other digits in each product.

        Interferences are at most the roots of the rates of both couplings, so that the square of the sum of roots bounds all
        products however they cancel.
        """
        room = self._limit * np.abs(right)
        if not self.constants:
            return room
        chosen = [{leg.matrix, leg.electron} for leg in self.legs if leg.matrix in couplings]
        alone = [{s: value for s, value in couplings.items() if s in leg} for leg in chosen]
        rates = self.question.right(point, alone, pair, options)
        size = np.square(sum(np.sqrt(np.abs(rate)) for rate in rates))
        return np.asarray(room + self._digits * size)

    def _numbers(self, found: NDArray[np.float64], point: Point, couplings: Couplings, pair: tuple[int, int]) -> None:
        """Raise an error where a function gives no finite number."""
        bad = np.flatnonzero(~np.isfinite(found))
        if bad.size:
            call = self.question.spelled(single(point, int(bad[0])), couplings, pair)
            raise CallError(Finding("not_a_number", "", f"it gives {found[bad[0]]}, {call_in_words(call)}", call))

    def _well_behaved(self) -> None:
        """Ask the same twice, and for couplings of other sizes: a rate is a function, and quadratic."""
        question, place, scale = self.question, self.places[0], self.scales[0]
        n, pair, nature = len(place.point.masses), place.pairs[-1], question.natures[-1]
        couplings = random_couplings(question, n, self.legs, scale, self.rng)
        point = place.inside(pair, self.options.points, nature, self.rng)
        first = question.computed(point, couplings, pair)
        self._numbers(first, point, couplings, pair)
        call = question.spelled(point, couplings, pair)
        again = question.computed(point, couplings, pair)
        if not np.array_equal(first, again):
            k = int(np.argmax(np.abs(first - again)))
            text = f"the same call gives {first[k]:.17g} and then {again[k]:.17g}"
            self.findings.append(Finding("not_deterministic", "", text, call))
            return
        size = np.abs(first) + np.abs(question.right(point, [couplings], pair)[0])
        for factor in (2.0, -1.0, 0.0):
            scaled = {s: v * factor if s.kind != "electron" else v for s, v in couplings.items()}
            found = question.computed(point, scaled, pair)
            self._numbers(found, point, scaled, pair)
            if np.any(np.abs(found - factor**2 * first) > self._limit * 10 * size):
                k = int(np.argmax(np.abs(found - factor**2 * first) / size))
                text = f"neutrino couplings times {factor:g} give {found[k]:.6g} where {factor**2:g} times {first[k]:.6g} is right"
                self.findings.append(Finding("not_quadratic", "", text, question.spelled(point, scaled, pair)))
                return

    def _decode(self) -> list[_Decoded]:
        found = []
        for number, place in enumerate(self.places):
            for pair in place.pairs:
                inside = place.inside(pair, self.options.points, "dirac", self.rng)
                for nature in self.question.natures:
                    point = place.at(inside.omega, nature)
                    for one in coefficients(self.question, point, pair, self.legs, self.scales[number]):
                        self._numbers(one.computed, point, {}, pair)
                        found.append(_Decoded(one, number, point, pair))
        return found

    def _judge(self, decoded: Sequence[_Decoded]) -> list[_Decoded]:
        """Compare products; return the coefficients that are wrong."""
        groups: dict[tuple[str, str, str], list[_Decoded]] = {}
        for one in decoded:
            groups.setdefault((one.coefficient.coupling, one.point.nature, one.kind_of_pair), []).append(one)
        wrong: list[_Decoded] = []
        for (coupling, nature, pair), some in groups.items():
            parts = [one.coefficient for one in some]
            deviation = max(part.deviation for part in parts)
            right = deviation <= self._limit
            if right and all(np.all(np.abs(part.derived) <= self._limit * part.size) for part in parts):
                continue
            factor = common_factor([(part.computed, part.derived, part.size) for part in parts])
            if (
                not right
                and factor is not None
                and 0 < abs(factor - 1) <= CONSTANTS
                and len(legs_with_constants(parts[0])) > 0
            ):
                right = True
                self.constants.setdefault(coupling, factor - 1)
            text = f"agrees to {digits(deviation)}" if right else in_words(parts, factor, self._limit)
            computed = tuple(float(x) for part in parts for x in part.computed)
            derived = tuple(float(x) for part in parts for x in part.derived)
            self.compared.append(Compared(coupling, nature, pair, computed, derived, deviation, factor, right, text))
            wrong += [] if right else [one for one in some if one.coefficient.deviation > self._limit]
        return wrong

    # ------------------------------------------------------------ what is wrong

    def _diagnose(self, wrong: Sequence[_Decoded]) -> None:
        """Look for the slip that explains all, then for one behind each product of legs; write the findings."""
        if not any(one.coefficient.computed.any() for one in self.decoded):
            self.explained = [Explained(("several",), NOTHING, "")]
            call = self.question.spelled(single(wrong[0].point, 0), self._shown_couplings(wrong[0]), wrong[0].pair)
            self.findings.append(Finding("several", "", NOTHING, call))
            return
        pairs = list(dict.fromkeys(one.coefficient.legs for one in wrong))
        some = [leg for leg in self.legs if any(leg in pair for pair in pairs)]
        explained = self._counted(wrong) or self._scaled(some) or self._explained(some) or self._of_the_whole()
        of_pair: dict[tuple[Leg, Leg], Explained | None] = dict.fromkeys(pairs, explained)
        if explained is None and len(pairs) > 1:
            for pair in pairs[:MOST_PAIRS]:
                of_pair[pair] = self._explained(list(dict.fromkeys(pair)))
        self.explained = list(dict.fromkeys(one for one in of_pair.values() if one is not None))
        for coupling, text, kind, one in self._grouped(wrong):
            found = of_pair[one.coefficient.legs]
            call = self.question.spelled(single(one.point, 0), self._shown_couplings(one), one.pair)
            self.findings.append(Finding(found.kinds[0] if found else kind, coupling, text, call))
        if not self.explained:
            self.explained = [self._unexplained()]

    def _counted(self, wrong: Sequence[_Decoded]) -> Explained | None:
        """Return that pairs of equal or of different neutrinos are counted with another weight, if that explains everything."""
        kinds = {one.kind_of_pair for one in wrong}
        if len(kinds) != 1:
            return None
        concerned = [one.coefficient for one in self.decoded if one.kind_of_pair in kinds]
        factor = common_factor([(one.computed, one.derived, one.size) for one in concerned])
        if factor is None or len({one.kind_of_pair for one in self.decoded}) == 1:
            return None
        if factor == 0:
            which = "equal" if kinds == {"i = j"} else "different"
            return Explained(("factor",), f"pairs of {which} neutrinos are missing", "")
        return Explained(
            ("factor",), f"pairs of neutrinos with {min(kinds)} enter with a factor {factor_in_words(factor)}", ""
        )

    def _scaled(self, some: Sequence[Leg]) -> Explained | None:
        """Return that some matrices enter with real factors of their own, if that explains every coefficient."""
        matrices = [*dict.fromkeys(leg.matrix for leg in some)]
        sizes_of: dict[Symbol, float] = {}
        for matrix in matrices:
            own = [one.coefficient for one in self.decoded if {leg.matrix for leg in one.coefficient.legs} == {matrix}]
            factor = common_factor([(one.computed, one.derived, one.size) for one in own])
            if factor is None or factor <= 0:
                return None
            sizes_of[matrix] = sqrt(factor)
        if len({leg.matrix for leg in self.legs}) == 1:
            return None
        for signs in product((1.0, -1.0), repeat=min(len(matrices), MOST_SIGNS)):
            padded = (*signs, *[1.0] * len(matrices))
            factors = {matrix: sign * sizes_of[matrix] for matrix, sign in zip(matrices, padded, strict=False)}
            if all(self._scaled_by(factors, one.coefficient) for one in self.decoded):
                others = {name: number for name, number in factors.items() if abs(number - 1) > self._limit}
                first = next(iter(factors.values()))
                if {leg.matrix for leg in self.legs} == {*others} and np.allclose(
                    [*others.values()], first, rtol=MATCH
                ):
                    return factor_of_the_whole(float(first**2))
                words = [
                    f"{name.elements[0]} enters with a factor {factor_in_words(number)}"
                    for name, number in others.items()
                ]
                signs_alone = all(abs(number + 1) < MATCH for number in others.values())
                return Explained(("sign" if signs_alone else "factor",), ", ".join(words), "") if others else None
        return None

    def _of_the_whole(self) -> Explained | None:
        """Return that all coefficients are off by one factor, if they are."""
        every = [one.coefficient for one in self.decoded]
        return factor_of_the_whole(common_factor([(one.computed, one.derived, one.size) for one in every]))

    def _scaled_by(self, factors: Mapping[Symbol, float], one: Coefficient) -> bool:
        factor = float(np.prod([factors.get(leg.matrix, 1.0) for leg in one.legs]))
        return bool(np.all(np.abs(one.computed - factor * one.derived) <= MATCH * one.size * max(factor**2, 1.0)))

    def _unexplained(self) -> Explained:
        kinds = list(dict.fromkeys(finding.kind for finding in self.findings))
        texts = [
            f"{finding.coupling} is {finding.text}"
            if finding.text.startswith("off")
            else f"{finding.coupling}: {finding.text}"
            for finding in self.findings
        ]
        if len(kinds) == 1:
            return Explained((kinds[0],), "; ".join(texts[:3]), "")
        return Explained(
            ("several",),
            f"more than one slip; wrong are {', '.join(finding.coupling for finding in self.findings)}",
            "",
        )

    def _shown_couplings(self, one: _Decoded) -> Couplings:
        rng = np.random.default_rng(self.options.seed)
        some = list(dict.fromkeys(one.coefficient.legs))
        return random_couplings(self.question, len(one.point.masses), some, self.scales[one.place], rng, one.pair)

    def _explained(self, some: Sequence[Leg]) -> Explained | None:
        """Ask with random couplings of some legs, mediators without a width, and look for the slip that is made."""
        question = self.question
        natures = question.natures
        asked: list[tuple[Point, Couplings, list[tuple[int, int]]]] = []
        answers: dict[str, list[NDArray[np.float64]]] = {nature: [] for nature in natures}
        right: dict[str, list[NDArray[np.float64]]] = {nature: [] for nature in natures}
        for number, place in enumerate(self.places):
            widthless = Place(without_width(place.point), place.pairs)
            for pair in place.pairs:
                for _ in range(2):
                    couplings = random_couplings(
                        question, len(place.point.masses), some, self.scales[number], self.rng, pair
                    )
                    inside = widthless.inside(pair, 3, "dirac", self.rng)
                    asked.append((inside, couplings, [pair]))
                    for nature in natures:
                        point = widthless.at(inside.omega, nature)
                        answers[nature].append(question.computed(point, couplings, pair))
                        right[nature].append(question.right(point, [couplings], pair)[0])
        computed = {nature: np.concatenate(parts) for nature, parts in answers.items()}
        if not all(np.isfinite(parts).all() for parts in computed.values()):
            return None
        chosen = {leg.matrix.interaction for leg in some}
        model = Model.of([one for one in question.model.interactions if one.name in chosen])
        named = frozenset(symbol for leg in some for symbol in (leg.matrix, leg.electron) if symbol is not None)
        own = renamed(named, model)
        couplings_of = [(point, {own[s]: v for s, v in couplings.items()}, pairs) for point, couplings, pairs in asked]
        points_of = [(with_mediators(point, model), couplings, pairs) for point, couplings, pairs in couplings_of]
        some_lanes = lanes(points_of, vocabulary(model.interactions), question.mode)
        found = Answers(some_lanes, computed, {nature: np.concatenate(parts) for nature, parts in right.items()})
        return explain(model, question.quantity, frozenset(own[s] for s in named), found)

    def _grouped(self, wrong: Sequence[_Decoded]) -> list[tuple[str, str, str, _Decoded]]:
        """Return one finding for each product: what is wrong with it, for which neutrinos and pairs."""
        by_product: dict[str, list[_Decoded]] = {}
        for one in wrong:
            by_product.setdefault(one.coefficient.coupling, []).append(one)
        general = {one.coefficient.legs for one in wrong if one.kind_of_pair == "i != j"}
        found = []
        for coupling, some in by_product.items():
            kinds = {one.kind_of_pair for one in some}
            if kinds == {"i = j"} and some[0].coefficient.legs in general:
                continue  # for equal neutrinos all products of two elements are one
            shown_as = [one for one in some if one.kind_of_pair == "i != j"] or some
            parts = [one.coefficient for one in shown_as]
            factor = common_factor([(part.computed, part.derived, part.size) for part in parts])
            natures = tuple(dict.fromkeys(one.point.nature for one in some))
            text = in_words(parts, factor, self._limit)
            where = []
            others = [
                one for one in self.compared
                if one.coupling == coupling and one.pair not in kinds and one.agrees
            ]  # fmt: skip
            if others:
                where.append(f"for {min(kinds)}")
            if len(natures) < len(self.question.natures):
                where.append(f"for {natures_in_words(natures)}")
            widths = [any(s.kind == "width" and w for s, w in one.point.mediators.items()) for one in some]
            kind = self._kind_of(coupling, parts, factor, natures)
            if factor is not None and self._right_elsewhere(shown_as[0]):
                where.append(f"for neutrinos {' and '.join(str(i + 1) for i in dict.fromkeys(shown_as[0].pair))} alone")
                kind = "index_swap"
            if (
                all(widths)
                and any(s.kind == "width" for s in self.question.covered)
                and not self._wrong_without(some[0])
            ):
                kind = "propagator"
                where.append("with a width")
            found.append((coupling, " ".join([text, *where]), kind, shown_as[0]))
        return found

    def _right_elsewhere(self, one: _Decoded) -> bool:
        """Return whether the same coefficient is right, and not zero, for another pair of the same kind."""
        return any(
            other.pair != one.pair
            and other.coefficient.deviation <= self._limit
            and bool(np.any(np.abs(other.coefficient.derived) > 1e-3 * other.coefficient.size))
            for other in self.decoded
            if (other.coefficient.coupling, other.point.nature, other.kind_of_pair)
            == (one.coefficient.coupling, one.point.nature, one.kind_of_pair)
        )

    def _wrong_without(self, one: _Decoded) -> bool:
        """Return whether a coefficient is wrong without a width too."""
        place = Place(without_width(one.point), ())
        point = place.at(one.point.omega, one.point.nature)
        some = list(dict.fromkeys(one.coefficient.legs))
        again = coefficients(self.question, point, one.pair, some, self.scales[one.place])
        return any(part.deviation > self._limit for part in again if part.coupling == one.coefficient.coupling)

    def _kind_of(
        self, coupling: str, parts: Sequence[Coefficient], factor: float | None, natures: Sequence[str]
    ) -> str:
        majorana = tuple(natures) == ("majorana",) and len(self.question.natures) == 2
        if factor is None and closed_in_part(parts, self._limit):
            return "step_function"
        if majorana:
            return "majorana"
        if factor is not None and factor != 0:
            return "sign" if abs(factor + 1) < 1e-6 else "factor"
        for swapped, kind in ((other_part(coupling), "phase"), (other_conjugate(coupling), "conjugation")):
            if swapped != coupling and any(one.coupling == swapped and not one.agrees for one in self.compared):
                return kind
        return "several"

    # ------------------------------------------------------------ thresholds

    def _thresholds(self) -> None:
        question = self.question
        lost = 0.0
        worst = 0.0
        for number, place in enumerate(self.places):
            for pair in place.pairs:
                for nature in question.natures:
                    couplings = random_couplings(
                        question, len(place.point.masses), self.legs, self.scales[number], self.rng, pair
                    )
                    if question.quantity == SPECTRUM:
                        self._above(place, pair, nature, couplings)
                    if self.findings:
                        continue
                    point = near(place, pair, nature)
                    computed = question.computed(point, couplings, pair)
                    (right,) = question.right(point, [couplings], pair)
                    distance = 1 - point.omega / point.threshold(*pair)
                    rounding = SINGLE_ROUNDING if question.box.single else ROUNDING
                    allowed = rounding / np.maximum(distance, 1e-300)
                    deviation = np.where(np.isfinite(computed), np.abs(computed - right) / np.abs(right), np.inf)
                    limit = self._room(point, couplings, pair, right) / np.abs(right)
                    bad = deviation > np.maximum(allowed, limit)
                    bad &= (allowed < 1) | (np.isfinite(computed) & (np.abs(computed) > 1e3 * np.abs(right[0])))
                    if bad.any():
                        k = int(np.flatnonzero(bad)[0])
                        call = question.spelled(single(point, k), couplings, pair)
                        text = f"wrong {10.0 ** -(k + 3):.0e} below the threshold of a pair: {computed[k]:.6g}, {right[k]:.6g} is right"
                        kind = "kinematics" if np.isfinite(computed[k]) else "not_a_number"
                        if computed[k] == 0:
                            kind, text = "step_function", f"closed below the threshold of a pair: {text}"
                            self.explained = [
                                Explained(("step_function",), "a channel is closed below its threshold", "")
                            ]
                        self.findings.append(Finding(kind, "", text, call))
                        continue
                    if (deviation > limit).any():
                        first = int(np.flatnonzero(deviation > limit)[0])
                        lost = max(lost, 10.0 ** -(first + 3))
                        worst = max(worst, float(deviation[first]))
        if lost:
            self.notes.append(f"loses digits below {lost:.0e} of a threshold: {worst:.0e} there, more closer to it")

    def _above(self, place: Place, pair: tuple[int, int], nature: str, couplings: Couplings) -> None:
        point = above(place, pair, nature, *([SINGLE_CLOSEST] if self.question.box.single else []))
        if not point.omega.size or any(finding.kind == "step_function" for finding in self.findings):
            return
        if any(one.place == "s" for one in self.explained):
            return  # with another pair mass every threshold is another one
        found = self.question.computed(point, couplings, pair)
        bad = np.flatnonzero(found != 0)
        if bad.size:
            k = int(bad[0])
            call = self.question.spelled(single(point, k), couplings, pair)
            text = f"wrong above threshold: it gives {found[k]:.6g} where the pair is closed and 0 is right, {call_in_words(call)}"
            self.findings.append(Finding("step_function", "", text, call))
            if not self.explained:
                self.explained = [
                    Explained(("step_function",), "the step function of the channels is missing or misplaced", "")
                ]

    # ------------------------------------------------------------ all at once

    def _whole(self) -> None:
        """Compare sums over all pairs, with random couplings everywhere, across all thresholds."""
        question = self.question
        if question.quantity != SPECTRUM:
            return
        for number, place in enumerate(self.places):
            for nature in question.natures:
                n = len(place.point.masses)
                couplings = random_couplings(question, n, self.legs, self.scales[number], self.rng)
                point = spread(place, 4 * self.options.points, nature)
                computed = question.computed(point, couplings, (0, 0))
                (right,) = question.right(point, [couplings], None)
                self._numbers(computed, point, couplings, (0, 0))
                size = np.abs(right).max()
                room = self._room(point, couplings, None, right)
                bad = np.abs(computed - right) > room + 1e-6 * self._limit * size
                if bad.any():
                    k = int(np.flatnonzero(bad)[0])
                    call = question.spelled(single(point, k), couplings)
                    text = self._which_pair(place, number, nature)
                    text += f": all pairs give {computed[k]:.6g}, {right[k]:.6g} is right"
                    self.findings.append(Finding("index_swap", "", text, call))
                    self.explained = [Explained(("index_swap",), text, "")]
                    return

    def _numbers_of_neutrinos(self) -> None:
        """Ask for one, two and four neutrinos; a function may be for three alone."""
        question, place = self.question, self.places[0]
        if question.quantity != SPECTRUM or "masses" in question.held:
            return
        for n in (1, 2, 4):
            masses = np.resize(place.point.masses, n) * np.linspace(1.0, 0.8, n)
            couplings = random_couplings(question, n, self.legs, self.scales[0], self.rng)
            point = replace(
                spread(Place(replace(place.point, masses=masses), ()), 2 * self.options.points, question.natures[-1])
            )
            try:
                computed = question.computed(point, couplings, (0, 0))
            except CallError:
                self.any_number = False
                self.notes.append(f"it does not take {n} neutrinos")
                continue
            (right,) = question.right(point, [couplings], None)
            room = self._room(point, couplings, None, right) + 1e-6 * self._limit * np.abs(right).max()
            bad = ~(np.abs(computed - right) <= room)
            if bad.any():
                k = int(np.flatnonzero(bad)[0])
                call = question.spelled(single(point, k), couplings)
                text = f"for {n} neutrino{'s' if n > 1 else ''} it gives {computed[k]:.6g}, {right[k]:.6g} is right"
                self.findings.append(Finding("index_swap", "", text, call))
                return

    def _options(self) -> None:
        """Compare with each further argument of a spectral function that it takes, all couplings together and each alone."""
        question, place = self.question, self.places[0]
        if question.quantity != SPECTRUM:
            return
        n = len(place.point.masses)
        together = random_couplings(question, n, self.legs, self.scales[0], self.rng)
        alone = [random_couplings(question, n, [leg], self.scales[0], self.rng) for leg in self.legs]
        for name, value in _FURTHER.items():
            if name not in question.box.takes or name in question.held:
                continue
            options = {name: value}
            for nature in question.natures:
                point = single(spread(place, self.options.points, nature), 0)
                for couplings in (together, *alone):
                    computed = question.computed(point, couplings, (0, 0), options)
                    (right,) = question.right(point, [couplings], None, options)
                    self._numbers(computed, point, couplings, (0, 0))
                    if np.any(np.abs(computed - right) > self._room(point, couplings, None, right, options)):
                        call = {**question.spelled(point, couplings), name: value}
                        text = (
                            f"with {name}={value_in_words(value)} it gives {computed[0]:.6g}, {right[0]:.6g} is right"
                        )
                        kind = "kinematics" if name == "imprinted_momentum" else "several"
                        self.findings.append(Finding(kind, "", text, call))
                        return

    def _laws(self) -> None:
        """Run the assertions of physics, which draw what was not varied here: degenerate masses, relabellings, preparations."""
        question = self.question
        if (
            question.quantity != SPECTRUM
            or question.held
            or not self.any_number
            or not self.options.examples
            or find_spec("hypothesis") is None
        ):
            return
        from renp.testing.assertions import ASSERTIONS

        subject = replace(question.subject(), digits=self._digits)
        for name, assertion in ASSERTIONS.items():
            if not assertion.default or (question.box.single and name in _FINE):  # type: ignore[attr-defined]
                continue
            try:
                assertion(subject, examples=self.options.examples, rtol=max(self._limit, LEAST), shrink=False)
            except PhysicsError as error:
                omega, arguments = error.calls[-1]
                call = {"omega": omega, **arguments}
                text = f"{name}: {error.sentence} {error.found}, {call_in_words(call)}"
                kind = "raises" if error.sentence == NO_RATE else _LAW_KINDS.get(name, "several")
                self.findings.append(Finding(kind, "", text, call))

    def _values(self, fixed: Couplings) -> None:
        """Compare values where couplings are built in: nothing can be decoded, but a slip can be named."""
        question = self.question
        asked = []
        for number, place in enumerate(self.places):
            for _ in range(2 if self.legs else 1):
                some = random_couplings(question, len(place.point.masses), self.legs, self.scales[number], self.rng)
                asked.append((spread(place, 4 * self.options.points, question.natures[0]), {**some, **fixed}))
        computed: dict[str, list[NDArray[np.float64]]] = {}
        for nature in question.natures:
            for point, couplings in asked:
                found = question.computed(replace(point, nature=nature), couplings, (0, 0))
                self._numbers(found, point, couplings, (0, 0))
                computed.setdefault(nature, []).append(found)
        finding, explained = compared_values(question, asked, computed, self._limit)
        self.findings += [finding] if finding else []
        self.explained += [explained] if explained else []

    def _which_pair(self, place: Place, number: int, nature: str) -> str:
        question, n = self.question, len(place.point.masses)
        for i in range(n):
            for j in range(i, n):
                couplings = random_couplings(question, n, self.legs, self.scales[number], self.rng, (i, j))
                point = place.inside((i, j), self.options.points, nature, self.rng)
                computed = question.computed(point, couplings, (i, j))
                (right,) = question.right(point, [couplings], (i, j))
                if np.any(np.abs(computed - right) > 10 * self._room(point, couplings, (i, j), right)):
                    factor = common_factor([(computed, right, np.abs(right))])
                    much = f"off by a factor {factor_in_words(factor)}" if factor is not None else "wrong"
                    return f"the pair of neutrinos {i + 1} and {j + 1} is {much}"
        return "each pair alone is right, their sum is not"
